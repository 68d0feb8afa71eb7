import KapinBase
package import KapinModel

/// Decides which features the product has, and with what evidence.
package final class FeatureFinder {
  let graph: ProductGraph
  let conditions: ConditionMatcher
  private let program: RuleProgram
  private var phrasesByRule: [String: [(words: [String], isTable: Bool)]] = [:]
  private lazy var surroundings = FeatureSurroundings(graph, program.people)

  package init(_ graph: ProductGraph, _ program: RuleProgram) {
    self.graph = graph
    self.program = program
    conditions = ConditionMatcher(graph, generated: program.generated)
  }

  /// The phrases of names that a rule of one feature looks for, and whether they are those of tables.
  func phrases(of rule: String) -> [(words: [String], isTable: Bool)] {
    if let known = phrasesByRule[rule] { return known }
    var found: [(words: [String], isTable: Bool)] = []
    func collect(_ condition: GraphCondition) {
      switch condition {
      case .node(let pattern):
        switch pattern.subject {
        case .table(columns: []): found += pattern.words.map { ($0, true) }
        case .route, .component, .text, .symbol: found += pattern.words.map { ($0, false) }
        default: break
        }
      case .all(let inner), .any(let inner): inner.forEach(collect)
      case .not: break
      }
    }
    let known = program.features.first { $0.info.id == rule && $0.each == nil }
    for signal in known?.signals ?? [] { collect(signal.condition) }
    phrasesByRule[rule] = found
    return found
  }

  /// The phrases by which documentation lists the feature of a rule.
  func documentPhrases(of rule: String) -> [[String]] {
    let signals = program.features.first { $0.info.id == rule && $0.each == nil }?.signals ?? []
    return signals.flatMap { signal -> [[String]] in
      guard case .node(let pattern) = signal.condition, pattern.subject == .document else { return [] }
      return pattern.words
    }
  }

  /// Features at or above their threshold, best first: those that rules name, then what is special to this product.
  package func find() -> [Feature] {
    var found = program.features.filter { $0.each == nil }.map { (rule: $0, feature: judge($0)) }
    imply(&found)
    found.removeAll { $0.feature.confidence < $0.rule.threshold }
    let excluded = Set(found.flatMap(\.rule.excludes))
    found.removeAll { excluded.contains($0.rule.info.id) }
    var features = found.map(\.feature)
    for rule in program.features where rule.each != nil && rule.each != .documented {
      ResourceFeatures(self, rule).add(to: &features)
    }
    var documented: [String: [Capability]] = [:]
    for rule in program.features where rule.each == .documented {
      DocumentedFeatures(self, rule, others: program.features).add(to: &features, capabilities: &documented)
    }
    let capabilities = CapabilityFinder(
      graph, conditions.names, plain: program.features.filter { $0.each != .documented }.flatMap(\.plain),
      deeds: program.features.flatMap(\.deeds))
    let ids = Set(features.map { Words.split($0.id).map(Words.singular) })
    for index in features.indices {
      surroundings.complete(&features[index])
      let own = documented[features[index].id] ?? []
      let others = ids.union(own.map { Words.split($0.name).map(Words.singular) })
      features[index].capabilities =
        own + capabilities.find(features[index], names(of: features[index]), others: others)
    }
    return features.sorted { $0.confidence != $1.confidence ? $0.confidence > $1.confidence : $0.id.precedes($1.id) }
  }

  /// What the product is called, by its folder and the manifest there.
  private(set) lazy var ownNames: Set<String> = {
    let names =
      graph.code.packages.filter { $0.folder.isEmpty }.compactMap(\.manifest.name)
      + graph.code.inventory.roots.map(\.name)
    return Set(names.flatMap { $0.split(separator: "/") }.map { Words.split(String($0)).map(Words.singular).joined() })
  }()

  /// What a feature is called: by what its rule looks for, or by its noun.
  private func names(of feature: Feature) -> [[String]] {
    let own = [Words.split(feature.id), Words.split(feature.title)]
    return own + phrases(of: feature.rule).map(\.words)
  }

  // MARK: One rule

  /// A feature with its evidence, whether it reaches the threshold or not.
  package func judge(_ rule: FeatureRule) -> Feature { judge(rule, resource: nil) }

  func judge(_ rule: FeatureRule, resource: Resource?) -> Feature {
    var feature = Feature(id: resource?.id ?? rule.info.id, rule: rule.info.id)
    var names = resource?.names ?? [:]
    var doubt = 1.0
    var places: [NodeID] = []
    for signal in rule.signals {
      let found = conditions.find(signal.condition, resource?.words)
      guard !found.matches.isEmpty else { continue }
      doubt *= 1 - weight(signal, found)
      for (name, match) in found.captures where names[name] == nil {
        names[name] = match.name
        feature.captures[name] = match.node
      }
      places += found.matches.compactMap(\.node)
      feature.evidence += rows(found, signal, rule, names)
    }
    for signal in rule.against {
      let found = conditions.find(signal.condition, resource?.words)
      guard !found.matches.isEmpty else { continue }
      doubt = 1 - (1 - doubt) * (1 - signal.weight)
      feature.against += rows(found, signal, rule, names)
    }
    feature.confidence = ((1 - doubt) * 100).rounded() / 100
    feature.title = rule.title.render { name, _ in names[name] }
    feature.description = rule.description.render { name, _ in names[name] }
    feature.evidence = strongestFirst(feature.evidence)
    feature.against = strongestFirst(feature.against)
    add(places, to: &feature)
    return feature
  }

  /// How sure a feature is by its code when nothing that has a noun in its name counts.
  func confidence(of feature: Feature, without resource: Resource) -> Double {
    guard let rule = program.features.first(where: { $0.info.id == feature.rule }) else { return 0 }
    let doubt = rule.signals.reduce(1.0) { doubt, signal in
      var found = conditions.find(signal.condition, nil)
      found.matches.removeAll { match in
        match.node.map(resource.tables.contains) ?? false
          || Words.contains(Words.split(match.name), phrase: resource.words)
      }
      return found.matches.isEmpty ? doubt : doubt * (1 - weight(signal, found))
    }
    return 1 - doubt
  }

  /// What only tables say that no code reads or writes counts for half.
  private func weight(_ signal: Signal, _ found: ConditionMatcher.Found) -> Double {
    let isUnused = found.matches.allSatisfy { match in
      guard let node = match.node, case .table = graph.nodes[node].content else { return false }
      return conditions.names.isUnused(node)
    }
    return isUnused ? signal.weight / 2 : signal.weight
  }

  func add(_ nodes: [NodeID], to feature: inout Feature) {
    var routes = feature.routes, tables = feature.tables, components = feature.components
    for node in nodes {
      switch graph.nodes[node].content {
      case .route: routes.append(node)
      case .table: tables.append(node)
      case .symbol(_, component: true): components.append(node)
      default: break
      }
    }
    feature.routes = unique(routes)
    feature.tables = unique(tables)
    feature.components = unique(components)
  }

  /// How many places one signal shows; all of them count as one signal anyway.
  private static let evidenceLimit = 5

  private func rows(
    _ found: ConditionMatcher.Found, _ signal: Signal, _ rule: FeatureRule, _ names: [String: String]
  ) -> [Evidence] {
    var own = names
    // A signal's own captures stand before those of others.
    for (name, match) in found.captures.reversed() { own[name] = match.name }
    return found.matches.prefix(Self.evidenceLimit).map { match in
      var own = own.merging(match.captured) { $1 }
      own["name"] = match.name
      return Evidence(
        place: match.place, rule: rule.info.id, says: signal.says.render { name, _ in own[name] },
        weight: signal.weight)
    }
  }

  private func strongestFirst(_ rows: [Evidence]) -> [Evidence] {
    rows.enumerated().sorted {
      $0.element.weight != $1.element.weight ? $0.element.weight > $1.element.weight : $0.offset < $1.offset
    }.map(\.element)
  }

  private func unique(_ ids: [NodeID]) -> [NodeID] {
    Set(ids).sorted { graph.nodes[$0].id.precedes(graph.nodes[$1].id) }
  }

  // MARK: Between features

  /// The part of a feature's confidence that what it implies has from it.
  private static let impliedWeight = 0.9

  /// What is implied is there, with the strongest evidence of what implies it.
  private func imply(_ found: inout [(rule: FeatureRule, feature: Feature)]) {
    let places = Dictionary(uniqueKeysWithValues: found.enumerated().map { ($0.element.rule.info.id, $0.offset) })
    var queue = found.indices.filter { found[$0].feature.confidence >= found[$0].rule.threshold }
    var next = 0
    while next < queue.count {
      let (rule, feature) = found[queue[next]]
      next += 1
      for id in rule.implies {
        guard let place = places[id], let reason = feature.evidence.first else { continue }
        let weight = (feature.confidence * Self.impliedWeight * 100).rounded() / 100
        guard found[place].feature.confidence < weight else { continue }
        let was = found[place].feature.confidence >= found[place].rule.threshold
        found[place].feature.confidence = weight
        found[place].feature.evidence.append(
          Evidence(
            place: reason.place, rule: rule.info.id, says: "\(feature.title) needs it: \(reason.says)", weight: weight))
        if !was, weight >= found[place].rule.threshold { queue.append(place) }
      }
    }
  }
}
