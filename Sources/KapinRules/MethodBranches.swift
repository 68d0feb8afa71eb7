import KapinBase
import KapinModel

/// The parts of a handler that only requests with other methods reach: of `if (req.method === "GET") { … } else if
/// (req.method === "POST") { … }` and `switch (req.method)`, the branches of the other ones.
struct MethodBranches {
  private struct Comparison {
    var method: String
    var at: UInt32
    var isNegated: Bool
  }

  private let facts: FrozenFacts
  private var comparisons: [StatementID: [Comparison]] = [:]
  private let children: [StatementID: [StatementID]]

  /// - Parameter compared: values of texts with which something is compared, by method.
  init(_ facts: FrozenFacts, compared: [(value: ValueID, method: String)]) {
    self.facts = facts
    var negated: Set<ValueID> = []
    for case .differs(let text) in facts.values.rows { negated.insert(text) }
    var children: [StatementID: [StatementID]] = [:]
    for (index, row) in facts.statements.rows.enumerated() {
      if let parent = row.parent { children[parent, default: []].append(StatementID(index)) }
    }
    self.children = children
    for (value, method) in compared {
      let at = facts.valueStarts[value.index]
      guard let around = Self.innermost(at, facts) else { continue }
      comparisons[around, default: []].append(Comparison(method: method, at: at, isNegated: negated.contains(value)))
    }
  }

  private static func innermost(_ at: UInt32, _ facts: FrozenFacts) -> StatementID? {
    var found: StatementID?
    for (index, row) in facts.statements.rows.enumerated() where row.range.contains(at) {
      if found.map({ facts.statements[$0].range.encloses(row.range) }) ?? true { found = StatementID(index) }
    }
    return found
  }

  /// Ascending.
  func apart(from method: String) -> [Range32] {
    comparisons.flatMap { statement, all -> [Range32] in
      switch facts.statements[statement].form {
      case .branch: branch(statement, all, method)
      case .switch: cases(statement, all, method)
      default: []
      }
    }.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
  }

  private func branch(_ id: StatementID, _ all: [Comparison], _ method: String) -> [Range32] {
    let inside = (children[id] ?? []).map { facts.statements[$0].range }.sorted { $0.start < $1.start }
    guard let first = inside.first else { return [] }
    let named = all.filter { $0.at < first.start }
    guard !named.isEmpty else { return [] }
    let isNamed = named.contains { $0.method == method }
    if named.allSatisfy(\.isNegated) {
      // `if (req.method !== "POST") { … } else { … }`
      return isNamed ? [first] : Array(inside.dropFirst().prefix(1))
    }
    return isNamed || named.contains(where: \.isNegated) ? [] : [first]
  }

  /// Labels without a statement between them lead to the same one.
  private func cases(_ id: StatementID, _ all: [Comparison], _ method: String) -> [Range32] {
    let inside = (children[id] ?? []).map { facts.statements[$0].range.start }
    let labels = all.sorted { $0.at < $1.at }
    var found: [Range32] = [], group: [String] = [], start: UInt32?
    for (index, label) in labels.enumerated() {
      let end = index + 1 < labels.count ? labels[index + 1].at : facts.statements[id].range.end
      group.append(label.method)
      start = start ?? label.at
      guard inside.contains(where: { label.at < $0 && $0 < end }) else { continue }
      if !group.contains(method), let start { found.append(Range32(Int(start), Int(end))) }
      group = []
      start = nil
    }
    return found
  }
}
