package import KapinBase
package import KapinModel

/// A route with what is joined to it, for lists.
package struct RouteRow: Sendable {
  package var node: NodeID
  package var id: String
  package var route: Route
  package var app: String
  package var at: Place?
  package var confidence: Confidence
  /// Names of the handlers and guards, in order.
  package var handlers: [String]
  package var guards: [String]
}

/// The routes of a product, and which of them a question is about.
package struct RouteList: Sendable {
  package private(set) var rows: [RouteRow] = []

  /// All routes, by app, path and method.
  package init(_ graph: ProductGraph) {
    var handlers: [NodeID: [String]] = [:]
    var guards: [NodeID: [String]] = [:]
    for edge in graph.edges where edge.kind == .handles || edge.kind == .guards {
      let target = graph.nodes[edge.to].id
      let short = target.firstIndex(of: "#").map { String(target[target.index(after: $0)...]) } ?? target
      let name = edge.text("name") ?? short
      if edge.kind == .handles { handlers[edge.from, default: []].append(name) }
      if edge.kind == .guards { guards[edge.from, default: []].append(name) }
    }
    for id in graph.nodes.ids {
      let node = graph.nodes[id]
      guard case .route(let route) = node.content else { continue }
      let folder = graph.code.packages[route.package].folder
      rows.append(
        RouteRow(
          node: id, id: node.id, route: route, app: folder.isEmpty ? "." : folder, at: node.origin?.place,
          confidence: node.origin?.confidence ?? .exact, handlers: handlers[id] ?? [], guards: guards[id] ?? []))
    }
    rows = rows.sortedByBytes { $0.app + "\u{0}" + $0.route.path + "\u{0}" + $0.route.method }
  }

  package mutating func keep(where accepts: (RouteRow) -> Bool) { rows = rows.filter(accepts) }

  // MARK: Forms

  /// Columns that line up; one line a route, under the name of its app.
  package var table: String {
    var lines: [String] = []
    let method = rows.map(\.route.method.count).max() ?? 0
    let path = min(60, rows.map(\.route.path.count).max() ?? 0)
    var app: String?
    for row in rows {
      if row.app != app {
        if app != nil { lines.append("") }
        app = row.app
        lines.append("\(row.app) (\(rows.count { $0.app == row.app }))")
      }
      let guarded = row.guards.isEmpty ? "" : "  guards: " + row.guards.joined(separator: ", ")
      lines.append(
        "  " + row.route.method.padded(to: method) + "  " + row.route.path.padded(to: path) + "  "
          + row.route.framework.padded(to: 12) + "  " + (row.at?.description ?? "") + guarded)
    }
    return lines.joined(separator: "\n")
  }

  /// Columns divided by tabs: method, path, type, framework, app, place, handlers, guards.
  package var tabbed: String {
    rows.map { row in
      [
        row.route.method, row.route.path, row.route.form.rawValue, row.route.framework, row.app,
        row.at?.description ?? "", row.handlers.joined(separator: ","), row.guards.joined(separator: ","),
      ].joined(separator: "\t")
    }.joined(separator: "\n")
  }

  package var json: JSONText {
    .object([
      "kapin": .text("routes"), "version": .int(1),
      "routes": .list(
        rows.map { row in
          .object([
            "id": .text(row.id), "method": .text(row.route.method), "path": .text(row.route.path),
            "type": .text(row.route.form.rawValue), "framework": .text(row.route.framework), "app": .text(row.app),
            "at": row.at.map { .text($0.description) }, "confidence": .text(row.confidence.rawValue),
            "handlers": .list(row.handlers.map { .text($0) }), "guards": .list(row.guards.map { .text($0) }),
            "parameters": .list(row.route.parameters.map(Self.parameter)),
          ])
        }),
    ])
  }

  static func parameter(_ input: RouteInput) -> JSONText {
    .object([
      "in": .text(input.place.rawValue), "name": .text(input.name), "required": .bool(input.required),
      "type": input.type.map { .text($0) },
    ])
  }
}
