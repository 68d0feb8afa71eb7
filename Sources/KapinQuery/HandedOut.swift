import KapinBase
import KapinModel

/// Functions that the one around them only hands out: `return { signIn, signOut }` of a hook. Whoever calls the hook runs
/// none of them by that.
struct HandedOut {
  /// With the names under which they are handed out.
  private(set) var functions: [SymbolRef: Set<String>] = [:]
  /// Functions deep in the options of a call, which whoever gets them may run at some other time:
  /// `make({ user: { beforeDelete: async () => … } })`.
  private(set) var options: Set<SymbolRef> = []

  init(_ code: CodeGraph) {
    for id in code.modules.ids {
      add(id, code.modules[id].facts)
      addOptions(id, code.modules[id].facts)
    }
  }

  private mutating func addOptions(_ module: ModuleID, _ facts: FrozenFacts) {
    // What hooks of components get, they run; what stands at the top level runs with nothing.
    for call in facts.calls.rows where call.function != nil && !isHook(call.callee, facts) {
      for place in call.arguments.indices {
        guard case .object(let members) = facts.values[facts.valueLists[place]] else { continue }
        for member in facts.properties[members.indices] {
          guard case .object(let inner) = facts.values[member.value] else { continue }
          addFunctions(of: inner, module, facts, depth: 0)
        }
      }
    }
  }

  private mutating func addFunctions(of members: Range32, _ module: ModuleID, _ facts: FrozenFacts, depth: Int) {
    for member in facts.properties[members.indices] {
      switch facts.values[member.value] {
      case .declaration(let id): options.insert(SymbolRef(module, id))
      case .object(let inner) where depth < 8: addFunctions(of: inner, module, facts, depth: depth + 1)
      default: break
      }
    }
  }

  /// The convention of React and Vue: `useQuery`.
  private func isHook(_ callee: ValueID, _ facts: FrozenFacts) -> Bool {
    let name: Name
    switch facts.values[callee] {
    case .member(_, let member), .global(let member), .imported(_, let member): name = member
    case .local(let binding): name = facts.bindings[binding].name
    default: return false
    }
    let text = facts.names[name]
    return text.hasPrefix("use") && text.dropFirst(3).first?.isUppercase ?? false
  }

  private mutating func add(_ module: ModuleID, _ facts: FrozenFacts) {
    var inner: [BindingID: DeclarationID] = [:]
    for (index, row) in facts.bindings.rows.enumerated() where row.function != nil {
      switch facts.values[row.value] {
      case .declaration(let id): inner[BindingID(index)] = id
      case .call(let call):
        // `const save = keep(() => …)`
        if let first = facts.calls[call].arguments.indices.first,
          case .declaration(let id) = facts.values[facts.valueLists[first]],
          facts.declarations[id].flags.contains(.kept)
        {
          inner[BindingID(index)] = id
        }
      default: break
      }
    }
    guard !inner.isEmpty else { return }
    let returned = returnedMembers(facts)
    var used: Set<DeclarationID> = []
    for (index, value) in facts.values.rows.enumerated() {
      guard case .local(let binding) = value, let id = inner[binding] else { continue }
      if let name = returned[ValueID(UInt32(index))] {
        functions[SymbolRef(module, id), default: []].insert(facts.names[name])
      } else {
        used.insert(id)
      }
    }
    for id in used { functions[SymbolRef(module, id)] = nil }
  }

  /// The names under which any code asks for a member of something.
  static func askedNames(_ code: CodeGraph) -> Set<String> {
    var found: Set<String> = []
    for module in code.modules {
      for case .member(_, let name) in module.facts.values.rows { found.insert(module.facts.names[name]) }
    }
    return found
  }

  private func returnedMembers(_ facts: FrozenFacts) -> [ValueID: Name] {
    var found: [ValueID: Name] = [:]
    for row in facts.declarations.rows {
      for place in row.returns.indices {
        guard case .object(let members) = facts.values[facts.valueLists[place]] else { continue }
        for member in facts.properties[members.indices] where member.form != .spread {
          found[member.value] = member.name
        }
      }
    }
    return found
  }
}
