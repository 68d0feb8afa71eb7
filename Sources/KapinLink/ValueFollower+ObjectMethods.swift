import KapinBase
package import KapinModel

/// Methods of object literals, in which `this` is the object (ECMAScript, "Runtime Semantics: MethodDefinitionEvaluation").
extension ValueFollower {
  struct ObjectMethod {
    var object: ValueID
    /// The call that gets the object.
    var call: ValueID?
  }

  private func objectMethods(of module: ModuleID) -> [DeclarationID: ObjectMethod] {
    if let known = objectMethodIndex[module] { return known }
    let facts = graph.modules[module].facts
    var found: [DeclarationID: ObjectMethod] = [:]
    for (index, value) in facts.values.rows.enumerated() {
      guard case .object(let members) = value else { continue }
      for member in facts.properties[members.indices] {
        guard case .declaration(let id) = facts.values[member.value], facts.declarations[id].form != .arrow
        else { continue }
        found[id] = ObjectMethod(object: ValueID(index))
      }
    }
    var calls: [ValueID: ValueID] = [:]
    for (index, value) in facts.values.rows.enumerated() {
      guard case .call(let call) = value else { continue }
      for argument in facts.valueLists[facts.calls[call].arguments.indices] { calls[argument] = ValueID(index) }
    }
    let methods = found.mapValues { ObjectMethod(object: $0.object, call: calls[$0.object]) }
    objectMethodIndex[module] = methods
    return methods
  }

  /// Another method of the object: `this.check()` of `{ check() {}, save() { this.check(); } }`.
  func sibling(_ wanted: Name, of method: SymbolRef) -> EntityID? {
    guard let id = method.declaration, graph.modules[method.module].facts.declarations[id].form != .class,
      let own = objectMethods(of: method.module)[id]
    else { return nil }
    let facts = graph.modules[method.module].facts
    guard case .object(let members) = facts.values[own.object] else { return nil }
    for member in facts.properties[members.indices] where member.form != .spread {
      guard name(member.name, method.module) == wanted, case .declaration(let id) = facts.values[member.value]
      else { continue }
      return intern(.declaration(SymbolRef(method.module, id)))
    }
    return nil
  }

  package func receiver(of method: SymbolRef) -> ValueRef? {
    method.declaration.flatMap { objectMethods(of: method.module)[$0]?.call }.map { ValueRef(method.module, $0) }
  }
}
