import KapinBase
import KapinModel

/// Functions that the one around them only hands out: `return { signIn, signOut }` of a hook. Whoever calls the hook runs
/// none of them by that.
struct HandedOut {
  /// With the names of the graph under which they are handed out; without any, in a list.
  private(set) var functions: [SymbolRef: Set<Name>] = [:]
  /// Functions deep in the options of a call, which whoever gets them may run at some other time:
  /// `make({ user: { beforeDelete: async () => … } })`; and those of an object that a named function makes, as adapters and
  /// services are: only by name they are run.
  private(set) var options: Set<SymbolRef> = []

  init(_ code: CodeGraph) {
    let mixed = Self.mixedIn(code)
    for id in code.modules.ids {
      add(id, code.modules[id])
      addAssigned(id, code.modules[id])
      addOptions(id, code.modules[id].facts)
      if !code.modules[id].language.isComponentFile { addMade(id, code.modules[id], mixed) }
    }
  }

  /// Names of functions that are handed to others, or whose results are spread into objects: parts of stores, of which
  /// nobody sees who calls them.
  private static func mixedIn(_ code: CodeGraph) -> Set<Name> {
    var found: Set<Name> = []
    for module in code.modules {
      let facts = module.facts
      func add(_ value: ValueID) {
        switch facts.values[value] {
        case .local(let binding): found.insert(module.names[facts.bindings[binding].name.index])
        case .imported(_, let name): found.insert(module.names[name.index])
        default: break
        }
      }
      for call in facts.calls.rows {
        for place in call.arguments.indices { add(facts.valueLists[place]) }
      }
      for case .spread(let inner) in facts.values.rows {
        if case .call(let call) = facts.values[inner] { add(facts.calls[call].callee) }
      }
    }
    return found
  }

  private mutating func addMade(_ id: ModuleID, _ module: Module, _ mixed: Set<Name>) {
    let facts = module.facts
    for row in facts.declarations.rows
    where row.isNamed && !isHook(row.name, facts) && !mixed.contains(module.names[row.name.index]) {
      switch row.form {
      case .function, .arrow, .method: break
      default: continue
      }
      for place in row.returns.indices {
        var value = facts.values[facts.valueLists[place]]
        // `const options = { … }; return options;`
        if case .local(let binding) = value, facts.bindings[binding].function != nil {
          value = facts.values[facts.bindings[binding].value]
        }
        guard case .object(let members) = value else { continue }
        addFunctions(of: members, id, facts, depth: 0)
      }
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

  /// The convention of React and Vue: `useQuery`; and `setup`, whose results a template takes (Vue documentation,
  /// "Composition API: setup()").
  private func isHook(_ name: Name, _ facts: FrozenFacts) -> Bool {
    let text = facts.names[name]
    return text == "setup" || text.hasPrefix("use") && text.dropFirst(3).first?.isUppercase ?? false
  }

  private func isHook(_ callee: ValueID, _ facts: FrozenFacts) -> Bool {
    let name: Name
    switch facts.values[callee] {
    case .member(_, let member), .global(let member), .imported(_, let member): name = member
    case .local(let binding): name = facts.bindings[binding].name
    default: return false
    }
    return isHook(name, facts)
  }

  private mutating func add(_ module: ModuleID, _ own: Module) {
    let facts = own.facts
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
    let returned = returnedMembers(facts), items = returnedItems(facts)
    var used: Set<DeclarationID> = []
    for (index, value) in facts.values.rows.enumerated() {
      guard case .local(let binding) = value, let id = inner[binding] else { continue }
      if let name = returned[ValueID(UInt32(index))] {
        functions[SymbolRef(module, id), default: []].insert(own.names[name.index])
      } else if items.contains(ValueID(UInt32(index))) {
        functions[SymbolRef(module, id), default: []] = []
      } else {
        used.insert(id)
      }
    }
    for id in used { functions[SymbolRef(module, id)] = nil }
  }

  /// `this.check = async () => …` in a constructor: whoever makes an object does not run it by that.
  private mutating func addAssigned(_ module: ModuleID, _ own: Module) {
    let facts = own.facts
    for row in facts.assignments {
      guard case .member(let object, let name) = facts.values[row.target], case .this = facts.values[object],
        case .declaration(let id) = facts.values[row.value], facts.declarations[id].form != .class
      else { continue }
      functions[SymbolRef(module, id), default: []].insert(own.names[name.index])
    }
  }

  /// The names under which any code asks for a member of something.
  static func askedNames(_ code: CodeGraph) -> Set<Name> {
    var found: Set<Name> = []
    for module in code.modules {
      // Who sets a member does not ask for it.
      let set = Set(module.facts.assignments.map(\.target.index))
      for (index, value) in module.facts.values.rows.enumerated() where !set.contains(index) {
        if case .member(_, let name) = value { found.insert(module.names[name.index]) }
      }
    }
    return found
  }

  /// `return [language, change]`: items have no names.
  private func returnedItems(_ facts: FrozenFacts) -> Set<ValueID> {
    var found: Set<ValueID> = []
    for row in facts.declarations.rows {
      for place in row.returns.indices {
        guard case .list(let items) = facts.values[facts.valueLists[place]] else { continue }
        found.formUnion(facts.valueLists[items.indices])
      }
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
