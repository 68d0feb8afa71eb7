import KapinBase
import KapinModel

/// Finds what an import specifier leads to.
///
/// Follows TypeScript's `bundler` resolution ("Modules – Reference") and Node's package rules ("Modules: Packages") on
/// a checkout without `node_modules`: workspace packages resolve to their sources. It never guesses by base name.
struct ModuleResolver {
  private let inventory: Inventory
  private let packages: PackageTable
  private let moduleOfFile: [ModuleID?]
  private var aliases: AliasTable
  /// By the bytes of folder and specifier: `String` would merge Unicode normal forms.
  private var cache: [ContentHash: ImportTarget] = [:]
  private(set) var notes: [Diagnostic] = []

  init(_ project: borrowing ProjectFacts, packages: PackageTable, moduleOfFile: [ModuleID?]) {
    inventory = project.inventory
    self.packages = packages
    self.moduleOfFile = moduleOfFile
    aliases = AliasTable(project, packages: packages)
    notes = aliases.notes
  }

  mutating func resolve(_ specifier: String, from folder: String, package: PackageID) -> ImportTarget {
    let key = ContentHash(folder + "\n" + specifier)
    if let known = cache[key] { return known }
    let target = resolveUncached(specifier, from: folder, package: package)
    cache[key] = target
    return target
  }

  private mutating func resolveUncached(_ raw: String, from folder: String, package: PackageID) -> ImportTarget {
    let query = raw.utf8.firstIndex { $0 == UInt8(ascii: "?") }
    let specifier = query.map { String(raw[..<$0]) } ?? raw
    guard !specifier.isEmpty else { return .unresolved(.empty) }
    if specifier == "." || specifier == ".." || specifier.hasPrefix("./") || specifier.hasPrefix("../") {
      guard let path = Paths.normalize(Paths.join(folder, specifier)) else { return .unresolved(.outsideRoot) }
      return file(path) ?? .unresolved(missing(path))
    }
    if Builtins.contains(specifier) { return .builtin(specifier) }
    for path in aliases.candidates(for: specifier, from: folder) {
      if let target = file(path) { return target }
    }
    if specifier.hasPrefix("#") {
      return importsMap(specifier, package) ?? .unresolved(.notExported)
    }
    if specifier.hasPrefix("/") || specifier.hasPrefix("data:") || specifier.hasPrefix("http") {
      return .unresolved(.outsideRoot)
    }
    let (name, subpath) = Self.split(specifier)
    if let workspace = packages.named(name), packages.packages[workspace].manifestPath != nil {
      if let target = inside(workspace, subpath) { return target }
      if !packages.declares(name, from: package) { return .external(package: name, subpath: subpath, declared: false) }
      return .unresolved(.notExported)
    }
    if aliases.looksLikeAlias(specifier, from: folder) { return .unresolved(.missingFile) }
    return .external(package: name, subpath: subpath, declared: packages.declares(name, from: package))
  }

  /// `@scope/name/a/b` → (`@scope/name`, `a/b`).
  static func split(_ specifier: String) -> (name: String, subpath: String) {
    let parts = specifier.split(separator: "/", omittingEmptySubsequences: false)
    let count = specifier.hasPrefix("@") ? 2 : 1
    return (parts.prefix(count).joined(separator: "/"), parts.dropFirst(count).joined(separator: "/"))
  }

  private func missing(_ path: String) -> UnresolvedReason {
    if inventory.skipped.contains(where: { $0.path == path || $0.path.hasPrefix(path + ".") }) { return .skippedFile }
    let folders = path.split(separator: "/").map(String.init)
    return folders.contains { ["dist", "build", "lib", "out", ".next", "generated"].contains($0) }
      ? .builtOutput : .missingFile
  }

  // MARK: Files

  private static let extensions = [".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mts", ".cts", ".mjs", ".cjs", ".json"]
  /// What TypeScript tries for an import of a compiled file name.
  private static let compiled: [(String, [String])] = [
    (".js", [".ts", ".tsx", ".d.ts"]), (".jsx", [".tsx", ".ts"]), (".mjs", [".mts"]), (".cjs", [".cts"]),
  ]

  /// A path as a file, with extensions, or as a folder with an index.
  private func file(_ path: String) -> ImportTarget? {
    if let exact = existing(path) { return exact }
    for (ending, sources) in Self.compiled where path.hasSuffix(ending) {
      let stem = String(path.dropLast(ending.count))
      for source in sources { if let found = existing(stem + source) { return found } }
    }
    for ending in Self.extensions { if let found = existing(path + ending) { return found } }
    guard inventory.paths.isFolder(path) else { return nil }
    let manifest = Paths.join(path, "package.json")
    if inventory.paths.exists(manifest) {
      let package = packages.package(around: manifest)
      if packages.packages[package].folder == path, let entry = entryPoint(package) { return entry }
    }
    for ending in Self.extensions { if let found = existing(Paths.join(path, "index" + ending)) { return found } }
    return nil
  }

  private func existing(_ path: String) -> ImportTarget? {
    guard inventory.paths.exists(path) else { return nil }
    if let file = inventory.paths.file(path), let module = moduleOfFile[file.index] { return .module(module) }
    return .file(path)
  }

  // MARK: Packages

  /// A path inside a workspace package, by its `exports`, its entry fields, or its layout.
  private func inside(_ id: PackageID, _ subpath: String) -> ImportTarget? {
    let package = packages.packages[id]
    if let exports = package.manifest.exports {
      let key = subpath.isEmpty ? "." : "./" + subpath
      let targets = ExportResolver.targets(exports, subpath: key)
      for target in targets { if let found = source(of: target, in: package.folder) { return found } }
      if targets.isEmpty { return nil }
    }
    if subpath.isEmpty { return entryPoint(id) }
    return layout(package.folder, subpath)
  }

  private func entryPoint(_ id: PackageID) -> ImportTarget? {
    let package = packages.packages[id]
    for entry in package.manifest.entries {
      if let found = source(of: entry, in: package.folder) { return found }
    }
    for ending in Self.extensions {
      for stem in ["index", "src/index", "src/main", "lib/index"] {
        if let found = existing(Paths.join(package.folder, stem + ending)) { return found }
      }
    }
    return nil
  }

  private func layout(_ folder: String, _ subpath: String) -> ImportTarget? {
    file(Paths.join(folder, subpath)) ?? file(Paths.join(folder, "src/" + subpath))
  }

  /// The source that a published file is built from: itself, or the same path with the output folder taken away.
  private func source(of entry: String, in folder: String) -> ImportTarget? {
    guard let path = Paths.normalize(Paths.join(folder, entry)) else { return nil }
    if let found = file(path), !isDeclarationFile(found) { return found }
    let inner = folder.isEmpty ? path : String(path.dropFirst(folder.count + 1))
    let parts = inner.split(separator: "/").map(String.init)
    guard parts.count > 1, ["dist", "build", "lib", "out", "esm", "cjs", "es"].contains(parts[0]) else {
      return file(path)
    }
    for skipped in 1..<min(parts.count, 3) {
      var rest = parts.dropFirst(skipped).joined(separator: "/")
      for ending in [".d.ts", ".d.mts", ".js", ".mjs", ".cjs"] where rest.hasSuffix(ending) {
        rest = String(rest.dropLast(ending.count))
        break
      }
      for base in ["src/", ""] { if let found = file(Paths.join(folder, base + rest)) { return found } }
    }
    return nil
  }

  private func isDeclarationFile(_ target: ImportTarget) -> Bool {
    if case .file(let path) = target { path.hasSuffix(".d.ts") } else { false }
  }

  private func importsMap(_ specifier: String, _ package: PackageID) -> ImportTarget? {
    guard let imports = packages.packages[package].manifest.imports else { return nil }
    for target in ExportResolver.targets(imports, subpath: specifier) {
      if target.hasPrefix("./") {
        if let found = source(of: target, in: packages.packages[package].folder) { return found }
      } else {
        let (name, subpath) = Self.split(target)
        return .external(package: name, subpath: subpath, declared: packages.declares(name, from: package))
      }
    }
    return nil
  }
}

/// `exports` and `imports` of a package.json (Node.js documentation, "Packages", "Subpath patterns").
enum ExportResolver {
  /// Conditions that lead to sources first, then what a bundler takes.
  private static let conditions: Set<String> = [
    "source", "development", "types", "import", "module", "require", "node", "browser", "default",
  ]

  /// The targets for a subpath (`.`, `./x`, `#x`), best first; empty when it isn't exported.
  static func targets(_ map: ExportMap, subpath: String) -> [String] {
    guard case .keys(let keys) = map, keys.contains(where: { $0.key.hasPrefix(".") || $0.key.hasPrefix("#") }) else {
      return subpath == "." ? flatten(map, capture: nil) : []
    }
    if let exact = keys.last(where: { $0.key == subpath }) { return flatten(exact.value, capture: nil) }
    var best: (length: Int, value: ExportMap, capture: String)?
    for (key, value) in keys {
      guard let star = key.firstIndex(of: "*") else { continue }
      let prefix = key[..<star], suffix = key[key.index(after: star)...]
      guard subpath.hasPrefix(prefix), subpath.hasSuffix(suffix), subpath.count >= prefix.count + suffix.count
      else { continue }
      if prefix.count > best?.length ?? -1 {
        best = (prefix.count, value, String(subpath.dropFirst(prefix.count).dropLast(suffix.count)))
      }
    }
    return best.map { flatten($0.value, capture: $0.capture) } ?? []
  }

  private static func flatten(_ map: ExportMap, capture: String?) -> [String] {
    switch map {
    case .target(let text):
      guard let capture else { return [text] }
      return [text.split(separator: "*", omittingEmptySubsequences: false).joined(separator: capture)]
    case .blocked: return []
    case .alternatives(let items): return items.flatMap { flatten($0, capture: capture) }
    case .keys(let keys):
      return keys.filter { conditions.contains($0.key) }.flatMap { flatten($0.value, capture: capture) }
    }
  }
}
