import KapinBase
import KapinModel

/// One clause of a rule tried on one call.
final class Clause {
  let finder: Finder
  var rule: FinderRule { _read { yield finder.program.finders[ref.rule] } }
  let matcher: PatternMatcher
  let ref: Finder.ClauseRef
  let trace: ((String) -> Void)?
  var number = 0
  /// For functions whose calls are read one by one: the call that gives their parameters now.
  var bindings: [SymbolRef: CallSite] = [:]
  /// Which of several modules an import with an unknown part stands for now.
  var chosen: Int?
  /// The call that states what is found, when it is not the one that registers it.
  var stated: CallSite?

  init(
    finder: Finder, matcher: PatternMatcher, ref: Finder.ClauseRef, trace: ((String) -> Void)?
  ) {
    self.finder = finder
    self.matcher = matcher
    self.ref = ref
    self.trace = trace
  }

  var follower: any ValueFollowing { finder.follower }
  func facts(_ site: CallSite) -> FrozenFacts { finder.graph.modules[site.module].facts }

  func say(_ what: @autoclosure () -> String) { trace?("clause \(number): \(what())") }

  /// The item that stands for a loop's variable now.
  private(set) var loop: (element: EntityID, item: ValueRef)?

  func run(_ emit: Emit, _ site: CallSite) {
    switch emit {
    case .mount, .callRoute:
      guard let (element, items) = finder.loop(at: site, loopAround) else { return runOnce(emit, site) }
      for item in items {
        loop = (element, item)
        runOnce(emit, site)
      }
      loop = nil
    default: runOnce(emit, site)
    }
  }

  /// The list whose items a call gets one by one: as its receiver, its arguments, or members of them.
  private func loopAround(_ site: CallSite) -> (element: EntityID, items: [ValueRef])? {
    let facts = facts(site)
    let call = facts.calls[site.call]
    for index in call.arguments.indices {
      var values = [facts.valueLists[index]]
      if case .concat(let parts) = facts.values[values[0]] { values = Array(facts.valueLists[parts.indices]) }
      for value in values {
        if let found = loop(over: value, site.module) { return found }
      }
    }
    return nil
  }

  private func loop(over value: ValueID, _ module: ModuleID) -> (element: EntityID, items: [ValueRef])? {
    let facts = finder.graph.modules[module].facts
    var value = value
    // `router.routes()`
    for _ in 0..<4 {
      if case .call(let inner) = facts.values[value] { value = facts.calls[inner].callee }
      if case .member(let object, _) = facts.values[value] { value = object }
    }
    switch facts.values[value] {
    case .local, .index, .parameter: return follower.loop(follower.follow(ValueRef(module, value)))
    default: return nil
    }
  }

  /// With the loop's item in the place of its variable.
  func current(_ id: EntityID) -> EntityID {
    loop.map { follower.inLoop(id, $0.element, $0.item) } ?? id
  }

  private func runOnce(_ emit: Emit, _ site: CallSite) {
    switch emit {
    case .callRoute(let route): self.route(route, site)
    case .mount(let clause): mount(clause, site)
    case .expand(let clause): expand(clause, site)
    case .base(let clause): base(clause, site)
    case .guardian(let guardian): self.guardian(guardian, site)
    case .table(let table): tableRoot(table, site)
    case .entries(let entries): self.entries(entries, site)
    case .modules(let tree): modules(tree, site)
    case .mark(let call, let form):
      guard matches(call, site) else { return }
      finder.add(.mark(FoundMark(form: form, from: from(site))))
    case .components(.call(let call, let name, let component)):
      guard matches(call, site), let name = text(of: name, .call(site)),
        let found = select(component, .call(site)).first.flatMap({ unit($0) })
      else { return }
      finder.add(named(name, found, site.module))
    case .schemaText(let call, let text, let language):
      guard matches(call, site), let ref = select(text, .call(site)).first else { return }
      finder.add(
        .schemaText(
          FoundSchemaText(
            language: language, text: follower.fold(ref).joined(hole: " "), module: site.module,
            place: origin(site, .exact).place)))
    case .model(let model): self.model(model, site)
    case .change(let change): self.change(change, site)
    case .access(let access): self.access(access, site)
    case .relation(let relation): self.relation(relation, site)
    case .runs(let runs): self.runs(runs, site)
    case .query(let call, let text, let runs):
      if runs.isEmpty { query(call, text, site, at: site) } else { prepared(call, text, runs, site) }
    case .request(let request): self.request(request, site)
    case .proxy(let proxy): self.proxy(proxy, site)
    case .document(let call, let document): self.document(call, document, site)
    case .event(let event): self.event(event, site)
    default: break
    }
  }

  // MARK: Which call

  func matches(_ pattern: CallPattern, _ site: CallSite) -> Bool {
    let facts = facts(site)
    let call = facts.calls[site.call]
    guard call.arguments.count >= pattern.minimumArguments else {
      say("the call has fewer than \(pattern.minimumArguments) arguments")
      return false
    }
    if let direct = pattern.call {
      if matcher.matches(direct, follower.follow(ValueRef(site.module, call.callee))) { return true }
      if pattern.on == nil {
        say(
          "the called value is \(describe(follower.follow(ValueRef(site.module, call.callee)))), not what the clause wants"
        )
        return false
      }
    }
    guard let on = pattern.on else { return false }
    // `router[method](path, handler)`: the method is a value.
    if case .index(let object, _) = facts.values[call.callee], !pattern.methods.isEmpty {
      return matcher.matches(on, follower.follow(ValueRef(site.module, object)))
    }
    guard case .member(let object, let name) = facts.values[call.callee] else {
      say("the call is not of a member")
      return false
    }
    let method = facts.names[name]
    guard pattern.methods.isEmpty || pattern.methods.contains(method) else {
      say("the method `\(method)` is not among those of the clause")
      return false
    }
    let owner = follower.follow(ValueRef(site.module, object))
    guard matcher.matches(on, owner) else {
      say("the value that `.\(method)` is called on is \(describe(owner)), not what the clause wants")
      return false
    }
    say("matches")
    return true
  }

  func describe(_ id: EntityID) -> String {
    let graph = finder.graph
    switch follower.entity(id) {
    case .unknown: return "unknown"
    case .value(let ref):
      let place = graph.place(ref.module, graph.modules[ref.module].facts.valueStarts[ref.value.index])
      switch graph.modules[ref.module].facts.values[ref.value] {
      case .call, .new:
        return "the result of the call at \(place)\(follower.callee(of: ref).map { " of \(describe($0))" } ?? "")"
      default: return "the value at \(place)"
      }
    case .declaration(let ref), .instance(let ref):
      let facts = graph.modules[ref.module].facts
      let name = ref.declaration.map { facts.names[facts.declarations[$0].name] } ?? "module"
      return "`\(name)` of \(graph.modules[ref.module].path)"
    case .namespace(let module): return "the module \(graph.modules[module].path)"
    case .package(let name): return "the package `\(graph.names[name])`"
    case .export(let package, let name): return "`\(graph.names[name])` of `\(graph.names[package])`"
    case .global(let name): return "the global `\(graph.names[name])`"
    case .member(let object, let name): return "`.\(graph.names[name])` of \(describe(object))"
    case .inherited(let inner, let type):
      return "\(describe(inner)), as \(describe(follower.intern(.declaration(type)))) has it"
    case .callback, .parameter: return "a parameter of a callback"
    }
  }

  func origin(_ registered: CallSite, _ confidence: Confidence) -> Origin {
    let site = stated ?? registered
    let facts = facts(site)
    let call = facts.calls[site.call]
    let range = call.range
    var start = range.start
    // In a chain, the call's own line is that of its arguments.
    if case .member(let object, _) = facts.values[call.callee], case .call = facts.values[object],
      let first = call.arguments.indices.first
    {
      start = facts.valueStarts[facts.valueLists[first].index]
    }
    return Origin(
      place: finder.graph.place(site.module, start), end: facts.lines.position(range.end),
      rule: rule.info.id, confidence: confidence)
  }

  func from(_ site: CallSite) -> SymbolRef {
    SymbolRef(site.module, facts(site).calls[site.call].function)
  }
}
