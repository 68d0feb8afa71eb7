import KapinBase
import KapinModel

/// Lists the roots, classifies files and sorts them by bytes: a file's position is its id.
enum InventoryBuilder {
  /// Larger sources are data or bundles.
  static let sizeLimit = 4 << 20

  static func build(_ trees: [any SourceTree], _ generated: [GeneratedRule]) -> Inventory {
    var inventory = Inventory()
    var names: Set<String> = []
    var found: [SourceFile] = []
    var others: [String] = []
    for (root, tree) in trees.enumerated() {
      let name = unique(tree.name, &names)
      let prefix = trees.count > 1 ? name + "/" : ""
      inventory.roots.append(Root(name: name, prefix: prefix, commit: tree.commit, webAddress: tree.webAddress))
      let listing = tree.listing()
      for file in listing.files {
        let path = prefix + file.path
        guard let form = form(file.path) else {
          others.append(path)
          continue
        }
        if let reason = skipReason(file, form, generated) {
          inventory.skipped.append(SkippedFile(path: path, reason: reason))
          others.append(path)
        } else {
          let isTest = TestPaths.isTest(file.path)
          found.append(
            SourceFile(
              path: path, root: root, byteCount: file.byteCount, form: form, isTest: isTest, stamp: file.stamp))
        }
      }
      inventory.skipped += listing.skipped.map { SkippedFile(path: prefix + $0.path, reason: $0.reason) }
    }
    for file in found.sortedByBytes({ $0.path }) {
      let id = inventory.files.append(file)
      inventory.paths.insert(file.path, file: id)
    }
    for path in others.sortedByBytes() { inventory.paths.insert(path) }
    inventory.skipped = inventory.skipped.sortedByBytes { $0.path }
    return inventory
  }

  private static func unique(_ name: String, _ taken: inout Set<String>) -> String {
    var candidate = name, number = 2
    while !taken.insert(candidate).inserted {
      candidate = "\(name)-\(number)"
      number += 1
    }
    return candidate
  }

  static func form(_ path: String) -> SourceFile.Form? {
    let name = Paths.last(path)
    if name == "package.json" { return .manifest }
    if name == "pnpm-workspace.yaml" || name == "lerna.json" { return .workspace }
    if name.hasSuffix(".json"), name.hasPrefix("tsconfig") || name.hasPrefix("jsconfig") || path.contains("tsconfig/") {
      return .compilerConfig
    }
    guard let dot = name.utf8.lastIndex(of: 46) else { return nil }
    switch name[name.index(after: dot)...] {
    case "ts", "mts", "cts": return .source(.typescript)
    case "tsx": return .source(.tsx)
    case "js", "jsx", "mjs", "cjs": return .source(.javascript)
    case "vue": return .source(.vue)
    case "svelte": return .source(.svelte)
    case "astro": return .source(.astro)
    case "prisma": return .schema(.prisma)
    case "sql": return .schema(.sql)
    case "graphql", "gql", "graphqls": return .schema(.graphql)
    case "json" where name.hasSuffix("tsconfig.json") || name.hasSuffix("base.json"): return .compilerConfig
    default: return nil
    }
  }

  private static func skipReason(
    _ file: Listing.File, _ form: SourceFile.Form, _ generated: [GeneratedRule]
  ) -> SkippedFile.Reason? {
    if file.byteCount > sizeLimit { return .tooLarge }
    guard case .source = form else { return nil }
    if file.path.hasSuffix(".min.js") || file.path.hasSuffix(".min.mjs") || file.path.hasSuffix(".bundle.js") {
      return .minified
    }
    let parts = PathParts(file.path)
    if vendored.contains(where: { $0.matches(parts) }) { return .vendored }
    if generated.contains(where: { $0.isMade(parts) }) { return .generated }
    return nil
  }

  private static let vendored = ["node_modules", "bower_components", "jspm_packages", "third_party"].map {
    Glob("**/\($0)/**")
  }
}
