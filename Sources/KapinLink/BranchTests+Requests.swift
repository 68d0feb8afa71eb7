import KapinBase
package import KapinModel

/// Parts of handlers that a request never reaches: `if (body.action === "remove")` for one that sends `{ action: "add" }`.
extension BranchTests {
  /// Members and methods by which handlers get at what a request carries (Fetch Standard, "Body"; URL Standard,
  /// "URLSearchParams"; and what servers call them).
  private static let carriers: Set<String> = ["body", "query", "input", "searchParams", "json", "formData"]

  func apart(ofHandler handler: SymbolRef, by site: CallSite?, query: [String: String]) -> [ApartPart] {
    var sent: Sent?
    return parts(of: handler) { test in
      guard let name = field(test) else { return false }
      if sent == nil { sent = Sent(query, site, follower) }
      return sent?.known[name].map { holds(test, $0) == false } ?? false
    }
  }

  /// The field of the request that a test looks at.
  private func field(_ test: ParameterTest) -> String? {
    guard case .member(let last)? = test.steps.last else { return nil }
    let carried = test.steps.dropLast().contains { step in
      switch step {
      case .member(let name), .called(let name): Self.carriers.contains(follower.graph.names[name])
      case .fallback, .item: false
      }
    }
    return carried ? follower.graph.names[last] : nil
  }

  private func holds(_ test: ParameterTest, _ constant: ValueFollower.Constant) -> Bool? {
    let module = test.part.module, facts = follower.graph.modules[module].facts
    guard !test.literals.isEmpty else { return nil }
    var isOneOf = false
    for place in test.literals.indices {
      guard let literal = follower.constant(ValueRef(module, facts.valueLists[place])), literal != .null else {
        return nil
      }
      isOneOf = isOneOf || literal == constant
    }
    return isOneOf != test.isNegated
  }

  /// `request.json()`, `params.get("name")`, `schema.parse(body)`: what it reads from, and the steps there, last first.
  static func reading(
    _ call: CallID, _ facts: FrozenFacts, _ follower: ValueFollower, _ module: ModuleID
  ) -> (object: ValueID, steps: [ParameterTest.Step])? {
    let row = facts.calls[call]
    guard case .member(let object, let method) = facts.values[row.callee] else { return nil }
    let called = ParameterTest.Step.called(follower.name(method, module))
    switch facts.names[method] {
    case "json", "formData": return row.arguments.isEmpty ? (object, [called]) : nil
    case "get":
      guard row.arguments.count == 1, case .text(let name) = facts.values[facts.valueLists[Int(row.arguments.start)]]
      else { return nil }
      return (object, [.member(follower.name(name, module)), called])
    // What checks a value gives it back.
    case "parse", "parseAsync":
      guard row.arguments.count == 1 else { return nil }
      return (facts.valueLists[Int(row.arguments.start)], [called])
    default: return nil
    }
  }
}

/// The constants that a request sends, by their names.
private struct Sent {
  private(set) var known: [String: ValueFollower.Constant] = [:]
  private var open: Set<String> = []

  init(_ query: [String: String], _ site: CallSite?, _ follower: ValueFollower) {
    for (name, value) in query { known[name] = .text(value) }
    guard let site else { return }
    let facts = follower.graph.modules[site.module].facts
    for place in facts.calls[site.call].arguments.indices {
      add(facts.valueLists[place], facts, site.module, follower, depth: 0)
    }
  }

  private mutating func add(
    _ value: ValueID, _ facts: FrozenFacts, _ module: ModuleID, _ follower: ValueFollower, depth: Int
  ) {
    guard depth < 5 else { return }
    switch facts.values[value] {
    case .object(let members):
      let rows = facts.properties[members.indices]
      for row in rows {
        // What is spread behind a name may say it anew.
        let isPlain =
          row.form == .plain && !rows.contains { $0.form != .plain && $0.form != .shorthand && $0.at > row.at }
        let name = facts.names[row.name]
        if isPlain, let constant = follower.constant(ValueRef(module, row.value)), !open.contains(name) {
          if let other = known[name], other != constant { close(name) } else { known[name] = constant }
        } else if row.form != .spread {
          if !isObject(row.value, facts) { close(name) }
          add(row.value, facts, module, follower, depth: depth + 1)
        }
      }
    case .call(let call):
      // `JSON.stringify({ … })`
      guard case .member(_, let name) = facts.values[facts.calls[call].callee], facts.names[name] == "stringify",
        let first = facts.calls[call].arguments.indices.first
      else { return }
      add(facts.valueLists[first], facts, module, follower, depth: depth + 1)
    case .local(let binding):
      // A constant object that nothing writes into.
      let row = facts.bindings[binding]
      guard !row.isReassigned, row.value != value, isObject(row.value, facts),
        !facts.assignments.contains(where: { $0.isMember(of: binding, facts) })
      else { return }
      add(row.value, facts, module, follower, depth: depth + 1)
    default: break
    }
  }

  private func isObject(_ value: ValueID, _ facts: FrozenFacts) -> Bool {
    if case .object = facts.values[value] { true } else { false }
  }

  private mutating func close(_ name: String) {
    open.insert(name)
    known[name] = nil
  }
}

extension ValueFollower {
  package func excluded(of handler: SymbolRef, by site: CallSite?, query: [String: String]) -> [ApartPart] {
    branches?.apart(ofHandler: handler, by: site, query: query) ?? []
  }
}

extension Assignment {
  /// Whether it writes into what a name stands for: `body.action = "x"`.
  fileprivate func isMember(of binding: BindingID, _ facts: FrozenFacts) -> Bool {
    var value = target
    for _ in 0..<8 {
      switch facts.values[value] {
      case .member(let object, _), .index(let object, _): value = object
      case .local(binding): return value != target
      default: return false
      }
    }
    return false
  }
}
