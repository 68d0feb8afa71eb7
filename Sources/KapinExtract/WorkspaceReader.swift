internal import KapinSyntax
internal import Yams

/// Reads the lists of workspace members that stand beside a package.json: pnpm-workspace.yaml and lerna.json.
package enum WorkspaceReader {
  /// Patterns of member folders; those that start with `!` exclude.
  package static func read(_ bytes: [UInt8], isJSON: Bool) -> [String] {
    if isJSON { return JSON.parse(bytes).value?["packages"]?.items?.compactMap(\.text) ?? [] }
    guard let node = try? Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)) else { return [] }
    return node["packages"]?.sequence?.compactMap(\.string) ?? []
  }
}
