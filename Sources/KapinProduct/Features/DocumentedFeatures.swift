import KapinBase
import KapinModel

/// What the product's documentation lists and its code bears out: features of their own, or what can be done within one
/// that was found.
struct DocumentedFeatures {
  private let finder: FeatureFinder
  private let rule: FeatureRule
  private let phrases: DocumentPhrases
  /// Words with which no thing's name begins, those that every product has, and those that are things in some.
  private let deeds: [[String]]
  private let common: [[String]]
  private let doubtful: [[String]]

  init(_ finder: FeatureFinder, _ rule: FeatureRule, others: [FeatureRule]) {
    self.finder = finder
    self.rule = rule
    deeds = others.flatMap(\.deeds)
    common = others.filter { $0.each == .resource }.flatMap(\.without)
    doubtful = others.filter { $0.each == .resource }.flatMap { $0.unlessKept + $0.unlessEntry }
    phrases = DocumentPhrases(plain: WordFilter(rule.plain))
  }

  /// What the documentation says is confidence in part; the code must bear it out.
  private static let listedWeight = 0.3
  /// One word alone may stand for anything.
  private static let oneWordThreshold = 0.75
  /// The weight of what people see, or what keeps data: of one word, functions and files alone say nothing.
  private static let strong = 0.4
  /// Code has many functions by the name of what they do.
  private static let deedThreshold = 0.79
  /// What stands in the middle of a sentence may be said of anything, too.
  private static let partThreshold = 0.65

  /// Adds what no feature is about yet.
  /// - Parameter capabilities: by feature, what the documentation says that can be done within it.
  func add(to features: inout [Feature], capabilities: inout [String: [Capability]]) {
    var own: [Feature] = []
    var taken: Set<[String]> = []
    /// By what an item is about, the feature that it is.
    var places: [String: Feature] = [:]
    for item in finder.graph.documented where !isWithout(Words.split(item.lead)) {
      var used: [[String]] = []
      for phrase in phrases.all(item) where !used.contains(where: { Words.contains($0, phrase: phrase.words) }) {
        guard let feature = judged(phrase, item) else { continue }
        used.append(phrase.words)
        let words = Words.split(feature.id)
        let known =
          features.first { isAbout($0, phrase.words) || isName(words, of: $0) || isShort(words, of: $0, item) }
          ?? item.outer.flatMap { places[$0] }
        if places[item.lead] == nil { places[item.lead] = known ?? feature }
        guard taken.insert(words.map(Words.singular)).inserted else { continue }
        if let known {
          if ![phrase.words, words].contains(where: { isName($0, of: known) || isShort($0, of: known, item) }),
            let capability = capability(phrase, feature, of: known)
          {
            capabilities[known.id, default: []].append(capability)
          }
        } else {
          own.append(feature)
        }
      }
      if places[item.lead] == nil {
        places[item.lead] = features.first { isName(Words.split(item.lead), of: $0) }
      }
    }
    features += own
  }

  /// The phrase as a feature, in the form of its words that most speaks for.
  private func judged(_ phrase: DocumentPhrases.Phrase, _ item: DocumentItem) -> Feature? {
    guard !isWithout(phrase.words), !isDoubtful(phrase, item), !Words.begins(phrase.words, withOneOf: deeds),
      !finder.ownNames.contains(phrase.words.map(Words.singular).joined())
    else {
      return nil
    }
    var best: Feature?
    for words in readings(phrase).flatMap(forms) {
      let title = phrase.text.prefix(1).uppercased() + phrase.text.dropFirst()
      let resource = Resource(words, title: title, isThing: false)
      var feature = finder.judge(rule, resource: resource)
      feature.confidence = ((1 - (1 - feature.confidence) * (1 - Self.listedWeight)) * 100).rounded() / 100
      feature.evidence.append(
        Evidence(
          place: item.place, rule: rule.info.id, says: "the documentation lists “\(item.lead)”",
          weight: Self.listedWeight))
      let least = words.count == 1 && !phrase.isDeed ? Self.oneWordThreshold : threshold(phrase)
      if words.count == 1, item.isHeading || !feature.evidence.contains(where: { $0.weight >= Self.strong }) {
        continue
      }
      if feature.confidence >= least, feature.confidence > best?.confidence ?? 0 { best = feature }
    }
    return best
  }

  /// The words, the two of a lead the other way round (`ingestion folders` for `Folder ingestion`), and without a first
  /// or last word that only says how it is had (`Custom themes`, `Zen mode`).
  private func readings(_ phrase: DocumentPhrases.Phrase) -> [[String]] {
    guard phrase.words.count > 1, let first = phrase.words.first, let last = phrase.words.last else {
      return [phrase.words]
    }
    if rule.beginnings.contains(where: { Words.equals([first], phrase: $0) }) {
      let rest = Array(phrase.words.dropFirst())
      return [phrase.words] + (isWithout(rest) || rest.count == 1 && isDoubtful(rest) ? [] : [rest])
    }
    guard phrase.isLead else { return [phrase.words] }
    let other = phrase.words.count == 2 ? [Array(phrase.words.reversed())] : []
    let rest = Array(phrase.words.dropLast())
    let isShort = rule.endings.contains { Words.equals([last], phrase: $0) } && !isWithout(rest)
    return [phrase.words] + other + (isShort ? [rest] : [])
  }

  private func threshold(_ phrase: DocumentPhrases.Phrase) -> Double {
    if phrase.isDeed { return Self.deedThreshold }
    return phrase.isLead || phrase.isProper ? rule.threshold : max(rule.threshold, Self.partThreshold)
  }

  private func isWithout(_ words: [String]) -> Bool {
    rule.without.contains { Words.equals(words, phrase: $0) }
      || words.count == 1 && common.contains { Words.equals(words, phrase: $0) }
  }

  private func isDoubtful(_ phrase: DocumentPhrases.Phrase, _ item: DocumentItem) -> Bool {
    phrase.words.count == 1 && !phrase.isDeed && (!phrase.isLead || item.outer != nil) && isDoubtful(phrase.words)
  }

  private func isDoubtful(_ words: [String]) -> Bool { doubtful.contains { Words.equals(words, phrase: $0) } }

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
      || words.count > 1 && Words.begins([words[words.count - 1]], withOneOf: rule.endings)
        && isName(words.dropLast(), of: feature)
  }

  private func isName(_ words: [String], of feature: Feature) -> Bool {
    (names(of: feature) + finder.documentPhrases(of: feature.rule)).contains { Words.equals(words, phrase: $0) }
  }

  /// `Flags` are the `Feature flags` that the same item speaks for.
  private func isShort(_ words: [String], of feature: Feature, _ item: DocumentItem) -> Bool {
    Words.ends(Words.split(feature.title), phrase: words) && feature.evidence.contains { $0.place == item.place }
  }

  private func names(of feature: Feature) -> [[String]] {
    let title = Words.split(feature.title)
    return [Words.split(feature.id), title] + title.split(separator: "and").map(Array.init)
      + finder.phrases(of: feature.rule).map(\.words)
  }

  private func capability(
    _ phrase: DocumentPhrases.Phrase, _ feature: Feature, of known: Feature
  ) -> Capability? {
    let nodes = feature.routes + feature.components + feature.tables
    guard let node = nodes.first ?? (known.routes + known.components + known.tables).first else { return nil }
    let place = feature.evidence.first?.place ?? finder.graph.nodes[node].origin?.place ?? Place("")
    return Capability(name: phrase.text, place: place, node: node)
  }
}
