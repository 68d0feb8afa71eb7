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
    var fields: [String: JSONText?] = ["node": .text(node.id), "kind": .text(node.kind.rawValue)]
    if let origin = node.origin {
      fields["at"] = .text(origin.place.description)
      if let end = origin.end { fields["end"] = .text("\(origin.place.path):\(end.line):\(end.column)") }
      if !origin.rule.isEmpty {
        fields["rule"] = .text(origin.rule)
        fields["confidence"] = .text(origin.confidence.rawValue)
      }
    }
    switch node.content {
    case .package(let name, let manifest):
      fields["name"] = name.map { .text($0) }
      fields["manifest"] = manifest.map { .text($0) }
    case .external(let range, let builtin):
      fields["range"] = range.map { .text($0) }
      if builtin { fields["builtin"] = .bool(true) }
    case .module(let id):
      let module = graph.code.modules[id]
      let folder = graph.code.packages[module.package].folder
      fields["language"] = .text(module.language.rawValue)
      fields["package"] = .text("package:" + (folder.isEmpty ? "." : folder))
      fields["hash"] = .text(module.hash.hex)
      if module.isTest { fields["test"] = .bool(true) }
    case .file(let skipped):
      fields["skipped"] = skipped.map { .text($0.rawValue) }
      if skipped == .generated { fields["generated"] = .bool(true) }
    case .env: break
    case .unresolved(let reason, let specifier):
      fields["reason"] = .text(reason.rawValue)
      fields["specifier"] = .text(specifier)
    case .symbol(let ref, let component):
      symbol(ref, component, &fields)
      if !handedOut.isEmpty, let id = graph.symbols[ref], handedOut.contains(id) { fields["handedOut"] = .bool(true) }
    case .route(let route):
      fields["type"] = .text(route.form.rawValue)
      fields["framework"] = .text(route.framework)
      fields["version"] = route.version.map { .text($0) }
      fields["host"] = route.host.map { .text($0) }
      if !route.locales.isEmpty { fields["locales"] = .list(route.locales.map { .text($0) }) }
      let folder = graph.code.packages[route.package].folder
      fields["app"] = .text("package:" + (folder.isEmpty ? "." : folder))
      if !route.parameters.isEmpty {
        fields["parameters"] = .list(
          route.parameters.map { input in
            .object([
              "in": .text(input.place.rawValue), "name": .text(input.name), "required": .bool(input.required),
              "type": input.type.map { .text($0) },
            ])
          })
      }
    case .event(let providers): fields["provider"] = .text(providers.joined(separator: ", "))
    case .table(let table): fields.merge(tableFields(table)) { _, own in own }
    }
    return .object(fields)
  }

  private func symbol(_ ref: SymbolRef, _ component: Bool, _ fields: inout [String: JSONText?]) {
    guard let id = ref.declaration else { return }
    let facts = graph.code.modules[ref.module].facts
    let declaration = facts.declarations[id]
    fields["form"] = .text(declaration.form.rawText)
    fields["hash"] = .text(ContentHash.hex(declaration.hash))
    if declaration.flags.contains(.exported) { fields["exported"] = .bool(true) }
    if component {
      fields["component"] = .bool(true)
      fields["framework"] = graph.componentFrameworks[ref.module].map { .text($0) }
    }
  }

  func tableFields(_ node: TableNode) -> [String: JSONText?] {
    var fields: [String: JSONText?] = [:]
    fields["source"] = .text(node.source)
    fields["provider"] = node.provider.map { .text($0) }
    if node.table.codeName != node.table.name { fields["codeName"] = .text(node.table.codeName) }
    fields["columns"] = .list(node.table.columns.map(column))
    if !node.table.indexes.isEmpty {
      fields["indexes"] = .list(
        node.table.indexes.map { index in
          .object([
            "name": index.name.map { .text($0) }, "columns": .list(index.columns.map { .text($0) }),
            "unique": index.unique ? .bool(true) : nil,
          ])
        })
    }
    if !node.primaryKey.isEmpty { fields["keys"] = .list(node.primaryKey.map { .text($0) }) }
    return fields
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

  func edge(_ edge: ProductEdge) -> JSONText {
    var fields: [String: JSONText?] = [
      "edge": .text(edge.kind.rawValue), "from": .text(graph.nodes[edge.from].id), "to": .text(graph.nodes[edge.to].id),
      "confidence": .text(edge.confidence.rawValue), "at": edge.at.map { .text($0.description) },
      "rule": edge.rule.map { .text($0) },
    ]
    for (key, value) in edge.fields {
      switch value {
      case .text(let text): fields[key] = .text(text)
      case .number(let number): fields[key] = .int(number)
      case .texts(let texts): fields[key] = .list(texts.map { .text($0) })
      }
    }
    return .object(fields)
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
