package import KapinBase
package import KapinModel

/// All per-file results that linking needs; the files are those of the inventory.
package struct ProjectFacts: Sendable {
  package var inventory: Inventory
  /// For each source file, its facts and content hash.
  package var sources: [(file: FileID, hash: ContentHash, facts: FileFacts)]
  package var manifests: [(file: FileID, manifest: Manifest)]
  package var configs: [(file: FileID, config: CompilerConfig)]

  package init(
    inventory: Inventory, sources: [(file: FileID, hash: ContentHash, facts: FileFacts)],
    manifests: [(file: FileID, manifest: Manifest)], configs: [(file: FileID, config: CompilerConfig)]
  ) {
    self.inventory = inventory
    self.sources = sources
    self.manifests = manifests
    self.configs = configs
  }
}
