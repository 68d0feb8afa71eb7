import KapinBase
import KapinModel

/// From a file that a build writes to the source that it is built from.
///
/// By `outDir` and `rootDir` of the package's compiler configurations, else by layout: the path with the output folders
/// taken away, in `src` or in the package itself.
enum OutputMap {
  private static let folders: Set<String> = [
    "dist", "build", "lib", "out", "esm", "cjs", "es", "output", "types", "dist-types", "_esm", "_cjs", "_types", "umd",
  ]
  private static let endings = [".d.ts", ".d.mts", ".d.cts", ".js", ".mjs", ".cjs", ".jsx", ".css"]

  static func source(
    of path: String, in package: String, configs: [ConfigTable.Effective], _ files: FileLookup
  ) -> ImportTarget? {
    guard Paths.isInside(path, package) else { return nil }
    for config in configs {
      guard let outDir = config.outDir, outDir != package, Paths.isInside(path, outDir) else { continue }
      let rest = withoutEnding(String(path.dropFirst(outDir.isEmpty ? 0 : outDir.count + 1)))
      let roots = config.rootDir.map { [$0] } ?? [Paths.join(package, "src"), package]
      for root in roots { if let found = code(Paths.join(root, rest), files) { return found } }
    }
    let parts = (package.isEmpty ? path : String(path.dropFirst(package.count + 1))).split(separator: "/")
      .map(String.init)
    var skipped = 0
    while skipped < min(parts.count - 1, 3), folders.contains(parts[skipped]) {
      skipped += 1
      let rest = withoutEnding(parts.dropFirst(skipped).joined(separator: "/"))
      for base in ["src", "source", ""] {
        if let found = code(Paths.join(Paths.join(package, base), rest), files) { return found }
      }
    }
    return nil
  }

  /// A style sheet, a declaration or a folder is no source of a built file.
  private static func code(_ path: String, _ files: FileLookup) -> ImportTarget? {
    guard let found = files.file(path) ?? files.index(path) else { return nil }
    if case .module = found { return found }
    return nil
  }

  private static func withoutEnding(_ path: String) -> String {
    for ending in endings where path.hasSuffix(ending) { return String(path.dropLast(ending.count)) }
    return path
  }
}
