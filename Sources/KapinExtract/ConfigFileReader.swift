package import KapinModel
import Yams

/// Reads configuration files in JSON or YAML (YAML 1.2 holds JSON) into plain values.
package enum ConfigFileReader {
  /// `nil` when the text is no such file.
  package static func read(_ bytes: UnsafeRawBufferPointer) -> ConfigValue? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let root = try? Yams.compose(yaml: text) else { return nil }
    return value(root, depth: 0)
  }

  private static func value(_ node: Node, depth: Int) -> ConfigValue? {
    guard depth < 40 else { return nil }
    switch node {
    case .scalar(let scalar): return .text(scalar.string, line: scalar.mark?.line ?? 1)
    case .sequence(let items): return .list(items.compactMap { value($0, depth: depth + 1) })
    case .mapping(let rows):
      return .object(
        rows.compactMap { key, inner in
          guard let name = key.scalar?.string, let found = value(inner, depth: depth + 1) else { return nil }
          return (name, found)
        })
    case .alias: return nil
    }
  }
}
