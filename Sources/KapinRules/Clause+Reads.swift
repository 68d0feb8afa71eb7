import KapinBase
import KapinModel

/// What handlers read of a request: `req.query.page`, `const { name } = await request.json()`,
/// `url.searchParams.get("page")`, `schema.parse(req.body)`.
extension Clause {
  func read(_ patterns: [InputPattern], by handler: SymbolRef) -> [RouteInput] {
    let wanted = patterns.filter { !$0.member.isEmpty || !$0.result.isEmpty || $0.call != nil }
    guard !wanted.isEmpty, let id = handler.declaration else { return [] }
    let facts = finder.graph.modules[handler.module].facts
    let range = facts.declarations[id].range
    var found: [RouteInput] = []
    var callees: Set<ValueID> = []
    for call in facts.calls.rows where range.encloses(call.range) {
      callees.insert(call.callee)
      guard case .member(let object, let name) = facts.values[call.callee] else { continue }
      let owner = ValueRef(handler.module, object)
      for input in wanted {
        if input.reads.contains(facts.names[name]) {
          guard isPart(follower.follow(owner), input, handler), let first = call.arguments.indices.first,
            let text = follower.text(ValueRef(handler.module, facts.valueLists[first]))
          else { continue }
          found.add(contentsOf: [RouteInput(place: input.place, name: text, required: false)])
        } else if call.arguments.indices.contains(where: { index in
          isPart(follower.follow(ValueRef(handler.module, facts.valueLists[index])), input, handler)
        }) {
          // A schema that checks the whole part.
          found.add(contentsOf: shape(owner, input.place))
        }
      }
    }
    for (position, value) in facts.values.rows.enumerated() {
      guard range.contains(facts.valueStarts[position]), case .member(let object, let name) = value,
        !callees.contains(ValueID(UInt32(position)))
      else { continue }
      for input in wanted
      where input.reads.isEmpty && isPart(follower.follow(ValueRef(handler.module, object)), input, handler) {
        found.add(contentsOf: [RouteInput(place: input.place, name: facts.names[name], required: false)])
      }
    }
    return found
  }

  /// Whether a value is the part of the request that a pattern names.
  private func isPart(_ id: EntityID, _ input: InputPattern, _ handler: SymbolRef) -> Bool {
    let names = finder.graph.names
    switch follower.entity(id) {
    case .member(let owner, let part):
      return input.member.contains(names[part]) && isRequest(owner, input, handler)
    case .value(let ref):
      guard let callee = follower.callee(of: ref) else { return false }
      if let call = input.call { return matcher.matches(call, callee) }
      guard !input.result.isEmpty, case .member(let owner, let method) = follower.entity(callee)
      else { return false }
      return input.result.contains(names[method]) && isRequest(owner, input, handler)
    default: return false
    }
  }

  private func isRequest(_ id: EntityID, _ input: InputPattern, _ handler: SymbolRef) -> Bool {
    guard let parameter = input.parameter else { return true }
    let wanted = follower.intern(.parameter(of: handler, UInt16(parameter)))
    if follower.router(id) == wanted { return true }
    // `context.request`, `event.request`: the request as a member of the parameter.
    if case .member(let outer, let name) = follower.entity(id), finder.graph.names[name].hasPrefix("req") {
      return follower.router(outer) == wanted
    }
    return false
  }
}
