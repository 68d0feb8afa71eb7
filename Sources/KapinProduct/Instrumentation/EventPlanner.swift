import KapinBase
import KapinModel

/// Finds where an event happens in the code, and what to write there.
package struct EventPlanner {
  let graph: ProductGraph
  let program: RuleProgram
  private let anchors: AnchorFinder
  private let actors: ActorFinder
  /// By schema rule, the databases that its tables are in.
  private let providers: [String: [String]]
  /// The table of events, where the product has it already.
  private let eventTable: TableNode?

  init(_ graph: ProductGraph, _ program: RuleProgram) {
    self.graph = graph
    self.program = program
    anchors = AnchorFinder(graph)
    actors = ActorFinder(graph)
    let tables = graph.nodes.ids.compactMap { id -> TableNode? in
      if case .table(let table) = graph.nodes[id].content { table } else { nil }
    }
    providers = Dictionary(grouping: tables.filter { $0.provider != nil }, by: \.source)
      .mapValues { $0.compactMap(\.provider) }
    eventTable = tables.first { $0.table.name == EventTable.name }
  }

  func plan(_ event: EventPattern, _ feature: Feature) -> Result<EventPlan, BindingMiss> {
    guard !graph.clients.isEmpty else {
      return .failure(
        BindingMiss(reason: "the code has no database client that KAPIN knows, so an event cannot be stored"))
    }
    guard graph.clients.contains(where: { supports($0) }) else {
      let provider = graph.clients.lazy.flatMap { providers[$0.rule] ?? [] }.first ?? "another one"
      return .failure(
        BindingMiss(reason: "the product's database is \(provider); KAPIN stores events in PostgreSQL only"))
    }
    if let eventTable,
      !Set(["name", "actor_id", "occurred_at"]).isSubset(of: eventTable.table.columns.map(\.name))
    {
      return .failure(BindingMiss(reason: "a table `\(EventTable.name)` of another shape exists already"))
    }
    var misses: [String] = []
    // Where a page of the browser is meant, only the endpoints that it asks stand for it.
    let pages = event.anchors.flatMap(anchors.browserPages)
    let asked = pages.isEmpty ? nil : anchors.requests(of: pages)
    for anchor in event.anchors {
      for site in anchors.sites(for: anchor, feature) {
        if let asked, let route = site.route, isEndpoint(route), !asked.contains(route) { continue }
        guard let client = client(for: site.module) else {
          misses.append("no database client can be imported into \(graph.code.modules[site.module].path)")
          continue
        }
        guard let plan = plan(event, site, client) else { continue }
        return .success(plan)
      }
    }
    if let first = pages.first, case .route(let page) = graph.nodes[first].content, misses.isEmpty {
      return .failure(
        BindingMiss(
          reason:
            "page `\(page.path)` runs in the browser, where nothing can be stored, and no endpoint of its own delivers its data"
        ))
    }
    let tried = event.anchors.prefix(3).map(AnchorFinder.describe).joined(separator: ", ")
    let reason = misses.first ?? "no place in the server code was found for it (looked for \(tried))"
    return .failure(BindingMiss(reason: reason))
  }

  private func isEndpoint(_ id: NodeID) -> Bool {
    if case .route(let route) = graph.nodes[id].content { route.form == .endpoint } else { false }
  }

  // MARK: Clients

  private struct Client {
    var rule: FinderRule
    var capture: CaptureTemplate
    var expression: String
    var importName: String?
    var importFrom: ModuleID?
    var isDefault: Bool
  }

  /// The client that the module has, else one that it can import from its own package or a package it depends on.
  private func client(for module: ModuleID) -> Client? {
    func make(_ found: FoundClient, imports: Bool) -> Client? {
      guard let rule = program.finders.first(where: { $0.info.id == found.rule }), let capture = rule.capture else {
        return nil
      }
      guard supports(found) else { return nil }
      let local = Self.baseName(found.localName)
      let isDefault = found.exportName == "default"
      let base = isDefault ? usualName(of: found.module) ?? local : found.exportName ?? local
      let expression = imports ? base + found.localName.dropFirst(local.count) : found.localName
      return Client(
        rule: rule, capture: capture, expression: expression, importName: imports ? base : nil,
        importFrom: imports ? found.module : nil, isDefault: isDefault)
    }
    if let own = graph.clients.first(where: { $0.module == module }), let client = make(own, imports: false) {
      return client
    }
    let package = graph.code.modules[module].package
    let others = graph.clients.filter { found in
      guard found.exportName != nil, isMadeHere(found) else { return false }
      let other = graph.code.modules[found.module].package
      return other == package || depends(package, on: other)
    }
    // The client that the package's code uses most; scripts and checks often make one of their own.
    let sorted = others.map { (found: $0, uses: uses(of: $0.module, in: package)) }.sorted { a, b in
      if a.uses != b.uses { return a.uses > b.uses }
      return graph.code.modules[a.found.module].path.precedes(graph.code.modules[b.found.module].path)
    }.map(\.found)
    return sorted.lazy.compactMap { make($0, imports: true) }.first
  }

  private func uses(of client: ModuleID, in package: PackageID) -> Int {
    let ways = Self.exposing(client, graph.code)
    return graph.code.modules.count { module in
      module.package == package && !module.isTest && ways.contains { module.targets.contains(.module($0)) }
    }
  }

  /// A module and those that hand on what it exports.
  private static func exposing(_ client: ModuleID, _ code: CodeGraph) -> Set<ModuleID> {
    var found: Set<ModuleID> = [client]
    for _ in 0..<4 {
      let before = found.count
      for id in code.modules.ids where !found.contains(id) {
        let module = code.modules[id]
        let hands = module.facts.exports.contains { export in
          guard let source = export.source, case .module(let target) = module.targets[source.index] else {
            return false
          }
          return found.contains(target)
        }
        if hands { found.insert(id) }
      }
      if found.count == before { break }
    }
    return found
  }

  /// The name under which most modules import another's default export.
  private func usualName(of module: ModuleID) -> String? {
    var counts: [String: Int] = [:]
    for other in graph.code.modules where other.targets.contains(.module(module)) {
      for binding in other.facts.bindings.rows where binding.isTopLevel {
        guard case .imported(let id, let name) = other.facts.values[binding.value],
          other.facts.names[name] == "default",
          other.targets[id.index] == .module(module)
        else { continue }
        counts[other.facts.names[binding.name], default: 0] += 1
      }
    }
    return counts.keys.sortedByBytes().max { counts[$0, default: 0] < counts[$1, default: 0] }
  }

  /// Whether the module makes the client itself instead of importing it.
  private func isMadeHere(_ client: FoundClient) -> Bool {
    let facts = graph.code.modules[client.module].facts
    let base = Self.baseName(client.localName)
    return !facts.bindings.contains { binding in
      guard binding.isTopLevel, facts.names[binding.name] == base else { return false }
      if case .imported = facts.values[binding.value] { return true }
      return false
    }
  }

  /// `db` of `db.pool` and of `db()`.
  private static func baseName(_ expression: String) -> String { String(expression.prefix { $0 != "." && $0 != "(" }) }

  private func depends(_ package: PackageID, on other: PackageID) -> Bool {
    guard let name = graph.code.packages[other].manifest.name else { return false }
    return graph.code.packages[package].manifest.dependencies.contains { $0.name == name }
  }

  /// KAPIN writes PostgreSQL migrations only.
  private func supports(_ client: FoundClient) -> Bool {
    let providers = providers[client.rule] ?? []
    return providers.isEmpty || providers.contains { $0.hasPrefix("postgres") || $0 == "cockroachdb" }
  }

  // MARK: Plans

  private func plan(_ event: EventPattern, _ site: AnchorSite, _ client: Client) -> EventPlan? {
    let facts = graph.code.modules[site.module].facts
    guard let insertion = anchors.insertion(site) else { return nil }
    let position: UInt32
    switch insertion {
    case .after(let range): position = range.end
    case .before(let range), .aroundReturn(let range, _, _): position = range.start
    }
    let actor =
      site.createdActor(graph)
      ?? actors.expression(in: site.function, of: site.module, before: position, event.actors)
    let isAsync = site.function.map { facts.declarations[$0].flags.contains(.async) } ?? true
    var statement = client.capture.statement
    if !isAsync, statement.hasPrefix("await ") { statement = String(statement.dropFirst(6)) }
    statement = statement.replacing("{client}", with: client.expression)
      .replacing("{event}", with: "\"\(event.name)\"").replacing("{actor}", with: actor ?? "null")
    let place = graph.code.place(site.module, position)
    return EventPlan(
      name: event.name, module: site.module, place: place, insertion: insertion, statement: statement,
      importName: client.importName, importFrom: client.importFrom, importIsDefault: client.isDefault, actor: actor,
      rule: client.rule.info.id, says: site.says)
  }
}
