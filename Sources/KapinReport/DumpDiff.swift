package import Foundation
import KapinBase

/// What changed between two graph dumps: modules, symbols, routes, tables.
package struct DumpDiff {
  package struct Change: Equatable {
    package enum Form: String { case added, removed, changed }
    package var form: Form
    package var kind: String
    package var id: String
    /// For changed nodes, the fields that differ.
    package var fields: [String]
  }

  package var changes: [Change] = []

  /// The kinds that people ask for, in the order in which they are told.
  package static let kinds = ["route", "table", "module", "symbol"]

  package struct Unreadable: Error, CustomStringConvertible {
    package var description: String
  }

  /// - Parameters:
  ///   - old, new: dumps in the formats ndjson or json.
  package init(_ old: Data, _ new: Data) throws {
    let before = try Self.nodes(old), after = try Self.nodes(new)
    for kind in Self.kinds {
      let a = before[kind] ?? [:], b = after[kind] ?? [:]
      for id in Set(a.keys).union(b.keys).sorted(by: { $0.id.precedes($1.id) }) {
        switch (a[id], b[id]) {
        case (nil, _): changes.append(Change(form: .added, kind: kind, id: id.id, fields: []))
        case (_, nil): changes.append(Change(form: .removed, kind: kind, id: id.id, fields: []))
        case (let x?, let y?):
          let fields = Set(x.keys).union(y.keys).filter { x[$0] != y[$0] }.sortedByBytes()
          if !fields.isEmpty { changes.append(Change(form: .changed, kind: kind, id: id.id, fields: fields)) }
        }
      }
    }
  }

  /// An id by its bytes.
  private struct Key: Hashable {
    var id: String
    private var bytes: [UInt8]
    init(_ id: String) {
      self.id = id
      bytes = Array(id.utf8)
    }
    static func == (a: Key, b: Key) -> Bool { a.bytes == b.bytes }
    func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
  }

  /// Where something stands is no change of it.
  private static let places: Set<String> = ["at", "end", "node", "kind"]

  /// For each kind and id, the fields as text.
  private static func nodes(_ data: Data) throws -> [String: [Key: [String: String]]] {
    var found: [String: [Key: [String: String]]] = [:]
    func add(_ value: Any) {
      guard let node = value as? [String: Any], let id = node["node"] as? String, let kind = node["kind"] as? String,
        kinds.contains(kind)
      else { return }
      var fields: [String: String] = [:]
      for (key, value) in node where !places.contains(key) { fields[key] = text(value) }
      found[kind, default: [:]][Key(id)] = fields
    }
    let start = data.prefix(2_000)
    if start.starts(with: Array("{\"header\"".utf8)) {
      guard let whole = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
        let nodes = whole["nodes"] as? [Any]
      else { throw Unreadable(description: "it is no graph dump") }
      nodes.forEach(add)
      return found
    }
    var isDump = false
    for line in data.split(separator: 10) {
      guard line.starts(with: Array("{".utf8)) else { throw Unreadable(description: "it is no graph dump") }
      if !isDump {
        guard String(decoding: line, as: UTF8.self).contains("\"format\":\"kapin-graph\"") else {
          throw Unreadable(description: "it is no graph dump")
        }
        isDump = true
        continue
      }
      // Edges come after nodes and say nothing of them.
      if line.range(of: Data("\"edge\":".utf8)) != nil { break }
      if let value = try? JSONSerialization.jsonObject(with: Data(line)) { add(value) }
    }
    guard isDump else { throw Unreadable(description: "it is empty") }
    return found
  }

  private static func text(_ value: Any) -> String {
    if let text = value as? String { return text }
    let options: JSONSerialization.WritingOptions = [.sortedKeys, .fragmentsAllowed]
    return (try? JSONSerialization.data(withJSONObject: value, options: options))
      .map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
