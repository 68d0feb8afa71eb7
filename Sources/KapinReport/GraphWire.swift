import KapinBase
import KapinModel
import KapinQuery

/// The graph dump's own shapes (Docs/graph.md): what a node, an edge and the other lines look like.
struct GraphWire {
  let graph: ProductGraph
  /// Functions that run only when something calls them.
  var handedOut: Set<NodeID> = []

  var header: JSONText {
    var roots: [JSONText] = []
    for (index, root) in graph.code.inventory.roots.enumerated() {
      roots.append(
        .object(["name": .text(root.name), "commit": root.commit.map { .text($0) }, "hash": .text(contentHash(index))]))
    }
    return .object([
      "format": .text("kapin-graph"), "version": .int(1), "engine": .text(EngineVersion.text),
      "rules": .text(graph.rulesHash.hex), "roots": .list(roots),
    ])
  }

  /// The hash of all module paths and contents of a root.
  private func contentHash(_ root: Int) -> String {
    var text = ""
    for module in graph.code.modules where graph.code.inventory.files[module.file].root == root {
      text += module.path + "\n" + module.hash.hex + "\n"
    }
    return ContentHash(text).hex
  }

  func node(_ node: ProductNode) -> JSONText {
    var members = JSONObject()
    write(node, into: &members)
    return .object(members.fields)
  }

  func edge(_ edge: ProductEdge) -> JSONText {
    var members = JSONObject()
    write(edge, into: &members)
    return .object(members.fields)
  }

  /// Keys in the order of their bytes, as all members are added.
  func write(_ node: ProductNode, into out: inout some JSONMembers) {
    if case .route(let route) = node.content { out.text("app", packageID(route.package)) }
    let origin = node.origin
    if let place = origin?.place { out.place("at", place.path, place.position) }
    if case .external(_, true) = node.content { out.flag("builtin", true) }
    if case .table(let table) = node.content { writeColumns(table, into: &out) }
    if case .symbol(_, true) = node.content { out.flag("component", true) }
    let rule = origin.flatMap { $0.rule.isEmpty ? nil : $0.rule }
    if rule != nil, let origin { out.text("confidence", origin.confidence.rawValue) }
    if let origin, let end = origin.end { out.place("end", origin.place.path, end) }
    writeBeforeKind(node.content, into: &out)
    out.text("kind", node.kind.rawValue)
    switch node.content {
    case .package(let name, let manifest):
      out.text("manifest", ifKnown: manifest)
      out.text("name", ifKnown: name)
    case .module(let id): out.text("language", graph.code.modules[id].language.rawValue)
    case .route(let route): if !route.locales.isEmpty { out.texts("locales", route.locales) }
    default: break
    }
    out.text("node", node.id)
    switch node.content {
    case .external(let range, _): out.text("range", ifKnown: range)
    case .module(let id): out.text("package", packageID(graph.code.modules[id].package))
    case .unresolved(let reason, _): out.text("reason", reason.rawValue)
    case .event(let providers): out.text("provider", providers.joined(separator: ", "))
    case .route(let route): writeParameters(route, into: &out)
    case .table(let table): out.text("provider", ifKnown: table.provider)
    default: break
    }
    out.text("rule", ifKnown: rule)
    switch node.content {
    case .file(let skipped): out.text("skipped", ifKnown: skipped?.rawValue)
    case .table(let table): out.text("source", table.source)
    case .unresolved(_, let specifier): out.text("specifier", specifier)
    case .module(let id): out.flag("test", graph.code.modules[id].isTest)
    case .route(let route):
      out.text("type", route.form.rawValue)
      out.text("version", ifKnown: route.version)
    default: break
    }
  }

  private func writeBeforeKind(_ content: ProductNode.Content, into out: inout some JSONMembers) {
    switch content {
    case .module(let id): out.text("hash", graph.code.modules[id].hash.hex)
    case .file(let skipped): out.flag("generated", skipped == .generated)
    case .route(let route):
      out.text("framework", route.framework)
      out.text("host", ifKnown: route.host)
    case .table(let table): writeKeys(table, into: &out)
    case .symbol(let ref, let isComponent):
      let declaration = ref.declaration.map { graph.code.modules[ref.module].facts.declarations[$0] }
      out.flag("exported", declaration?.flags.contains(.exported) ?? false)
      out.text("form", ifKnown: declaration?.form.rawText)
      if isComponent { out.text("framework", ifKnown: graph.componentFrameworks[ref.module]) }
      out.flag("handedOut", !handedOut.isEmpty && (graph.symbols[ref].map(handedOut.contains) ?? false))
      out.text("hash", ifKnown: declaration.map { ContentHash.hex($0.hash) })
    default: break
    }
  }

  private func packageID(_ id: PackageID) -> String {
    let folder = graph.code.packages[id].folder
    return "package:" + (folder.isEmpty ? "." : folder)
  }

  private func writeParameters(_ route: Route, into out: inout some JSONMembers) {
    guard !route.parameters.isEmpty else { return }
    let inputs = route.parameters.map { input -> JSONText in
      .object([
        "in": .text(input.place.rawValue), "name": .text(input.name), "required": .bool(input.required),
        "type": input.type.map { .text($0) },
      ])
    }
    out.value("parameters", .list(inputs))
  }

  private func writeColumns(_ node: TableNode, into out: inout some JSONMembers) {
    if node.table.codeName != node.table.name { out.text("codeName", node.table.codeName) }
    out.value("columns", .list(node.table.columns.map(column)))
  }

  private func writeKeys(_ node: TableNode, into out: inout some JSONMembers) {
    if !node.table.indexes.isEmpty {
      let indexes = node.table.indexes.map { index -> JSONText in
        .object([
          "name": index.name.map { .text($0) }, "columns": .list(index.columns.map { .text($0) }),
          "unique": index.unique ? .bool(true) : nil,
        ])
      }
      out.value("indexes", .list(indexes))
    }
    if !node.primaryKey.isEmpty { out.texts("keys", node.primaryKey) }
  }

  func write(_ edge: ProductEdge, into out: inout some JSONMembers) {
    // Few, and nearly always in order.
    var rest = (edge.fields.count > 1 ? edge.fields.sortedByBytes(\.key) : edge.fields)[...]
    func add(before key: String?, _ out: inout some JSONMembers) {
      while let (name, value) = rest.first, key.map(name.precedes) ?? true {
        rest.removeFirst()
        switch value {
        case .text(let text): out.text(name, text)
        case .number(let number): out.number(name, number)
        case .texts(let texts): out.texts(name, texts)
        }
      }
    }
    add(before: "at", &out)
    if let at = edge.at { out.place("at", at.path, at.position) }
    add(before: "confidence", &out)
    out.text("confidence", edge.confidence.rawValue)
    add(before: "edge", &out)
    out.text("edge", edge.kind.rawValue)
    add(before: "from", &out)
    out.text("from", graph.nodes[edge.from].id)
    add(before: "rule", &out)
    out.text("rule", ifKnown: edge.rule)
    add(before: "to", &out)
    out.text("to", graph.nodes[edge.to].id)
    add(before: nil, &out)
  }

  func tableFields(_ node: TableNode) -> [String: JSONText?] {
    var members = JSONObject()
    writeColumns(node, into: &members)
    writeKeys(node, into: &members)
    members.text("provider", ifKnown: node.provider)
    members.text("source", node.source)
    return members.fields
  }

  private func column(_ column: SchemaColumn) -> JSONText {
    .object([
      "name": .text(column.name), "type": .text(column.type), "nullable": .bool(column.nullable),
      "codeName": column.codeName == column.name ? nil : .text(column.codeName),
      "default": column.defaultValue.map { .text($0) }, "primary": column.primary ? .bool(true) : nil,
      "unique": column.unique ? .bool(true) : nil, "generated": column.generated ? .bool(true) : nil,
      "references": column.references.map { .text("\($0.table).\($0.column)") },
      "values": column.enumValues.isEmpty ? nil : .list(column.enumValues.map { .text($0) }),
    ])
  }

  var coverage: JSONText {
    let coverage = graph.coverage
    var skipped: [String: JSONText?] = [:]
    for reason in SkippedFile.Reason.allCases {
      let paths = coverage.skipped.filter { $0.reason == reason }.map { JSONText.text($0.path) }
      if !paths.isEmpty { skipped[reason.rawValue] = .list(paths) }
    }
    var unresolved: [String: JSONText?] = [:]
    for (reason, count) in coverage.importsUnresolved { unresolved[reason.rawValue] = .int(count) }
    return .object([
      "coverage": .object([
        "files": .object([
          "seen": .int(coverage.filesSeen), "parsed": .int(coverage.filesParsed), "skipped": .object(skipped),
          "syntaxErrors": .list(coverage.filesWithSyntaxErrors.map { .text($0) }),
        ]),
        "imports": .object([
          "resolved": .int(coverage.importsResolved), "external": .int(coverage.importsExternal),
          "unresolved": .object(unresolved),
        ]),
        "routesWithUnknownParts": .int(coverage.routesWithUnknownParts),
        "callsWithoutTarget": .int(coverage.callsWithoutTarget),
        "requestsWithoutRoute": .int(coverage.requestsWithoutRoute), "queriesNotRead": .int(coverage.queriesNotRead),
        "schemaDisagreements": .list(coverage.schemaDisagreements.map { .text($0.message) }),
        "notes": .list(graph.notes.map { .text($0.description) }.prefix(2_000).map { $0 }),
      ])
    ])
  }
}

extension Declaration.Form {
  var rawText: String {
    switch self {
    case .type: "type"
    default: String(describing: self).replacing("`", with: "")
    }
  }
}

/// The version that every output names.
package enum EngineVersion {
  package static let text = "0.1.0"
}
