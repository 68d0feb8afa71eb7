import KapinBase
import KapinModel

/// What the product's documentation lists and its code bears out: features of their own, or what can be done within one
/// that was found.
struct DocumentedFeatures {
  private let finder: FeatureFinder
  private let rule: FeatureRule
  private let phrases: DocumentPhrases

  init(_ finder: FeatureFinder, _ rule: FeatureRule) {
    self.finder = finder
    self.rule = rule
    phrases = DocumentPhrases(plain: WordFilter(rule.plain))
  }

  /// What the documentation says is confidence in part; the code must bear it out.
  private static let listedWeight = 0.3
  /// One word alone may stand for anything.
  private static let oneWordThreshold = 0.75

  /// Adds what no feature is about yet.
  /// - Parameter capabilities: by feature, what the documentation says that can be done within it.
  func add(to features: inout [Feature], capabilities: inout [String: [Capability]]) {
    var own: [Feature] = []
    var taken: Set<[String]> = []
    for item in finder.graph.documented where !isWithout(Words.split(item.lead)) {
      var used: [[String]] = []
      for phrase in phrases.all(item) where !used.contains(where: { Words.contains($0, phrase: phrase.words) }) {
        guard let feature = judged(phrase, item) else { continue }
        used.append(phrase.words)
        guard taken.insert(phrase.words.map(Words.singular)).inserted else { continue }
        if let known = features.first(where: { isAbout($0, phrase.words) }) {
          if !isName(phrase.words, of: known), let capability = capability(phrase, feature) {
            capabilities[known.id, default: []].append(capability)
          }
        } else {
          own.append(feature)
        }
      }
    }
    features += own
  }

  /// The phrase as a feature, in the form of its words that most speaks for.
  private func judged(_ phrase: DocumentPhrases.Phrase, _ item: DocumentItem) -> Feature? {
    guard !isWithout(phrase.words), !finder.ownNames.contains(phrase.words.map(Words.singular).joined()) else {
      return nil
    }
    var best: Feature?
    for words in forms(phrase.words) {
      var resource = Resource(
        words, title: phrase.text.prefix(1).uppercased() + phrase.text.dropFirst(), isThing: false)
      resource.names["Resource"] = resource.names["Resources"]
      var feature = finder.judge(rule, resource: resource)
      feature.confidence = ((1 - (1 - feature.confidence) * (1 - Self.listedWeight)) * 100).rounded() / 100
      feature.evidence.append(
        Evidence(
          place: item.place, rule: rule.info.id, says: "the documentation lists “\(item.lead)”",
          weight: Self.listedWeight))
      let least = words.count == 1 ? Self.oneWordThreshold : rule.threshold
      if feature.confidence >= least, feature.confidence > best?.confidence ?? 0 { best = feature }
    }
    return best
  }

  private func isWithout(_ words: [String]) -> Bool {
    rule.without.contains { Words.equals(words, phrase: $0) }
  }

  /// The phrase, and those in which words of the code stand for its own.
  private func forms(_ words: [String]) -> [[String]] {
    let vocabulary = finder.conditions.names.vocabulary
    return words.reduce([[]]) { found, word in
      let known = WordForms.all(word).filter { vocabulary.known($0) != nil }
      return found.flatMap { start in (known.isEmpty ? [word] : known).map { start + [$0] } }
    }.filter { KapinProduct.Phrase($0, vocabulary).isKnown }
  }

  /// Whether a feature is called so, or the phrase ends in what it is called.
  private func isAbout(_ feature: Feature, _ words: [String]) -> Bool {
    isName(words, of: feature) || names(of: feature).contains { Words.ends(words, phrase: $0) }
  }

  private func isName(_ words: [String], of feature: Feature) -> Bool {
    names(of: feature).contains { Words.equals(words, phrase: $0) }
  }

  private func names(of feature: Feature) -> [[String]] {
    let title = Words.split(feature.title)
    return [Words.split(feature.id), title] + title.split(separator: "and").map(Array.init)
      + finder.phrases(of: feature.rule).map(\.words)
  }

  private func capability(_ phrase: DocumentPhrases.Phrase, _ feature: Feature) -> Capability? {
    guard let node = (feature.routes + feature.components + feature.tables).first else { return nil }
    let place = finder.graph.nodes[node].origin?.place ?? feature.evidence.first?.place ?? Place("")
    return Capability(name: phrase.text, place: place, node: node)
  }
}
