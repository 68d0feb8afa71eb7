import KapinBase
import KapinModel

/// Routes, mounts and guards that calls register.
extension Clause {
  // MARK: Routes

  func route(_ route: CallRoute, _ site: CallSite) {
    guard matches(route.call, site) else { return }
    if let wanted = route.requires, select(wanted, .call(site)).isEmpty {
      say("what the clause requires is not there")
      return
    }
    if route.form == .job, facts(site).calls[site.call].flags.contains(.new),
      let ref = select(route.handler, .call(site)).last, doesNothing(ref)
    {
      say("the handler does nothing")
      return
    }
    if !route.actions.isEmpty { return resource(route, site) }
    let handler = handler(route, site)
    if route.naming == .handler {
      var name = handler.flatMap { self.name(of: $0) } ?? holderName(site)
      if name == nil {
        // Without any name: where it stands, and what it says.
        let says = paths(of: route.path, .call(site))?.first.map { " " + $0 } ?? ""
        name = finder.graph.modules[site.module].path + says
      }
      return add(route, ["/" + (name ?? "")], verbs(route, site), handler, site)
    }
    if route.naming == .variable {
      if let name = holderName(site) {
        add(route, ["/" + finder.graph.modules[site.module].path + "#" + name], verbs(route, site), handler, site)
      }
      return
    }
    guard let paths = paths(of: route.path, .call(site)) else {
      say("there is no path")
      return
    }
    if trace == nil, let function = openFunction(deciding(route, site), site) {
      if finder.instantiate(Finder.Instance(clause: ref, site: site, function: function, bindings: bindings)) { return }
      // What nobody calls registers nothing.
      if paths.isEmpty { return }
    }
    if paths.isEmpty {
      // A path that nobody can know is a route with an unknown part.
      if let ref = select(route.path, .call(site)).first, handler != nil, !isPattern(ref) {
        return add(route, ["{?}"], verbs(route, site), handler, site)
      }
      say("the path is no text")
      return
    }
    if let on = route.call.on, let last = select(route.handler, .call(site)).last, unit(last) == nil,
      matcher.matches(on, follower.follow(last)), let owner = owner(site, route.call)
    {
      // A router as handler gets the whole path: it stands where its owner stands.
      let target = follower.router(fluentRoot(follower.follow(last), on))
      if target != owner {
        finder.add(
          .mount(FoundMount(owner: owner, prefix: "/", target: target, guards: [], origin: origin(site, .resolved))))
      }
      return
    }
    if let wanted = route.methods {
      let methods = select(wanted, .call(site)).first.flatMap { follower.properties($0) } ?? []
      for (name, value, _) in methods { add(route, paths, [name.uppercased()], unit(value), site) }
      return
    }
    add(route, paths, verbs(route, site), handler, site)
  }

  /// A function with an empty body: it stands where one must, such as in a construction that only checks a schedule.
  private func doesNothing(_ ref: ValueRef) -> Bool {
    guard case .declaration(let symbol) = follower.entity(follower.follow(ref)), let id = symbol.declaration else {
      return false
    }
    let facts = finder.graph.modules[symbol.module].facts
    let row = facts.declarations[id]
    guard row.form == .arrow || row.form == .function, !row.flags.contains(.expressionBody) else { return false }
    return !row.body.isEmpty && !facts.statements.rows.contains { $0.function == id }
  }

  /// The values that decide path and method.
  private func deciding(_ route: CallRoute, _ site: CallSite) -> [ValueRef] {
    var refs = select(route.path, .call(site))
    if case .argument(let pattern) = route.verb { refs += select(pattern, .call(site)) }
    if case .index(_, let by) = facts(site).values[facts(site).calls[site.call].callee] {
      refs.append(ValueRef(site.module, by))
    }
    return refs
  }

  private func methodName(_ text: String, _ route: CallRoute) -> String {
    if case .method(let table) = route.verb, let method = table[text] { return method }
    return text.uppercased()
  }

  /// The handler: where the clause says, or what the calls of a function around hand over.
  private func handler(_ route: CallRoute, _ site: CallSite) -> SymbolRef? {
    let found = select(route.handler, .call(site)).lazy.compactMap { self.unit($0) }.first
    if !bindings.isEmpty, let found, let handed = handedOver(found) { return handed }
    if found == nil, !route.folders.isEmpty { return handlerByText(route, site) }
    return found
  }

  /// `"Users/AuthController.login"`: the method of a class by its place.
  private func handlerByText(_ route: CallRoute, _ site: CallSite) -> SymbolRef? {
    guard let text = select(route.handler, .call(site)).first.flatMap({ follower.text($0) }) else { return nil }
    let dot = text.lastIndex(of: ".")
    let file = String(dot.map { text[..<$0] } ?? text[...])
    let package = finder.graph.packages[finder.graph.modules[site.module].package].folder
    for folder in route.folders {
      for ending in ["ts", "js", "mjs"] {
        let path = Paths.join(package, Paths.join(folder, file + "." + ending))
        guard let found = finder.graph.inventory.paths.file(path), let module = finder.graph.moduleOfFile[found.index],
          let type = follower.export("default", of: module).flatMap({ unit($0) })
        else { continue }
        guard let dot else { return type }
        return method(String(text[text.index(after: dot)...]), of: type) ?? type
      }
    }
    return nil
  }

  private func name(of symbol: SymbolRef) -> String? {
    guard let id = symbol.declaration else { return nil }
    let facts = finder.graph.modules[symbol.module].facts
    return facts.declarations[id].isNamed ? facts.names[facts.declarations[id].name] : nil
  }

  /// The variable that holds what a call gives.
  private func holderName(_ site: CallSite) -> String? {
    guard let value = finder.value(of: site) else { return nil }
    let facts = facts(site)
    return facts.declarations.rows.first { $0.form == .variable && $0.value == value.value }.map {
      facts.names[$0.name]
    }
  }

  /// Text that is matched as a pattern (a regular expression) has no path that a person could read.
  private func isPattern(_ ref: ValueRef) -> Bool {
    finder.graph.modules[ref.module].facts.values[ref.value] == .unknown
  }

  private func verbs(_ route: CallRoute, _ site: CallSite) -> [String] {
    switch route.verb {
    case .fixed(let verb): return [verb]
    case .method(let table):
      switch facts(site).values[facts(site).calls[site.call].callee] {
      case .member(_, let name):
        let method = facts(site).names[name]
        return [table[method] ?? method.uppercased()]
      case .index(_, let by):
        return fold(ValueRef(site.module, by)).text.map { [methodName($0, route)] } ?? ["ANY"]
      default: return ["ANY"]
      }
    case .argument(let pattern):
      let found = texts(of: pattern, .call(site)).map { $0.uppercased() }
      return found.isEmpty ? ["ANY"] : found.map { $0 == "*" || $0 == "ALL" ? "ANY" : $0 }
    }
  }

  private func add(
    _ route: CallRoute, _ paths: [String], _ verbs: [String], _ handler: SymbolRef?, _ site: CallSite
  ) {
    let owner = routeOwner(route, site)
    let guards = guards(route, site).filter { guardian in handler.map { guardian != .function($0) } ?? true }
    let inputs = inputs(route, handler, site)
    let before = functionBeforeLast(route, site)
    for text in paths where !route.except.contains(text) {
      guard let path = route.naming != nil ? text : route.rewriting.apply(text) else { continue }
      for verb in verbs {
        var found = FoundRoute(
          form: route.form, method: verb, path: path, framework: rule.info.id,
          package: finder.graph.modules[site.module].package, owner: owner, handler: handler, guards: guards,
          origin: origin(site, path.contains("{?}") ? .resolved : .exact))
        found.site = from(stated ?? site)
        found.constructions = constructions
        found.isInline = handler.map { isWritten($0, in: site) } ?? false
        found.joiner = route.rewriting.joiner
        found.inputs = inputs
        found.beforeHandler = before
        found.inner = handler.map(itemFunctions) ?? []
        found.needsMount = owner.map(isPart) ?? false
        if !route.rewriting.segments.isEmpty { found.writtenPath = text }
        finder.add(.route(found))
      }
    }
  }

  /// Functions of the loop's item that a handler calls: `for (const action of actions) on(action.type, () =>
  /// action.run())`.
  private func itemFunctions(_ handler: SymbolRef) -> [SymbolRef] {
    guard let loop, let id = handler.declaration else { return [] }
    let facts = finder.graph.modules[handler.module].facts
    let range = facts.declarations[id].range
    var found: [SymbolRef] = []
    for call in facts.calls.rows where range.encloses(call.range) {
      guard case .member(let object, let name) = facts.values[call.callee],
        follower.follow(ValueRef(handler.module, object)) == loop.element,
        let symbol = follower.property(loop.item, facts.names[name]).flatMap({ unit($0) }), symbol != handler,
        !found.contains(symbol)
      else { continue }
      found.append(symbol)
    }
    return found
  }

  private func isWritten(_ function: SymbolRef, in site: CallSite) -> Bool {
    guard function.module == site.module, let id = function.declaration else { return false }
    return facts(site).calls[site.call].range.encloses(facts(site).declarations[id].range)
  }

  /// The constructions among the calls that give the parameters now, in the order of the code.
  private var constructions: [CallSite] {
    bindings.values.filter { facts($0).calls[$0.call].flags.contains(.new) }
      .sorted { ($0.module.index, $0.call.index) < ($1.module.index, $1.call.index) }
  }

  private func routeOwner(_ route: CallRoute, _ site: CallSite) -> EntityID? {
    if route.ownsResult { return finder.value(of: site).map { follower.router(follower.follow($0)) } }
    guard let name = route.path.chain, let start = chain(name, from: site) else { return owner(site, route.call) }
    return owner(start, route.call)
  }

  private func guards(_ route: CallRoute, _ site: CallSite) -> [RouteGuard] {
    let around = select(route.handler, .call(site)).last.map { wrappers($0) } ?? []
    if !route.guards.isEmpty {
      return route.guards.flatMap {
        select($0, .call(site)).flatMap { functions($0, external: true, unresolved: true) }
      } + around
    }
    let facts = facts(site)
    let paths = select(route.path, .call(site)) + select(route.handler, .call(site))
    return facts.calls[site.call].arguments.indices.dropLast().flatMap { index -> [RouteGuard] in
      let ref = ValueRef(site.module, facts.valueLists[index])
      return paths.contains(ref) ? [] : functions(ref, external: true, unresolved: true)
    } + around
  }

  private func isPart(_ owner: EntityID) -> Bool {
    rule.emits.contains { emit in
      if case .mount(let clause) = emit, let parts = clause.parts { matcher.matches(parts, owner) } else { false }
    }
  }

  private func functionBeforeLast(_ route: CallRoute, _ site: CallSite) -> SymbolRef? {
    let facts = facts(site)
    let range = facts.calls[site.call].arguments
    guard route.handler.position == .last, route.guards.isEmpty, range.count > 2 else { return nil }
    return unit(ValueRef(site.module, facts.valueLists[Int(range.end) - 2]))
  }

  /// One call for the usual actions of a resource: `resource("posts", PostsController)`.
  private func resource(_ route: CallRoute, _ site: CallSite) {
    guard let names = paths(of: route.path, .call(site)), let name = names.first else { return }
    let controller = select(route.handler, .call(site)).first.flatMap { classes($0) } ?? handlerByText(route, site)
    let only = route.only.map { texts(of: $0, .call(site)) } ?? []
    let never = route.never.map { texts(of: $0, .call(site)) } ?? []
    for action in route.actions
    where (only.isEmpty || only.contains(action.name)) && !never.contains(action.name) {
      var handler: SymbolRef?
      if let controller {
        guard let method = method(action.name, of: controller) else { continue }
        handler = method
      }
      // `posts.comments` is nested below one post.
      var path = ""
      let parts = name.split(separator: ".")
      for part in parts.dropLast() { path += "/\(part)/:\(part)_id" }
      path += "/" + (parts.last ?? "") + action.path
      add(route, [path], [action.method], handler, site)
    }
  }

  // MARK: Owners

  func owner(_ site: CallSite, _ pattern: CallPattern) -> EntityID? {
    guard pattern.on != nil else { return nil }
    let object: ValueID
    switch facts(site).values[facts(site).calls[site.call].callee] {
    case .member(let value, _), .index(let value, _): object = value
    default: return nil
    }
    if !bindings.isEmpty, let own = inheritedMember(ValueRef(site.module, object)) { return follower.router(own) }
    return boundOwner(follower.router(fluentRoot(follower.follow(ValueRef(site.module, object)), pattern.on)))
  }

  /// Methods that return their receiver (`Router().use(a).use(b)`): all calls of the chain are on the first value.
  func fluentRoot(_ id: EntityID, _ pattern: ValuePattern?) -> EntityID {
    guard let pattern else { return id }
    var id = id
    for _ in 0..<400 {
      guard case .value(let ref) = follower.entity(id), let callee = follower.callee(of: ref),
        case .member(let object, let name) = follower.entity(callee), matcher.matches(pattern, object),
        !finder.makesRouter(name, rule: self.ref.rule)
      else { return id }
      id = object
    }
    return id
  }

}
