import KapinBase
import KapinModel

/// What values may be when branches disagree: the same for all rules, so it is worked out once.
final class ValueAlternatives {
  private enum State { case unknown, none, some }
  private var states: [State] = []
  private var found: [Int: [EntityID]] = [:]

  func known(_ id: EntityID) -> (isKnown: Bool, alternatives: [EntityID]?) {
    guard id.index < states.count else { return (false, nil) }
    switch states[id.index] {
    case .unknown: return (false, nil)
    case .none: return (true, nil)
    case .some: return (true, found[id.index])
    }
  }

  func keep(_ alternatives: [EntityID]?, of id: EntityID) {
    if id.index >= states.count {
      states.append(contentsOf: repeatElement(.unknown, count: id.index + 1_024 - states.count))
    }
    states[id.index] = alternatives == nil ? .none : .some
    found[id.index] = alternatives
  }
}

/// Decides whether followed values are what a rule's patterns say; answers are remembered per rule.
final class PatternMatcher {
  private let follower: any ValueFollowing
  private let graph: CodeGraph
  private let values: [String: ValuePattern]
  /// For each named value, what is known of each entity: 0 nothing, 1 no match, 2 a match.
  private var memo: [[UInt8]]
  private let slots: [String: Int]
  /// Parameters of functions that routers are handed to.
  private var mounted: Set<EntityID> = []
  private let shared: ValueAlternatives
  private let types: TypeNames

  init(
    _ follower: any ValueFollowing, _ values: [String: ValuePattern], _ shared: ValueAlternatives, _ types: TypeNames
  ) {
    self.follower = follower
    self.shared = shared
    self.types = types
    graph = follower.graph
    self.values = values
    slots = Dictionary(uniqueKeysWithValues: values.keys.sortedByBytes().enumerated().map { ($0.element, $0.offset) })
    memo = Array(repeating: [], count: values.count)
  }

  /// A router is handed to this parameter; whether that was new.
  func addMounted(_ id: EntityID) -> Bool { mounted.insert(id).inserted }

  /// Forgets answers that rest on what was not known to be mounted.
  func forget() { memo = Array(repeating: [], count: values.count) }

  func matches(_ pattern: ValuePattern, _ id: EntityID) -> Bool {
    if case .inherited(let inner, _) = follower.entity(id) { return matches(pattern, inner) }
    let known = shared.known(id)
    var alternatives = known.alternatives
    if !known.isKnown {
      alternatives = self.alternatives(id)
      shared.keep(alternatives, of: id)
    }
    guard let alternatives else { return matchesOne(pattern, id) }
    return alternatives.contains { matchesOne(pattern, $0) }
  }

  /// What a value may be when branches disagree: `a ? b : c`.
  private func alternatives(_ id: EntityID) -> [EntityID]? {
    if let (element, items) = follower.loop(id) {
      return [id] + items.map { follower.inLoop(id, element, $0) }.filter { $0 != id }
    }
    guard case .value(let ref) = follower.entity(id) else { return nil }
    let facts = graph.modules[ref.module].facts
    switch facts.values[ref.value] {
    case .parameter(let function, let index):
      // What the function's calls pass, when they differ.
      let sites = follower.callSites(of: SymbolRef(ref.module, function))
      guard !sites.isEmpty, sites.count <= 64 else { return nil }
      return [id]
        + sites.compactMap { site in
          follower.argument(Int(index), of: site).map { follower.follow($0) }
        }.filter { $0 != id }
    case .either(let range):
      return range.indices.map { follower.follow(ValueRef(ref.module, facts.valueLists[$0])) }.filter { $0 != id }
    case .call:
      // A function that returns one of several things.
      guard let callee = follower.callee(of: ref), case .declaration(let function) = follower.entity(callee),
        let declaration = function.declaration
      else { return nil }
      let body = graph.modules[function.module].facts
      let returns = body.valueLists[body.declarations[declaration].returns.indices]
      guard returns.count <= 8 else { return nil }
      let results = returns.flatMap { value -> [ValueID] in
        // `return tx ?? client;`
        guard case .either(let range) = body.values[value] else { return [value] }
        return Array(body.valueLists[range.indices])
      }
      // The one thing that always comes back, the call itself came to.
      guard results.count > 1 else { return nil }
      return [id] + results.map { follower.follow(ValueRef(function.module, $0)) }.filter { $0 != id }
    default: return nil
    }
  }

  private func matchesOne(_ pattern: ValuePattern, _ id: EntityID) -> Bool {
    switch pattern {
    case .any(let all): return all.contains { matches($0, id) }
    case .named(let name):
      guard let slot = slots[name], let inner = values[name] else { return false }
      if id.index >= memo[slot].count {
        memo[slot].append(contentsOf: repeatElement(0, count: id.index + 1_024 - memo[slot].count))
      }
      if memo[slot][id.index] != 0 { return memo[slot][id.index] == 2 }
      // A value that is defined by itself ("a call on itself") starts as no match.
      memo[slot][id.index] = 1
      let answer = matches(inner, id)
      memo[slot][id.index] = answer ? 2 : 1
      return answer
    case .export(let package, let name): return isExport(id, package, name)
    case .global(let name):
      guard case .global(let global) = follower.entity(id) else { return false }
      return graph.names[global] == name
    case .call(let callee): return isCall(id, callee, isNew: false)
    case .new(let callee): return isCall(id, callee, isNew: true)
    case .member(let names, let owner):
      guard case .member(let object, let name) = follower.entity(id) else { return false }
      return (names.isEmpty || names.contains(graph.names[name])) && matches(owner, object)
    case .callback(let callPattern, let argument, let parameter):
      guard case .callback(let call, let position, let index) = follower.entity(id) else { return false }
      guard Int(position) == argument, Int(index) == parameter else { return false }
      let callee = follower.follow(ValueRef(call.module, graph.modules[call.module].facts.calls[call.call].callee))
      if case .call(let inner) = callPattern { return matches(inner, callee) }
      return matches(callPattern, callee)
    case .typed(let names): return isTyped(id, names)
    case .anything: return true
    case .called(let names): return name(of: id).map { names.contains($0) } ?? false
    case .memberParameter(let member, let beside, let parameter):
      return isMemberParameter(id, member, beside, parameter)
    case .function(let names):
      guard case .declaration(let ref) = follower.entity(id), let function = ref.declaration else { return false }
      let facts = graph.modules[ref.module].facts
      switch facts.declarations[function].form {
      case .function, .arrow, .method:
        return names.isEmpty || names.contains(facts.names[facts.declarations[function].name])
      default: return false
      }
    case .mounted: return !mounted.isEmpty && mounted.contains(follower.router(id))
    }
  }

  /// The name of a parameter or member that nothing further is known of.
  private func name(of id: EntityID) -> String? {
    switch follower.entity(follower.router(id)) {
    case .member(_, let name), .global(let name): return graph.names[name]
    case .parameter(let function, let index):
      guard let declaration = function.declaration else { return nil }
      let facts = graph.modules[function.module].facts
      let range = facts.declarations[declaration].parameters
      return Int(index) < range.count ? facts.names[facts.parameters[Int(range.start) + Int(index)].name] : nil
    default: return nil
    }
  }

  private func isCall(_ id: EntityID, _ pattern: ValuePattern, isNew: Bool) -> Bool {
    guard case .value(let ref) = follower.entity(id) else { return false }
    switch graph.modules[ref.module].facts.values[ref.value] {
    case .call: if isNew { return false }
    case .new: if !isNew { return false }
    default: return false
    }
    guard let callee = follower.callee(of: ref) else { return false }
    return matches(pattern, callee) || (isNew && extends(callee, pattern))
  }

  /// Whether a class of the project extends what the pattern says, itself or through others.
  private func extends(_ type: EntityID, _ pattern: ValuePattern) -> Bool {
    var current = type
    for _ in 0..<8 {
      guard case .declaration(let symbol) = follower.entity(current), let id = symbol.declaration,
        let heritage = graph.modules[symbol.module].facts.declarations[id].heritage
      else { return false }
      current = follower.follow(ValueRef(symbol.module, heritage))
      if matches(pattern, current) { return true }
    }
    return false
  }

  /// An export of a package, also through its default export or namespace (CommonJS interoperation).
  private func isExport(_ id: EntityID, _ package: String, _ name: String) -> Bool {
    func isPackage(_ specifier: Name) -> Bool { package == "*" || graph.names[specifier] == package }
    switch follower.entity(id) {
    case .export(let specifier, let exported):
      return isPackage(specifier) && graph.names[exported] == name
    case .package(let specifier): return name == "default" && isPackage(specifier)
    case .member(let object, let member):
      guard graph.names[member] == name else { return false }
      return (alternatives(object) ?? [object]).contains { owner in
        switch follower.entity(owner) {
        case .export(let specifier, let exported):
          return isPackage(specifier) && graph.names[exported] == "default"
        case .package(let specifier): return isPackage(specifier)
        default: return false
        }
      }
    default: return false
    }
  }

  private func isTyped(_ id: EntityID, _ names: [String]) -> Bool {
    guard let (type, module) = statedType(of: id) else { return false }
    return types.has(names, type, in: module)
  }

  /// The type that code states for a value, and the module that says it.
  private func statedType(of id: EntityID) -> (type: String, module: ModuleID)? {
    switch follower.entity(id) {
    case .value(let ref):
      let facts = graph.modules[ref.module].facts
      if case .call = facts.values[ref.value] { return resultType(of: ref) }
      guard case .parameter(let function, let index) = facts.values[ref.value] else { return nil }
      return follower.parameterType(Int(index), of: SymbolRef(ref.module, function)).map { ($0, ref.module) }
    case .callback(let call, let argument, let parameter):
      guard let given = follower.argument(Int(argument), of: call),
        case .declaration(let function) = graph.modules[call.module].facts.values[given.value]
      else { return nil }
      return follower.parameterType(Int(parameter), of: SymbolRef(call.module, function)).map { ($0, call.module) }
    case .member(let object, let name):
      guard case .instance(let owner) = follower.entity(object), let id = owner.declaration else { return nil }
      let module = graph.modules[owner.module]
      let field = module.facts.declarations.first { field in
        field.parent == id && field.form == .field && field.type != nil && module.names[field.name.index] == name
      }
      return field?.type.map { (module.facts.names[$0], owner.module) }
    case .declaration(let getter):
      guard let id = getter.declaration else { return nil }
      let facts = graph.modules[getter.module].facts
      let row = facts.declarations[id]
      return row.form == .getter ? row.type.map { (facts.names[$0], getter.module) } : nil
    default: return nil
    }
  }

  /// The stated type of what a function or method of the project gives.
  private func resultType(of call: ValueRef) -> (type: String, module: ModuleID)? {
    guard let callee = follower.callee(of: call) else { return nil }
    var function = follower.method(callee)
    if case .declaration(let own) = follower.entity(callee) { function = own }
    guard let function, let id = function.declaration else { return nil }
    let facts = graph.modules[function.module].facts
    return facts.declarations[id].type.map { (facts.names[$0], function.module) }
  }

  /// The parameter of `{ name: "x", register(server) {} }`.
  private func isMemberParameter(_ id: EntityID, _ member: String, _ beside: [String], _ parameter: Int) -> Bool {
    guard case .parameter(let function, let index) = follower.entity(follower.router(id)), Int(index) == parameter,
      let declaration = function.declaration
    else { return false }
    let facts = graph.modules[function.module].facts
    guard facts.names[facts.declarations[declaration].name] == member else { return false }
    guard
      let position = facts.properties.firstIndex(where: { property in
        if case .declaration(let own) = facts.values[property.value] { own == declaration } else { false }
      })
    else { return false }
    return facts.values.rows.contains { value in
      guard case .object(let range) = value, range.indices.contains(position) else { return false }
      let names = facts.properties[range.indices].map { facts.names[$0.name] }
      return beside.allSatisfy { names.contains($0) }
    }
  }
}
