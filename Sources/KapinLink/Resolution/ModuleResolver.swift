import KapinBase
import KapinModel

/// Finds what an import specifier leads to.
///
/// Follows TypeScript's resolution ("Modules – Reference", "bundler") and Node's package rules ("Modules: Packages") on a
/// checkout without `node_modules`: packages of the workspace lead to their sources. It never guesses by base name.
struct ModuleResolver: Sendable {
  private let inventory: Inventory
  private let packages: PackageTable
  private let files: FileLookup
  private var configs: ConfigTable
  private let skipped: ByteKeyed<Bool>
  /// By the bytes of folder, configuration and specifier.
  private var cache: [ContentHash: Linker.ResolvedImport] = [:]
  private let aliases: [ImportAlias]
  private(set) var notes: [Diagnostic] = []

  init(_ project: borrowing ProjectFacts, packages: PackageTable, moduleOfFile: [ModuleID?]) {
    inventory = project.inventory
    self.packages = packages
    files = FileLookup(project.inventory, moduleOfFile: moduleOfFile)
    configs = ConfigTable(project, packages: packages)
    // The innermost scope first, then the longest name.
    aliases = project.aliases.sorted {
      $0.scope.utf8.count != $1.scope.utf8.count
        ? $0.scope.utf8.count > $1.scope.utf8.count : $0.pattern.utf8.count > $1.pattern.utf8.count
    }
    var skipped = ByteKeyed<Bool>()
    for file in project.inventory.skipped { skipped[file.path] = true }
    self.skipped = skipped
    notes = configs.notes
  }

  /// Where a file stands: what its imports are resolved from.
  struct Origin {
    var folder: String
    var package: PackageID
    var config: ConfigTable.Effective?
    var isTest: Bool
  }

  mutating func origin(of path: String, in package: PackageID, isTest: Bool) -> Origin {
    Origin(folder: Paths.folder(path), package: package, config: configs.owner(of: path), isTest: isTest)
  }

  mutating func resolve(_ specifier: String, from origin: Origin) -> Linker.ResolvedImport {
    let key = ContentHash(
      origin.folder + "\n" + (origin.config?.path ?? "") + (origin.isTest ? "\n\n" : "\n") + specifier)
    if let known = cache[key] { return known }
    var answer = Linker.ResolvedImport(target: find(specifier, origin))
    if !aliases.isEmpty, answer.target.isOpen, let (target, rule) = aliased(specifier, origin) {
      answer = Linker.ResolvedImport(target: target, rule: rule)
    }
    cache[key] = answer
    return answer
  }

  /// Where an alias of the package's tools leads, when the compiler's own rules lead nowhere in the project.
  private mutating func aliased(_ raw: String, _ origin: Origin) -> (ImportTarget, rule: String)? {
    let specifier = Specifiers.withoutLoaders(raw)
    guard !Specifiers.isRelative(specifier) else { return nil }
    for alias in aliases where Paths.isInside(origin.folder, alias.scope) {
      guard let rest = alias.rest(of: specifier) else { continue }
      for target in alias.targets {
        let path = target.contains("*") ? PatternText.fill(target, rest) : Paths.join(target, rest)
        guard let path = Paths.normalize(path) else { continue }
        guard let found = load(path, nil) else { continue }
        // What test runners put in the place of a package counts for tests only.
        if case .module(let module) = found, !origin.isTest, files.isTest(module) { continue }
        return (found, alias.rule)
      }
    }
    return nil
  }

  /// All files that a pattern fits: `*` within a folder, `**` across folders.
  mutating func resolvePattern(_ pattern: String, from origin: Origin) -> ImportTarget {
    var paths: [String] = []
    if Specifiers.isRelative(pattern) {
      paths = [Paths.normalize(Paths.join(origin.folder, pattern))].compactMap { $0 }
    } else if pattern.hasPrefix("/") {
      // From the top of the package, as bundlers that have such patterns say.
      paths = [Paths.normalize(Paths.join(packages.packages[origin.package].folder, pattern))].compactMap { $0 }
    } else {
      paths = origin.config?.candidates(for: pattern) ?? []
    }
    guard !paths.isEmpty else { return .unresolved(.computed) }
    for path in paths {
      let literal = Paths.folder(String(path.prefix { $0 != "*" && $0 != "{" && $0 != "[" }))
      // What is loaded without an ending may be a folder with an index.
      let globs =
        path.hasSuffix("/*") ? [Glob(path), Glob(path + "/index.{js,cjs,mjs,ts,cts,mts,jsx,tsx}")] : [Glob(path)]
      let found = files.paths.files(in: literal)
        .filter { file in globs.contains { $0.matches(file) } }.compactMap(files.existing)
      if !found.isEmpty { return .several(found) }
    }
    return .unresolved(.missingFile)
  }

  private mutating func find(_ raw: String, _ origin: Origin) -> ImportTarget {
    let specifier = Specifiers.withoutLoaders(raw)
    guard !specifier.isEmpty else { return .unresolved(.empty) }
    if Specifiers.isRelative(specifier) { return relative(specifier, origin) }
    if specifier.hasPrefix("node:") || specifier.hasPrefix("bun:") || specifier.hasPrefix("cloudflare:") {
      return .builtin(specifier)
    }
    for path in origin.config?.candidates(for: specifier) ?? [] {
      if let target = load(path, origin.config) ?? built(path, origin.config) { return target }
    }
    if specifier.hasPrefix("#"), let target = importsMap(specifier, origin) { return target }
    if let target = ownPackage(specifier, origin) { return target }
    let (name, subpath) = Specifiers.split(specifier)
    if let workspace = packages.named(name, from: origin.package), packages.packages[workspace].manifestPath != nil {
      return inside(workspace, subpath, origin.config) ?? .unresolved(.notExported)
    }
    if specifier.hasPrefix("#") { return .unresolved(.notExported) }
    if origin.config?.names(specifier) ?? false { return .unresolved(missing(specifier)) }
    if Builtins.contains(specifier) { return .builtin(specifier) }
    if specifier.hasPrefix("/") || specifier.contains("://") || specifier.hasPrefix("data:") {
      return .unresolved(.outsideRoot)
    }
    return .external(package: name, subpath: subpath, declared: packages.declares(name, from: origin.package))
  }

  private mutating func relative(_ specifier: String, _ origin: Origin) -> ImportTarget {
    guard let path = Paths.normalize(Paths.join(origin.folder, specifier)) else { return .unresolved(.outsideRoot) }
    let namesFolder = specifier.hasSuffix("/") || specifier.hasSuffix(".")
    if let target = load(path, origin.config, namesFolder: namesFolder) { return target }
    for other in virtualPaths(path, origin.config) { if let target = load(other, origin.config) { return target } }
    return built(path, origin.config) ?? .unresolved(missing(path))
  }

  /// The same place below the other `rootDirs` (TSConfig Reference, "rootDirs").
  private func virtualPaths(_ path: String, _ config: ConfigTable.Effective?) -> [String] {
    guard let roots = config?.rootDirs,
      let own = roots.filter({ Paths.isInside(path, $0) }).max(by: { $0.count < $1.count })
    else { return [] }
    let inner = own.isEmpty ? path : String(path.dropFirst(own.count + 1))
    return roots.filter { $0 != own }.map { Paths.join($0, inner) }
  }

  private func missing(_ path: String) -> UnresolvedReason {
    if skipped[path] != nil || FileLookup.extensions.contains(where: { skipped[path + $0] != nil }) {
      return .skippedFile
    }
    let folders = path.split(separator: "/").map(String.init)
    return folders.contains { Self.outputFolders.contains($0) } ? .builtOutput : .missingFile
  }

  private static let outputFolders: Set<String> = [
    "dist", "build", "lib", "out", "esm", "cjs", "es", "output", ".next", "generated", "__generated__", ".generated",
  ]

  // MARK: Files and folders

  /// A path as a file, else as a folder with a package.json or an index.
  private func load(_ path: String, _ config: ConfigTable.Effective?, namesFolder: Bool = false) -> ImportTarget? {
    let suffixes = config?.moduleSuffixes ?? []
    if !namesFolder, let file = files.file(path, suffixes: suffixes) { return file }
    guard files.paths.isFolder(path) else { return nil }
    if let package = packages.package(in: path), packages.packages[package].manifestPath != nil,
      let entry = fieldEntry(package)
    {
      return entry
    }
    return files.index(path, suffixes: suffixes)
  }

  /// What the entry fields of a package.json name, as files of this checkout.
  private func fieldEntry(_ id: PackageID) -> ImportTarget? {
    let package = packages.packages[id]
    let manifest = package.manifest
    for entry in [manifest.types, manifest.source, manifest.module, manifest.main] {
      guard let entry, let path = Paths.normalize(Paths.join(package.folder, entry)) else { continue }
      if let found = files.file(path) ?? files.index(path), !isDeclaration(found) { return found }
    }
    for entry in [manifest.types, manifest.module, manifest.main] {
      guard let entry, let path = Paths.normalize(Paths.join(package.folder, entry)) else { continue }
      if let found = OutputMap.source(of: path, in: package.folder, configs: [], files) ?? files.file(path) {
        return found
      }
    }
    return nil
  }

  private func isDeclaration(_ target: ImportTarget) -> Bool {
    switch target {
    case .file(let path): path.hasSuffix(".d.ts")
    default: false
    }
  }

  /// The source of a path that a build would write.
  private mutating func built(_ path: String, _ config: ConfigTable.Effective?) -> ImportTarget? {
    let package = packages.packages[packages.package(around: path)]
    return OutputMap.source(of: path, in: package.folder, configs: configs.around(Paths.folder(path)), files)
  }

  // MARK: Packages

  /// A path inside a package of the workspace: by its `exports`, its entry fields, or its layout.
  private mutating func inside(
    _ id: PackageID, _ subpath: String, _ config: ConfigTable.Effective?
  ) -> ImportTarget? {
    let package = packages.packages[id]
    if let exports = package.manifest.exports {
      let key = subpath.isEmpty ? "." : "./" + subpath
      let targets = ExportMaps.targets(exports, subpath: key, conditions: config?.customConditions ?? [])
      if let found = sources(of: targets, in: package) { return found }
      guard subpath.isEmpty, !targets.isEmpty else { return nil }
    }
    if subpath.isEmpty { return entryPoint(id) }
    for path in typeVersions(of: package, subpath) {
      if let found = load(path, nil) ?? built(path, nil) { return found }
    }
    let path = Paths.join(package.folder, subpath)
    return load(path, nil) ?? built(path, nil) ?? load(Paths.join(package.folder, "src/" + subpath), nil)
  }

  /// The first target that exists, else the first whose source does.
  private mutating func sources(of targets: [String], in package: Package) -> ImportTarget? {
    let paths = targets.filter { $0.hasPrefix("./") || $0 == "." }
      .compactMap { Paths.normalize(Paths.join(package.folder, $0)) }
    for path in paths {
      if let found = files.file(path), !isDeclaration(found) { return found }
    }
    for path in paths { if let found = built(path, nil) { return found } }
    for path in paths { if let found = files.file(path) { return found } }
    return nil
  }

  private mutating func entryPoint(_ id: PackageID) -> ImportTarget? {
    let package = packages.packages[id]
    if let found = fieldEntry(id) { return found }
    for entry in [package.manifest.types, package.manifest.module, package.manifest.main] {
      guard let entry, let path = Paths.normalize(Paths.join(package.folder, entry)) else { continue }
      if let found = built(path, nil) { return found }
    }
    for stem in ["index", "src/index", "src/main", "lib/index"] {
      if let found = files.file(Paths.join(package.folder, stem)) { return found }
    }
    return nil
  }

  /// TypeScript documentation, "Version selection with typesVersions": the first range that a current compiler fits.
  private func typeVersions(of package: Package, _ subpath: String) -> [String] {
    for (range, patterns) in package.manifest.typesVersions where range == "*" || range.hasPrefix(">") {
      for (pattern, targets) in patterns {
        let capture = pattern == subpath ? "" : PatternText.match(pattern, subpath)?.capture
        guard let capture else { continue }
        return targets.compactMap { Paths.normalize(Paths.join(package.folder, PatternText.fill($0, capture))) }
      }
    }
    return []
  }

  /// A package may import itself by its name through its `exports` (Node.js documentation, "Self-referencing").
  private mutating func ownPackage(_ specifier: String, _ origin: Origin) -> ImportTarget? {
    let package = packages.packages[origin.package]
    let (name, subpath) = Specifiers.split(specifier)
    guard package.manifest.name == name, package.manifest.exports != nil else { return nil }
    return inside(origin.package, subpath, origin.config)
  }

  private mutating func importsMap(_ specifier: String, _ origin: Origin) -> ImportTarget? {
    let package = packages.packages[origin.package]
    guard let imports = package.manifest.imports else { return nil }
    let targets = ExportMaps.targets(imports, subpath: specifier, conditions: origin.config?.customConditions ?? [])
    if let found = sources(of: targets, in: package) { return found }
    guard let target = targets.first(where: { !$0.hasPrefix(".") }) else { return nil }
    return find(target, origin)
  }
}
