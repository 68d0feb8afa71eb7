import KapinBase
import KapinModel

/// The keys of a query's objects, of which some may name relations. Which do, the tables say later.
extension Clause {
  /// A query with more keys than these is made by a machine.
  private static let keyLimit = 400
  private static let depthLimit = 10

  func queryKeys(_ along: AlongPattern, _ site: CallSite) -> [QueryKey] {
    var left = Self.keyLimit
    let keys = select(along.value, .call(site)).flatMap { self.keys($0, depth: 0, &left) }
    return along.isChained ? keys + chained(site) : keys
  }

  /// Names of the methods that are called on what a call gives.
  private func chained(_ site: CallSite) -> [QueryKey] {
    let facts = facts(site)
    return finder.callsAfter(site, named: []).compactMap { call in
      guard case .member(_, let name) = facts.values[facts.calls[call.call].callee] else { return nil }
      return QueryKey(facts.names[name])
    }
  }

  private func keys(_ ref: ValueRef, depth: Int, _ left: inout Int) -> [QueryKey] {
    guard depth < Self.depthLimit, left > 0 else { return [] }
    if let model = finder.modelIn(follower.follow(ref), rule: self.ref.rule) {
      left -= 1
      return [QueryKey("", model: model)]
    }
    if let members = follower.properties(ref) {
      var found: [QueryKey] = []
      for (name, value) in members.map({ ($0.name, $0.value) }) + later(ref).members where left > 0 {
        left -= 1
        found.append(QueryKey(name, self.keys(value, depth: depth + 1, &left)))
      }
      return found
    }
    if let items = follower.items(ref) {
      var found: [QueryKey] = []
      for item in items + later(ref).items where left > 0 { found += keys(item, depth: depth + 1, &left) }
      return found
    }
    // `"author comments.author"`, `"[author, comments.[author, tags]]"`
    guard let text = follower.text(ref) else { return [] }
    if text.contains("[") {
      var rest = text[...]
      return Self.expression(&rest, depth: 0)
    }
    return text.split(separator: " ").prefix(16).map { path in
      path.split(separator: ".").reversed().reduce(into: [QueryKey]()) { $0 = [QueryKey(String($1), $0)] }
    }.flatMap { $0 }
  }

  /// A relation expression (Objection.js, "RelationExpression"): a name with its path, or a list of such in brackets.
  private static func expression(_ rest: inout Substring, depth: Int) -> [QueryKey] {
    guard depth < depthLimit else { return [] }
    guard rest.first == "[" else { return step(&rest, depth: depth).map { [$0] } ?? [] }
    rest.removeFirst()
    var found: [QueryKey] = []
    while let next = rest.first, next != "]" {
      if let key = step(&rest, depth: depth) { found.append(key) } else { rest = rest.dropFirst() }
    }
    rest = rest.dropFirst()
    return found
  }

  private static func step(_ rest: inout Substring, depth: Int) -> QueryKey? {
    let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    guard !name.isEmpty else { return nil }
    rest = rest.dropFirst(name.count)
    // Modifiers name no relation: `comments(latest)`.
    if rest.first == "(" { rest = rest.drop { $0 != ")" }.dropFirst() }
    guard rest.first == "." else { return QueryKey(String(name)) }
    rest.removeFirst()
    return QueryKey(String(name), expression(&rest, depth: depth + 1))
  }

  /// What code puts into an object or list after it was written.
  func later(_ ref: ValueRef) -> (members: [(String, ValueRef)], items: [ValueRef]) {
    let target = follower.literal(ref)
    let parts = finder.laterParts(target.module)
    return (
      (parts.members[target.value] ?? []).map { ($0.name, ValueRef(target.module, $0.value)) },
      (parts.items[target.value] ?? []).map { ValueRef(target.module, $0) }
    )
  }
}
