import KapinBase
package import KapinModel

/// What a value is by the types that the code states, where no value leads there: services that a container hands to
/// constructors, parameters of functions that nobody calls by name.
extension ValueFollower {
  /// The class that a value is an instance of.
  func type(of id: EntityID, depth: Int = 0) -> SymbolRef? {
    guard depth < 8 else { return nil }
    switch entity(id) {
    case .instance(let type): return type
    case .inherited(let inner, _): return type(of: inner, depth: depth + 1)
    case .parameter(let function, let index): return parameterClass(function, Int(index))
    case .callback(let call, let argument, let parameter):
      guard let given = self.argument(Int(argument), of: call),
        case .declaration(let function) = graph.modules[call.module].facts.values[given.value]
      else { return nil }
      return parameterClass(SymbolRef(call.module, function), Int(parameter))
    case .member(let object, let name):
      guard let owner = type(of: object, depth: depth + 1) else { return nil }
      // A member of what a class keeps by its type only: it may be followed from there.
      let own = intern(.instance(owner))
      if own != object {
        let found = member(of: own, name)
        if found != intern(.member(of: own, name)) { return type(of: found, depth: depth + 1) }
      }
      return memberType(graph.names[name], of: owner).flatMap { named($0.type, in: $0.module) }
    case .value(let ref): return valueType(ref, depth: depth)
    default: return nil
    }
  }

  private func valueType(_ ref: ValueRef, depth: Int) -> SymbolRef? {
    let facts = graph.modules[ref.module].facts
    switch facts.values[ref.value] {
    case .parameter(let function, let index): return parameterClass(SymbolRef(ref.module, function), Int(index))
    case .new(let call):
      guard case .declaration(let made) = entity(follow(ValueRef(ref.module, facts.calls[call].callee))) else {
        return nil
      }
      return isClass(made) ? made : nil
    case .call(let call):
      let target = follow(ValueRef(ref.module, facts.calls[call].callee))
      switch entity(target) {
      case .declaration(let function):
        guard let id = function.declaration, !isClass(function) else { return nil }
        let inner = graph.modules[function.module].facts
        return inner.declarations[id].type.flatMap { named(inner.names[$0], in: function.module) }
      case .export, .member, .global:
        // `inject(Service)`, `container.resolve(Service)`: who is asked for a class gives one of it.
        guard facts.calls[call].arguments.count == 1, let first = argument(0, of: CallSite(ref.module, call)),
          case .declaration(let asked) = entity(follow(first)), isClass(asked)
        else { return nil }
        return asked
      default: return nil
      }
    default: return nil
    }
  }

  private func parameterClass(_ function: SymbolRef, _ index: Int) -> SymbolRef? {
    parameterType(index, of: function).flatMap { named($0, in: function.module) }
  }

  package func memberType(_ name: String, of owner: SymbolRef) -> (type: String, module: ModuleID)? {
    memberType(name, of: owner, depth: 0)
  }

  private func memberType(_ name: String, of owner: SymbolRef, depth: Int) -> (type: String, module: ModuleID)? {
    guard let id = owner.declaration, depth < 16 else { return nil }
    let facts = graph.modules[owner.module].facts
    for member in members(of: owner.module)[id] ?? [] {
      let row = facts.declarations[member]
      if row.form == .field || row.form == .getter, facts.names[row.name] == name, let type = row.type {
        return (facts.names[type], owner.module)
      }
      guard row.form == .constructor else { continue }
      for parameter in facts.parameters[row.parameters.indices] where facts.names[parameter.name] == name {
        if let type = parameter.type { return (facts.names[type], owner.module) }
      }
    }
    return parent(of: owner).flatMap { memberType(name, of: $0, depth: depth + 1) }
  }

  /// The class that a class extends.
  func parent(of type: SymbolRef) -> SymbolRef? {
    guard let id = type.declaration, let heritage = graph.modules[type.module].facts.declarations[id].heritage,
      case .declaration(let parent) = entity(follow(ValueRef(type.module, heritage))), parent != type
    else { return nil }
    return parent
  }

  /// `Service`, `Service | null`, `Service<User>`: the class of that name, as the module knows it.
  private func named(_ type: String, in module: ModuleID) -> SymbolRef? {
    for part in type.split(separator: "|") {
      let word = part.drop { $0 == " " || $0 == ":" || $0 == "(" }
        .prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
      guard let name = graph.modules[module].facts.names.find(String(word)),
        let value = topLevelValue(name, in: module),
        case .declaration(let found) = entity(follow(ValueRef(module, value))), isClass(found)
      else { continue }
      return found
    }
    return nil
  }

  private func topLevelValue(_ name: Name, in module: ModuleID) -> ValueID? {
    if let known = topLevelIndex[module] { return known[name] }
    var found: [Name: ValueID] = [:]
    for binding in graph.modules[module].facts.bindings.rows where binding.isTopLevel {
      found[binding.name] = binding.value
    }
    topLevelIndex[module] = found
    return found[name]
  }

  private func isClass(_ symbol: SymbolRef) -> Bool {
    symbol.declaration.map { graph.modules[symbol.module].facts.declarations[$0].form == .class } ?? false
  }

  /// The method that a call through a value of a stated type reaches.
  func method(_ id: EntityID) -> SymbolRef? {
    guard case .member(let object, let name) = entity(id), let owner = type(of: object),
      case .declaration(let found) = entity(member(of: intern(.instance(owner)), name))
    else { return nil }
    return found
  }

  /// What classes make of an abstract method.
  func implementations(of method: SymbolRef) -> [SymbolRef] {
    guard let id = method.declaration else { return [] }
    let facts = graph.modules[method.module].facts
    guard facts.declarations[id].form == .signature, let owner = facts.declarations[id].parent,
      facts.declarations[owner].form == .class
    else { return [] }
    let name = facts.names[facts.declarations[id].name]
    var found: [SymbolRef] = []
    var open = [SymbolRef(method.module, owner)], seen = Set(open)
    while let type = open.popLast() {
      for child in children[type] ?? [] where seen.insert(child).inserted {
        let inner = graph.modules[child.module].facts
        let own = (members(of: child.module)[child.declaration!] ?? []).first {
          inner.names[inner.declarations[$0].name] == name && inner.declarations[$0].form != .signature
        }
        if let own { found.append(SymbolRef(child.module, own)) }
        open.append(child)
      }
    }
    return found.sorted { ($0.module.index, $0.declaration!.index) < ($1.module.index, $1.declaration!.index) }
  }

  /// The classes that extend each class.
  private var children: [SymbolRef: [SymbolRef]] {
    if let known = childIndex { return known }
    var found: [SymbolRef: [SymbolRef]] = [:]
    for module in graph.modules.ids {
      for (index, row) in graph.modules[module].facts.declarations.rows.enumerated()
      where row.form == .class && row.heritage != nil {
        let child = SymbolRef(module, DeclarationID(index))
        if let parent = parent(of: child) { found[parent, default: []].append(child) }
      }
    }
    childIndex = found
    return found
  }
}
