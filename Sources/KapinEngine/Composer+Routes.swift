import KapinBase
import KapinLink
import KapinModel
import KapinRules

/// Routes with the prefixes of the routers that they are mounted on.
extension Composer {
  /// A function that all routes below a path pass.
  struct Guard {
    var path: String
    var passes: RouteGuard
  }

  struct Position {
    var prefix: String
    var guards: [Guard]
    var confidence: Confidence
  }

  mutating func routes(_ findings: [Finding]) {
    var mounting = Mounting(findings, code.relations)
    mounting.imported = importedModules()
    for case .route(let route) in findings where route.needsMount {
      guard let owner = route.owner, case .value(let ref) = follower.entity(owner),
        mounting.imported.contains(ref.module)
      else { continue }
      mounting.routerFolders.insert(Paths.folder(code.modules[ref.module].path))
    }
    let marked = marked(findings)
    let shared = responders(findings)
    for finding in findings {
      guard case .route(var route) = finding else { continue }
      if let handler = route.handler, let own = route.beforeHandler, shared.contains(handler), !shared.contains(own) {
        route.handler = own
        route.guards.removeAll { $0 == .function(own) }
      }
      if route.form == .endpoint, let handler = route.handler, let form = marked[handler] { route.form = form }
      if route.needsMount, let owner = route.owner, isUnused(owner, mounting) {
        graph.notes.append(
          Diagnostic(
            .unusedRouter, .note,
            "\(route.method) \(route.path) is left out: nothing mounts its router or imports its file",
            at: route.origin.place))
        continue
      }
      var places = [Position(prefix: "", guards: [], confidence: .exact)]
      if let owner = route.owner {
        places = positions(
          of: owner, mounting, Registration(route.origin.place, route.site), made: route.constructions, visited: [])
      }
      if let site = route.site, !mounting.scopes.isEmpty {
        let around = scopes(around: site, mounting, visited: [])
        places = places.flatMap { place in around.map { joined(place, $0) } }
      }
      if route.usesBase { places = places.flatMap { based($0, route, mounting) } }
      if !mounting.packageGuards.isEmpty { places = places.map { guarded($0, route, mounting) } }
      for position in places.prefix(20) { add(route, position, mounting) }
    }
    operations(findings)
    schedules()
  }

  /// A schedule that calls one of the package's own addresses runs what answers there.
  private mutating func schedules() {
    var handlers: [NodeID: [ProductEdge]] = [:]
    for edge in graph.edges where edge.kind == .handles { handlers[edge.from, default: []].append(edge) }
    for id in routeNodes where handlers[id] == nil {
      guard case .route(let job) = graph.nodes[id].content, job.form == .job, job.path.hasPrefix("/") else { continue }
      let answers = routeNodes.filter { other in
        guard case .route(let route) = graph.nodes[other].content else { return false }
        return route.form == .endpoint && route.path == job.path && route.package == job.package
          && ["GET", "POST", "ANY"].contains(route.method)
      }
      guard let answer = answers.first else { continue }
      for edge in handlers[answer] ?? [] {
        self.edge(
          .handles, id, edge.to, at: edge.at, confidence: .resolved, rule: graph.nodes[id].origin?.rule,
          fields: edge.fields)
      }
    }
  }

  private func importedModules() -> Set<ModuleID> {
    var found: Set<ModuleID> = []
    for module in code.modules where !module.isTest {
      for target in module.targets {
        switch target {
        case .module(let id): found.insert(id)
        case .several(let all):
          for case .module(let id) in all { found.insert(id) }
        default: break
        }
      }
    }
    return found
  }

  /// A router that nothing mounts, in a file that nothing imports, beside files with routers that are imported: where none
  /// is, they are loaded by their folder.
  private func isUnused(_ owner: EntityID, _ mounting: Mounting) -> Bool {
    guard mounting.mounts[owner] == nil, mounting.own[owner] == nil, case .value(let ref) = follower.entity(owner)
    else {
      return false
    }
    guard !mounting.imported.contains(ref.module) else { return false }
    return mounting.routerFolders.contains(Paths.folder(code.modules[ref.module].path))
  }

  /// Where a router stands: one position for each chain of mounts; a cycle ends the chain.
  private func positions(
    of owner: EntityID, _ mounting: Mounting, _ at: Registration, made: [CallSite] = [], visited: Set<EntityID>
  ) -> [Position] {
    let own = (mounting.guards[owner] ?? []).filter { comesBefore(Registration($0.origin.place, $0.site), at) }
    func ownGuards(under prefix: String) -> [Guard] {
      own.flatMap { row in row.guards.map { Guard(path: RoutePath.join(prefix, row.prefix), passes: $0) } }
    }
    var outer = [Position(prefix: "", guards: [], confidence: .exact)]
    if let above = mounting.mounts[owner], !visited.contains(owner), visited.count < 20 {
      // A router that each construction of a class has for itself stands where that one is mounted.
      let own = above.filter { mount in mount.construction.map { made.contains($0) } ?? false }
      outer = (own.isEmpty ? above : own).flatMap { mount -> [Position] in
        guard let parent = mount.owner else { return [] }
        return positions(
          of: parent, mounting, Registration(mount.origin.place, mount.site), visited: visited.union([owner])
        ).map {
          below($0, mount)
        }
      }
    }
    // A method that gives its router back, where the rule did not know it: `const q = router.use(check)`.
    if mounting.mounts[owner] == nil, mounting.own[owner] == nil, !visited.contains(owner), visited.count < 20,
      case .value(let ref) = follower.entity(owner), let callee = follower.callee(of: ref),
      case .member(let object, _) = follower.entity(callee)
    {
      outer = positions(of: follower.router(object), mounting, at, visited: visited.union([owner]))
    }
    if mounting.mounts[owner] == nil, !visited.contains(owner), visited.count < 20,
      case .parameter(let function, let index) = follower.entity(owner)
    {
      let passed = arguments(function, Int(index))
      if !passed.isEmpty {
        outer = passed.flatMap { positions(of: $0, mounting, at, visited: visited.union([owner])) }
      }
    }
    if let prefixes = mounting.own[owner] { outer = outer.flatMap { place in prefixes.map { below(place, $0) } } }
    return outer.map { place in
      var place = place
      place.guards += ownGuards(under: place.prefix)
      return place
    }
  }

  /// The routers that a function's calls hand to it.
  private func arguments(_ function: SymbolRef, _ index: Int) -> [EntityID] {
    var found: [EntityID] = []
    for site in follower.callSites(of: function).prefix(64) where !code.modules[site.module].isTest {
      guard let argument = follower.argument(index, of: site) else { continue }
      let id = follower.router(follower.follow(argument))
      if !found.contains(id) { found.append(id) }
    }
    return found
  }

  private func below(_ outer: Position, _ mount: FoundMount) -> Position {
    let prefix = Self.join(outer.prefix, mount.prefix, mount.joiner)
    return Position(
      prefix: prefix, guards: outer.guards + mount.guards.map { Guard(path: prefix, passes: $0) },
      confidence: mount.prefix.contains("{?}") ? .resolved : outer.confidence)
  }

  /// Paths of nested routers: by a slash, or by what the framework puts between names (`user.byId`).
  static func join(_ prefix: String, _ path: String, _ joiner: String) -> String {
    guard joiner != "/" else { return RoutePath.join(prefix, path) }
    let outer = prefix.drop { $0 == "/" }, inner = path.drop { $0 == "/" }
    return "/" + outer + (outer.isEmpty || inner.isEmpty ? "" : joiner) + inner
  }

  /// The prefix of the application that a route belongs to: of the nearest folder above it, else the only one there is.
  private func based(_ place: Position, _ route: FoundRoute, _ mounting: Mounting) -> [Position] {
    let all = mounting.bases.filter { $0.rule == route.framework }
    guard let handler = route.handler, !all.isEmpty else { return [place] }
    let path = code.modules[handler.module].path
    func folder(_ base: FoundBase) -> String { Paths.folder(code.modules[base.module].path) }
    let near = all.filter { Paths.isInside(path, folder($0)) }
    let nearest = near.map { folder($0).utf8.count }.max()
    var own = near.filter { folder($0).utf8.count == nearest }
    if own.isEmpty, Set(all.map { folder($0) }).count == 1 { own = all }
    let several = own.filter(\.isOneOfSeveral).map(\.prefix)
    if !several.isEmpty { return several.map { below($0, place) } }
    var prefix = "", version: String?
    for base in own {
      if !base.prefix.isEmpty, !isExcepted(place.prefix, route.path, base) { prefix = base.prefix }
      if let before = base.versionPrefix, let number = route.version ?? base.defaultVersion {
        version = before + number
      }
    }
    return [below(RoutePath.join(prefix, version ?? ""), place)]
  }

  private func below(_ base: String, _ place: Position) -> Position {
    var result = place
    result.prefix = RoutePath.join(base, place.prefix)
    result.guards = place.guards.map { Guard(path: RoutePath.join(result.prefix, $0.path), passes: $0.passes) }
    return result
  }

  /// With the functions that all routes of the package pass; they come first.
  private func guarded(_ place: Position, _ route: FoundRoute, _ mounting: Mounting) -> Position {
    guard route.form != .action, route.form != .job else { return place }
    var place = place
    let full = Self.join(place.prefix, route.path, route.joiner)
    let passed = mounting.packageGuards.filter { row in
      guard row.rule == route.framework, row.package == route.package, row.form.map({ $0 == route.form }) ?? true
      else { return false }
      if row.isWritten { return Self.isBelow(route.writtenPath, row.included.first ?? "") }
      if row.excluded.contains(where: { $0 != "/" && Paths.isInside(full, $0) }) { return false }
      return row.included.isEmpty || row.included.contains { $0 == "/" || Paths.isInside(full, $0) }
    }
    place.guards = passed.map { Guard(path: "/", passes: $0.passes) } + place.guards
    return place
  }

  /// Whether a path as written is below a layout; with a slash at its end the layout is one page.
  private static func isBelow(_ path: String?, _ layout: String) -> Bool {
    guard let path else { return false }
    return layout.isEmpty || path == layout || (!layout.hasSuffix("/") && Paths.isInside(path, layout))
  }

  private func isExcepted(_ prefix: String, _ path: String, _ base: FoundBase) -> Bool {
    let full = RoutePath.join(prefix, path)
    return base.except.contains { RoutePath.normalize($0) == full }
  }

  /// A handler without a name is a symbol that is named after its route: `<handler of GET /x>`.
  private mutating func inlineHandler(_ handler: SymbolRef, _ route: FoundRoute, _ path: String) -> NodeID? {
    guard let id = handler.declaration, !code.modules[handler.module].facts.declarations[id].isNamed else { return nil }
    if let known = graph.symbols[handler] { return known }
    let module = code.modules[handler.module]
    let row = module.facts.declarations[id]
    if let node = field(around: id, handler, module) { return node }
    // What a function elsewhere makes for several routes is called after that function, or the member that holds it.
    if !route.isInline, let holder = module.facts.namedAncestor(id),
      module.path != route.origin.place.path, let node = graph.symbols[SymbolRef(handler.module, holder)]
    {
      return node
    }
    // In a wrapper that a variable holds, the variable is its name: `export const respond = wrap(async () => {})`.
    if let holder = module.facts.namedAncestor(id), module.facts.declarations[holder].form == .variable,
      let node = graph.symbols[SymbolRef(handler.module, holder)],
      route.isExport || !isInside(route.origin.place, SymbolRef(handler.module, holder))
    {
      return node
    }
    let origin = Origin(
      place: code.place(handler.module, row.range.start), end: module.facts.lines.position(row.range.end), rule: "",
      confidence: .exact)
    let base = "symbol:" + NodeIDs.escape(module.path) + "#<handler of \(route.method) " + NodeIDs.escape(path) + ">"
    var name = base
    var number = 2
    while graph.node(id: name) != nil {
      name = base + "~\(number)"
      number += 1
    }
    let node = graph.add(
      ProductNode(id: name, kind: .symbol, content: .symbol(handler, component: false), origin: origin))
    edge(.contains, moduleNodes[handler.module.index], node)
    return node
  }

  /// A wrapper that a member of a class holds: `static create = wrap(async () => {})` is `Type.create`.
  private mutating func field(around id: DeclarationID, _ handler: SymbolRef, _ module: Module) -> NodeID? {
    let facts = module.facts
    let range = facts.declarations[id].range
    guard
      let field = facts.declarations.rows.first(where: { row in
        guard row.form == .field, row.range.encloses(range), let value = row.value else { return false }
        if case .call = facts.values[value] { return true } else { return false }
      }), let owner = field.parent.flatMap({ graph.symbols[SymbolRef(handler.module, $0)] })
    else { return nil }
    let origin = Origin(
      place: code.place(handler.module, field.nameAt), end: facts.lines.position(field.range.end), rule: "",
      confidence: .exact)
    let node = graph.add(
      ProductNode(
        id: graph.nodes[owner].id + "." + NodeIDs.escape(facts.names[field.name]), kind: .symbol,
        content: .symbol(handler, component: false), origin: origin))
    edge(.contains, owner, node)
    return node
  }

  /// Whether a variable holds a function, or what wraps it, or a function makes it.
  private func isHeld(_ symbol: SymbolRef) -> Bool {
    let facts = code.modules[symbol.module].facts
    guard let holder = facts.namedAncestor(symbol.declaration), let id = symbol.declaration else { return false }
    let row = facts.declarations[holder]
    return row.form == .variable
      || facts.valueLists[row.returns.indices].contains { facts.values[$0] == .declaration(id) }
  }

  private func isInside(_ place: Place, _ symbol: SymbolRef) -> Bool {
    let module = code.modules[symbol.module]
    guard module.path == place.path, let line = place.position?.line, let id = symbol.declaration else { return false }
    let range = module.facts.declarations[id].range
    return module.facts.lines.position(range.start).line <= line && line <= module.facts.lines.position(range.end).line
  }

  mutating func add(_ route: FoundRoute) {
    add(route, Position(prefix: "", guards: [], confidence: .exact), Mounting([]))
  }

  private mutating func add(_ route: FoundRoute, _ position: Position, _ mounting: Mounting) {
    let isAction = route.form == .action
    let path = isAction ? route.path : Self.join(position.prefix, route.path, route.joiner)
    let method = route.method
    if path.contains("{?}") { graph.coverage.routesWithUnknownParts += 1 }
    let id = "route:" + NodeIDs.escape(packageName(route.package)) + ":" + method + " " + NodeIDs.escape(path)
    var origin = route.origin
    if path.contains("{?}") || position.confidence != .exact { origin.confidence = .resolved }
    let isNew = graph.node(id: id) == nil
    var content = Route(
      form: route.form, method: method, path: path, framework: route.framework, package: route.package,
      parameters: parameters(path, route.inputs))
    content.version = route.version
    content.host = route.host
    content.locales = route.locales
    let node = graph.add(ProductNode(id: id, kind: .route, content: .route(content), origin: origin))
    guard isNew else { return }
    routeNodes.append(node)
    var order = 0
    let passed = position.guards.filter { $0.path == "/" || Paths.isInside(path, $0.path) }.map(\.passes)
    var seen: Set<RouteGuard> = []
    for guardian in passed + route.guards where seen.insert(guardian).inserted {
      var fields: [(key: String, value: EdgeField)] = []
      let target: NodeID
      if case .external(let package, let name) = guardian {
        // What a package makes has no symbol here: its name is on the edge.
        let id = "external:" + NodeIDs.escape(Specifiers.split(package).name)
        guard let known = graph.node(id: id) else { continue }
        target = known
        fields = [("name", .text(name))]
      } else if case .unresolved(let module, let name) = guardian {
        target = moduleNodes[module.index]
        fields = [("name", .text(name))]
      } else if let symbol = mounting.symbol(guardian, route), let known = graph.node(of: symbol) {
        target = known
        // A function without a name stands in the one around it.
        if graph.symbols[symbol] != known, !isHeld(symbol) { fields = [("name", .text("<inline>"))] }
      } else if case .named(let name) = guardian, let handler = route.handler {
        // A package registered it, or nobody.
        target = moduleNodes[handler.module.index]
        fields = [("name", .text(name))]
      } else {
        continue
      }
      order += 1
      edge(
        .guards, node, target, at: origin.place, confidence: .resolved, rule: origin.rule,
        fields: fields + [("order", .number(order))])
    }
    func handles(_ target: NodeID?, apart: [String] = []) {
      guard let target else { return }
      order += 1
      edge(
        .handles, node, target, at: origin.place, confidence: .resolved, rule: origin.rule,
        fields: (apart.isEmpty ? [] : [("apart", .texts(apart))]) + [("order", .number(order))])
    }
    for loader in route.loaders { handles(graph.node(of: loader)) }
    if let handler = route.handler {
      handles(
        inlineHandler(handler, route, path) ?? graph.node(of: handler),
        apart: parts(route.apart.map { ApartPart(module: handler.module, range: $0) }))
    }
    for inner in route.inner { handles(graph.node(of: inner)) }
  }

  /// The path's parameters, then what the code says of the others.
  private func parameters(_ path: String, _ inputs: [RouteInput]) -> [RouteInput] {
    var found = RoutePath.parameters(path).map { name in
      let known = inputs.first { $0.place == .path && $0.name == name }
      return RouteInput(place: .path, name: name, type: known?.type, required: true)
    }
    for input in inputs
    where input.place != .path && !found.contains(where: { $0.place == input.place && $0.name == input.name })
      && !(input.place == .query && found.contains { $0.place == .path && $0.name == input.name })
    {
      found.append(input)
    }
    return found
  }
}
