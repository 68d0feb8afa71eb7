import KapinBase
import KapinModel

/// Functions, classes and components behind values: handlers and guards.
extension Clause {
  /// The function, class or component behind a value: itself, what a wrapper wraps, what an element shows, or what a
  /// function that only imports a module imports.
  func unit(_ ref: ValueRef, depth: Int = 0) -> SymbolRef? {
    guard depth < 6 else { return nil }
    let ref = bound(ref) ?? ref
    // `wrap(handler)`: what is wrapped comes before what the wrapper returns.
    let definition = follower.definition(ref)
    let own = finder.graph.modules[definition.module].facts
    switch own.values[definition.value] {
    case .call(let call):
      if let found = argument(of: call, in: definition.module, depth) { return found }
    case .element(let element): return shown(element, in: definition.module, depth)
    case .member(let object, let name):
      if let field = field(own.names[name], of: ValueRef(definition.module, object)),
        case .call(let call) = finder.graph.modules[field.module].facts.values[field.value],
        let found = argument(of: call, in: field.module, depth)
      {
        return found
      }
      if let maker = maker(ValueRef(definition.module, object)),
        let (written, position) = writtenFunction(among: maker, depth)
      {
        let made = unit(follower.follow(ref), from: ref, depth: depth)
        return made.map { uses($0, parameter: position, of: maker) ? written : $0 } ?? written
      }
    default: break
    }
    if let found = unit(follower.follow(ref), from: ref, depth: depth) { return found }
    // `wrap(controllers).show`: the member of what is wrapped.
    guard case .member(let object, let name) = own.values[definition.value] else { return nil }
    let owner = follower.definition(ValueRef(definition.module, object))
    let facts = finder.graph.modules[owner.module].facts
    guard case .call(let call) = facts.values[owner.value] else { return nil }
    for index in facts.calls[call].arguments.indices {
      let given = follower.follow(ValueRef(owner.module, facts.valueLists[index]))
      if let member = follower.member(given, own.names[name]), let found = unit(member, depth: depth + 1) {
        return found
      }
    }
    return nil
  }

  /// What a field of a constructed class holds: `show = wrap(async () => …)` of `controller.show`.
  private func field(_ name: String, of object: ValueRef) -> ValueRef? {
    guard case .value(let made) = follower.entity(follower.follow(object)),
      case .new = finder.graph.modules[made.module].facts.values[made.value],
      let callee = follower.callee(of: made), case .declaration(let type) = follower.entity(callee),
      let member = method(name, of: type), let id = member.declaration
    else { return nil }
    let row = finder.graph.modules[member.module].facts.declarations[id]
    return row.form == .field ? row.value.map { ValueRef(member.module, $0) } : nil
  }

  /// The call of a function of the project that makes a value.
  private func maker(_ ref: ValueRef) -> CallSite? {
    let definition = follower.definition(ref)
    guard case .call(let call) = finder.graph.modules[definition.module].facts.values[definition.value],
      let callee = follower.callee(of: definition), case .declaration = follower.entity(callee)
    else { return nil }
    return CallSite(definition.module, call)
  }

  /// The function that is written among a call's arguments: `const { action } = makeRoute(options, async () => {})`.
  private func writtenFunction(among site: CallSite, _ depth: Int) -> (function: SymbolRef, position: Int)? {
    let facts = facts(site)
    let arguments = facts.calls[site.call].arguments
    for index in arguments.indices.reversed() {
      if case .declaration = facts.values[facts.valueLists[index]],
        let found = unit(ValueRef(site.module, facts.valueLists[index]), depth: depth + 1)
      {
        return (found, index - Int(arguments.start))
      }
    }
    return nil
  }

  /// Whether a function that a call makes calls, or hands on, one of the call's arguments.
  private func uses(_ made: SymbolRef, parameter: Int, of site: CallSite) -> Bool {
    guard let id = made.declaration,
      case .declaration(let maker) = follower.entity(
        follower.follow(ValueRef(site.module, facts(site).calls[site.call].callee))),
      maker.module == made.module
    else { return true }
    let given = follower.argument(parameter, of: site).map { follower.follow($0) }
    let facts = finder.graph.modules[made.module].facts
    let range = facts.declarations[id].range
    let wanted = follower.intern(.parameter(of: maker, UInt16(parameter)))
    for call in facts.calls.rows where range.encloses(call.range) {
      let used = [call.callee] + call.arguments.indices.map { facts.valueLists[$0] }
      let isUsed = used.contains { value in
        let id = follower.follow(ValueRef(made.module, value))
        return id == given || follower.router(id) == wanted
      }
      if isUsed { return true }
    }
    return false
  }

  /// Functions of the project around a handler, outermost first: `withAuth(async () => {})`.
  func wrappers(_ given: ValueRef, depth: Int = 0) -> [RouteGuard] {
    guard depth < 6 else { return [] }
    let definition = follower.definition(bound(given) ?? given)
    let facts = finder.graph.modules[definition.module].facts
    if case .member(let object, _) = facts.values[definition.value],
      let maker = maker(ValueRef(definition.module, object)), let (_, position) = writtenFunction(among: maker, depth),
      follower.entity(follower.follow(definition)) == .unknown
        || unit(follower.follow(definition)).map({ uses($0, parameter: position, of: maker) }) ?? true,
      case .declaration(let wrapper) = follower.entity(
        follower.follow(ValueRef(maker.module, self.facts(maker).calls[maker.call].callee)))
    {
      return [.function(wrapper)]
    }
    guard case .call(let call) = facts.values[definition.value] else { return [] }
    for index in facts.calls[call].arguments.indices.reversed() {
      let argument = ValueRef(definition.module, facts.valueLists[index])
      guard unit(argument, depth: depth + 1) != nil else { continue }
      let callee = follower.follow(ValueRef(definition.module, facts.calls[call].callee))
      let inner = wrappers(argument, depth: depth + 1)
      guard case .declaration(let wrapper) = follower.entity(callee) else { return inner }
      return [.function(wrapper)] + inner
    }
    return []
  }

  func unit(_ id: EntityID, from ref: ValueRef? = nil, depth: Int = 0) -> SymbolRef? {
    guard depth < 8 else { return nil }
    switch follower.entity(id) {
    case .declaration(let symbol): return function(symbol, depth)
    case .namespace(let module):
      return ["default", "Component"].lazy.compactMap { self.follower.export($0, of: module) }
        .compactMap { self.unit($0, depth: depth + 1) }.first ?? SymbolRef(module, nil)
    case .value(let inner):
      let facts = finder.graph.modules[inner.module].facts
      switch facts.values[inner.value] {
      case .call(let call):
        if case .member(let object, let name) = facts.values[facts.calls[call].callee], facts.names[name] == "bind" {
          return unit(ValueRef(inner.module, object), depth: depth + 1)
        }
        return inner == ref ? nil : argument(of: call, in: inner.module, depth)
      case .list: return list(inner, depth)
      case .element(let element): return shown(element, in: inner.module, depth)
      case .object:
        if let named = Self.handlerKeys.lazy
          .compactMap({ self.follower.property(inner, $0) }).first
        {
          return unit(named, depth: depth + 1)
        }
        return nil
      default: return nil
      }
    default: return nil
    }
  }

  /// Members under which options hold the function that answers.
  private static let handlerKeys = ["handler", "default", "component", "fn", "run", "execute", "action", "callback"]

  private func argument(of call: CallID, in module: ModuleID, _ depth: Int) -> SymbolRef? {
    let facts = finder.graph.modules[module].facts
    for index in facts.calls[call].arguments.indices.reversed() {
      guard let found = unit(ValueRef(module, facts.valueLists[index]), depth: depth + 1) else { continue }
      return found.declaration == nil ? named(of: found.module, by: call, in: module, depth) ?? found : found
    }
    return nil
  }

  /// Of a module that a call loads, the export that another argument names: `lazily(() => import("./users"), "List")`.
  private func named(of loaded: ModuleID, by call: CallID, in module: ModuleID, _ depth: Int) -> SymbolRef? {
    let facts = finder.graph.modules[module].facts
    return facts.calls[call].arguments.indices.lazy.compactMap { index -> SymbolRef? in
      guard case .text(let name) = facts.values[facts.valueLists[index]] else { return nil }
      return self.follower.export(facts.names[name], of: loaded).flatMap { self.unit($0, depth: depth + 1) }
    }.first
  }

  /// A function itself; one that only imports a module or chooses a class stands for that.
  private func function(_ ref: SymbolRef, _ depth: Int) -> SymbolRef? {
    guard let id = ref.declaration else { return nil }
    let facts = finder.graph.modules[ref.module].facts
    let row = facts.declarations[id]
    switch row.form {
    case .function, .arrow, .method, .getter:
      if row.form == .arrow, row.parameters.isEmpty, let result = follower.result(of: ref) {
        switch follower.entity(result) {
        case .namespace: return unit(result, depth: depth + 1)
        case .declaration(let inner) where inner != ref: return unit(result, depth: depth + 1)
        default: break
        }
      }
      return ref
    case .class: return ref
    case .variable: return nil
    default: return nil
    }
  }

  /// `[Controller, "method"]`, or the last function of a list.
  private func list(_ ref: ValueRef, _ depth: Int) -> SymbolRef? {
    guard let items = follower.items(ref) else { return nil }
    if items.count == 2, let name = follower.text(items[1]), let owner = classes(items[0]) {
      return method(name, of: owner) ?? owner
    }
    return items.last.flatMap { unit($0, depth: depth + 1) }
  }

  /// The class behind a value, also through a function that imports its module.
  func classes(_ ref: ValueRef) -> SymbolRef? {
    guard let found = unit(ref), let id = found.declaration,
      finder.graph.modules[found.module].facts.declarations[id].form == .class
    else { return nil }
    return found
  }

  func method(_ name: String, of owner: SymbolRef, depth: Int = 0) -> SymbolRef? {
    guard let id = owner.declaration, depth < 8 else { return nil }
    let facts = finder.graph.modules[owner.module].facts
    for member in follower.members(of: owner.module)[id] ?? []
    where facts.names[facts.declarations[member].name] == name {
      return SymbolRef(owner.module, member)
    }
    guard let heritage = facts.declarations[id].heritage,
      case .declaration(let parent) = follower.entity(follower.follow(ValueRef(owner.module, heritage)))
    else { return nil }
    return method(name, of: parent, depth: depth + 1)
  }

  /// The component that an element shows: the innermost of the project, `<Guard><Page /></Guard>`.
  private func shown(_ element: ElementID, in module: ModuleID, _ depth: Int) -> SymbolRef? {
    let facts = finder.graph.modules[module].facts
    for (index, row) in facts.elements.rows.enumerated() where row.parent == element {
      if let inner = shown(ElementID(index), in: module, depth) { return inner }
    }
    let tag = facts.elements[element].tag
    guard tag != ValueID(UInt32(0)) else { return nil }
    return unit(ValueRef(module, tag), depth: depth + 1)
      ?? holder(of: follower.follow(ValueRef(module, tag)))
  }

  /// The variable that holds a component made by a call.
  private func holder(of id: EntityID) -> SymbolRef? {
    guard case .value(let ref) = follower.entity(id) else { return nil }
    let facts = finder.graph.modules[ref.module].facts
    for (index, row) in facts.declarations.rows.enumerated() where row.form == .variable && row.value == ref.value {
      return SymbolRef(ref.module, DeclarationID(index))
    }
    return nil
  }
}
