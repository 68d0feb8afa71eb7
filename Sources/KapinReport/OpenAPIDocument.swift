package import KapinBase
import KapinModel

/// The HTTP routes of a product as an OpenAPI document (OpenAPI Specification 3.1.1).
///
/// Only what the code says is in it: a route that answers every method stands under `x-kapin-any`, a part of a path that
/// could not be read is a parameter called `unknown`, and an optional part gives two paths.
package struct OpenAPIDocument {
  private static let methods = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"]

  private var paths: [String: [String: JSONText?]] = [:]
  /// Paths by their shape: two that differ only in the names of parameters are one (section "Paths Object").
  private var byShape: [String: String] = [:]
  private let title: String

  package static func document(_ list: RouteList, title: String) -> JSONText {
    var document = OpenAPIDocument(title: title)
    for row in list.rows where row.route.form == .endpoint || row.route.form == .webhook { document.add(row) }
    return document.text
  }

  private init(title: String) { self.title = title }

  private var text: JSONText {
    .object([
      "openapi": .text("3.1.1"),
      "info": .object(["title": .text(title), "version": .text("0")]),
      "paths": .object(paths.mapValues { .object($0) }),
    ])
  }

  private mutating func add(_ row: RouteRow) {
    for (template, names) in Self.templates(row.route.path) {
      let shape = template.replacing(/\{[^}]*\}/, with: "{}")
      let key = byShape[shape] ?? template
      byShape[shape] = key
      let method = Self.methods.contains(row.route.method) ? row.route.method.lowercased() : "x-kapin-any"
      // The first route of a method stands for the path; others of other applications are named.
      if paths[key]?[method] == nil {
        // Where another name came first, that name counts.
        let own = key == template ? names : Self.names(in: key)
        paths[key, default: [:]][method] = operation(row, own)
      } else {
        also(key, method, row)
      }
    }
  }

  private mutating func also(_ path: String, _ method: String, _ row: RouteRow) {
    guard case .object(var operation)?? = paths[path]?[method], let at = row.at else { return }
    var places: [JSONText] = []
    if case .list(let known)?? = operation["x-kapin-also"] { places = known }
    operation["x-kapin-also"] = .list(places + [.text(at.description)])
    paths[path]?[method] = .object(operation)
  }

  private func operation(_ row: RouteRow, _ names: [String]) -> JSONText {
    let inputs = row.route.parameters
    var parameters: [JSONText] = names.map { name in
      let known = inputs.first { $0.place == .path && $0.name == name }
      return .object([
        "name": .text(name), "in": .text("path"), "required": .bool(true),
        "schema": Self.schema(known?.type ?? "string"),
      ])
    }
    var seen: Set<String> = []
    for input in inputs where input.place == .query || input.place == .header {
      guard seen.insert(input.place.rawValue + " " + input.name).inserted, !input.name.isEmpty else { continue }
      parameters.append(
        .object([
          "name": .text(input.name), "in": .text(input.place.rawValue), "required": .bool(input.required),
          "schema": Self.schema(input.type),
        ]))
    }
    return .object([
      "tags": .list([.text(row.app)]),
      "parameters": parameters.isEmpty ? nil : .list(parameters),
      "requestBody": Self.body(inputs.filter { $0.place == .body }),
      "x-kapin-source": row.at.map { .text($0.description) },
      "x-kapin-handlers": row.handlers.isEmpty ? nil : .list(row.handlers.map { .text($0) }),
      "x-kapin-guards": row.guards.isEmpty ? nil : .list(row.guards.map { .text($0) }),
      "x-kapin-confidence": .text(row.confidence.rawValue),
    ])
  }

  private static func body(_ inputs: [RouteInput]) -> JSONText? {
    guard !inputs.isEmpty else { return nil }
    var properties: [String: JSONText?] = [:]
    for input in inputs { properties[input.name] = schema(input.type) }
    let required = inputs.filter(\.required).map(\.name)
    return .object([
      "content": .object([
        "application/json": .object([
          "schema": .object([
            "type": .text("object"), "properties": .object(properties),
            "required": required.isEmpty ? nil : .list(required.map { .text($0) }),
          ])
        ])
      ])
    ])
  }

  private static func schema(_ type: String?) -> JSONText {
    switch type {
    case "string"?, "number"?, "boolean"?, "object"?, "array"?: .object(["type": .text(type ?? "string")])
    default: .object([:])
    }
  }

  /// `/users/:id?` → `/users` and `/users/{id}`, each with its parameters.
  private static func templates(_ path: String) -> [(template: String, names: [String])] {
    var found: [(parts: [String], names: [String])] = [([], [])]
    var unknown = 0
    for segment in path.split(separator: "/") {
      let isOptional = segment.hasSuffix("?") && (segment.hasPrefix(":") || segment.hasPrefix("*"))
      var names: [String] = []
      var text = ""
      var rest = isOptional ? segment.dropLast() : segment
      if rest.hasPrefix("*") {
        names = [String(rest.dropFirst())]
        text = "{\(names[0])}"
        rest = ""
      }
      while !rest.isEmpty {
        if rest.hasPrefix("{?}") {
          unknown += 1
          names.append(unknown == 1 ? "unknown" : "unknown\(unknown)")
          text += "{\(names[names.count - 1])}"
          rest = rest.dropFirst(3)
        } else if rest.hasPrefix(":") {
          let name = rest.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
          guard !name.isEmpty else {
            text += ":"
            rest = rest.dropFirst()
            continue
          }
          names.append(String(name))
          text += "{\(name)}"
          rest = rest.dropFirst(name.count + 1)
        } else {
          let plain = rest.prefix { $0 != ":" && $0 != "{" && $0 != "}" }
          text += plain
          rest = rest.dropFirst(plain.isEmpty ? 1 : plain.count)
        }
      }
      let with = found.map { (parts: $0.parts + [text], names: $0.names + names) }
      found = isOptional ? found + with : with
    }
    return found.map { ("/" + $0.parts.joined(separator: "/"), Array(Set($0.names)).sortedByBytes()) }
  }

  private static func names(in template: String) -> [String] {
    var names: [String] = []
    var rest = template[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let name = String(rest[rest.index(after: open)..<close])
      if !names.contains(name) { names.append(name) }
      rest = rest[rest.index(after: close)...]
    }
    return names
  }
}
