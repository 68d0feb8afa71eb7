import KapinBase
import KapinModel

/// What parameters are: what is handed to a callback, or what all calls of a function pass for them.
extension ValueFollower {
  /// A function that more calls than this pass values to is a tool, not a place where one thing is handed over.
  private static let siteLimit = 40
  /// The same where calls pass an object and only one of its members counts: what is handed around has one meaning.
  private static let memberSiteLimit = 1_000

  func parameter(_ function: SymbolRef, _ index: UInt16, _ ref: ValueRef) -> EntityID {
    sawParameter = true
    if isRest(Int(index), of: function) { return intern(.value(ref)) }
    if let id = function.declaration, let (call, position) = arguments(of: function.module)[id] {
      return intern(.callback(call: CallSite(function.module, call), argument: position, parameter: index))
    }
    return passed(function, index) ?? intern(.value(ref))
  }

  /// The one thing that all calls of a function pass for a parameter.
  private func passed(_ function: SymbolRef, _ index: UInt16) -> EntityID? {
    guard followsParameters, let calls = sites[function], calls.count <= Self.siteLimit else { return nil }
    var found: EntityID?
    var isOpen = false
    for site in calls {
      guard let argument = argument(Int(index), of: site) else { continue }
      let target = follow(argument)
      if isText(target) { return nil }
      guard isReference(target) else {
        isOpen = true
        continue
      }
      if let found, found != target { return nil }
      found = target
    }
    // Of functions, each call may pass another one.
    if isOpen, let found, isFunction(found) { return nil }
    return found
  }

  private func isFunction(_ id: EntityID) -> Bool {
    guard case .declaration(let symbol) = entity(id), let declaration = symbol.declaration else { return false }
    switch graph.modules[symbol.module].facts.declarations[declaration].form {
    case .arrow, .function, .method: return true
    default: return false
    }
  }

  /// Whether a value is a literal, or text made of parts: what differs from call to call.
  private func isText(_ id: EntityID) -> Bool {
    guard case .value(let ref) = entity(id) else { return false }
    let facts = graph.modules[ref.module].facts
    guard case .call(let call) = facts.values[ref.value] else { return isText(ref.value, facts) }
    // `address(path)`
    guard case .declaration(let function) = entity(follow(ValueRef(ref.module, facts.calls[call].callee))),
      let body = function.declaration
    else { return false }
    let inner = graph.modules[function.module].facts
    return inner.declarations[body].returns.indices.contains { isText(inner.valueLists[$0], inner) }
  }

  private func isText(_ value: ValueID, _ facts: FrozenFacts) -> Bool {
    switch facts.values[value] {
    case .text, .concat, .number: return true
    case .either(let range): return facts.valueLists[range.indices].contains { isText($0, facts) }
    default: return false
    }
  }

  /// The one thing that the objects which all calls pass for a parameter have under a name: `{ store }` of
  /// `function load({ store })`.
  func passed(_ wanted: Name, of ref: ValueRef) -> EntityID? {
    guard case .parameter(let owner, let index) = graph.modules[ref.module].facts.values[ref.value] else { return nil }
    let function = SymbolRef(ref.module, owner)
    sawParameter = true
    guard followsParameters, !isRest(Int(index), of: function), let calls = sites[function],
      calls.count <= Self.memberSiteLimit
    else { return nil }
    let key = PassedKey(function: function, index: index, name: wanted)
    if let known = passedMemo[key] { return known }
    // Asked again while it is looked for, nothing is known.
    passedMemo[key] = .some(nil)
    var found: EntityID?
    for site in calls {
      guard let argument = argument(Int(index), of: site) else { continue }
      let target = member(of: follow(argument), wanted)
      guard isReference(target) else { continue }
      if case .member = entity(target) { continue }
      if let found, found != target { return nil }
      found = target
    }
    passedMemo[key] = .some(found)
    return found
  }

  /// `const [router] = args` of `...args`: the parameter at that place. `const [a, b] = await Promise.all([…])`: what stands
  /// there in the list.
  func item(of list: ValueRef, _ by: ValueRef) -> EntityID? {
    guard case .number(let digits) = graph.modules[by.module].facts.values[by.value],
      let position = UInt16(graph.modules[by.module].facts.names[digits]),
      case .value(let target) = entity(follow(list))
    else { return nil }
    if let item = written(position, in: target) { return follow(item) }
    guard case .parameter(let id, let first) = graph.modules[target.module].facts.values[target.value] else {
      return nil
    }
    let function = SymbolRef(target.module, id)
    guard isRest(Int(first), of: function) else { return nil }
    let index = first &+ position
    sawParameter = true
    // As if the function named it: its calls decide, else it is one parameter wherever it is used.
    if let found = passed(function, index) { return found }
    return intern(.parameter(of: function, index))
  }

  /// An item of a list, or of one whose items are awaited together (ECMAScript, "Promise.all").
  private func written(_ position: UInt16, in list: ValueRef) -> ValueRef? {
    let facts = graph.modules[list.module].facts
    switch facts.values[list.value] {
    case .list(let range):
      let items = range.indices.prefix(Int(position) + 1)
      let isPlain = !items.contains { if case .spread = facts.values[facts.valueLists[$0]] { true } else { false } }
      guard isPlain, items.count == Int(position) + 1, let last = items.last else { return nil }
      return ValueRef(list.module, facts.valueLists[last])
    case .call(let call):
      guard case .member(let object, let all) = entity(follow(ValueRef(list.module, facts.calls[call].callee))),
        case .global(let global) = entity(object), graph.names[global] == "Promise", graph.names[all] == "all",
        let together = argument(0, of: CallSite(list.module, call)),
        case .list = graph.modules[together.module].facts.values[together.value]
      else { return nil }
      return written(position, in: together)
    default: return nil
    }
  }

  /// The call and position that each function of a module is an argument of.
  func arguments(of module: ModuleID) -> [DeclarationID: (call: CallID, position: UInt16)] {
    if let known = argumentOf[module.index] { return known }
    var found: [DeclarationID: (call: CallID, position: UInt16)] = [:]
    let facts = graph.modules[module].facts
    for (index, call) in facts.calls.rows.enumerated() {
      for (position, argument) in call.arguments.indices.enumerated() {
        if case .declaration(let id) = facts.values[facts.valueLists[argument]] {
          found[id] = (CallID(index), UInt16(truncatingIfNeeded: position))
        }
      }
    }
    argumentOf[module.index] = found
    return found
  }
}
