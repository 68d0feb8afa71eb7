import KapinBase
import KapinModel

/// The `paths` and `baseUrl` of compiler configurations, `extends` resolved.
struct AliasTable {
  struct Effective {
    var baseURL: String?
    /// Pattern and target folder patterns, relative to the project.
    var paths: [(pattern: String, targets: [String])] = []
  }

  private var configs = ByteKeyed<CompilerConfig>()
  private var folders = ByteKeyed<[Effective]>()
  private(set) var notes: [Diagnostic] = []

  init(_ project: borrowing ProjectFacts, packages: PackageTable) {
    for (file, config) in project.configs { configs[project.inventory.files[file].path] = config }
    for path in configs.sortedKeys {
      let name = Paths.last(path)
      guard name == "tsconfig.json" || name == "jsconfig.json" else { continue }
      let folder = Paths.folder(path)
      guard name == "tsconfig.json" || folders[folder] == nil else { continue }
      var effective = [self.effective(path, packages, visited: [])]
      for reference in configs[path]?.references ?? [] {
        guard let target = Paths.normalize(Paths.join(folder, reference)) else { continue }
        for candidate in [target, Paths.join(target, "tsconfig.json")] where configs[candidate] != nil {
          if Paths.folder(candidate) == folder { effective.append(self.effective(candidate, packages, visited: [])) }
        }
      }
      folders[folder] = effective
    }
  }

  private mutating func effective(_ path: String, _ packages: PackageTable, visited: Set<String>) -> Effective {
    guard let config = configs[path] else { return Effective() }
    guard !visited.contains(path) else {
      notes.append(Diagnostic(.badConfig, .warning, "`extends` runs in a circle", at: Place(path)))
      return Effective()
    }
    let folder = Paths.folder(path)
    var result = Effective()
    for parent in config.extends {
      guard let target = parentPath(parent, from: folder, packages) else { continue }
      let inherited = effective(target, packages, visited: visited.union([path]))
      if inherited.baseURL != nil { result.baseURL = inherited.baseURL }
      if !inherited.paths.isEmpty { result.paths = inherited.paths }
    }
    func inProject(_ text: String, base: String) -> String? {
      let own = text.replacingPrefix("${configDir}/", with: "./")
      return Paths.normalize(Paths.join(base, own))
    }
    if let base = config.baseURL { result.baseURL = inProject(base, base: folder) }
    if let paths = config.paths {
      let base = config.baseURL.flatMap { inProject($0, base: folder) } ?? result.baseURL ?? folder
      result.paths = paths.map { ($0.pattern, $0.targets.compactMap { inProject($0, base: base) }) }
    }
    return result
  }

  private func parentPath(_ parent: String, from folder: String, _ packages: PackageTable) -> String? {
    func existing(_ base: String) -> String? {
      [base, base + ".json", Paths.join(base, "tsconfig.json")].first { configs[$0] != nil }
    }
    if parent.hasPrefix(".") { return Paths.normalize(Paths.join(folder, parent)).flatMap(existing) }
    let (name, subpath) = ModuleResolver.split(parent)
    guard let package = packages.named(name) else { return nil }
    return existing(Paths.join(packages.packages[package].folder, subpath))
  }

  /// The configurations of the nearest folder that has one.
  private mutating func nearest(_ folder: String) -> [Effective] {
    if let found = folders[folder] { return found }
    let found = folder.isEmpty ? [] : nearest(Paths.folder(folder))
    folders[folder] = found
    return found
  }

  /// Where a bare specifier may lie, best first: exact patterns, then the longest prefix, then `baseUrl`.
  mutating func candidates(for specifier: String, from folder: String) -> [String] {
    var found: [String] = []
    for config in nearest(folder) {
      if let exact = config.paths.first(where: { $0.pattern == specifier }) {
        found += exact.targets
      } else if let (best, capture) = Self.match(config.paths, specifier) {
        found += best.targets.compactMap {
          Paths.normalize($0.split(separator: "*", omittingEmptySubsequences: false).joined(separator: capture))
        }
      }
      if let base = config.baseURL, !specifier.hasPrefix("#") { found.append(Paths.join(base, specifier)) }
    }
    return found
  }

  /// Whether a `paths` pattern names it, so that a miss is a missing file and not a package.
  mutating func looksLikeAlias(_ specifier: String, from folder: String) -> Bool {
    nearest(folder).contains { config in
      config.paths.contains { $0.pattern == specifier }
        || Self.match(config.paths, specifier).map { $0.0.pattern != "*" } ?? false
    }
  }

  private static func match(
    _ paths: [(pattern: String, targets: [String])], _ specifier: String
  ) -> ((pattern: String, targets: [String]), capture: String)? {
    var best: ((pattern: String, targets: [String]), capture: String)?
    var length = -1
    for entry in paths {
      guard let star = entry.pattern.firstIndex(of: "*") else { continue }
      let prefix = entry.pattern[..<star], suffix = entry.pattern[entry.pattern.index(after: star)...]
      guard prefix.utf8.count > length, specifier.hasPrefix(prefix), specifier.hasSuffix(suffix),
        specifier.utf8.count >= prefix.utf8.count + suffix.utf8.count
      else { continue }
      length = prefix.utf8.count
      best = (entry, String(specifier.dropFirst(prefix.count).dropLast(suffix.count)))
    }
    return best
  }
}

extension String {
  fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
    hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
  }
}
