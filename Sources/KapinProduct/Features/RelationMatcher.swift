import KapinBase
import KapinModel
import KapinQuery

/// Decides whether things of the product are related as conditions want.
final class RelationMatcher {
  private let index: GraphIndex
  private unowned let conditions: ConditionMatcher
  /// What runs when a thing runs, itself included.
  private var reached: [NodeID: [NodeID]] = [:]
  /// The names that may fill a relation, by the line of the pattern and the resource.
  private var wanted: [String: Set<NodeID>] = [:]
  private var leads: [String: Set<NodeID>] = [:]
  private var packages: [NodeID: Set<String>] = [:]
  private lazy var writers: [NodeID: [(table: NodeID, verb: AccessVerb)]] = {
    var all: [NodeID: [(table: NodeID, verb: AccessVerb)]] = [:]
    for row in graph.accesses where row.access.verb.writes {
      if let from = graph.node(of: row.access.from) { all[from, default: []].append((row.table, row.access.verb)) }
    }
    return all
  }()
  private var graph: ProductGraph { index.graph }

  /// More is not looked at for one thing: what reaches so much says nothing about it.
  private static let reachLimit = 2_000

  init(_ graph: ProductGraph, _ conditions: ConditionMatcher) {
    index = GraphIndex(graph)
    self.conditions = conditions
  }

  /// The first relation that does not hold.
  func failing(
    _ relations: [RelationPattern], of row: ConditionMatch, _ binding: ConditionMatcher.Binding,
    _ captures: inout [(String, ConditionMatch)]
  ) -> RelationPattern? {
    guard let node = row.node else { return relations.first }
    for relation in relations {
      let target = target(relation, of: node, binding)
      if (target == nil) != relation.isNegated { return relation }
      if let target, let name = relation.target?.capture {
        let place = graph.nodes[target].origin?.place ?? row.place
        captures.append((name, ConditionMatch(place: place, name: index.name(target), node: target)))
      }
    }
    return nil
  }

  // MARK: One relation

  private func target(_ relation: RelationPattern, of node: NodeID, _ binding: ConditionMatcher.Binding) -> NodeID? {
    switch relation.form {
    case .reads: return over([.reads], node, relation, binding)
    case .writes: return written(node, relation, binding)
    case .calls: return called(node, relation, binding)
    case .emits: return over([.emits], node, relation, binding)
    case .uses: return over([.uses], node, relation, binding)
    case .renders: return over([.renders], node, relation, binding)
    case .requests: return over([.requests], node, relation, binding)
    case .navigates: return over([.navigates], node, relation, binding)
    case .guards: return guardian(node, relation, binding)
    case .references: return direct(.references, node, relation, binding)
    case .imports: return imported(node, relation)
    case .reachableFrom:
      guard let target = relation.target else { return nil }
      return leads(from: target, binding).contains(node) ? node : nil
    }
  }

  private func key(_ pattern: NodePattern, _ binding: ConditionMatcher.Binding) -> String {
    "\(pattern.line.line):\(pattern.line.column) \(pattern.words) \(binding ?? [])"
  }

  /// The nodes that a pattern names; `nil` when it names anything.
  private func nodes(_ pattern: NodePattern?, _ binding: ConditionMatcher.Binding) -> Set<NodeID>? {
    guard let pattern else { return nil }
    let key = key(pattern, binding)
    if let known = wanted[key] { return known }
    let found = Set(conditions.find(.node(pattern), binding).matches.compactMap(\.node))
    wanted[key] = found
    return found
  }

  private func over(
    _ kinds: Set<EdgeKind>, _ node: NodeID, _ relation: RelationPattern, _ binding: ConditionMatcher.Binding
  ) -> NodeID? {
    let targets = nodes(relation.target, binding)
    for inner in reach(node) {
      for place in index.out[inner.index] {
        let edge = graph.edges[place]
        if kinds.contains(edge.kind), targets?.contains(edge.to) ?? true { return edge.to }
      }
    }
    return nil
  }

  private func direct(
    _ kind: EdgeKind, _ node: NodeID, _ relation: RelationPattern, _ binding: ConditionMatcher.Binding
  ) -> NodeID? {
    let targets = nodes(relation.target, binding)
    return index.out[node.index].map { graph.edges[$0] }
      .first { $0.kind == kind && targets?.contains($0.to) ?? true }?.to
  }

  private func written(
    _ node: NodeID, _ relation: RelationPattern, _ binding: ConditionMatcher.Binding
  ) -> NodeID? {
    let targets = nodes(relation.target, binding)
    for inner in reach(node) {
      let rows = writers[inner] ?? []
      if let row = rows.first(where: { row in
        (relation.verbs.isEmpty || relation.verbs.contains(row.verb)) && targets?.contains(row.table) ?? true
      }) {
        return row.table
      }
    }
    return nil
  }

  /// A function of the project, or where a function of a package is called.
  private func called(
    _ node: NodeID, _ relation: RelationPattern, _ binding: ConditionMatcher.Binding
  ) -> NodeID? {
    guard let target = relation.target, case .call = target.subject else {
      return over([.calls, .handles, .triggers], node, relation, binding)
    }
    let callers = nodes(target, binding) ?? []
    return reach(node).first { callers.contains($0) }
  }

  private func guardian(
    _ node: NodeID, _ relation: RelationPattern, _ binding: ConditionMatcher.Binding
  ) -> NodeID? {
    let phrases = relation.target.map { $0.words.map { Phrase($0, conditions.names.vocabulary) } } ?? []
    for place in index.out[node.index] {
      let edge = graph.edges[place]
      guard edge.kind == .guards else { continue }
      if phrases.isEmpty || phrases.contains(where: { $0.occurs(in: words(ofGuard: edge)) }) { return edge.to }
    }
    return nil
  }

  private func words(ofGuard edge: ProductEdge) -> [Int32] {
    let name = edge.text("name") ?? index.name(edge.to)
    return Words.split(name).compactMap { conditions.names.vocabulary.known($0) }
  }

  private func imported(_ node: NodeID, _ relation: RelationPattern) -> NodeID? {
    let packages = packages(of: node)
    let wanted = relation.target?.words.map { $0[0] } ?? []
    return wanted.contains { packages.contains($0) } ? node : nil
  }

  /// Packages that the modules of what runs import.
  private func packages(of node: NodeID) -> Set<String> {
    if let known = packages[node] { return known }
    var found: Set<String> = []
    var seen: Set<ModuleID> = []
    for inner in reach(node) {
      let module: ModuleID
      switch graph.nodes[inner].content {
      case .symbol(let ref, _): module = ref.module
      case .module(let id): module = id
      default: continue
      }
      guard seen.insert(module).inserted else { continue }
      for case .external(let name, _, _) in graph.code.modules[module].targets { found.insert(name) }
    }
    packages[node] = found
    return found
  }

  // MARK: What runs

  private func reach(_ node: NodeID) -> [NodeID] {
    if let known = reached[node] { return known }
    var found = [node]
    var seen: Set<NodeID> = [node]
    var walk = FlowWalk(index, from: node)
    while let visit = walk.next(), found.count < Self.reachLimit {
      for place in index.out[walk.node(visit).index] {
        let edge = graph.edges[place]
        guard index.isFlow(edge), walk.reaches(place, after: visit) else { continue }
        if seen.insert(edge.to).inserted { found.append(edge.to) }
        walk.go(along: place, after: visit)
      }
    }
    reached[node] = found
    return found
  }

  /// All that the things of a pattern lead to, by what runs and by links.
  private func leads(from pattern: NodePattern, _ binding: ConditionMatcher.Binding) -> Set<NodeID> {
    let key = key(pattern, binding)
    if let known = leads[key] { return known }
    var queue = Array(nodes(pattern, binding) ?? []), next = 0
    var seen = Set(queue)
    while next < queue.count {
      for place in index.out[queue[next].index] {
        let edge = graph.edges[place]
        if index.isFlow(edge) || edge.kind == .navigates, seen.insert(edge.to).inserted { queue.append(edge.to) }
      }
      next += 1
    }
    leads[key] = seen
    return seen
  }
}
