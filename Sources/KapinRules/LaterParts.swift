import KapinBase
import KapinModel

/// What code puts into an object or list after it was written: `where.author = { … }`, `parts.push({ … })`.
struct LaterParts {
  private(set) var members: [ValueID: [(name: String, value: ValueID)]] = [:]
  private(set) var items: [ValueID: [ValueID]] = [:]

  init(_ facts: FrozenFacts) {
    for row in facts.assignments {
      guard case .member(let object, let name) = facts.values[row.target],
        let owner = Self.content(object, facts)
      else { continue }
      members[owner, default: []].append((facts.names[name], row.value))
    }
    for call in facts.calls.rows {
      guard case .member(let object, let name) = facts.values[call.callee],
        Self.adders.contains(facts.names[name]), let owner = Self.content(object, facts)
      else { continue }
      items[owner, default: []] += call.arguments.indices.map { facts.valueLists[$0] }
    }
  }

  private static let adders: Set<String> = ["push", "unshift"]

  /// The object or list that a variable, or a member of one, holds.
  private static func content(_ value: ValueID, _ facts: FrozenFacts, depth: Int = 0) -> ValueID? {
    guard depth < 4 else { return nil }
    switch facts.values[value] {
    case .object, .list: return value
    case .local(let binding):
      let held = facts.bindings[binding].value
      return held == value ? nil : content(held, facts, depth: depth + 1)
    case .member(let object, let name):
      guard let owner = content(object, facts, depth: depth + 1), case .object(let range) = facts.values[owner] else {
        return nil
      }
      return facts.properties[range.indices].last { $0.name == name && $0.form != .spread }
        .flatMap { content($0.value, facts, depth: depth + 1) }
    default: return nil
    }
  }
}
