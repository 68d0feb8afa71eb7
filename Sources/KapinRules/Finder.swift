import KapinBase
package import KapinModel

/// Runs the finder rules over all modules.
///
/// All rules share one table from a call's last name to the clauses that want it, so that many rules cost little more
/// than one.
package final class Finder {
  let follower: any ValueFollowing
  /// The follower's graph: kept here, because asking a protocol for it copies it.
  let graph: CodeGraph
  let program: RuleProgram
  private(set) var findings: [Finding] = []
  private(set) var matchers: [PatternMatcher] = []
  let types: TypeNames
  private lazy var clauses = ClauseTable(program, graph.names, used: used) {
    if case .model = $0 { false } else { true }
  }
  var fileSettings: [SettingsKey: FileSettings] = [:]
  var clientSuffixes: [ClientKey: String?] = [:]
  /// How the columns of a model clause are named, where the code sets it.
  var casings: [ClauseRef: [NameStyle]?] = [:]

  struct ClientKey: Hashable {
    var rule: String
    var entity: EntityID
  }
  private(set) var active: [[Bool]] = []
  private(set) var own: [[Bool]] = []
  /// By rule, whether it counts in any module: of a thousand rules, most are about other products.
  private(set) var used: [Bool] = []
  private var instances: [Instance] = []
  private var lastLoop: (site: CallSite, loop: (element: EntityID, items: [ValueRef])?)?
  private var known: Set<Instance> = []

  struct ClauseRef: Hashable {
    var rule: Int
    var emit: Int
  }

  // Models come first: what reads and writes them is told by them.
  var foundModels: [FoundModel] = []
  /// The rule whose model a value is.
  var modelRule: [EntityID: Int] = [:]
  var modelNameMemo: [Int: Set<String>] = [:]
  var modelMembers = ModelMembers()
  var later: [ModuleID: LaterParts] = [:]

  /// A registration inside a function that is read once for each call of it.
  struct Instance: Hashable {
    var clause: ClauseRef
    var site: CallSite
    /// The function whose calls come next.
    var function: SymbolRef
    /// The calls that give the parameters of the functions further in.
    var bindings: [SymbolRef: CallSite]
  }

  /// Route lists, and objects of routes, that are read when all modules were looked at.
  private(set) lazy var tables = RouteTables(self)
  var entryRoots: [Clause.EntryRoot] = []
  /// Objects of handlers by the contract that they fulfil.
  var implementations: [ValueRef: [ValueRef]] = [:]
  /// Statements that are prepared somewhere, and those of them that are known to be run.
  var prepared: [(site: CallSite, query: FoundQuery)] = []
  var ran: Set<CallSite> = []
  /// What calls of schema libraries look like, with the rule that says so.
  private(set) lazy var shapes: [(clause: Clause, shape: ShapeClause)] = program.finders.indices.flatMap { rule in
    program.finders[rule].emits.enumerated().compactMap { position, emit in
      guard case .shape(let shape) = emit else { return nil }
      return (clause(ClauseRef(rule: rule, emit: position)), shape)
    }
  }
  var objectsByMember: [String: [ValueRef]] = [:]
  var assignedByMember: [String: [ValueRef]] = [:]
  /// Set when a parameter became a router, so that mounts are looked for again.
  var foundMounted = false
  private var valuesOfCalls: [ModuleID: [CallID: ValueID]] = [:]
  private var nextCalls: [ModuleID: NextCalls] = [:]
  /// For each rule, the methods whose result is a router of its own.
  private var makers: [Set<String>] = []

  private let configs: [ConfigFile]
  /// The text of a file of the project that is no module: markup beside a class.
  let readText: (String) -> String?
  let stop: () -> Bool

  /// - Parameter stop: asked before each module; what was found until then counts.
  package init(
    _ follower: any ValueFollowing, _ program: RuleProgram, configs: [ConfigFile] = [],
    readText: @escaping (String) -> String? = { _ in nil },
    stop: @escaping () -> Bool = { false }
  ) {
    self.stop = stop
    self.configs = configs
    self.readText = readText
    self.follower = follower
    graph = follower.graph
    self.program = program
    let shared = ValueAlternatives(), types = TypeNames(follower)
    self.types = types
    matchers = program.finders.map { PatternMatcher(follower, $0.values, shared, types) }
    let activation = RuleActivation(graph, program.finders.map(\.when))
    active = activation.table()
    own = activation.own()
    used = program.finders.indices.map { rule in active.contains { $0[rule] } }
    makers = program.finders.map { rule in
      Set(
        rule.emits.flatMap { emit -> [String] in
          if case .mount(let clause) = emit, clause.target.isResult { return clause.call.methods }
          return []
        })
    }
  }

  package func run() -> [Finding] {
    findMounted()
    findModels()
    findMemberCalls()
    let modules = graph.modules.ids
    for module in modules where !stop() {
      let path = innerPath(module)
      for index in perModule where active[module.index][index] {
        let rule = program.finders[index]
        if let path, own[graph.modules[module].package.index][index] { files(module, path, rule) }
        links(module, rule, matchers[index])
        clients(module, rule, matchers[index])
        if !graph.modules[module].isTest { declared(module, index) }
      }
      calls(module, clauses)
    }
    var nested: Set<ValueRef> = []
    for root in entryRoots {
      // Where nested routers are mounted, each is read by itself.
      if case .entries(let entries) = program.finders[root.clause.rule].emits[root.clause.emit], entries.router == nil {
        clause(root.clause).nested(root.object, into: &nested)
      }
    }
    for root in entryRoots where !(root.whole.map(nested.contains) ?? false) {
      if case .entries(let entries) = program.finders[root.clause.rule].emits[root.clause.emit] {
        clause(root.clause).read(root, entries)
      }
    }
    for (site, query) in prepared where !ran.contains(site) { add(.query(query)) }
    tables.run()
    configRoutes(configs)
    var next = 0
    while next < instances.count {
      let instance = instances[next]
      next += 1
      expand(instance)
    }
    return findings
  }

  /// The rules that look at more than calls.
  private lazy var perModule: [Int] = program.finders.indices.filter { index in
    guard used[index] else { return false }
    return program.finders[index].capture != nil
      || program.finders[index].emits.contains { emit in
        switch emit {
        case .fileRoute, .directiveRoute, .fileGuard, .link, .controller, .elementRoute, .baseElement, .table,
          .resolvers, .components, .relation:
          true
        default: false
        }
      }
  }

  /// Clauses about decorators, elements and annotated values of a module.
  private func declared(_ module: ModuleID, _ index: Int) {
    for (position, emit) in program.finders[index].emits.enumerated() {
      let ref = ClauseRef(rule: index, emit: position)
      switch emit {
      case .controller(let controller): clause(ref).controllers(controller, module)
      case .elementRoute(let route): clause(ref).elements(route, module)
      case .baseElement(let element, let attribute): clause(ref).base(element, attribute, module)
      case .table(let table): clause(ref).typedTables(table, module)
      case .resolvers(let roots): clause(ref).resolvers(roots, module)
      case .relation(let relation): clause(ref).relations(relation, module)
      case .components(let names): clause(ref).components(names, module)
      default: break
      }
    }
  }

  /// Functions that routers are handed to may hand them on: looked for until nothing new is found.
  private func findMounted() {
    let wanted = ClauseTable(program, graph.names, used: used) { emit in
      switch emit {
      case .mount(let clause): clause.target.parameter != nil
      case .expand: true
      default: false
      }
    }
    guard !wanted.isEmpty else { return }
    let wantsAny = !wanted.open.isEmpty
    let candidates = graph.modules.ids.filter { id in
      let module = self.graph.modules[id]
      return wantsAny
        || module.facts.calls.contains { call in
          guard case .member(_, let name) = module.facts.values[call.callee] else { return false }
          return !wanted.byName[module.names[name.index].index].isEmpty
        }
    }
    for _ in 0..<20 where !stop() {
      foundMounted = false
      for module in candidates { calls(module, wanted) }
      findings = []
      guard foundMounted else { break }
      for matcher in matchers { matcher.forget() }
    }
  }

  func add(_ finding: Finding) {
    if case .model(let model) = finding, !isNew(model) { return }
    findings.append(finding)
  }

  func clause(_ ref: ClauseRef) -> Clause {
    Clause(finder: self, matcher: matchers[ref.rule], ref: ref, trace: nil)
  }

  /// The value that a call gives.
  func value(of site: CallSite) -> ValueRef? {
    if valuesOfCalls[site.module] == nil {
      var found: [CallID: ValueID] = [:]
      for (index, value) in graph.modules[site.module].facts.values.rows.enumerated() {
        switch value {
        case .call(let call), .new(let call): found[call] = ValueID(index)
        default: break
        }
      }
      valuesOfCalls[site.module] = found
    }
    return valuesOfCalls[site.module]?[site.call].map { ValueRef(site.module, $0) }
  }

  /// The calls by one of these names in the chain that goes on from a call: `get("/x").as("x").use(auth)`; without
  /// names, all of them. A chain that a variable keeps goes on where the variable is used: `const q = db("x"); q.del()`.
  func callsAfter(_ site: CallSite, named names: [String]) -> [CallSite] {
    let facts = graph.modules[site.module].facts
    if nextCalls[site.module] == nil {
      nextCalls[site.module] = NextCalls(facts)
    }
    guard let next = nextCalls[site.module] else { return [] }
    var found: [CallSite] = [], open = [site], seen: Set<CallID> = [site.call]
    while let current = open.popLast(), found.count < 64 {
      if current != site, case .member(_, let name) = facts.values[facts.calls[current.call].callee],
        names.isEmpty || names.contains(facts.names[name])
      {
        found.append(current)
      }
      guard let value = value(of: current) else { continue }
      for call in next.calls(on: value.value).reversed() where seen.insert(call).inserted {
        open.append(CallSite(site.module, call))
      }
    }
    return found
  }

  /// Whether a method gives a router of its own, so that a chain of calls on one router ends there.
  func makesRouter(_ name: Name, rule: Int) -> Bool {
    makers[rule].contains(graph.names[name])
  }

  // MARK: Calls

  /// The list around a call is the same for all clauses that look at it, one after the other.
  func loop(
    at site: CallSite, _ find: (CallSite) -> (element: EntityID, items: [ValueRef])?
  ) -> (element: EntityID, items: [ValueRef])? {
    if let lastLoop, lastLoop.site == site { return lastLoop.loop }
    let found = find(site)
    lastLoop = (site, found)
    return found
  }

  /// Shows the calls of a module to the clauses of a table.
  func calls(_ id: ModuleID, _ table: ClauseTable) {
    let module = graph.modules[id]
    let active = active[id.index]
    guard !module.isTest, active.contains(true) else { return }
    let facts = module.facts
    let open = table.open.filter { active[$0.rule] }
    let made = table.made.filter { active[$0.rule] }
    for index in 0..<facts.calls.count {
      let site = CallSite(id, CallID(index))
      func show(_ refs: [ClauseRef]) {
        for ref in refs where active[ref.rule] {
          clause(ref).run(program.finders[ref.rule].emits[ref.emit], site)
        }
      }
      let callee = facts.calls[index].callee
      show(open)
      if !made.isEmpty, case .value = follower.entity(follower.follow(ValueRef(id, callee))) { show(made) }
      switch facts.values[callee] {
      case .member(_, let name), .global(let name): show(table.byName[module.names[name.index].index])
      case .unknown, .declaration, .parameter: break
      case .index: show(table.dynamic)
      default:
        switch follower.entity(follower.follow(ValueRef(id, callee))) {
        case .export(_, let name), .global(let name), .member(_, let name): show(table.byName[name.index])
        case .package: show(table.packages)
        default: break
        }
      }
    }
  }

  // MARK: Instances

  /// Whether a registration will be read once for each call of the function that it stands in.
  func instantiate(_ instance: Instance) -> Bool {
    guard instance.bindings.count < 4, instance.bindings[instance.function] == nil else { return false }
    let sites = follower.callSites(of: instance.function).filter { !graph.modules[$0.module].isTest }
    guard !sites.isEmpty, sites.count <= 2_000 else { return false }
    if known.insert(instance).inserted { instances.append(instance) }
    return true
  }

  private func expand(_ instance: Instance) {
    let clause = clause(instance.clause)
    for site in follower.callSites(of: instance.function) where !graph.modules[site.module].isTest {
      clause.bindings = instance.bindings
      clause.bindings[instance.function] = site
      clause.stated = site
      clause.run(program.finders[instance.clause.rule].emits[instance.clause.emit], instance.site)
    }
  }
}
