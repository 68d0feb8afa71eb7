import KapinBase
import KapinModel

/// Registrations inside functions of the project: each call of the function is one of its own, with the call's arguments
/// in the place of the parameters (`function crud(app, name) { app.get(`/${name}`, …) }`).
extension Clause {
  /// What stands for a value now: the argument that a bound call hands over, or a member of it.
  func bound(_ ref: ValueRef) -> ValueRef? {
    guard !bindings.isEmpty || loop != nil else { return nil }
    return bound(follower.follow(ref), depth: 0)
  }

  private func bound(_ id: EntityID, depth: Int) -> ValueRef? {
    guard depth < 8 else { return nil }
    if let loop, id == loop.element { return loop.item }
    switch follower.entity(follower.router(id)) {
    case .value(let ref):
      guard case .parameter(let function, let index) = finder.graph.modules[ref.module].facts.values[ref.value],
        let argument = argument(of: SymbolRef(ref.module, function), Int(index))
      else { return nil }
      return bound(follower.follow(argument), depth: depth + 1) ?? argument
    case .parameter(let function, let index):
      guard let argument = argument(of: function, Int(index)) else { return nil }
      return bound(follower.follow(argument), depth: depth + 1) ?? argument
    case .member(let object, let name):
      guard let member = bound(object, depth: depth + 1).flatMap({ follower.property($0, finder.graph.names[name]) })
      else { return nil }
      return bound(follower.follow(member), depth: depth + 1) ?? member
    default: return nil
    }
  }

  private func argument(of function: SymbolRef, _ index: Int) -> ValueRef? {
    bindings[function].flatMap { follower.argument(index, of: $0) ?? follower.fallback(index, of: function) }
  }

  /// A member of `this` in a method that a class has from another one: the class's own.
  func inheritedMember(_ object: ValueRef) -> EntityID? {
    let facts = finder.graph.modules[object.module].facts
    guard case .member(let this, let name) = facts.values[object.value], case .this(let type) = facts.values[this]
    else {
      return nil
    }
    let base = SymbolRef(object.module, type)
    // The outermost call knows the class best.
    let outermostFirst = bindings.sorted { a, b in
      (a.value == stated ? 0 : 1, a.value.module.index, a.value.call.index)
        < (b.value == stated ? 0 : 1, b.value.module.index, b.value.call.index)
    }
    for (function, site) in outermostFirst where function.module == base.module && isMember(function, of: type, facts) {
      guard case .member(let receiver, _) = self.facts(site).values[self.facts(site).calls[site.call].callee] else {
        continue
      }
      let id = follower.follow(ValueRef(site.module, receiver))
      if case .instance(let own) = follower.entity(id), own == base { continue }
      if let found = follower.member(id, facts.names[name]) { return found }
    }
    return nil
  }

  private func isMember(_ function: SymbolRef, of type: DeclarationID, _ facts: FrozenFacts) -> Bool {
    function.declaration.map { facts.declarations[$0].parent == type } ?? false
  }

  /// A router with what a bound call hands over in its place.
  func boundOwner(_ id: EntityID) -> EntityID {
    guard !bindings.isEmpty, let argument = bound(id, depth: 0) else { return id }
    return follower.router(follower.follow(argument))
  }

  func fold(_ ref: ValueRef) -> FoldedText {
    bindings.isEmpty && loop == nil ? follower.fold(ref) : follower.fold(ref) { self.bound($0) }
  }

  /// A function around the registration whose parameter decides path or method, and which is not bound yet.
  func openFunction(_ refs: [ValueRef], _ site: CallSite) -> SymbolRef? {
    for ref in refs {
      if let found = openFunction(ref, depth: 0),
        isInside(site, found) || bindings.values.contains(where: { isInside($0, found) })
      {
        return found
      }
    }
    return nil
  }

  private func openFunction(_ ref: ValueRef, depth: Int) -> SymbolRef? {
    guard depth < 8 else { return nil }
    let ref = bound(ref) ?? ref
    switch finder.graph.modules[ref.module].facts.values[ref.value] {
    case .concat(let range): return openFunction(in: range, ref.module, depth)
    case .either: return openFunction(deciding: ref, depth)
    case .call(let call):
      // `address(path, query)`: what a function of the project makes of a parameter.
      if case .declaration? = follower.callee(of: ref).map({ follower.entity($0) }),
        let found = openFunction(in: finder.graph.modules[ref.module].facts.calls[call].arguments, ref.module, depth)
      {
        return found
      }
      if let object = follower.unchanged(ref), let found = openFunction(object, depth: depth + 1) { return found }
    default: break
    }
    var id = follower.follow(ref)
    for _ in 0..<8 { if case .member(let object, _) = follower.entity(id) { id = object } else { break } }
    // A function that a wrapper keeps is called by what the wrapper gives.
    if case .callback = follower.entity(id), case .parameter(let function, _) = follower.entity(follower.router(id)) {
      return bindings[function] == nil && !follower.callSites(of: function).isEmpty ? function : nil
    }
    guard case .value(let target) = follower.entity(id) else { return nil }
    let facts = finder.graph.modules[target.module].facts
    switch facts.values[target.value] {
    case .parameter(let function, _):
      let symbol = SymbolRef(target.module, function)
      return bindings[symbol] == nil ? symbol : nil
    case .concat(let range): return target == ref ? nil : openFunction(in: range, target.module, depth)
    case .either: return openFunction(deciding: target, depth)
    case .call: return target == ref ? nil : openFunction(target, depth: depth + 1)
    default: return nil
    }
  }

  /// Of `mode === "all" ? a : b`, the function whose parameter is compared.
  private func openFunction(deciding ref: ValueRef, _ depth: Int) -> SymbolRef? {
    finder.graph.modules[ref.module].facts.condition(of: ref.value).flatMap {
      openFunction(ValueRef(ref.module, $0.subject), depth: depth + 1)
    }
  }

  private func openFunction(in range: Range32, _ module: ModuleID, _ depth: Int) -> SymbolRef? {
    let lists = finder.graph.modules[module].facts.valueLists
    return range.indices.lazy.compactMap { self.openFunction(ValueRef(module, lists[$0]), depth: depth + 1) }.first
  }

  private func isInside(_ site: CallSite, _ function: SymbolRef) -> Bool {
    guard site.module == function.module, let id = function.declaration else { return false }
    let facts = facts(site)
    let outer = facts.declarations[id].range, inner = facts.calls[site.call].range
    return outer.encloses(inner)
  }

  /// The handler that the calls hand over, when the registration itself has only a frame around it: the parameter that
  /// the frame calls, else the last function that is handed over.
  func handedOver(_ frame: SymbolRef) -> SymbolRef? {
    guard let id = frame.declaration else { return nil }
    let facts = finder.graph.modules[frame.module].facts
    let range = facts.declarations[id].range
    let isFrame = bindings.keys.contains { function in
      guard function.module == frame.module, let outer = function.declaration else { return false }
      return facts.declarations[outer].range.encloses(range)
    }
    guard isFrame else { return nil }
    var passed: SymbolRef?
    for call in facts.calls.rows where range.encloses(call.range) {
      if let argument = bound(ValueRef(frame.module, call.callee)), let found = unit(argument) { return found }
      for index in call.arguments.indices where passed == nil {
        passed = bound(ValueRef(frame.module, facts.valueLists[index])).flatMap { unit($0) }
      }
    }
    if let passed { return passed }
    guard let stated else { return nil }
    let outer = self.facts(stated)
    return outer.calls[stated.call].arguments.indices.reversed().lazy
      .compactMap { self.unit(ValueRef(stated.module, outer.valueLists[$0])) }.first
  }
}
