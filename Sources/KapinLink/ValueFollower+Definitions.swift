import KapinBase
package import KapinModel

/// Where a value is written, as opposed to what it comes to.
extension ValueFollower {
  /// The value behind names, imports and exports, before any call is looked through.
  package func definition(_ ref: ValueRef) -> ValueRef { definition(ref, depth: 0) }

  private func definition(_ ref: ValueRef, depth: Int) -> ValueRef {
    guard depth < 12 else { return ref }
    var current = ref
    for _ in 0..<24 {
      let facts = graph.modules[current.module].facts
      switch facts.values[current.value] {
      case .local(let binding):
        let next = facts.bindings[binding].value
        guard next != current.value, next != ValueID(UInt32(0)) else { return current }
        current = ValueRef(current.module, next)
      case .imported(let source, let imported):
        guard case .module(let target) = graph.modules[current.module].targets[source.index],
          let next = exportedValue(name(imported, current.module), target, depth: 0)
        else { return current }
        current = next
      case .member(let object, let member):
        // `make(options, handler).action`: what the call makes is not where it is written.
        let maker = definition(ValueRef(current.module, object), depth: depth + 1)
        if case .call = graph.modules[maker.module].facts.values[maker.value] { return current }
        guard
          let next = defined(
            name(member, current.module), in: follow(ValueRef(current.module, object)), notIn: current)
        else { return current }
        current = next
      default: return current
      }
    }
    return current
  }

  package func definition(ofExport name: String, in module: ModuleID) -> ValueRef? {
    graph.names.find(name).flatMap { exportedValue($0, module, depth: 0) }.map { definition($0) }
  }

  /// The value that a module, class or object literal has under a name.
  private func defined(_ wanted: Name, in owner: EntityID, notIn current: ValueRef) -> ValueRef? {
    switch entity(owner) {
    case .namespace(let module): return exportedValue(wanted, module, depth: 0)
    case .declaration(let ref), .instance(let ref):
      guard let id = ref.declaration else { return nil }
      let facts = graph.modules[ref.module].facts
      for member in members(of: ref.module)[id] ?? [] where name(facts.declarations[member].name, ref.module) == wanted
      {
        return facts.declarations[member].value.map { ValueRef(ref.module, $0) }.flatMap { $0 == current ? nil : $0 }
      }
      return nil
    case .value(let ref):
      let facts = graph.modules[ref.module].facts
      guard case .object(let range) = facts.values[ref.value] else { return nil }
      for row in facts.properties[range.indices].reversed()
      where row.form != .spread && name(row.name, ref.module) == wanted {
        return ValueRef(ref.module, row.value)
      }
      return nil
    default: return nil
    }
  }

  private func exportedValue(_ wanted: Name, _ module: ModuleID, depth: Int) -> ValueRef? {
    guard depth == 0 else { return findExportedValue(wanted, module, depth: depth) }
    let key = ExportKey(module: module, name: wanted)
    if let known = exportedValues[key] { return known }
    let found = findExportedValue(wanted, module, depth: 0)
    exportedValues[key] = .some(found)
    return found
  }

  private func findExportedValue(_ wanted: Name, _ module: ModuleID, depth: Int) -> ValueRef? {
    guard depth < 12 else { return nil }
    let facts = graph.modules[module].facts
    guard let index = exports[module.index][wanted] else {
      guard wanted != defaultName else { return nil }
      for export in facts.exports where export.form == .star {
        guard let source = export.source, case .module(let target) = graph.modules[module].targets[source.index],
          let found = exportedValue(wanted, target, depth: depth + 1)
        else { continue }
        return found
      }
      return nil
    }
    let export = facts.exports[index]
    if export.form == .value || export.form == .commonJS { return export.value.map { ValueRef(module, $0) } }
    guard export.form == .reexport, let source = export.source,
      case .module(let target) = graph.modules[module].targets[source.index]
    else { return nil }
    return exportedValue(name(export.original, module), target, depth: depth + 1)
  }

  package func topLevel(_ name: String, in module: ModuleID) -> EntityID? {
    let facts = graph.modules[module].facts
    guard let wanted = facts.names.find(name),
      let binding = facts.bindings.rows.first(where: { $0.isTopLevel && $0.name == wanted })
    else { return nil }
    return follow(ValueRef(module, binding.value))
  }

  /// The variable that a value is the first content of.
  func variable(holding ref: ValueRef) -> DeclarationID? {
    if let known = holders[ref.module.index] { return known[ref.value] }
    var found: [ValueID: DeclarationID] = [:]
    for (index, declaration) in graph.modules[ref.module].facts.declarations.rows.enumerated()
    where declaration.form == .variable {
      if let value = declaration.value, found[value] == nil { found[value] = DeclarationID(index) }
    }
    holders[ref.module.index] = found
    return found[ref.value]
  }
}
