import KapinBase
package import KapinModel

/// Follows values through names, imports, re-exports, members and simple returns.
///
/// Answers are memoised by value, and cycles end in `unknown`; so the whole project costs one step a value.
package final class ValueFollower: ValueFollowing {
  package var graph: CodeGraph
  private(set) var entities = Table<Entity>()
  /// Ids of entities; those of values and declarations, which are most, stand by their places.
  private var ids: [Entity: EntityID] = [:]
  private var valueIDs: [[UInt32]]
  private var declarationIDs: [[UInt32]]
  private var memo: [[UInt32]]
  let exports: [[Name: Int]]
  /// For each module, the call and position that each function of it is an argument of.
  var argumentOf: [[DeclarationID: (call: CallID, position: UInt16)]?]
  /// The calls of each function of the project; filled by `Relations`.
  var sites: [SymbolRef: [CallSite]] = [:]
  var followsParameters = false
  private var depth = 0
  var assignDepth = 0
  var addedIndex: [ModuleID: [EntityID: [Name: ValueID]]] = [:]
  var assignedIndex: [ModuleID: [DeclarationID: [Name: ValueID]]] = [:]
  var memberIndex: [ModuleID: [DeclarationID: [DeclarationID]]] = [:]
  var objectMethodIndex: [ModuleID: [DeclarationID: ObjectMethod]] = [:]
  var topLevelIndex: [ModuleID: [Name: ValueID]] = [:]
  var childIndex: [SymbolRef: [SymbolRef]]?
  var interfaceIndex: [ModuleID: [String: DeclarationID]] = [:]
  var typeMemo: [TypeKey: SymbolRef?] = [:]

  /// Known when relations are.
  var branches: BranchTests?
  var passedMemo: [PassedKey: EntityID?] = [:]

  struct PassedKey: FastHashable {
    var function: SymbolRef
    var index: UInt16
    var name: Name
    var hashBits: UInt64 { function.hashBits.mixed(with: UInt64(UInt32(index), name.raw)) }
  }

  /// A type as a module writes it.
  struct TypeKey: Hashable {
    var type: String
    var module: ModuleID
  }

  var holders: [[ValueID: DeclarationID]?]

  private static let pending = UInt32.max
  private static let unset = UInt32.max - 1
  /// Marks an answer that rests on a parameter, until parameters are followed.
  private static let resting: UInt32 = 1 << 31
  private static let depthLimit = 200

  package let unknown: EntityID
  let defaultName: Name
  let starName: Name

  /// - Parameters:
  ///   - defaultName, starName: `default` and `*` among the graph's names.
  init(_ graph: CodeGraph, defaultName: Name, starName: Name) {
    self.graph = graph
    self.defaultName = defaultName
    self.starName = starName
    unknown = entities.append(.unknown)
    ids[.unknown] = unknown
    memo = graph.modules.map { [UInt32](repeating: Self.unset, count: $0.facts.values.count) }
    valueIDs = memo
    declarationIDs = graph.modules.map { [UInt32](repeating: Self.unset, count: $0.facts.declarations.count) }
    exports = graph.modules.map { module in
      var byName: [Name: Int] = [:]
      for (index, export) in module.facts.exports.enumerated() where export.form != .star {
        let name = module.names[export.name.index]
        if let known = byName[name], !module.facts.exports[known].isType { continue }
        byName[name] = index
      }
      return byName
    }
    holders = Array(repeating: nil, count: graph.modules.count)
    argumentOf = Array(repeating: nil, count: graph.modules.count)
  }

  /// Values whose answer rests on what a parameter is.
  private var parameterBound: [ValueRef] = []
  var sawParameter = false
  private var exportMemo: [ExportKey: EntityID?] = [:]

  /// Where exports are written, through re-exports.
  var exportedValues: [ExportKey: ValueRef?] = [:]

  struct ExportKey: FastHashable {
    var module: ModuleID
    var name: Name
    var hashBits: UInt64 { UInt64(module.raw, name.raw) }
  }

  /// From now on parameters are what the project's calls pass for them.
  func startFollowingParameters() {
    for ref in parameterBound { memo[ref.module.index][ref.value.index] = Self.unset }
    parameterBound = []
    exportMemo = [:]
    followsParameters = true
  }

  package func entity(_ id: EntityID) -> Entity { entities[id] }

  package func intern(_ entity: Entity) -> EntityID {
    switch entity {
    case .value(let ref): return intern(entity, in: &valueIDs[ref.module.index], at: ref.value.index)
    case .declaration(let ref):
      if let id = ref.declaration {
        return intern(entity, in: &declarationIDs[ref.module.index], at: id.index)
      }
    default: break
    }
    if let known = ids[entity] { return known }
    let id = entities.append(entity)
    ids[entity] = id
    return id
  }

  private func intern(_ entity: Entity, in known: inout [UInt32], at index: Int) -> EntityID {
    if known[index] != Self.unset { return EntityID(known[index]) }
    let id = entities.append(entity)
    known[index] = id.raw
    return id
  }

  func name(_ name: Name, _ module: ModuleID) -> Name { graph.modules[module].names[name.index] }

  package func follow(_ ref: ValueRef) -> EntityID {
    let module = ref.module.index, value = ref.value.index
    let known = memo[module][value]
    if known == Self.pending { return unknown }
    if known != Self.unset {
      // Whatever asks for it rests on the parameter too.
      if known & Self.resting != 0 { sawParameter = true }
      return EntityID(known & ~Self.resting)
    }
    guard depth < Self.depthLimit else { return unknown }
    memo[module][value] = Self.pending
    depth += 1
    let outer = sawParameter
    sawParameter = false
    let answer = step(ref)
    depth -= 1
    let rests = sawParameter && !followsParameters
    memo[module][value] = rests ? answer.raw | Self.resting : answer.raw
    if rests { parameterBound.append(ref) }
    sawParameter = sawParameter || outer
    return answer
  }

  private func step(_ ref: ValueRef) -> EntityID {
    let facts = graph.modules[ref.module].facts
    switch facts.values[ref.value] {
    case .unknown: return unknown
    case .local(let binding):
      let row = facts.bindings[binding]
      let target = follow(ValueRef(ref.module, row.value))
      // A variable without a value that can be followed is still one variable.
      return target == unknown
        ? intern(.value(ValueRef(ref.module, row.value == ValueID(UInt32(0)) ? ref.value : row.value))) : target
    case .global(let global): return intern(.global(name(global, ref.module)))
    case .this(let owner): return intern(.instance(SymbolRef(ref.module, owner)))
    case .imported(let id, let imported): return self.imported(id, name(imported, ref.module), ref.module)
    case .member(let object, let property):
      return member(of: follow(ValueRef(ref.module, object)), name(property, ref.module))
    case .await(let inner): return follow(ValueRef(ref.module, inner))
    case .declaration(let id): return intern(.declaration(SymbolRef(ref.module, id)))
    case .call(let call):
      if let chosen = chosenExport(of: call, in: ref.module) { return chosen }
      let target = follow(ValueRef(ref.module, facts.calls[call].callee))
      if case .declaration(let function) = entities[target] {
        if let passed = passed(through: function, by: call, in: ref.module) { return passed }
        if let chosen = chosen(by: function, from: call, in: ref.module) { return chosen }
        if let result = result(of: function) { return result }
      }
      if let same = frozen(call, target, ref.module) { return same }
      return intern(.value(ref))
    case .parameter(let function, let index): return parameter(SymbolRef(ref.module, function), index, ref)
    case .either(let range): return either(range, ref)
    case .index(let list, let by):
      return item(of: ValueRef(ref.module, list), ValueRef(ref.module, by)) ?? intern(.value(ref))
    default: return intern(.value(ref))
    }
  }

  /// All alternatives that lead to one meaning are that meaning; `null`, text and such do not count.
  private func either(_ range: Range32, _ ref: ValueRef) -> EntityID {
    let facts = graph.modules[ref.module].facts
    var found: EntityID?
    for index in range.indices {
      let target = follow(ValueRef(ref.module, facts.valueLists[index]))
      guard isReference(target) else { continue }
      if let found, found != target { return intern(.value(ref)) }
      found = target
    }
    return found ?? intern(.value(ref))
  }

  func isReference(_ id: EntityID) -> Bool {
    switch entities[id] {
    case .unknown: return false
    case .value(let ref):
      switch graph.modules[ref.module].facts.values[ref.value] {
      case .call, .new, .object: return true
      default: return false
      }
    case .member(let object, _): return isReference(object)
    case .global: return false
    default: return true
    }
  }

  /// `import("./x").then((m) => m.name)`: the module's export of that name.
  private func chosenExport(of call: CallID, in module: ModuleID) -> EntityID? {
    let facts = graph.modules[module].facts
    guard case .member(let object, _) = facts.values[facts.calls[call].callee],
      case .imported(let source, _) = facts.values[object], facts.imports[source].form == .dynamic,
      let first = facts.calls[call].arguments.indices.first,
      case .declaration(let function) = facts.values[facts.valueLists[first]]
    else { return nil }
    let returns = facts.declarations[function].returns
    guard returns.count == 1 else { return nil }
    var value = facts.valueLists[returns.indices.lowerBound]
    // `({ default: m.name })`
    if case .object(let range) = facts.values[value], range.count == 1 {
      value = facts.properties[Int(range.start)].value
    }
    guard case .member(let owner, let name) = facts.values[value], case .local(let binding) = facts.values[owner],
      case .parameter(let of, 0) = facts.values[facts.bindings[binding].value], of == function
    else { return nil }
    return member(of: follow(ValueRef(module, object)), self.name(name, module))
  }

  private func imported(_ id: ImportID, _ imported: Name, _ module: ModuleID) -> EntityID {
    switch graph.modules[module].targets[id.index] {
    case .module(let target):
      if imported == starName {
        // `require` of a module with `module.exports = x` is x.
        if let whole = exports[target.index][defaultName], let value = graph.modules[target].facts.exports[whole].value,
          graph.modules[target].facts.exports[whole].form == .commonJS
        {
          return follow(ValueRef(target, value))
        }
        return intern(.namespace(target))
      }
      return exported(imported, target) ?? unknown
    case .external, .builtin:
      let specifier = name(graph.modules[module].facts.imports[id].specifier, module)
      return imported == starName ? intern(.package(specifier)) : intern(.export(package: specifier, name: imported))
    case .file, .unresolved, .several:
      // A missing module keeps its identity, so that rules about generated clients still apply.
      let specifier = name(graph.modules[module].facts.imports[id].specifier, module)
      return imported == starName ? intern(.package(specifier)) : intern(.export(package: specifier, name: imported))
    }
  }

  package func export(_ name: String, of module: ModuleID) -> EntityID? {
    guard let id = graph.names.find(name) else { return nil }
    return exported(id, module)
  }

  /// Follows re-exports; a name from several stars is taken from the first that has it (cycles end).
  func exported(_ wanted: Name, _ module: ModuleID) -> EntityID? {
    let key = ExportKey(module: module, name: wanted)
    if let known = exportMemo[key] { return known }
    let outer = sawParameter
    sawParameter = false
    // What no module of the project has comes from the one package, or generated module, that is re-exported whole.
    let answer =
      findExport(wanted, module, visited: [], elsewhere: false)
      ?? findExport(wanted, module, visited: [], elsewhere: true)
    // An answer that rests on a parameter or on a value being followed right now may differ later.
    if !sawParameter, answer != unknown { exportMemo[key] = .some(answer) }
    sawParameter = sawParameter || outer
    return answer
  }

  /// - Parameter elsewhere: whether packages that are re-exported whole count, which have any name.
  private func findExport(_ wanted: Name, _ module: ModuleID, visited: [ModuleID], elsewhere: Bool) -> EntityID? {
    guard !visited.contains(module), visited.count < 60 else { return nil }
    let facts = graph.modules[module].facts
    if let index = exports[module.index][wanted] {
      let export = facts.exports[index]
      switch export.form {
      case .value, .commonJS: return export.value.map { follow(ValueRef(module, $0)) }
      case .reexport:
        guard let source = export.source else { return nil }
        let original = name(export.original, module)
        if case .module(let target) = graph.modules[module].targets[source.index] {
          return findExport(original, target, visited: visited + [module], elsewhere: elsewhere)
        }
        return imported(source, original, module)
      case .namespace: return export.source.map { imported($0, starName, module) }
      case .star: return nil
      }
    }
    var whole: [ImportID] = []
    for export in facts.exports where export.form == .star && wanted != defaultName {
      guard let source = export.source else { continue }
      switch graph.modules[module].targets[source.index] {
      case .module(let target):
        if let found = findExport(wanted, target, visited: visited + [module], elsewhere: elsewhere) { return found }
      case .external, .unresolved: whole.append(source)
      case .builtin, .file, .several: break
      }
    }
    if elsewhere, whole.count == 1 { return imported(whole[0], wanted, module) }
    // `module.exports = { a, b }`: the members are exports too.
    if wanted != defaultName, let whole = exports[module.index][defaultName], facts.exports[whole].form == .commonJS,
      let value = facts.exports[whole].value
    {
      let object = follow(ValueRef(module, value))
      return member(object, graph.names[wanted])
    }
    return nil
  }

  package func callee(of call: ValueRef) -> EntityID? {
    let facts = graph.modules[call.module].facts
    switch facts.values[call.value] {
    case .call(let id), .new(let id): return follow(ValueRef(call.module, facts.calls[id].callee))
    default: return nil
    }
  }

  /// What a function returns, when it is one thing made inside it.
  package func result(of function: SymbolRef) -> EntityID? {
    guard let id = function.declaration else { return nil }
    let facts = graph.modules[function.module].facts
    let returns = facts.declarations[id].returns
    guard returns.count == 1, facts.declarations[id].form != .class else { return nil }
    let target = follow(ValueRef(function.module, facts.valueLists[returns.indices.lowerBound]))
    switch entities[target] {
    case .value(let ref):
      switch graph.modules[ref.module].facts.values[ref.value] {
      case .call, .new, .object, .list: return target
      default: return nil
      }
    case .export, .declaration, .namespace, .package, .instance, .inherited: return target
    case .member, .global, .unknown, .callback, .parameter: return nil
    }
  }

  /// What comes back from a function that only keeps or hands on one of its arguments.
  private func passed(through function: SymbolRef, by call: CallID, in module: ModuleID) -> EntityID? {
    guard let id = function.declaration else { return nil }
    let declaration = graph.modules[function.module].facts.declarations[id]
    guard let position = declaration.passes, let argument = argument(Int(position), of: CallSite(module, call)) else {
      return nil
    }
    let target = follow(argument)
    guard declaration.flags.contains(.callsPassed) else { return target == unknown ? nil : target }
    guard case .declaration(let maker) = entities[target] else { return nil }
    return result(of: maker) ?? firstResult(of: maker)
  }

  /// `choose({ a: () => one, b: () => two })` of `const choose = (all) => all[key]()`: what one of the functions gives. They
  /// stand for each other, so the first that leads anywhere is the answer.
  private func chosen(by function: SymbolRef, from call: CallID, in module: ModuleID) -> EntityID? {
    guard let id = function.declaration else { return nil }
    let facts = graph.modules[function.module].facts
    let returns = facts.declarations[id].returns
    guard returns.count == 1, case .call(let inner) = facts.values[facts.valueLists[returns.indices.lowerBound]],
      case .index(let list, let by) = facts.values[facts.calls[inner].callee], by != list,
      case .value(let target) = entity(follow(ValueRef(function.module, list)))
    else { return nil }
    // Where all calls pass one object, the parameter is that already.
    var argument = target
    if case .parameter(let owner, let position) = graph.modules[target.module].facts.values[target.value] {
      guard SymbolRef(target.module, owner) == function,
        let passed = self.argument(Int(position), of: CallSite(module, call))
      else { return nil }
      argument = passed
    }
    let given = graph.modules[argument.module].facts
    guard case .object(let members) = given.values[argument.value] else { return nil }
    for row in given.properties[members.indices] where row.form == .plain {
      guard case .declaration(let maker) = entity(follow(ValueRef(argument.module, row.value))),
        let found = result(of: maker), found != unknown
      else { continue }
      return found
    }
    return nil
  }

  /// The first thing that a function may return: further ones are made of it, or stand for it.
  private func firstResult(of function: SymbolRef) -> EntityID? {
    guard let id = function.declaration else { return nil }
    let facts = graph.modules[function.module].facts
    return facts.declarations[id].returns.indices.prefix(8).lazy
      .map { self.follow(ValueRef(function.module, facts.valueLists[$0])) }.first { self.isReference($0) }
  }

  package func callSites(of function: SymbolRef) -> [CallSite] { sites[function] ?? [] }
}
