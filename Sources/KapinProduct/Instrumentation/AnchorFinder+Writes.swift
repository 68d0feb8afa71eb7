import KapinBase
import KapinModel

/// Anchors at which rows are written: one write, or several that only together are the fact.
extension AnchorFinder {
  static func describe(_ write: WritePattern) -> String {
    let tables = write.table.words.prefix(2).map { $0.joined(separator: " ") }.joined(separator: ", ")
    return "a \(write.verbs.map(\.rawValue).joined(separator: " or ")) of \(tables)"
  }

  func writes(_ pattern: WritePattern) -> [AnchorSite] {
    var found: [(rank: Int, site: AnchorSite)] = []
    for row in graph.accesses {
      guard let rank = rank(row, pattern) else { continue }
      let facts = graph.code.modules[row.access.module].facts
      var site = AnchorSite(
        module: row.access.module, function: facts.calls[row.access.call].function, call: row.access.call,
        says: "`\(tableName(row))` is written here (\(row.access.verb.rawValue))")
      site.createsActor = row.access.verb == .create
      // Scripts and administration come after what visitors reach.
      let reachable = graph.node(of: row.access.from).map(served.contains) ?? false ? 0 : 100
      found.append((rank + reachable, site))
    }
    return found.enumerated().sorted {
      $0.element.rank != $1.element.rank ? $0.element.rank < $1.element.rank : $0.offset < $1.offset
    }
    .map(\.element.site)
  }

  private func tableName(_ row: ResolvedAccess) -> String {
    if case .table(let table) = graph.nodes[row.table].content { table.table.name } else { "" }
  }

  /// How well a write fits, 0 best; `nil` when it doesn't.
  private func rank(_ row: ResolvedAccess, _ pattern: WritePattern) -> Int? {
    guard pattern.verbs.contains(row.access.verb) else { return nil }
    let words = TableNames.words(tableName(row))
    guard let rank = pattern.table.words.firstIndex(where: { Words.ends(words, phrase: $0) }),
      !pattern.table.without.contains(where: { Words.contains(words, phrase: $0) })
    else { return nil }
    if !pattern.columns.isEmpty {
      let written = row.access.columns.map { Words.split($0) }
      guard pattern.columns.contains(where: { phrase in written.contains { Words.contains($0, phrase: phrase) } })
      else { return nil }
    }
    if !pattern.inside.isEmpty {
      let around = surroundings(row.access.from)
      guard pattern.inside.contains(where: { phrase in around.contains { Words.contains($0, phrase: phrase) } })
      else { return nil }
    }
    return rank
  }

  /// The names, as words, of the functions around a place and of the routes that they answer.
  private func surroundings(_ ref: SymbolRef) -> [[String]] {
    let facts = graph.code.modules[ref.module].facts
    var found: [[String]] = []
    var current = ref.declaration
    while let id = current {
      found.append(Words.split(facts.names[facts.declarations[id].name]))
      if let node = graph.symbols[SymbolRef(ref.module, id)] {
        found += (answers[node] ?? []).map { Words.split($0.path) }
      }
      current = facts.declarations[id].parent
    }
    return found
  }

  // MARK: Several writes

  /// How many calls may lie between a function and the writes that make it the place of a fact.
  private static let callDepth = 2

  func together(_ patterns: [WritePattern]) -> [AnchorSite] {
    // For each function, which of the patterns it fulfils, and by which of its calls.
    var steps: [SymbolRef: [(call: CallID, does: Set<Int>)]] = [:]
    for row in graph.accesses {
      let does = Set(patterns.indices.filter { rank(row, patterns[$0]) != nil })
      let facts = graph.code.modules[row.access.module].facts
      guard !does.isEmpty, let function = facts.namedAncestor(facts.calls[row.access.call].function) else { continue }
      steps[SymbolRef(row.access.module, function), default: []].append((row.access.call, does))
    }
    var complete: Set<SymbolRef> = []
    func does(_ ref: SymbolRef) -> Set<Int> { (steps[ref] ?? []).reduce(into: []) { $0.formUnion($1.does) } }
    for _ in 0...Self.callDepth {
      complete.formUnion(steps.keys.filter { does($0).count == patterns.count })
      var next = steps
      for relation in graph.code.relations {
        guard case .calls = relation.form, !complete.contains(relation.to) else { continue }
        let inner = does(relation.to)
        let facts = graph.code.modules[relation.from.module].facts
        guard !inner.isEmpty, let function = facts.namedAncestor(relation.from.declaration),
          let call = facts.calls.ids.first(where: { facts.calls[$0].range.start == relation.at })
        else { continue }
        let from = SymbolRef(relation.from.module, function)
        if !(next[from] ?? []).contains(where: { $0.call == call && $0.does.isSuperset(of: inner) }) {
          next[from, default: []].append((call, inner))
        }
      }
      steps = next
    }
    let sites = complete.compactMap { ref -> (id: String, site: AnchorSite)? in
      let module = graph.code.modules[ref.module]
      guard !module.isTest, let node = graph.node(of: ref), served.contains(node), let own = steps[ref],
        let last = own.max(by: {
          module.facts.calls[$0.call].range.start < module.facts.calls[$1.call].range.start
        })
      else { return nil }
      let name = ref.declaration.map { module.facts.names[module.facts.declarations[$0].name] } ?? ""
      let function = module.facts.calls[last.call].function
      let others = own.map(\.call).filter { module.facts.calls[$0].function == function }
      let site = AnchorSite(
        module: ref.module, function: function, call: last.call, others: others,
        says: "`\(name)` does \(patterns.map(Self.describe).joined(separator: " and "))")
      return (graph.nodes[node].id, site)
    }
    return sites.sortedByBytes { $0.id }.map(\.site)
  }
}
