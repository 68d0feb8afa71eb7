import KapinBase
import KapinModel

/// Finds the file that a path without certain extension means.
///
/// TypeScript documentation, "Modules – Reference" ("File extension substitution", "Extensionless relative paths",
/// "Directory modules"): a file wins over a folder of its name, sources over what is compiled from them. Where a script
/// stands beside its own declaration file, the script is meant: the graph is of code, not of its types.
struct FileLookup: Sendable {
  let paths: PathIndex
  private let moduleOfFile: [ModuleID?]
  private let tests: Set<ModuleID>

  init(_ inventory: Inventory, moduleOfFile: [ModuleID?]) {
    self.moduleOfFile = moduleOfFile
    paths = inventory.paths
    tests = Set(inventory.files.ids.compactMap { inventory.files[$0].isTest ? moduleOfFile[$0.index] : nil })
  }

  func isTest(_ module: ModuleID) -> Bool { tests.contains(module) }

  /// What a compiled name may have been compiled from, and the other names that it may mean.
  private static let substitutes: [(ending: String, sources: [String])] = [
    (".js", [".ts", ".tsx", ".js", ".jsx", ".d.ts"]), (".jsx", [".tsx", ".ts", ".jsx", ".js", ".d.ts"]),
    (".mjs", [".mts", ".mjs", ".d.mts"]), (".cjs", [".cts", ".cjs", ".d.cts"]),
  ]
  /// Tried behind a name as it stands: TypeScript's, then what bundlers add.
  static let extensions = [
    ".ts", ".tsx", ".js", ".jsx", ".d.ts", ".mts", ".cts", ".mjs", ".cjs", ".json", ".vue", ".svelte", ".astro",
  ]
  /// Platform files of native apps, where there is no plain one.
  private static let platforms = [".native", ".ios", ".android", ".web", ".macos", ".windows"]

  /// - Parameter suffixes: `moduleSuffixes` of the configuration; empty for none.
  func file(_ path: String, suffixes: [String] = []) -> ImportTarget? {
    for suffix in suffixes.isEmpty ? [""] : suffixes {
      if let found = file(path, suffix) { return found }
    }
    if let exact = existing(path) { return exact }
    guard suffixes.isEmpty else { return nil }
    for platform in Self.platforms {
      for ending in Self.extensions.prefix(4) {
        if let found = existing(path + platform + ending) { return found }
      }
    }
    return nil
  }

  private func file(_ path: String, _ suffix: String) -> ImportTarget? {
    for (ending, sources) in Self.substitutes where path.hasSuffix(ending) {
      let stem = String(path.dropLast(ending.count))
      for source in sources { if let found = existing(stem + suffix + source) { return found } }
      break
    }
    if suffix.isEmpty {
      // A name that has an extension is meant as it stands.
      if hasExtension(path), let exact = existing(path) { return exact }
    } else if let dot = path.utf8.lastIndex(of: 46), dot > path.utf8.lastIndex(of: 47) ?? path.utf8.startIndex {
      if let found = existing(String(path[..<dot]) + suffix + path[dot...]) { return found }
    }
    return adding(to: path + suffix)
  }

  /// The name with the first extension that exists.
  private func adding(to name: String) -> ImportTarget? {
    var bytes = Array(name.utf8)
    let count = bytes.count
    for ending in Self.endings {
      bytes.removeSubrange(count...)
      bytes.append(contentsOf: ending)
      let (exists, file) = bytes.withUnsafeBytes { paths.lookUp($0) }
      guard exists else { continue }
      if let file, let module = moduleOfFile[file.index] { return .module(module) }
      return .file(String(decoding: bytes, as: UTF8.self))
    }
    return nil
  }

  private static let endings = extensions.map { Array($0.utf8) }

  private func hasExtension(_ path: String) -> Bool {
    Self.extensions.contains { path.hasSuffix($0) }
  }

  /// The index of a folder.
  func index(_ folder: String, suffixes: [String] = []) -> ImportTarget? {
    guard paths.isFolder(folder) else { return nil }
    let base = Paths.join(folder, "index")
    for suffix in suffixes.isEmpty ? [""] : suffixes {
      if let found = adding(to: base + suffix) { return found }
    }
    return nil
  }

  func existing(_ path: String) -> ImportTarget? {
    guard paths.exists(path) else { return nil }
    if let file = paths.file(path), let module = moduleOfFile[file.index] { return .module(module) }
    return .file(path)
  }
}
