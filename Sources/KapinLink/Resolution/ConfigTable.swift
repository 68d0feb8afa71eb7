import KapinBase
import KapinModel

/// The compiler configurations of the project with `extends` resolved, and which of them owns a file.
///
/// TypeScript documentation, "TSConfig Reference" (`extends`, `paths`, `include`, `references`); the owner of a file is
/// found as the language server finds it: the nearest configuration that includes it, itself or by a reference, going up.
struct ConfigTable: Sendable {
  /// What one configuration says after inheritance; paths are relative to the project.
  struct Effective: Sendable {
    var path = ""
    var baseURL: String?
    var paths: [(pattern: String, targets: [String])] = []
    var rootDirs: [String] = []
    var rootDir: String?
    var outDir: String?
    var moduleSuffixes: [String] = []
    var customConditions: [String] = []
    fileprivate var includes: [Glob]?
    fileprivate var excludes: [Glob]?
    fileprivate var files: [String]?
    fileprivate var references: [String] = []
    fileprivate var rawPaths: (pairs: [(pattern: String, targets: [String])], folder: String)?
  }

  private var configs = ByteKeyed<CompilerConfig>()
  private var effectives = ByteKeyed<Effective>()
  /// For each folder, the configurations to ask for a file in it, nearest first.
  private var chains = ByteKeyed<[Effective]>()
  private(set) var notes: [Diagnostic] = []

  init(_ project: borrowing ProjectFacts, packages: PackageTable) {
    for (path, config) in project.configs { configs[path] = config }
    for path in configs.sortedKeys {
      var effective = inherit(path, packages, visited: [])
      effective.path = path
      finish(&effective)
      effectives[path] = effective
    }
  }

  // MARK: Inheritance

  private mutating func inherit(_ path: String, _ packages: PackageTable, visited: Set<String>) -> Effective {
    guard let config = configs[path] else { return Effective() }
    guard !visited.contains(path) else {
      notes.append(Diagnostic(.badConfig, .warning, "`extends` runs in a circle", at: Place(path)))
      return Effective()
    }
    let folder = Paths.folder(path)
    var result = Effective()
    for parent in config.extends {
      guard let target = Self.parent(parent, from: folder, packages, exists: { configs[$0] != nil }) else { continue }
      let inherited = inherit(target, packages, visited: visited.union([path]))
      result = Self.merge(result, under: inherited)
    }
    func inProject(_ text: String) -> String? { Paths.normalize(Paths.join(folder, Self.withoutConfigDir(text))) }
    if let base = config.baseURL { result.baseURL = inProject(base) }
    if let paths = config.paths { result.rawPaths = (paths, folder) }
    if let folders = config.rootDirs { result.rootDirs = folders.compactMap(inProject) }
    if let rootDir = config.rootDir { result.rootDir = inProject(rootDir) }
    if let outDir = config.outDir { result.outDir = inProject(outDir) }
    if let suffixes = config.moduleSuffixes { result.moduleSuffixes = suffixes }
    if let conditions = config.customConditions { result.customConditions = conditions }
    if let files = config.files { result.files = files.compactMap(inProject) }
    if let include = config.include { result.includes = include.compactMap { Self.glob($0, folder) } }
    if let exclude = config.exclude { result.excludes = exclude.compactMap { Self.glob($0, folder) } }
    // References are not inherited.
    result.references = config.references.compactMap(inProject)
    return result
  }

  private static func merge(_ result: Effective, under inherited: Effective) -> Effective {
    var merged = result
    merged.baseURL = inherited.baseURL ?? result.baseURL
    merged.rawPaths = inherited.rawPaths ?? result.rawPaths
    if !inherited.rootDirs.isEmpty { merged.rootDirs = inherited.rootDirs }
    merged.rootDir = inherited.rootDir ?? result.rootDir
    merged.outDir = inherited.outDir ?? result.outDir
    if !inherited.moduleSuffixes.isEmpty { merged.moduleSuffixes = inherited.moduleSuffixes }
    if !inherited.customConditions.isEmpty { merged.customConditions = inherited.customConditions }
    merged.files = inherited.files ?? result.files
    merged.includes = inherited.includes ?? result.includes
    merged.excludes = inherited.excludes ?? result.excludes
    return merged
  }

  /// Targets of `paths` are relative to `baseUrl` where there is one, else to the file that declares them.
  private func finish(_ config: inout Effective) {
    guard let (pairs, folder) = config.rawPaths else { return }
    let base = config.baseURL ?? folder
    config.paths = pairs.map { pair in
      (pair.pattern, pair.targets.compactMap { Paths.normalize(Paths.join(base, Self.withoutConfigDir($0))) })
    }
  }

  private static func withoutConfigDir(_ text: String) -> String {
    text.hasPrefix("${configDir}") ? "." + text.dropFirst("${configDir}".count) : text
  }

  /// The configuration that `extends` names: a file, or one in a package of the workspace.
  static func parent(
    _ parent: String, from folder: String, _ packages: PackageTable, exists: (String) -> Bool
  ) -> String? {
    func existing(_ base: String) -> String? {
      [base, base + ".json", Paths.join(base, "tsconfig.json")].first(where: exists)
    }
    if parent.hasPrefix(".") || parent.hasPrefix("${configDir}") {
      return Paths.normalize(Paths.join(folder, withoutConfigDir(parent))).flatMap(existing)
    }
    let (name, subpath) = Specifiers.split(parent)
    guard let package = packages.named(name, from: packages.package(around: Paths.join(folder, "x"))) else {
      return nil
    }
    let row = packages.packages[package]
    if let exports = row.manifest.exports {
      for target in ExportMaps.targets(exports, subpath: subpath.isEmpty ? "." : "./" + subpath, conditions: []) {
        if let found = Paths.normalize(Paths.join(row.folder, target)).flatMap(existing) { return found }
      }
    }
    return existing(Paths.join(row.folder, subpath))
  }

  // MARK: Ownership

  /// A pattern of `include`, `exclude`: a folder's name stands for all in it.
  private static func glob(_ pattern: String, _ folder: String) -> Glob? {
    guard let path = Paths.normalize(Paths.join(folder, withoutConfigDir(pattern))) else { return nil }
    let last = Paths.last(path)
    let isFolder = !last.contains("*") && !last.contains("?") && (!last.contains(".") || last.hasPrefix("."))
    let whole = isFolder || last == "**" ? Paths.join(path, last == "**" ? "*" : "**/*") : path
    // Braces and brackets have no meaning here.
    return Glob(
      whole.replacing("[", with: "\\[").replacing("{", with: "[{]").replacing("}", with: "[}]"))
  }

  private static func owns(_ config: Effective, _ path: String) -> Bool {
    if let files = config.files, files.contains(path) { return true }
    let folder = Paths.folder(config.path)
    let parts = PathParts(path)
    if let includes = config.includes {
      guard includes.contains(where: { $0.matches(parts) }) else { return false }
    } else {
      guard config.files == nil, Paths.isInside(path, folder) else { return false }
    }
    if let excludes = config.excludes { return !excludes.contains { $0.matches(parts) } }
    return config.outDir.map { $0 == folder || !Paths.isInside(path, $0) } ?? true
  }

  /// The configuration that rules a file; the nearest one where none includes it.
  mutating func owner(of path: String) -> Effective? {
    let chain = chain(Paths.folder(path))
    for config in chain {
      if Self.owns(config, path) { return config }
      var visited: Set<String> = [config.path]
      if let found = referenced(from: config, path, visited: &visited) { return found }
    }
    return chain.first
  }

  /// The first configuration that owns a path, by references in order; each is looked at once.
  private func referenced(from config: Effective, _ path: String, visited: inout Set<String>) -> Effective? {
    for reference in config.references {
      let target = [reference, Paths.join(reference, "tsconfig.json")].first { effectives[$0] != nil }
      guard let target, visited.insert(target).inserted, let next = effectives[target] else { continue }
      if Self.owns(next, path) { return next }
      if let found = referenced(from: next, path, visited: &visited) { return found }
    }
    return nil
  }

  private mutating func chain(_ folder: String) -> [Effective] {
    if let known = chains[folder] { return known }
    var found = folder.isEmpty ? [] : chain(Paths.folder(folder))
    for name in ["tsconfig.json", "jsconfig.json"] {
      guard let own = effectives[Paths.join(folder, name)] else { continue }
      found.insert(own, at: 0)
      break
    }
    chains[folder] = found
    return found
  }

  /// The configurations in the folders around a path, nearest first: where built files come from.
  mutating func around(_ folder: String) -> [Effective] { chain(folder) }
}

extension ConfigTable.Effective {
  /// Where a specifier that is no path may lie, best first: an exact pattern, else the longest prefix, then `baseUrl`.
  func candidates(for specifier: String) -> [String] {
    var found = pathTargets(specifier)
    if let baseURL { if let path = Paths.normalize(Paths.join(baseURL, specifier)) { found.append(path) } }
    return found
  }

  private func pathTargets(_ specifier: String) -> [String] {
    if let exact = paths.first(where: { $0.pattern == specifier }) { return exact.targets }
    guard let (best, capture) = match(specifier) else { return [] }
    return best.targets.compactMap { Paths.normalize(PatternText.fill($0, capture)) }
  }

  /// Whether a pattern of `paths` names it, so that a miss is a missing file and not a package.
  func names(_ specifier: String) -> Bool {
    paths.contains { $0.pattern == specifier } || match(specifier).map { $0.0.pattern != "*" } ?? false
  }

  private func match(_ specifier: String) -> ((pattern: String, targets: [String]), capture: String)? {
    var best: ((pattern: String, targets: [String]), capture: String)?
    var length = -1
    for entry in paths {
      guard let (prefix, capture) = PatternText.match(entry.pattern, specifier), prefix > length else { continue }
      length = prefix
      best = (entry, capture)
    }
    return best
  }
}

/// Patterns with one `*`, as in `paths`, `exports` and `typesVersions`.
enum PatternText {
  /// The length of the pattern's prefix in bytes, and what the star stands for.
  static func match(_ pattern: String, _ text: String) -> (prefix: Int, capture: String)? {
    let bytes = pattern.utf8
    guard let star = bytes.firstIndex(of: UInt8(ascii: "*")) else { return nil }
    let prefix = bytes[..<star], suffix = bytes[bytes.index(after: star)...]
    let whole = text.utf8
    guard whole.count >= prefix.count + suffix.count, whole.starts(with: prefix),
      whole.suffix(suffix.count).elementsEqual(suffix)
    else { return nil }
    let capture = whole.dropFirst(prefix.count).dropLast(suffix.count)
    return (prefix.count, String(decoding: capture, as: UTF8.self))
  }

  static func fill(_ target: String, _ capture: String) -> String {
    guard let star = target.utf8.firstIndex(of: UInt8(ascii: "*")) else { return target }
    return String(target[..<star]) + capture + fill(String(target[target.utf8.index(after: star)...]), capture)
  }
}
