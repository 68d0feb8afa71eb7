package import KapinBase
package import KapinModel

/// All per-file results that linking needs; the files are those of the inventory.
package struct ProjectFacts: Sendable {
  package var inventory: Inventory
  /// For each source file, its facts and content hash.
  package var sources: [(file: FileID, hash: ContentHash, facts: FileFacts)]
  package var manifests: [(file: FileID, manifest: Manifest)]
  package var configs: [(path: String, config: CompilerConfig)]
  /// Member patterns of workspaces that are not declared in a package.json.
  package var workspaces: [(file: FileID, patterns: [String])]
  package var aliases: [ImportAlias] = []

  package init(
    inventory: Inventory, sources: [(file: FileID, hash: ContentHash, facts: FileFacts)],
    manifests: [(file: FileID, manifest: Manifest)], configs: [(path: String, config: CompilerConfig)],
    workspaces: [(file: FileID, patterns: [String])]
  ) {
    self.inventory = inventory
    self.sources = sources
    self.manifests = manifests
    self.configs = configs
    self.workspaces = workspaces
  }
}
