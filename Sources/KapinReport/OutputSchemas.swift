package import KapinBase
import KapinModel

/// JSON Schemas (2020-12) of the outputs, from which Docs/schema is generated.
package enum OutputSchemas {
  package static var all: [(name: String, schema: JSONText)] {
    [("graph", graph), ("features", features), ("metrics", metrics), ("proof", proof)]
  }

  private static func string(_ description: String? = nil) -> JSONText {
    .object(["type": .text("string"), "description": description.map { .text($0) }])
  }
  private static let number = JSONText.object(["type": .text("integer")])
  private static let flag = JSONText.object(["type": .text("boolean")])
  private static func list(_ items: JSONText) -> JSONText { .object(["type": .text("array"), "items": items]) }
  private static func choice(_ values: [String]) -> JSONText { .object(["enum": .list(values.map { .text($0) })]) }
  private static func constant(_ value: JSONText) -> JSONText { .object(["const": value]) }
  private static let place = JSONText.object([
    "type": .text("string"), "description": .text("path, path:line:column; 1-based, columns in UTF-16 units"),
  ])

  private static func object(
    _ properties: [String: JSONText?], required: [String], open: Bool = true, description: String? = nil
  ) -> JSONText {
    .object([
      "type": .text("object"), "properties": .object(properties), "required": .list(required.map { .text($0) }),
      "additionalProperties": open ? nil : .bool(false), "description": description.map { .text($0) },
    ])
  }

  private static func document(_ title: String, _ members: [String: JSONText?]) -> JSONText {
    var all = members
    all["$schema"] = .text("https://json-schema.org/draft/2020-12/schema")
    all["title"] = .text(title)
    return .object(all)
  }

  // MARK: Graph

  private static var graph: JSONText {
    let header = object(
      [
        "format": constant(.text("kapin-graph")), "version": constant(.int(1)), "engine": string(),
        "rules": string("hash of all rules"),
        "roots": list(object(["name": string(), "commit": string(), "hash": string()], required: ["name", "hash"])),
      ], required: ["format", "version", "engine", "rules", "roots"])
    let node = object(
      [
        "node": string("the id"), "kind": choice(NodeKind.allCases.map(\.rawValue)), "at": place, "end": place,
        "rule": string(), "confidence": choice(["exact", "resolved", "heuristic"]), "name": string(),
        "manifest": string(),
        "range": string(), "builtin": flag, "language": choice(SourceLanguage.allCases.map(\.rawValue)),
        "package": string(),
        "hash": string("of the text"), "test": flag, "generated": flag,
        "skipped": choice(SkippedFile.Reason.allCases.map(\.rawValue)),
        "reason": choice(UnresolvedReason.allCases.map(\.rawValue)),
        "specifier": string(),
        "form": string(), "exported": flag, "handedOut": flag, "component": flag,
        "type": choice(RouteForm.allCases.map(\.rawValue)),
        "framework": string(), "app": string(), "source": string(), "provider": string(), "codeName": string(),
        "parameters": list(
          object(
            [
              "in": choice(InputPattern.Place.allCases.map(\.rawValue)), "name": string(), "type": string(),
              "required": flag,
            ], required: ["in", "name"])),
        "columns": list(
          object(
            [
              "name": string(), "type": string(), "nullable": flag, "codeName": string(), "default": string(),
              "primary": flag,
              "unique": flag, "generated": flag, "references": string("table.column"), "values": list(string()),
            ], required: ["name", "type", "nullable"])),
        "indexes": list(object(["name": string(), "columns": list(string()), "unique": flag], required: ["columns"])),
        "keys": list(string()),
      ], required: ["node", "kind"])
    let edge = object(
      [
        "edge": choice(EdgeKind.allCases.map(\.rawValue)), "from": string(), "to": string(), "at": place,
        "rule": string(),
        "confidence": choice(["exact", "resolved", "heuristic"]), "columns": list(string()), "apart": list(string()),
        "when": list(string()), "order": number,
      ], required: ["edge", "from", "to", "confidence"])
    let coverage = object(
      [
        "coverage": object(
          [
            "files": object(
              [
                "seen": number, "parsed": number, "skipped": .object(["type": .text("object")]),
                "syntaxErrors": list(string()),
              ], required: ["seen", "parsed", "skipped", "syntaxErrors"]),
            "imports": object(
              ["resolved": number, "external": number, "unresolved": .object(["type": .text("object")])],
              required: ["resolved", "external", "unresolved"]),
            "routesWithUnknownParts": number, "callsWithoutTarget": number, "requestsWithoutRoute": number,
            "queriesNotRead": number, "schemaDisagreements": list(string()), "notes": list(string()),
          ], required: ["files", "imports"])
      ], required: ["coverage"])
    let members: [String: JSONText?] = ["header": header, "node": node, "edge": edge, "coverage": coverage]
    func reference(_ name: String) -> JSONText { .object(["$ref": .text("#/$defs/\(name)")]) }
    return document(
      "KAPIN graph dump, version 1",
      [
        "description": .text(
          "A line of the NDJSON form, or the whole document of the JSON form. Readers ignore keys and kinds that they do not know."
        ),
        "$defs": .object(members),
        "anyOf": .list([
          reference("header"), reference("node"), reference("edge"), reference("coverage"),
          object(
            [
              "header": reference("header"), "nodes": list(reference("node")), "edges": list(reference("edge")),
              "coverage": .object(["type": .text("object")]),
            ],
            required: ["header", "nodes", "edges", "coverage"]),
        ]),
      ])
  }

  // MARK: Product

  private static let evidence = list(
    object(
      ["at": place, "rule": string(), "says": string(), "weight": .object(["type": .text("number")])],
      required: ["at", "rule", "says", "weight"], open: false))

  private static func file(_ kind: String, _ rows: String, _ row: JSONText) -> JSONText {
    document(
      "KAPIN \(kind).json, version 1",
      [
        "type": .text("object"), "required": .list([.text("kapin"), .text("version"), .text(rows)]),
        "properties": .object(["kapin": constant(.text(kind)), "version": constant(.int(1)), rows: list(row)]),
      ])
  }

  private static var features: JSONText {
    file(
      "features", "features",
      object(
        [
          "id": string(), "title": string(), "description": string(),
          "confidence": .object(["type": .text("number"), "minimum": .int(0), "maximum": .int(1)]),
          "routes": list(string("node id")), "components": list(string("node id")), "tables": list(string("node id")),
          "apps": list(string("node id")), "steps": list(string("node id; pages and actions, in the order of links")),
          "people": list(string("who uses it, by the guards of its routes")), "rule": string(),
          "capabilities": list(
            object(
              ["name": string("as paths, components and columns call it"), "at": string(), "node": string("node id")],
              required: ["name", "at", "node"], open: false)),
          "evidence": evidence, "against": evidence,
        ],
        required: [
          "id", "title", "description", "confidence", "routes", "components", "tables", "steps", "apps", "evidence",
          "against",
        ],
        open: false))
  }

  private static var metrics: JSONText {
    file(
      "metrics", "metrics",
      object(
        [
          "id": string(), "feature": string(), "title": string(), "question": string(), "description": string(),
          "decision": string(), "type": choice(MetricType.allCases.map(\.rawValue)), "grain": string(),
          "dialect": constant(.text("postgresql")), "verdict": choice(Verdict.allCases.map(\.rawValue)),
          "reason": string(),
          "roles": .object(["type": .text("object")]), "caveats": list(string()),
          "sql": string("path in the output folder"),
          "parameterisedSql": string("path; $1 and $2 are the period"), "migration": string("path"),
          "patch": string("path"),
          "guide": string("path"), "evidence": evidence,
        ],
        required: [
          "id", "feature", "title", "question", "description", "type", "dialect", "verdict", "reason", "roles", "guide",
        ],
        open: false))
  }

  private static var proof: JSONText {
    let steps = list(
      object(["step": string(), "passed": flag, "detail": string()], required: ["step", "passed"], open: false))
    return document(
      "KAPIN proof.json, version 1",
      [
        "type": .text("object"),
        "required": .list(
          ["kapin", "version", "database", "migrations", "metrics", "patches", "notes"].map { .text($0) }),
        "properties": .object([
          "kapin": constant(.text("proof")), "version": constant(.int(1)),
          "database": .object(["type": .list([.text("string"), .text("null")])]), "migrations": steps,
          "metrics": list(object(["id": string(), "steps": steps], required: ["id", "steps"], open: false)),
          "patches": list(object(["path": string(), "steps": steps], required: ["path", "steps"], open: false)),
          "notes": list(string()),
        ]),
      ])
  }
}
