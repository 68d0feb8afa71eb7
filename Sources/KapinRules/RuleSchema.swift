package import KapinBase

/// The JSON Schema (2020-12) of rule files, for editors: `# yaml-language-server: $schema=…`.
package enum RuleSchema {
  package static var json: JSONText {
    var definitions: [String: JSONText?] = [
      "texts": .object(["oneOf": .list([type("string"), array(type("string"))])]),
      "pairs": .object([
        "type": .text("object"), "additionalProperties": .object(["type": .list([.text("string"), .text("number")])]),
      ]),
      "value": .object([
        "description": .text(
          "A value that is followed across files: `package.export`, a name of `values`, a form, or a list of these."),
        "oneOf": .list([type("string"), reference("a value"), array(reference("value", escaped: true))]),
      ]),
      "argument": .object([
        "description": .text("An argument, a fixed text, `result` or `self`."),
        "oneOf": .list([
          type("string"), type("number"), reference("an argument"), array(reference("argument", escaped: true)),
        ]),
      ]),
    ]
    for (name, keys) in RuleKeys.all where name != "a rule" { definitions[id(name)] = mapping(keys) }
    let clauses = [
      "route", "table", "entries", "controller", "modules", "mount", "expand", "base", "guard", "mark", "config",
      "components",
      "shape",
      "resolvers", "model", "handle", "change", "access", "relation", "runs", "sql", "request", "navigate", "proxy",
      "document",
      "event",
      "schema",
    ]
    definitions[id("an entry of `emit`")] = .object([
      "type": .text("object"), "minProperties": .int(1), "maxProperties": .int(1), "additionalProperties": .bool(false),
      "properties": .object(Dictionary(uniqueKeysWithValues: clauses.map { ($0, reference("`\($0)`")) })),
    ])
    guard case .object(var rule) = mapping(RuleKeys.all["a rule"] ?? []) else { return .null }
    rule["$schema"] = .text("https://json-schema.org/draft/2020-12/schema")
    rule["title"] = .text("KAPIN rule, version 1")
    rule["required"] = .list(["kapin", "id", "kind", "title"].map { .text($0) })
    rule["$defs"] = .object(definitions)
    return .object(rule)
  }

  private static func mapping(_ keys: [RuleKeys.Key]) -> JSONText {
    var properties: [String: JSONText?] = [:]
    for key in keys {
      guard case .object(var schema) = schema(key.form) else { continue }
      schema["description"] = .text(key.says)
      properties[key.name] = .object(schema)
    }
    // Anchors stand under a key of their own choice; merges under `<<`.
    properties["<<"] = .object([:])
    return .object([
      "type": .text("object"), "properties": .object(properties), "additionalProperties": .bool(false),
    ])
  }

  private static func schema(_ form: RuleKeys.Form) -> JSONText {
    switch form {
    case .text: .object(["type": .list([.text("string"), .text("number")])])
    case .texts, .globs: reference("texts", escaped: true)
    case .flag: type("boolean")
    case .integer: type("integer")
    case .number: type("number")
    case .pairs: reference("pairs", escaped: true)
    case .any: .object([:])
    case .value: reference("value", escaped: true)
    case .argument: reference("argument", escaped: true)
    case .choice(let all):
      .object(["anyOf": .list([.object(["enum": .list(all.map { .text($0) })]), type("string")])])
    case .mapping(let name): reference(name)
    case .list(let name):
      RuleKeys.all[name] == nil && name != "an entry of `emit`" ? type("array") : array(reference(name))
    case .map, .values: .object(["type": .text("object"), "additionalProperties": reference("value", escaped: true)])
    }
  }

  private static func type(_ name: String) -> JSONText { .object(["type": .text(name)]) }
  private static func array(_ items: JSONText) -> JSONText { .object(["type": .text("array"), "items": items]) }
  private static func id(_ name: String) -> String { name.replacing("`", with: "").replacing(" ", with: "-") }
  private static func reference(_ name: String, escaped: Bool = false) -> JSONText {
    .object(["$ref": .text("#/$defs/" + id(name))])
  }
}
