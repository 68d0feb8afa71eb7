import KapinBase
import KapinModel

/// Functions that the one around them only hands out: `return { signIn, signOut }` of a hook. Whoever calls the hook runs
/// none of them by that.
struct HandedOut {
  private(set) var functions: Set<SymbolRef> = []

  init(_ code: CodeGraph) {
    for id in code.modules.ids { add(id, code.modules[id].facts) }
  }

  private mutating func add(_ module: ModuleID, _ facts: FrozenFacts) {
    var inner: [BindingID: DeclarationID] = [:]
    for (index, row) in facts.bindings.rows.enumerated() where row.function != nil {
      if case .declaration(let id) = facts.values[row.value] { inner[BindingID(index)] = id }
    }
    guard !inner.isEmpty else { return }
    let returned = returnedMembers(facts)
    var used: [DeclarationID: Bool] = [:]
    for (index, value) in facts.values.rows.enumerated() {
      guard case .local(let binding) = value, let id = inner[binding] else { continue }
      used[id] = (used[id] ?? false) || !returned.contains(ValueID(UInt32(index)))
    }
    for (id, isUsed) in used where !isUsed { functions.insert(SymbolRef(module, id)) }
  }

  private func returnedMembers(_ facts: FrozenFacts) -> Set<ValueID> {
    var found: Set<ValueID> = []
    for row in facts.declarations.rows {
      for place in row.returns.indices {
        guard case .object(let members) = facts.values[facts.valueLists[place]] else { continue }
        for member in facts.properties[members.indices] { found.insert(member.value) }
      }
    }
    return found
  }
}
