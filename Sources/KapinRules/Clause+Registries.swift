import KapinBase
import KapinModel

/// Values that one part of a product registers under a key and another part asks for by it:
/// `plugins.add({ type: "api", value: router })`, `plugins.get("api").forEach((it) => app.use(it.value))`.
///
/// What is kept in between is not followed: an object belongs to a question when a member of it is the key that is asked
/// for, and it has the member that the answer is read from.
extension Clause {
  /// The values that a member of each registered object may be.
  func registered(_ ref: ValueRef) -> [ValueRef] {
    var path: [String] = []
    guard let question = question(ref, &path), let first = path.first else { return [] }
    let facts = facts(question)
    let keys = facts.calls[question.call].arguments.indices.compactMap {
      follower.text(ValueRef(question.module, facts.valueLists[$0]))
    }
    guard !keys.isEmpty else { return [] }
    return finder.objects(with: first).filter { object in
      (follower.properties(object) ?? []).contains { row in
        row.name != first && follower.text(row.value).map { keys.contains($0) } ?? false
      }
    }.compactMap { object in
      var value: ValueRef? = object
      for name in path { value = value.flatMap { follower.property($0, name) } }
      return value
    }
  }

  /// What one place of the product gives a member of some object, when it is the only one that gives a member of that
  /// name such a value: `context.admin = makeRouter()`, and elsewhere `app.use(context.admin)`.
  func assigned(_ ref: ValueRef, _ pattern: ValuePattern) -> [ValueRef] {
    guard case .member(_, let name) = follower.entity(follower.follow(ref)) else { return [] }
    let found = finder.assignments(to: finder.graph.names[name]).filter {
      matcher.matches(pattern, follower.follow($0))
    }
    return Set(found.map { follower.follow($0) }).count == 1 ? [found[0]] : []
  }

  /// The call that answers with a list whose items a value hangs on, and the members on the way.
  private func question(_ ref: ValueRef, _ path: inout [String]) -> CallSite? {
    let graph = finder.graph
    var value = ref
    // `it.value.routes()`: what the last call is made on.
    if case .call(let call) = graph.modules[value.module].facts.values[value.value],
      case .member(let object, _) = graph.modules[value.module].facts.values[
        graph.modules[value.module].facts.calls[call].callee]
    {
      value = ValueRef(value.module, object)
    }
    var id = follower.follow(value)
    while case .member(let object, let name) = follower.entity(id), path.count < 4 {
      path.insert(graph.names[name], at: 0)
      id = object
    }
    switch follower.entity(id) {
    case .callback(let call, 0, 0):
      let facts = facts(call)
      guard case .member(let list, _) = facts.values[facts.calls[call.call].callee] else { return nil }
      return answer(ValueRef(call.module, list))
    case .value(let item):
      guard case .index(let list, let by) = graph.modules[item.module].facts.values[item.value],
        by == ValueID(UInt32(0))
      else { return nil }
      return answer(ValueRef(item.module, list))
    default: return nil
    }
  }

  /// The call of a function of the project that gives a list.
  private func answer(_ list: ValueRef) -> CallSite? {
    let definition = follower.definition(list)
    if let found = projectCall(definition) { return found }
    // A getter that asks.
    let facts = finder.graph.modules[definition.module].facts
    guard case .member(let object, let name) = facts.values[definition.value],
      case .declaration(let type) = follower.entity(follower.follow(ValueRef(definition.module, object))),
      let getter = method(facts.names[name], of: type), let id = getter.declaration
    else { return nil }
    let body = finder.graph.modules[getter.module].facts
    let returns = body.declarations[id].returns
    guard returns.count == 1 else { return nil }
    return projectCall(follower.definition(ValueRef(getter.module, body.valueLists[returns.indices.lowerBound])))
  }

  private func projectCall(_ made: ValueRef) -> CallSite? {
    guard case .call(let call) = finder.graph.modules[made.module].facts.values[made.value],
      let callee = follower.callee(of: made), case .declaration = follower.entity(callee)
    else { return nil }
    return CallSite(made.module, call)
  }
}

extension Finder {
  /// The values that code gives to members of this name, wherever it does.
  func assignments(to name: String) -> [ValueRef] {
    if let known = assignedByMember[name] { return known }
    var found: [ValueRef] = []
    for id in graph.modules.ids where !graph.modules[id].isTest {
      let facts = graph.modules[id].facts
      guard let wanted = facts.names.find(name) else { continue }
      for row in facts.assignments {
        if case .member(_, let member) = facts.values[row.target], member == wanted {
          found.append(ValueRef(id, row.value))
        }
      }
    }
    assignedByMember[name] = found
    return found
  }

  /// All object literals of the product that have a member of this name and another one.
  func objects(with name: String) -> [ValueRef] {
    if let known = objectsByMember[name] { return known }
    var found: [ValueRef] = []
    for id in graph.modules.ids where !graph.modules[id].isTest {
      let facts = graph.modules[id].facts
      guard let wanted = facts.names.find(name) else { continue }
      for (index, value) in facts.values.rows.enumerated() {
        guard case .object(let range) = value, range.count > 1,
          facts.properties[range.indices].contains(where: { $0.name == wanted && $0.form != .spread })
        else { continue }
        found.append(ValueRef(id, ValueID(UInt32(index))))
      }
    }
    objectsByMember[name] = found
    return found
  }
}
