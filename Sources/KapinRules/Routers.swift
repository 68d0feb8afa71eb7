import KapinBase
package import KapinModel

extension ValueFollowing {
  /// One id for a router that a function gets as its parameter, whether the function stands in the call or elsewhere.
  package func router(_ id: EntityID) -> EntityID {
    switch entity(id) {
    case .callback(let call, let argument, let parameter):
      guard let given = self.argument(Int(argument), of: call),
        case .declaration(let function) = graph.modules[call.module].facts.values[given.value]
      else { return id }
      return intern(.parameter(of: SymbolRef(call.module, function), parameter))
    case .value(let ref):
      guard case .parameter(let function, let index) = graph.modules[ref.module].facts.values[ref.value] else {
        return id
      }
      return intern(.parameter(of: SymbolRef(ref.module, function), index))
    default: return id
    }
  }

  /// The literal (object, list, call, text …) that a value is, through names and modules.
  func literal(_ ref: ValueRef) -> ValueRef {
    switch graph.modules[ref.module].facts.values[ref.value] {
    case .object, .list, .text, .element, .concat, .number: return ref
    default: if case .value(let target) = entity(follow(ref)) { return target } else { return ref }
    }
  }

  /// A member of an object literal, also through spreads; of a call, a member of an object among its arguments.
  func property(_ ref: ValueRef, _ name: String, depth: Int = 0) -> ValueRef? {
    guard depth < 6 else { return nil }
    let target = literal(ref)
    let facts = graph.modules[target.module].facts
    switch facts.values[target.value] {
    case .object(let range):
      for index in range.indices.reversed() {
        let row = facts.properties[index]
        if row.form == .spread {
          if case .spread(let inner) = facts.values[row.value],
            let found = property(ValueRef(target.module, inner), name, depth: depth + 1)
          {
            return found
          }
        } else if facts.names[row.name] == name {
          return ValueRef(target.module, row.value)
        }
      }
      return nil
    case .call(let call), .new(let call):
      for index in facts.calls[call].arguments.indices {
        let argument = ValueRef(target.module, facts.valueLists[index])
        if let found = property(argument, name, depth: depth + 1) { return found }
      }
      return nil
    default: return nil
    }
  }

  /// The members of an object literal in order, spreads included.
  func properties(_ ref: ValueRef, depth: Int = 0) -> [(name: String, value: ValueRef, at: UInt32)]? {
    guard depth < 6 else { return nil }
    let target = literal(ref)
    let facts = graph.modules[target.module].facts
    guard case .object(let range) = facts.values[target.value] else { return nil }
    var found: [(name: String, value: ValueRef, at: UInt32)] = []
    for row in facts.properties[range.indices] {
      if row.form == .spread {
        if case .spread(let inner) = facts.values[row.value] {
          found += properties(ValueRef(target.module, inner), depth: depth + 1) ?? []
        }
      } else {
        found.append((facts.names[row.name], ValueRef(target.module, row.value), row.at))
      }
    }
    return found
  }

  /// The items of a list literal, spreads, branches and `concat`, `filter` and kin included.
  func items(_ ref: ValueRef, depth: Int = 0) -> [ValueRef]? {
    guard depth < 8 else { return nil }
    let target = literal(ref)
    let facts = graph.modules[target.module].facts
    switch facts.values[target.value] {
    case .list(let range):
      return range.indices.flatMap { index -> [ValueRef] in
        let item = ValueRef(target.module, facts.valueLists[index])
        if case .spread(let inner) = facts.values[item.value] {
          return items(ValueRef(target.module, inner), depth: depth + 1) ?? []
        }
        return [item]
      }
    case .either(let range):
      let all = range.indices.compactMap { items(ValueRef(target.module, facts.valueLists[$0]), depth: depth + 1) }
      return all.isEmpty ? nil : all.flatMap { $0 }
    case .call(let call):
      guard case .member(let object, _) = facts.values[facts.calls[call].callee],
        let own = items(ValueRef(target.module, object), depth: depth + 1)
      else { return nil }
      return own
        + facts.calls[call].arguments.indices.flatMap {
          items(ValueRef(target.module, facts.valueLists[$0]), depth: depth + 1) ?? []
        }
    default: return nil
    }
  }

  /// What a value may be when it is each item of a list, or a member of each: the item that it hangs on, and the list.
  func loop(_ id: EntityID, depth: Int = 0) -> (element: EntityID, items: [ValueRef])? {
    guard depth < 4 else { return nil }
    switch entity(id) {
    case .callback(let call, 0, 0):
      // `list.forEach((item) => …)`
      let facts = graph.modules[call.module].facts
      guard case .member(let object, _) = facts.values[facts.calls[call.call].callee],
        let items = items(ValueRef(call.module, object)), items.count <= 200
      else { return nil }
      return (id, items)
    case .value(let ref):
      let facts = graph.modules[ref.module].facts
      guard case .index(let list, let by) = facts.values[ref.value], by == ValueID(UInt32(0)),
        let items = items(ValueRef(ref.module, list)), items.count <= 200
      else { return nil }
      return (id, items)
    case .member(let object, _): return loop(object, depth: depth + 1)
    default: return nil
    }
  }

  /// A value that hangs on a loop's item, with the item in its place.
  func inLoop(_ id: EntityID, _ element: EntityID, _ item: ValueRef) -> EntityID {
    if id == element { return follow(item) }
    guard case .member(let object, let name) = entity(id) else { return id }
    if object == element {
      return property(item, graph.names[name]).map { follow($0) } ?? member(follow(item), graph.names[name]) ?? id
    }
    let owner = inLoop(object, element, item)
    return owner == object ? id : member(owner, graph.names[name]) ?? id
  }

  /// The text of a value, when all of it is known.
  func text(_ ref: ValueRef) -> String? { fold(ref).text }

  /// What a function of the project gives back, also an arrow function around another module or class.
  func returned(by ref: ValueRef) -> EntityID? {
    guard case .declaration(let function) = entity(follow(ref)) else { return nil }
    return result(of: function)
  }
}
