import KapinBase
import KapinModel

/// Finds which symbol calls which, and which component renders which; resolved targets only.
enum Relations {
  static func find(in follower: ValueFollower) {
    collectCallSites(follower)
    follower.startFollowingParameters()
    var relations: [CodeRelation] = []
    var external: [ExternalCall] = []
    var open = 0
    var wrapped: Set<SymbolRef> = []
    let tests = BranchTests(follower)
    follower.branches = tests
    for id in follower.graph.modules.ids {
      calls(id, follower, tests, &relations, &external, &open)
      elements(id, follower, tests, &relations, &wrapped)
    }
    follower.graph = follower.graph.with(
      relations: relations, externalCalls: external, callsWithoutTarget: open)
  }

  /// Remembers who calls each function of the project, so that parameters can be followed.
  private static func collectCallSites(_ follower: ValueFollower) {
    for id in follower.graph.modules.ids {
      let facts = follower.graph.modules[id].facts
      for (index, call) in facts.calls.rows.enumerated() {
        let target = follower.follow(ValueRef(id, call.callee))
        // What tests pass to the product's functions is not what the product passes.
        if let function = function(target, follower, isNew: call.flags.contains(.new)),
          !follower.graph.modules[id].isTest || follower.graph.modules[function.module].isTest
        {
          follower.sites[function, default: []].append(CallSite(id, CallID(index)))
        }
      }
    }
  }

  /// The function behind a callee: itself, or a class's constructor.
  private static func function(_ id: EntityID, _ follower: ValueFollower, isNew: Bool) -> SymbolRef? {
    switch follower.entity(id) {
    case .value(let made): return wrapped(made, follower)
    case .member: return follower.method(id)
    default: break
    }
    guard case .declaration(let ref) = follower.entity(id), let declaration = ref.declaration else { return nil }
    let facts = follower.graph.modules[ref.module].facts
    let form = facts.declarations[declaration].form
    if form == .class {
      guard isNew else { return nil }
      for member in follower.members(of: ref.module)[declaration] ?? []
      where facts.declarations[member].form == .constructor {
        return SymbolRef(ref.module, member)
      }
      return nil
    }
    return form == .interface || form == .type || form == .enum ? nil : ref
  }

  private static func calls(
    _ id: ModuleID, _ follower: ValueFollower, _ tests: BranchTests, _ relations: inout [CodeRelation],
    _ external: inout [ExternalCall], _ open: inout Int
  ) {
    let facts = follower.graph.modules[id].facts
    for (index, call) in facts.calls.rows.enumerated() {
      let target = follower.follow(ValueRef(id, call.callee))
      switch follower.entity(target) {
      case .declaration(let ref):
        append(ref, SymbolRef(id, call.function), CallID(index), call, follower, tests, &relations)
        if let inner = kept(by: ref, ValueRef(id, call.callee), follower) {
          relations.append(
            CodeRelation(form: .callsPossibly, from: SymbolRef(id, call.function), to: inner, at: call.range.start))
        }
      case .value(let made):
        // `const load = cache(async () => …)`: whoever calls what a wrapper keeps calls the function.
        if let inner = wrapped(made, follower) {
          relations.append(
            CodeRelation(
              form: .calls, from: SymbolRef(id, call.function), to: inner, at: call.range.start,
              apart: tests.apart(.call(CallID(index)), in: id, of: inner)))
        } else if let inner = given(made, follower) {
          relations.append(
            CodeRelation(form: .callsPossibly, from: SymbolRef(id, call.function), to: inner, at: call.range.start))
        } else {
          open += 1
        }
      case .unknown: open += 1
      case .member, .export, .package:
        if let method = follower.method(target) {
          append(method, SymbolRef(id, call.function), CallID(index), call, follower, tests, &relations)
          break
        }
        guard let (package, path) = externalPath(target, follower, depth: 0) else { break }
        external.append(
          ExternalCall(
            package: package, path: path.joined(separator: "."), site: CallSite(id, CallID(index)),
            from: SymbolRef(id, call.function)))
      default: break
      }
    }
  }

  /// Whoever calls an abstract method calls one of what the classes make of it.
  private static func append(
    _ target: SymbolRef, _ from: SymbolRef, _ id: CallID, _ call: Call, _ follower: ValueFollower,
    _ tests: BranchTests, _ relations: inout [CodeRelation]
  ) {
    let made = follower.implementations(of: target)
    func apart(_ target: SymbolRef) -> [ApartPart] { tests.apart(.call(id), in: from.module, of: target) }
    if made.isEmpty, !follower.isStatedOnly(target) {
      relations.append(CodeRelation(form: .calls, from: from, to: target, at: call.range.start, apart: apart(target)))
    }
    for one in made {
      relations.append(CodeRelation(form: .callsPossibly, from: from, to: one, at: call.range.start, apart: apart(one)))
    }
  }

  /// The function that a package's wrapper keeps, by what the wrapper gives: `cache(async () => …)`,
  /// `keep((name) => …)`.
  static func wrapped(_ made: ValueRef, _ follower: ValueFollower) -> SymbolRef? {
    let facts = follower.graph.modules[made.module].facts
    guard case .call(let call) = facts.values[made.value] else { return nil }
    switch follower.entity(follower.follow(ValueRef(made.module, facts.calls[call].callee))) {
    case .export, .package, .member, .global: break
    default: return nil
    }
    for index in facts.calls[call].arguments.indices {
      if case .declaration(let function) = facts.values[facts.valueLists[index]],
        facts.declarations[function].form != .class
      {
        return SymbolRef(made.module, function)
      }
    }
    return nil
  }

  /// What the function that a maker of the project returned was made of: `keep("name", async () => …)` of `function
  /// keep(name, run) { return () => run(); }`.
  private static func kept(by made: SymbolRef, _ callee: ValueRef, _ follower: ValueFollower) -> SymbolRef? {
    guard let id = made.declaration else { return nil }
    let facts = follower.graph.modules[made.module].facts
    let row = facts.declarations[id]
    guard row.form == .arrow || row.form == .function, let maker = row.parent else { return nil }
    let definition = follower.definition(callee)
    guard case .call(let call) = follower.graph.modules[definition.module].facts.values[definition.value],
      case .declaration(SymbolRef(made.module, maker)) = follower.entity(
        follower.follow(
          ValueRef(definition.module, follower.graph.modules[definition.module].facts.calls[call].callee)))
    else { return nil }
    return given(definition, follower)
  }

  /// The only function that a function of the project was given to make what is called: `cached("name", async () => …)`.
  private static func given(_ made: ValueRef, _ follower: ValueFollower) -> SymbolRef? {
    let facts = follower.graph.modules[made.module].facts
    guard case .call(let call) = facts.values[made.value],
      case .declaration(let maker) = follower.entity(follower.follow(ValueRef(made.module, facts.calls[call].callee))),
      let declaration = maker.declaration,
      follower.graph.modules[maker.module].facts.declarations[declaration].form != .class
    else { return nil }
    let functions = facts.calls[call].arguments.indices.compactMap { index -> SymbolRef? in
      guard
        case .declaration(let target) = follower.entity(follower.follow(ValueRef(made.module, facts.valueLists[index]))),
        let id = target.declaration
      else { return nil }
      switch follower.graph.modules[target.module].facts.declarations[id].form {
      case .function, .arrow: return target
      default: return nil
      }
    }
    return functions.count == 1 ? functions[0] : nil
  }

  /// The package at the root of a member chain, through calls and constructions, and the names from there on.
  private static func externalPath(_ id: EntityID, _ follower: ValueFollower, depth: Int) -> (String, [String])? {
    guard depth < 12 else { return nil }
    switch follower.entity(id) {
    case .package(let name): return (packageName(follower.graph.names[name]), [])
    case .export(let package, let name):
      return (packageName(follower.graph.names[package]), [follower.graph.names[name]])
    case .member(let object, let name):
      guard let (package, path) = externalPath(object, follower, depth: depth + 1) else { return nil }
      return (package, path + [follower.graph.names[name]])
    case .value(let ref):
      let facts = follower.graph.modules[ref.module].facts
      if case .either(let range) = facts.values[ref.value] {
        for index in range.indices {
          let branch = follower.follow(ValueRef(ref.module, facts.valueLists[index]))
          if branch != id, let found = externalPath(branch, follower, depth: depth + 1) { return found }
        }
        return nil
      }
      guard let callee = follower.callee(of: ref) else { return nil }
      if case .declaration(let function) = follower.entity(callee), let body = function.declaration {
        // A function that chooses among several clients: the first that comes from a package says what it is.
        let inner = follower.graph.modules[function.module].facts
        for index in inner.declarations[body].returns.indices.prefix(8) {
          let result = follower.follow(ValueRef(function.module, inner.valueLists[index]))
          if result != id, let found = externalPath(result, follower, depth: depth + 1) { return found }
        }
        return nil
      }
      guard let (package, _) = externalPath(callee, follower, depth: depth + 1)
      else { return nil }
      // What comes out of a constructor or factory starts a path of its own.
      return (package, [])
    default: return nil
    }
  }

  private static func packageName(_ specifier: String) -> String { Specifiers.split(specifier).name }

  /// What a tag shows. A variable that holds what a call gives (`memo(X)`, `styled(X)`, `lazy(() => import("./X"))`) is
  /// shown itself, and shows what the call wraps.
  private static func rendered(
    _ tag: ValueRef, _ definition: ValueRef, _ follower: ValueFollower, _ wrapped: inout Set<SymbolRef>,
    _ relations: inout [CodeRelation]
  ) -> SymbolRef? {
    let facts = follower.graph.modules[definition.module].facts
    guard case .call(let call) = facts.values[definition.value],
      let owner = follower.variable(holding: definition)
    else {
      // A constant that stands for what a package exports: `const Dialog = DialogPrimitive.Root`.
      return component(follower.follow(tag), follower)
        ?? constant(tag, definition, follower).map { SymbolRef(definition.module, $0) }
    }
    let symbol = SymbolRef(definition.module, owner)
    if wrapped.insert(symbol).inserted, let inner = inside(call, definition.module, follower, depth: 0),
      inner != symbol, !isInside(inner, symbol, facts)
    {
      relations.append(
        CodeRelation(form: .renders, from: symbol, to: inner, at: facts.declarations[owner].nameAt))
    }
    return symbol
  }

  private static func constant(_ tag: ValueRef, _ definition: ValueRef, _ follower: ValueFollower) -> DeclarationID? {
    switch follower.entity(follower.follow(tag)) {
    case .export, .member: follower.variable(holding: definition)
    default: nil
    }
  }

  /// A function that is written where it is wrapped is no component of its own.
  private static func isInside(_ inner: SymbolRef, _ outer: SymbolRef, _ facts: FrozenFacts) -> Bool {
    guard inner.module == outer.module, let a = inner.declaration, let b = outer.declaration else { return false }
    return facts.declarations[b].range.start <= facts.declarations[a].range.start
      && facts.declarations[a].range.end <= facts.declarations[b].range.end
  }

  /// The component that a call wraps: an argument, or the module that a function among the arguments loads.
  private static func inside(
    _ call: CallID, _ module: ModuleID, _ follower: ValueFollower, depth: Int
  ) -> SymbolRef? {
    guard depth < 4 else { return nil }
    let facts = follower.graph.modules[module].facts
    for index in facts.calls[call].arguments.indices {
      let argument = follower.definition(ValueRef(module, facts.valueLists[index]))
      let own = follower.graph.modules[argument.module].facts
      switch own.values[argument.value] {
      case .call(let nested):
        if let found = inside(nested, argument.module, follower, depth: depth + 1) { return found }
      case .declaration(let id):
        let symbol = SymbolRef(argument.module, id)
        if let result = follower.result(of: symbol) {
          switch follower.entity(result) {
          case .namespace(let loaded):
            guard let exported = follower.exported(follower.defaultName, loaded) else { continue }
            return component(exported, follower)
          case .declaration(let chosen) where own.declarations[id].parameters.isEmpty: return chosen
          default: break
          }
        }
        if own.declarations[id].isNamed { return symbol }
      default: break
      }
    }
    // `styled(Button)` and then a template: the wrapped component is an argument of the called call.
    if case .call(let inner) = facts.values[facts.calls[call].callee] {
      return inside(inner, module, follower, depth: depth + 1)
    }
    return nil
  }

  private static func elements(
    _ id: ModuleID, _ follower: ValueFollower, _ tests: BranchTests, _ relations: inout [CodeRelation],
    _ wrapped: inout Set<SymbolRef>
  ) {
    let facts = follower.graph.modules[id].facts
    for (index, element) in facts.elements.rows.enumerated() {
      let from = SymbolRef(id, renderer(element.function, facts))
      if element.tag != ValueID(UInt32(0)) {
        for (tag, definition) in choices(ValueRef(id, element.tag), follower) {
          guard let target = rendered(tag, definition, follower, &wrapped, &relations) else { continue }
          relations.append(
            CodeRelation(
              form: .renders, from: from, to: target, at: element.range.start,
              apart: tests.apart(.element(ElementID(index)), in: id, of: target)))
        }
      }
      for index in element.attributes.indices {
        let attribute = facts.attributes[index]
        let name = facts.names[attribute.name]
        guard isHandler(name) || name == "action" || name == "formAction" else { continue }
        if let target = handler(ValueRef(id, attribute.value), follower), let declaration = target.declaration,
          follower.graph.modules[target.module].facts.declarations[declaration].isNamed
        {
          relations.append(
            CodeRelation(form: .triggers(event: attribute.name), from: from, to: target, at: attribute.at))
        }
      }
    }
  }

  /// The function whose markup it is: what a component keeps (`useMemo(() => <Row />)`) is the component's own, unless it is
  /// named as a component is.
  private static func renderer(_ function: DeclarationID?, _ facts: FrozenFacts) -> DeclarationID? {
    var current = function
    while let id = current {
      let row = facts.declarations[id]
      let first = facts.names[row.name].utf8.first ?? 0
      guard row.flags.contains(.kept), !(first >= 65 && first <= 90) else { break }
      current = row.parent
    }
    // A function with a name of its own inside a wrapper is what the variable holds: `const Card = memo(function Card_() {})`.
    if let id = current, facts.declarations[id].form == .function, let holder = facts.declarations[id].parent,
      facts.declarations[holder].form == .variable, let value = facts.declarations[holder].value,
      case .call = facts.values[value]
    {
      return holder
    }
    return current
  }

  /// What a tag may be, and where it is written: `const Field = isLong ? TextArea : Input`.
  private static func choices(_ tag: ValueRef, _ follower: ValueFollower) -> [(tag: ValueRef, definition: ValueRef)] {
    let definition = follower.definition(tag)
    let facts = follower.graph.modules[definition.module].facts
    guard case .either(let range) = facts.values[definition.value] else { return [(tag, definition)] }
    return range.indices.map {
      let choice = ValueRef(definition.module, facts.valueLists[$0])
      return (choice, follower.definition(choice))
    }
  }

  /// The function that a control calls: itself, or what a call keeps of it (`keep(() => …)`).
  private static func handler(_ ref: ValueRef, _ follower: ValueFollower) -> SymbolRef? {
    switch follower.entity(follower.follow(ref)) {
    case .declaration(let target): return target
    case .value(let made):
      let facts = follower.graph.modules[made.module].facts
      guard case .call(let call) = facts.values[made.value], let first = facts.calls[call].arguments.indices.first,
        case .declaration(let inner) = facts.values[facts.valueLists[first]]
      else { return nil }
      return SymbolRef(made.module, inner)
    default: return nil
    }
  }

  /// `onClick`, `onSubmit`: the convention of JSX event attributes.
  private static func isHandler(_ name: String) -> Bool {
    let bytes = Array(name.utf8.prefix(3))
    return bytes.count > 2 && bytes[0] == 111 && bytes[1] == 110 && bytes[2] >= 65 && bytes[2] <= 90
  }

  /// The component behind a tag; wrappers (`memo(X)`, `styled(X)`) lead to what they wrap when that is a declaration.
  private static func component(_ id: EntityID, _ follower: ValueFollower, depth: Int = 0) -> SymbolRef? {
    switch follower.entity(id) {
    case .declaration(let ref): return ref
    case .member(let object, _):
      // `<Theme.Provider>`: the context, or whatever a call made that has the component.
      guard case .value(let ref) = follower.entity(object) else { return nil }
      let facts = follower.graph.modules[ref.module].facts
      guard case .call = facts.values[ref.value] else { return nil }
      return follower.variable(holding: ref).map { SymbolRef(ref.module, $0) }
    case .value(let ref) where depth < 4:
      let facts = follower.graph.modules[ref.module].facts
      guard case .call(let call) = facts.values[ref.value] else { return nil }
      if let owner = follower.variable(holding: ref) { return SymbolRef(ref.module, owner) }
      for argument in facts.calls[call].arguments.indices {
        if let found = component(
          follower.follow(ValueRef(ref.module, facts.valueLists[argument])), follower, depth: depth + 1)
        {
          return found
        }
      }
      return nil
    default: return nil
    }
  }

}
