import KapinBase
package import KapinModel

/// Follows values through names, imports, re-exports, members and simple returns.
///
/// Answers are memoised by value, and cycles end in `unknown`; so the whole project costs one step a value.
package final class ValueFollower: ValueFollowing {
  package var graph: CodeGraph
  private(set) var entities = Table<Entity>()
  private var ids: [Entity: EntityID] = [:]
  private var memo: [[UInt32]]
  let exports: [[Name: Int]]
  /// For each module, the call and position that each function of it is an argument of.
  var argumentOf: [[DeclarationID: (call: CallID, position: UInt16)]?]
  /// The calls of each function of the project; filled by `Relations`.
  var sites: [SymbolRef: [CallSite]] = [:]
  var followsParameters = false
  private var depth = 0
  private var assignDepth = 0

  private static let pending = UInt32.max
  private static let unset = UInt32.max - 1
  private static let depthLimit = 200

  package let unknown: EntityID
  let defaultName: Name
  let starName: Name

  init(_ graph: CodeGraph) {
    self.graph = graph
    defaultName = self.graph.names.intern("default")
    starName = self.graph.names.intern("*")
    unknown = entities.append(.unknown)
    ids[.unknown] = unknown
    memo = graph.modules.map { [UInt32](repeating: Self.unset, count: $0.facts.values.count) }
    exports = graph.modules.map { module in
      var byName: [Name: Int] = [:]
      for (index, export) in module.facts.exports.enumerated() where export.form != .star {
        let name = module.names[export.name.index]
        if let known = byName[name], !module.facts.exports[known].isType { continue }
        byName[name] = index
      }
      return byName
    }
    argumentOf = Array(repeating: nil, count: graph.modules.count)
  }

  /// Values whose answer rests on what a parameter is.
  private var parameterBound: [ValueRef] = []
  var sawParameter = false
  private var exportMemo: [ExportKey: EntityID?] = [:]

  private struct ExportKey: Hashable {
    var module: ModuleID
    var name: Name
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
    if let known = ids[entity] { return known }
    let id = entities.append(entity)
    ids[entity] = id
    return id
  }

  func name(_ name: Name, _ module: ModuleID) -> Name { graph.modules[module].names[name.index] }

  package func follow(_ ref: ValueRef) -> EntityID {
    let module = ref.module.index, value = ref.value.index
    let known = memo[module][value]
    if known == Self.pending { return unknown }
    if known != Self.unset { return EntityID(known) }
    guard depth < Self.depthLimit else { return unknown }
    memo[module][value] = Self.pending
    depth += 1
    let outer = sawParameter
    sawParameter = false
    let answer = step(ref)
    depth -= 1
    memo[module][value] = answer.raw
    if sawParameter, !followsParameters { parameterBound.append(ref) }
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
        if let result = result(of: function) { return result }
      }
      return intern(.value(ref))
    case .parameter(let function, let index): return parameter(SymbolRef(ref.module, function), index, ref)
    case .either(let range): return either(range, ref)
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
      return exported(imported, target, visited: []) ?? unknown
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
    return exported(id, module, visited: [])
  }

  /// Follows re-exports; a name from several stars is taken from the first that has it (cycles end).
  func exported(_ wanted: Name, _ module: ModuleID, visited: [ModuleID]) -> EntityID? {
    guard visited.isEmpty else { return findExport(wanted, module, visited: visited) }
    let key = ExportKey(module: module, name: wanted)
    if let known = exportMemo[key] { return known }
    let outer = sawParameter
    sawParameter = false
    let answer = findExport(wanted, module, visited: visited)
    // An answer that rests on a parameter or on a value being followed right now may differ later.
    if !sawParameter, answer != unknown { exportMemo[key] = .some(answer) }
    sawParameter = sawParameter || outer
    return answer
  }

  private func findExport(_ wanted: Name, _ module: ModuleID, visited: [ModuleID]) -> EntityID? {
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
          return exported(original, target, visited: visited + [module])
        }
        return imported(source, original, module)
      case .namespace: return export.source.map { imported($0, starName, module) }
      case .star: return nil
      }
    }
    var elsewhere: [ImportID] = []
    for export in facts.exports where export.form == .star && wanted != defaultName {
      guard let source = export.source else { continue }
      switch graph.modules[module].targets[source.index] {
      case .module(let target):
        if let found = exported(wanted, target, visited: visited + [module]) { return found }
      case .external, .unresolved: elsewhere.append(source)
      case .builtin, .file, .several: break
      }
    }
    // What no module of the project has comes from the one package, or generated module, that is re-exported whole.
    if elsewhere.count == 1 { return imported(elsewhere[0], wanted, module) }
    // `module.exports = { a, b }`: the members are exports too.
    if wanted != defaultName, let whole = exports[module.index][defaultName], facts.exports[whole].form == .commonJS,
      let value = facts.exports[whole].value
    {
      let object = follow(ValueRef(module, value))
      return member(object, graph.names[wanted])
    }
    return nil
  }

  package func member(_ id: EntityID, _ name: String) -> EntityID? {
    guard let wanted = graph.names.find(name) else { return nil }
    let found = member(of: id, wanted)
    if case .member = entities[found] { return nil }
    return found
  }

  func member(of object: EntityID, _ wanted: Name) -> EntityID {
    switch entities[object] {
    case .namespace(let module):
      if let found = exported(wanted, module, visited: []) { return found }
      // `require("./x")` of an ECMAScript default, or `.default` of CommonJS.
      if let whole = exports[module.index][defaultName], let value = graph.modules[module].facts.exports[whole].value {
        let target = follow(ValueRef(module, value))
        if wanted == defaultName { return target }
        if graph.modules[module].facts.exports[whole].form == .commonJS { return member(of: target, wanted) }
      }
      return unknown
    case .package(let specifier): return intern(.export(package: specifier, name: wanted))
    case .declaration(let ref):
      return declared(wanted, in: ref, object) ?? added(wanted, to: object, in: ref.module)
        ?? intern(.member(of: object, wanted))
    case .instance(let ref): return declared(wanted, in: ref, object) ?? intern(.member(of: object, wanted))
    case .value(let ref):
      return property(wanted, of: ref) ?? added(wanted, to: object, in: ref.module)
        ?? intern(.member(of: object, wanted))
    case .unknown: return unknown
    default: return intern(.member(of: object, wanted))
    }
  }

  /// A member of a class or enum.
  private func declared(_ wanted: Name, in ref: SymbolRef, _ object: EntityID) -> EntityID? {
    guard let id = ref.declaration else { return nil }
    let facts = graph.modules[ref.module].facts
    let declaration = facts.declarations[id]
    if declaration.form == .enum, let value = declaration.value {
      return property(wanted, of: ValueRef(ref.module, value))
    }
    guard declaration.form == .class else { return nil }
    for index in members(of: ref.module)[id] ?? [] {
      let member = facts.declarations[index]
      guard name(member.name, ref.module) == wanted else { continue }
      if member.form == .field, let value = member.value {
        let target = follow(ValueRef(ref.module, value))
        return target == unknown ? nil : target
      }
      if member.form == .getter, let result = result(of: SymbolRef(ref.module, index)), isReference(result) {
        return result
      }
      return member.form == .field
        ? assigned(wanted, in: ref) : intern(.declaration(SymbolRef(ref.module, index)))
    }
    if let found = assigned(wanted, in: ref) { return found }
    if let heritage = declaration.heritage,
      case .declaration(let parent) = entities[follow(ValueRef(ref.module, heritage))], parent != ref
    {
      return declared(wanted, in: parent, object).map { inherited($0, by: ref) }
    }
    return nil
  }

  /// What a class makes for itself, each class that extends it has anew.
  private func inherited(_ id: EntityID, by type: SymbolRef) -> EntityID {
    switch entities[id] {
    case .inherited(let inner, _): return intern(.inherited(inner, by: type))
    case .value(let ref):
      switch graph.modules[ref.module].facts.values[ref.value] {
      case .call, .new: return intern(.inherited(id, by: type))
      default: return id
      }
    default: return id
    }
  }

  /// What a class assigns to a member of itself: `this.router = express()`.
  private func assigned(_ wanted: Name, in ref: SymbolRef) -> EntityID? {
    guard let owner = ref.declaration else { return nil }
    let facts = graph.modules[ref.module].facts
    if assignedIndex[ref.module] == nil {
      var found: [DeclarationID: [Name: ValueID]] = [:]
      for row in facts.assignments {
        guard case .member(let object, let member) = facts.values[row.target],
          case .this(let type) = facts.values[object]
        else { continue }
        let name = name(member, ref.module)
        if found[type]?[name] == nil { found[type, default: [:]][name] = row.value }
      }
      assignedIndex[ref.module] = found
    }
    guard let value = assignedIndex[ref.module]?[owner]?[wanted] else { return nil }
    let target = follow(ValueRef(ref.module, value))
    return isReference(target) ? target : nil
  }

  /// A member that the module of a value gives it later: `Card.Body = Body`.
  private func added(_ wanted: Name, to object: EntityID, in module: ModuleID) -> EntityID? {
    if addedIndex[module] == nil {
      // Asked again while it is made, there is nothing yet.
      addedIndex[module] = [:]
      let facts = graph.modules[module].facts
      var found: [EntityID: [Name: ValueID]] = [:]
      for row in facts.assignments {
        guard case .member(let owner, let member) = facts.values[row.target],
          case .local(let binding) = facts.values[owner],
          facts.bindings[binding].isTopLevel
        else { continue }
        found[follow(ValueRef(module, owner)), default: [:]][name(member, module)] = row.value
      }
      addedIndex[module] = found
    }
    guard let value = addedIndex[module]?[object]?[wanted] else { return nil }
    let target = follow(ValueRef(module, value))
    return isReference(target) ? target : nil
  }

  private var addedIndex: [ModuleID: [EntityID: [Name: ValueID]]] = [:]
  private var assignedIndex: [ModuleID: [DeclarationID: [Name: ValueID]]] = [:]
  private var memberIndex: [ModuleID: [DeclarationID: [DeclarationID]]] = [:]

  /// The members of each class of a module.
  package func members(of module: ModuleID) -> [DeclarationID: [DeclarationID]] {
    if let known = memberIndex[module] { return known }
    let declarations = graph.modules[module].facts.declarations
    var found: [DeclarationID: [DeclarationID]] = [:]
    for (index, row) in declarations.rows.enumerated() {
      if let parent = row.parent, declarations[parent].form == .class {
        found[parent, default: []].append(DeclarationID(index))
      }
    }
    memberIndex[module] = found
    return found
  }

  private func property(_ wanted: Name, of ref: ValueRef) -> EntityID? {
    let facts = graph.modules[ref.module].facts
    switch facts.values[ref.value] {
    case .object(let range):
      for index in range.indices.reversed() {
        let property = facts.properties[index]
        if property.form == .spread, case .spread(let inner) = facts.values[property.value] {
          let source = follow(ValueRef(ref.module, inner))
          if case .value(let other) = entities[source], other != ref, let found = self.property(wanted, of: other) {
            return found
          }
        } else if name(property.name, ref.module) == wanted {
          return follow(ValueRef(ref.module, property.value))
        }
      }
      return nil
    case .new(let call):
      let target = follow(ValueRef(ref.module, facts.calls[call].callee))
      if case .declaration(let owner) = entities[target] { return declared(wanted, in: owner, target) }
      return nil
    case .call(let call):
      // `Object.assign(Table, { Row })`: members of each argument, the last first (ECMAScript, "Object.assign").
      guard case .member(let object, let assign) = entities[follow(ValueRef(ref.module, facts.calls[call].callee))],
        case .global(let global) = entities[object], graph.names[global] == "Object", graph.names[assign] == "assign"
      else { return nil }
      // What is assigned to itself ends somewhere.
      guard assignDepth < 4 else { return nil }
      assignDepth += 1
      defer { assignDepth -= 1 }
      for index in facts.calls[call].arguments.indices.reversed() {
        let source = member(of: follow(ValueRef(ref.module, facts.valueLists[index])), wanted)
        if isReference(source) {
          if case .member = entities[source] { continue }
          return source
        }
      }
      return nil
    default: return nil
    }
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
    if case .declaration(let maker) = entities[target] { return result(of: maker) }
    return nil
  }

  package func topLevel(_ name: String, in module: ModuleID) -> EntityID? {
    let facts = graph.modules[module].facts
    guard let wanted = facts.names.find(name),
      let binding = facts.bindings.rows.first(where: { $0.isTopLevel && $0.name == wanted })
    else { return nil }
    return follow(ValueRef(module, binding.value))
  }

  package func callSites(of function: SymbolRef) -> [CallSite] { sites[function] ?? [] }
}
