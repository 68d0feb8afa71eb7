import KapinBase
import KapinModel

/// The statements of one function, with the ways in which it can end.
struct StatementTree {
  private let facts: FrozenFacts
  private let own: [StatementID]

  init(_ function: DeclarationID, _ facts: FrozenFacts) {
    self.facts = facts
    own = facts.statements.ids.filter { facts.statements[$0].function == function }
  }

  private func children(of parent: StatementID?) -> [StatementID] {
    own.filter { facts.statements[$0].parent == parent && facts.statements[$0].inBlock }
  }

  /// The last statement of the body, or of the `try` block that makes up its end.
  var mainPathEnd: StatementID? {
    var list = children(of: nil)
    for _ in 0..<3 {
      guard let wrapping = list.last(where: { facts.statements[$0].form == .try }), let block = tryBlock(of: wrapping)
      else { break }
      let inner = children(of: block)
      if inner.isEmpty { break }
      list = inner
    }
    return list.last
  }

  /// The first block of a `try`; the others catch and clean up.
  private func tryBlock(of statement: StatementID) -> StatementID? {
    own.first { facts.statements[$0].parent == statement && facts.statements[$0].form == .block }
  }

  /// Answers with a status from 400 to 599 report a failure (RFC 9110, "Status Codes").
  func isFailure(_ id: StatementID) -> Bool {
    let range = facts.statements[id].range
    return facts.values.ids.contains { value in
      guard range.contains(facts.valueStarts[value.index]), case .number(let digits) = facts.values[value] else {
        return false
      }
      return Int(facts.names[digits]).map { (400..<600).contains($0) } ?? false
    }
  }

  /// Returns that are neither failures nor part of a `catch`, and that return something.
  var successfulReturns: [StatementID] {
    own.filter { id in
      let row = facts.statements[id]
      guard row.form == .return, row.inBlock, row.range.count > 8, !isFailure(id) else { return false }
      var current = row.parent
      var below = id
      while let up = current {
        if facts.statements[up].form == .try, tryBlock(of: up) != below { return false }
        below = up
        current = facts.statements[up].parent
      }
      return true
    }
  }
}
