import KapinBase
package import KapinModel

/// Members of what values come to: of modules, classes, objects, and what is given to them later.
extension ValueFollower {
  package func member(_ id: EntityID, _ name: String) -> EntityID? {
    guard let wanted = graph.names.find(name) else { return nil }
    let found = member(of: id, wanted)
    if case .member = entity(found) { return nil }
    return found
  }

  func member(of object: EntityID, _ wanted: Name) -> EntityID {
    switch entity(object) {
    case .namespace(let module):
      if let found = exported(wanted, module) { return found }
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
    case .instance(let ref):
      return declared(wanted, in: ref, object) ?? sibling(wanted, of: ref) ?? intern(.member(of: object, wanted))
    case .value(let ref):
      return property(wanted, of: ref) ?? added(wanted, to: object, in: ref.module)
        ?? passed(wanted, of: ref) ?? intern(.member(of: object, wanted))
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
    // A constructor function gives its objects what it assigns to `this`.
    if declaration.form == .function { return assigned(wanted, in: ref) }
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
      case .declaration(let parent) = entity(follow(ValueRef(ref.module, heritage))), parent != ref
    {
      return declared(wanted, in: parent, object).map { inherited($0, by: ref) }
    }
    return nil
  }

  /// `Object.freeze(x)` and its kin give x itself (ECMAScript, "Object.freeze").
  func frozen(_ call: CallID, _ callee: EntityID, _ module: ModuleID) -> EntityID? {
    guard case .member(let object, let name) = entity(callee), case .global(let global) = entity(object),
      graph.names[global] == "Object", ["freeze", "seal", "preventExtensions"].contains(graph.names[name]),
      let first = argument(0, of: CallSite(module, call))
    else { return nil }
    return follow(first)
  }

  /// What a class makes for itself, each class that extends it has anew.
  private func inherited(_ id: EntityID, by type: SymbolRef) -> EntityID {
    switch entity(id) {
    case .inherited(let inner, _): return intern(.inherited(inner, by: type))
    case .value(let ref):
      switch graph.modules[ref.module].facts.values[ref.value] {
      case .call, .new: return intern(.inherited(id, by: type))
      default: return id
      }
    default: return id
    }
  }

  /// What a class assigns to a member of itself: `this.router = makeRouter()`.
  private func assigned(_ wanted: Name, in ref: SymbolRef) -> EntityID? {
    guard let owner = ref.declaration else { return nil }
    let facts = graph.modules[ref.module].facts
    if assignedIndex[ref.module] == nil {
      var found: [DeclarationID: [Name: ValueID]] = [:]
      for row in facts.assignments {
        guard case .member(let object, let member) = facts.values[row.target],
          case .this(let type) = facts.values[object]
        else { continue }
        // `this.statement = null` only says that there is none yet.
        if case .null = facts.values[row.value] { continue }
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

  /// The members of each class and interface of a module.
  package func members(of module: ModuleID) -> [DeclarationID: [DeclarationID]] {
    if let known = memberIndex[module] { return known }
    let declarations = graph.modules[module].facts.declarations
    var found: [DeclarationID: [DeclarationID]] = [:]
    for (index, row) in declarations.rows.enumerated() {
      if let parent = row.parent, [.class, .interface, .type].contains(declarations[parent].form) {
        found[parent, default: []].append(DeclarationID(index))
      }
    }
    memberIndex[module] = found
    return found
  }

  /// `bindAll({ list, add }, options).list`: what wraps an object of functions gives them under the same names.
  private func kept(_ wanted: Name, by call: CallID, in module: ModuleID) -> EntityID? {
    let facts = graph.modules[module].facts
    guard let first = facts.calls[call].arguments.indices.first else { return nil }
    guard case .object(let range) = facts.values[facts.valueLists[first]] else {
      return keptObject(wanted, ValueRef(module, facts.valueLists[first]), by: call)
    }
    for row in facts.properties[range.indices] where row.form != .spread && name(row.name, module) == wanted {
      let target = follow(ValueRef(module, row.value))
      guard case .declaration(let symbol) = entity(target), let id = symbol.declaration else { return nil }
      switch graph.modules[symbol.module].facts.declarations[id].form {
      case .function, .arrow, .method: return target
      default: return nil
      }
    }
    return nil
  }

  /// `manager.with(Users).add`, where `Users` is what such a call gave: a method of a package hands it on.
  private func keptObject(_ wanted: Name, _ given: ValueRef, by call: CallID) -> EntityID? {
    let facts = graph.modules[given.module].facts
    guard case .member = facts.values[facts.calls[call].callee],
      case .value(let made) = entity(follow(given)), case .call = graph.modules[made.module].facts.values[made.value],
      assignDepth < 4
    else { return nil }
    switch entity(follow(ValueRef(given.module, facts.calls[call].callee))) {
    case .member, .export: break
    default: return nil
    }
    assignDepth += 1
    defer { assignDepth -= 1 }
    guard let found = property(wanted, of: made), case .declaration = entity(found) else { return nil }
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
          if case .value(let other) = entity(source), other != ref, let found = self.property(wanted, of: other) {
            return found
          }
        } else if name(property.name, ref.module) == wanted {
          return follow(ValueRef(ref.module, property.value))
        }
      }
      return nil
    case .new(let call):
      let target = follow(ValueRef(ref.module, facts.calls[call].callee))
      if case .declaration(let owner) = entity(target) { return declared(wanted, in: owner, target) }
      return nil
    case .call(let call):
      // `Object.assign(Table, { Row })`: members of each argument, the last first (ECMAScript, "Object.assign").
      let callee = follow(ValueRef(ref.module, facts.calls[call].callee))
      guard case .member(let object, let assign) = entity(callee),
        case .global(let global) = entity(object), graph.names[global] == "Object", graph.names[assign] == "assign"
      else { return kept(wanted, by: call, in: ref.module) }
      // What is assigned to itself ends somewhere.
      guard assignDepth < 4 else { return nil }
      assignDepth += 1
      defer { assignDepth -= 1 }
      for index in facts.calls[call].arguments.indices.reversed() {
        let source = member(of: follow(ValueRef(ref.module, facts.valueLists[index])), wanted)
        if isReference(source) {
          if case .member = entity(source) { continue }
          return source
        }
      }
      return nil
    default: return nil
    }
  }
}
