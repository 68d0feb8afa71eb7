package import KapinBase
package import KapinModel

/// features.json, metrics.json and proof.json (Docs/output.md).
package enum ProductWire {
  package static func features(_ analysis: Analysis) -> JSONText {
    let graph = analysis.graph
    func ids(_ nodes: [NodeID]) -> JSONText { .list(nodes.map { .text(graph.nodes[$0].id) }) }
    let rows = analysis.features.map { feature in
      JSONText.object([
        "id": .text(feature.id), "title": .text(feature.title), "description": .text(feature.description),
        "confidence": .decimal(feature.confidence), "routes": ids(feature.routes),
        "components": ids(feature.components),
        "tables": ids(feature.tables), "apps": ids(feature.apps), "steps": ids(feature.steps),
        "people": .list(feature.people.map { .text($0) }),
        "capabilities": .list(
          feature.capabilities.map { row in
            .object([
              "name": .text(row.name), "at": .text(row.place.description), "node": .text(graph.nodes[row.node].id),
            ])
          }),
        "rule": .text(feature.rule),
        "evidence": .list(feature.evidence.map(evidence)), "against": .list(feature.against.map(evidence)),
      ])
    }
    return .object(["kapin": .text("features"), "version": .int(1), "features": .list(rows)])
  }

  private static func evidence(_ row: Evidence) -> JSONText {
    .object([
      "at": .text(row.place.description), "rule": .text(row.rule), "says": .text(row.says),
      "weight": .decimal(row.weight),
    ])
  }

  package static func metrics(_ analysis: Analysis) -> JSONText {
    let rows = analysis.metrics.map { metric in
      let files = BundleFiles(metric, analysis)
      var roles: [String: JSONText?] = [:]
      for role in metric.roles {
        roles[role.name] = .object([
          "table": .text(role.table), "column": .text(role.column), "at": .text(role.place.description),
        ])
      }
      if let event = metric.event {
        roles["event"] = .object(["event": .text(event.name), "at": .text(event.place.description)])
      }
      return JSONText.object([
        "id": .text(metric.id), "feature": .text(metric.feature), "title": .text(metric.title),
        "question": .text(metric.rule.question), "description": .text(metric.rule.description),
        "decision": .text(metric.rule.decision), "type": .text(metric.rule.type.rawValue),
        "grain": .text(metric.rule.grain), "dialect": .text("postgresql"), "verdict": .text(metric.verdict.rawValue),
        "reason": .text(metric.reason), "roles": .object(roles), "caveats": .list(metric.caveats.map { .text($0) }),
        "sql": files.sql.map { .text($0) }, "parameterisedSql": files.parameterisedSQL.map { .text($0) },
        "migration": files.migration.map { .text($0) }, "patch": files.patch.map { .text($0) },
        "guide": .text(files.guide), "evidence": .list(metric.evidence.map(evidence)),
      ])
    }
    return .object(["kapin": .text("metrics"), "version": .int(1), "metrics": .list(rows)])
  }

  package static func proof(_ analysis: Analysis) -> JSONText {
    let proof = analysis.proof
    func steps(_ all: [ProofStep]) -> JSONText {
      .list(
        all.map {
          .object([
            "step": .text($0.name), "passed": .bool($0.passed), "detail": $0.detail.isEmpty ? nil : .text($0.detail),
          ])
        })
    }
    return .object([
      "kapin": .text("proof"), "version": .int(1), "database": proof.database.map { .text($0) } ?? .null,
      "migrations": steps(proof.migrations),
      "metrics": .list(proof.metrics.map { .object(["id": .text($0.id), "steps": steps($0.steps)]) }),
      "patches": .list(proof.patches.map { .object(["path": .text($0.path), "steps": steps($0.steps)]) }),
      "notes": .list(proof.notes.map { .text($0.description) }),
    ])
  }
}

/// Where a metric's files lie in the output folder.
package struct BundleFiles {
  package var guide: String
  package var sql: String?
  package var parameterisedSQL: String?
  package var migration: String?
  package var patch: String?
  package var storePatch: String?

  package init(_ metric: Metric, _ analysis: Analysis) {
    guide = "guides/\(metric.id).md"
    guard metric.sql != nil else { return }
    sql = "sql/\(metric.id).sql"
    // A question about the present state asks for no period.
    if metric.sql?.contains("$1") ?? false { parameterisedSQL = "sql/\(metric.id).params.sql" }
    guard let event = metric.event else { return }
    patch = analysis.patches.first { $0.event == event.name }?.path
    if let store = analysis.stores.first(where: { $0.rule == event.rule }) {
      migration = Self.migrationFile(store)
      storePatch = Self.storePatch(store)
    }
  }

  package static func migrationFile(_ store: EventStore) -> String { "migrations/product-events.\(store.rule).sql" }
  package static func storePatch(_ store: EventStore) -> String { "patches/product-events.\(store.rule).patch" }
  package static func eventPatch(_ event: String) -> String { "patches/\(event.replacing("_", with: "-")).patch" }
}
