import KapinBase
package import KapinModel

/// Decides which features the product has, and with what evidence.
package struct FeatureFinder {
  private let graph: ProductGraph
  private let facts: SignalFacts

  package init(_ graph: ProductGraph) {
    self.graph = graph
    facts = SignalFacts(graph)
  }

  /// Features at or above their threshold, best first.
  package func find(_ rules: [FeatureRule]) -> [Feature] {
    rules.compactMap { rule in
      let feature = judge(rule)
      return feature.confidence >= rule.threshold ? feature : nil
    }.sorted { $0.confidence != $1.confidence ? $0.confidence > $1.confidence : $0.id.precedes($1.id) }
  }

  /// A feature with its evidence, whether it reaches the threshold or not.
  package func judge(_ rule: FeatureRule) -> Feature {
    var routes: [NodeID] = []
    var components: [NodeID] = []
    var tables: [NodeID] = []
    var evidence: [Evidence] = []
    var doubt = 1.0
    for signal in rule.signals {
      let matches = facts.matches(signal)
      guard !matches.isEmpty else { continue }
      doubt *= 1 - signal.weight
      for match in matches {
        guard let node = match.node else { continue }
        switch graph.nodes[node].kind {
        case .route: routes.append(node)
        case .table: tables.append(node)
        case .symbol: if case .component = signal.subject { components.append(node) }
        default: break
        }
      }
      evidence += matches.prefix(Self.evidenceLimit).map { evidenceRow($0, signal, rule) }
    }
    var against: [Evidence] = []
    for signal in rule.against {
      let matches = facts.matches(signal)
      guard !matches.isEmpty else { continue }
      doubt = 1 - (1 - doubt) * (1 - signal.weight)
      against += matches.prefix(Self.evidenceLimit).map { evidenceRow($0, signal, rule) }
    }
    routes = unique(routes)
    components = unique(components)
    tables = unique(tables)
    return Feature(
      id: rule.info.id, title: rule.info.title, description: rule.description,
      confidence: ((1 - doubt) * 100).rounded() / 100, routes: routes, components: components, tables: tables,
      apps: apps(routes + components), evidence: strongestFirst(evidence), against: strongestFirst(against))
  }

  /// How many places one signal shows; all of them count as one signal anyway.
  private static let evidenceLimit = 5

  private func evidenceRow(_ match: SignalFacts.Match, _ signal: Signal, _ rule: FeatureRule) -> Evidence {
    Evidence(
      place: match.place, rule: rule.info.id, says: signal.says.replacing("{name}", with: match.name),
      weight: signal.weight)
  }

  private func strongestFirst(_ rows: [Evidence]) -> [Evidence] {
    rows.enumerated().sorted {
      $0.element.weight != $1.element.weight ? $0.element.weight > $1.element.weight : $0.offset < $1.offset
    }.map(\.element)
  }

  private func unique(_ ids: [NodeID]) -> [NodeID] {
    Set(ids).sorted { graph.nodes[$0].id.precedes(graph.nodes[$1].id) }
  }

  /// The packages whose routes and components carry the feature.
  private func apps(_ nodes: [NodeID]) -> [NodeID] {
    var found: Set<NodeID> = []
    for node in nodes {
      var package: PackageID?
      switch graph.nodes[node].content {
      case .route(let route): package = route.package
      case .symbol(let ref, _): package = graph.code.modules[ref.module].package
      default: break
      }
      if let package {
        let folder = graph.code.packages[package].folder
        if let id = graph.node(id: "package:" + (folder.isEmpty ? "." : folder)) { found.insert(id) }
      }
    }
    return unique(Array(found))
  }

  /// Clause by clause: what each signal looked for and found.
  package func explain(_ rule: FeatureRule) -> [String] {
    var lines: [String] = []
    for (signals, sign) in [(rule.signals, "for"), (rule.against, "against")] {
      for signal in signals {
        let matches = facts.matches(signal)
        let place = "\(rule.info.place.path):\(signal.line.line)"
        if matches.isEmpty {
          lines.append("  – \(sign), weight \(signal.weight): nothing found [\(place)] \(signal.says)")
        } else {
          lines.append("  + \(sign), weight \(signal.weight): \(matches.count) found [\(place)]")
          lines += matches.prefix(3).map { "      \($0.place)  \(signal.says.replacing("{name}", with: $0.name))" }
        }
      }
    }
    return lines
  }
}
