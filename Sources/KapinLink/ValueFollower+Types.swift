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
    case .index(let list, _):
      // An item of what is stated as a list: `services: Service[]`.
      return type(of: follow(ValueRef(ref.module, list)), depth: depth + 1)
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
        if let type = inner.declarations[id].type { return named(inner.names[type], in: function.module) }
        // Without a stated type, that of what comes back.
        return inner.declarations[id].returns.indices.prefix(4).lazy.compactMap { place in
          self.type(of: self.follow(ValueRef(function.module, inner.valueLists[place])), depth: depth + 1)
        }.first
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

  /// `Service`, `Service | null`, `Service<User>`: the class or interface of that name, as the module knows it.
  private func named(_ type: String, in module: ModuleID) -> SymbolRef? {
    let key = TypeKey(type: type, module: module)
    if let known = typeMemo[key] { return known }
    // Asked again while it is looked for, it is not known.
    typeMemo[key] = .some(nil)
    let found = findNamed(type, in: module)
    typeMemo[key] = .some(found)
    return found
  }

  private func findNamed(_ type: String, in module: ModuleID) -> SymbolRef? {
    for part in type.split(separator: "|") {
      let word = part.drop { $0 == " " || $0 == ":" || $0 == "(" }
        .prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
      guard let name = graph.modules[module].facts.names.find(String(word)) else { continue }
      if let value = topLevelValue(name, in: module),
        case .declaration(let found) = entity(follow(ValueRef(module, value))), isClass(found)
      {
        return found
      }
      if let found = interface(String(word), in: module, depth: 0) { return found }
    }
    return nil
  }

  /// The interface of a name: declared in a module, imported, or exported again.
  private func interface(_ name: String, in module: ModuleID, depth: Int) -> SymbolRef? {
    guard depth < 12 else { return nil }
    if let own = interfaces(of: module)[name] { return SymbolRef(module, own) }
    let facts = graph.modules[module].facts
    guard let id = facts.names.find(name) else { return nil }
    if let value = topLevelValue(id, in: module), case .imported(let source, let original) = facts.values[value],
      case .module(let target) = graph.modules[module].targets[source.index]
    {
      return exportedInterface(facts.names[original], from: target, depth: depth + 1)
    }
    return nil
  }

  private func exportedInterface(_ name: String, from module: ModuleID, depth: Int) -> SymbolRef? {
    guard depth < 12 else { return nil }
    if let own = interfaces(of: module)[name] { return SymbolRef(module, own) }
    let facts = graph.modules[module].facts
    for export in facts.exports where export.form == .reexport || export.form == .star {
      guard export.form == .star || facts.names[export.name] == name, let source = export.source,
        case .module(let target) = graph.modules[module].targets[source.index]
      else { continue }
      let original = export.form == .star ? name : facts.names[export.original]
      if let found = exportedInterface(original, from: target, depth: depth + 1) { return found }
    }
    // `import { Store } from "./store"; export { Store };`
    return interface(name, in: module, depth: depth + 1)
  }

  private func interfaces(of module: ModuleID) -> [String: DeclarationID] {
    if let known = interfaceIndex[module] { return known }
    let facts = graph.modules[module].facts
    var found: [String: DeclarationID] = [:]
    for (index, row) in facts.declarations.rows.enumerated()
    where row.parent == nil && (row.form == .interface || row.form == .type) {
      found[facts.names[row.name]] = DeclarationID(index)
    }
    interfaceIndex[module] = found
    return found
  }

  /// The members that an interface states, or all classes have that implement it.
  private func stated(_ name: Name, by owner: SymbolRef) -> SymbolRef? {
    guard let id = owner.declaration, !isClass(owner) else { return nil }
    let facts = graph.modules[owner.module].facts
    let wanted = graph.names[name]
    return (members(of: owner.module)[id] ?? []).first { facts.names[facts.declarations[$0].name] == wanted }
      .map { SymbolRef(owner.module, $0) }
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
  package func method(_ id: EntityID) -> SymbolRef? {
    guard case .member(let object, let name) = entity(id), let owner = type(of: object) else { return nil }
    if let stated = stated(name, by: owner) { return stated }
    guard case .declaration(let found) = entity(member(of: intern(.instance(owner)), name)) else { return nil }
    return found
  }

  /// Whether only what others make of a method runs.
  func isStatedOnly(_ method: SymbolRef) -> Bool {
    guard let id = method.declaration else { return false }
    let facts = graph.modules[method.module].facts
    return facts.declarations[id].parent.map {
      facts.declarations[$0].form == .interface || facts.declarations[$0].form == .type
    } ?? false
  }

  /// What classes make of an abstract method, or of one that their interface states.
  func implementations(of method: SymbolRef) -> [SymbolRef] {
    guard let id = method.declaration else { return [] }
    let facts = graph.modules[method.module].facts
    guard let owner = facts.declarations[id].parent,
      isStatedOnly(method) || facts.declarations[id].form == .signature && facts.declarations[owner].form == .class
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
        if let own { found.append(function(own, in: child.module)) }
        open.append(child)
      }
    }
    return found.sorted { ($0.module.index, $0.declaration!.index) < ($1.module.index, $1.declaration!.index) }
  }

  /// The function that a member is, or holds: `load = async () => …`.
  private func function(_ member: DeclarationID, in module: ModuleID) -> SymbolRef {
    let row = graph.modules[module].facts.declarations[member]
    guard row.form == .field, let value = row.value,
      case .declaration(let held) = entity(follow(ValueRef(module, value)))
    else { return SymbolRef(module, member) }
    return held
  }

  /// The classes that extend each class, and those that implement each interface.
  private var children: [SymbolRef: [SymbolRef]] {
    if let known = childIndex { return known }
    var found: [SymbolRef: [SymbolRef]] = [:]
    for module in graph.modules.ids {
      for (index, row) in graph.modules[module].facts.declarations.rows.enumerated()
      where row.form == .class && row.heritage != nil {
        let child = SymbolRef(module, DeclarationID(index))
        if let parent = parent(of: child) { found[parent, default: []].append(child) }
      }
      let facts = graph.modules[module].facts
      for row in facts.implementations where !graph.modules[module].isTest {
        guard let stated = interface(facts.names[row.of], in: module, depth: 0) else { continue }
        found[stated, default: []].append(SymbolRef(module, row.type))
      }
    }
    childIndex = found
    return found
  }
}
