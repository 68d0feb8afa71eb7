import KapinBase
import KapinModel
import KapinRules

/// Routes with the prefixes of the routers that they are mounted on.
extension Composer {
  /// A function that all routes below a path pass.
  private struct Guard {
    var path: String
    var symbol: SymbolRef
  }

  private struct Position {
    var prefix: String
    var guards: [Guard]
    var confidence: Confidence
  }

  mutating func routes(_ findings: [Finding]) {
    var mounts: [EntityID: [FoundMount]] = [:]
    var guards: [EntityID: [FoundGuard]] = [:]
    for finding in findings {
      if case .mount(let mount) = finding { mounts[mount.target, default: []].append(mount) }
      if case .guardian(let row) = finding { guards[row.owner, default: []].append(row) }
    }
    for finding in findings {
      guard case .route(let route) = finding else { continue }
      var places = [Position(prefix: "", guards: [], confidence: .exact)]
      if let owner = route.owner { places = positions(of: owner, mounts, guards, route.origin.place, visited: []) }
      for position in places.prefix(20) { add(route, position) }
    }
  }

  /// Where a router stands: one position for each chain of mounts; a cycle ends the chain.
  private func positions(
    of owner: EntityID, _ mounts: [EntityID: [FoundMount]], _ guards: [EntityID: [FoundGuard]], _ at: Place,
    visited: Set<EntityID>
  ) -> [Position] {
    let own = (guards[owner] ?? []).filter { comesBefore($0.origin.place, at) }
    func ownGuards(under prefix: String) -> [Guard] {
      own.flatMap { row in row.guards.map { Guard(path: RoutePath.join(prefix, row.prefix), symbol: $0) } }
    }
    guard let above = mounts[owner], !visited.contains(owner), visited.count < 20 else {
      return [Position(prefix: "", guards: ownGuards(under: ""), confidence: .exact)]
    }
    return above.flatMap { mount in
      positions(of: mount.owner, mounts, guards, mount.origin.place, visited: visited.union([owner])).map { outer in
        let prefix = RoutePath.join(outer.prefix, mount.prefix)
        return Position(
          prefix: prefix,
          guards: outer.guards + mount.guards.map { Guard(path: prefix, symbol: $0) } + ownGuards(under: prefix),
          confidence: mount.prefix.contains("{?}") ? .resolved : outer.confidence)
      }
    }
  }

  /// A guard counts for what is registered after it; order across files is not known, so there it counts.
  private func comesBefore(_ a: Place, _ b: Place) -> Bool {
    guard a.path == b.path, let first = a.position, let second = b.position else { return true }
    return first.line < second.line || (first.line == second.line && first.column <= second.column)
  }

  /// A handler without a name is a symbol that is named after its route: `<handler of GET /x>`.
  private mutating func inlineHandler(_ handler: SymbolRef, _ route: FoundRoute, _ path: String) -> NodeID? {
    guard let id = handler.declaration, !code.modules[handler.module].facts.declarations[id].isNamed else { return nil }
    if let known = graph.symbols[handler] { return known }
    let module = code.modules[handler.module]
    let row = module.facts.declarations[id]
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

  private mutating func add(_ route: FoundRoute, _ position: Position) {
    let isAction = route.form == .action
    let path = isAction ? route.path : RoutePath.join(position.prefix, route.path)
    let method = route.method
    if path.contains("{?}") { graph.coverage.routesWithUnknownParts += 1 }
    let id = "route:" + NodeIDs.escape(packageName(route.package)) + ":" + method + " " + NodeIDs.escape(path)
    var origin = route.origin
    if path.contains("{?}") || position.confidence != .exact { origin.confidence = .resolved }
    let isNew = graph.node(id: id) == nil
    let node = graph.add(
      ProductNode(
        id: id, kind: .route,
        content: .route(
          Route(
            form: route.form, method: method, path: path, framework: route.framework, package: route.package,
            parameters: RoutePath.parameters(path))), origin: origin))
    guard isNew else { return }
    routeNodes.append(node)
    var order = 0
    let passed = position.guards.filter { $0.path == "/" || Paths.isInside(path, $0.path) }.map(\.symbol)
    for symbol in passed + route.guards {
      guard let target = graph.node(of: symbol) else { continue }
      order += 1
      edge(
        .guards, node, target, at: origin.place, confidence: .resolved, rule: origin.rule,
        fields: [("order", .number(order))])
    }
    for loader in route.loaders {
      guard let target = graph.node(of: loader) else { continue }
      order += 1
      edge(
        .handles, node, target, at: origin.place, confidence: .resolved, rule: origin.rule,
        fields: [("order", .number(order))])
    }
    if let handler = route.handler, let target = inlineHandler(handler, route, path) ?? graph.node(of: handler) {
      edge(
        .handles, node, target, at: origin.place, confidence: .resolved, rule: origin.rule,
        fields: [("order", .number(order + 1))])
    }
  }
}
