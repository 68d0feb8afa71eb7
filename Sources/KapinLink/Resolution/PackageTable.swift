import KapinBase
import KapinModel

/// The packages of the project: every package.json and the top of each root; and which of them see each other by name.
///
/// A name leads to a package only as a package manager would link it: to a member of the same workspace (npm, yarn, bun,
/// lerna: `workspaces`; pnpm: `packages` of pnpm-workspace.yaml), or to the folder that a dependency names (`file:`,
/// `link:`, `portal:`). A fixture that calls itself like a library is no such package.
struct PackageTable: Sendable {
  private(set) var packages = Table<Package>()
  private var byFolder = ByteKeyed<PackageID>()
  private var byName = ByteKeyed<[PackageID]>()
  /// For each package, the folder of the workspace that it is a member of.
  private var workspaceOf: [String?] = []

  private struct Workspace {
    var folder: String
    var members: [Glob]
    var others: [Glob]
  }

  init(_ project: borrowing ProjectFacts, notes: inout [Diagnostic]) {
    var found = ByteKeyed<Package>()
    for root in project.inventory.roots {
      let folder = String(root.prefix.dropLast(root.prefix.isEmpty ? 0 : 1))
      found[folder] = Package(folder: folder, manifestPath: nil, manifest: Manifest())
    }
    for (file, manifest) in project.manifests {
      let path = project.inventory.files[file].path
      let folder = Paths.folder(path)
      found[folder] = Package(folder: folder, manifestPath: path, manifest: manifest)
    }
    var workspaces: [Workspace] = []
    for folder in found.sortedKeys {
      guard let package = found[folder] else { continue }
      let id = packages.append(package)
      byFolder[folder] = id
      if let name = package.manifest.name { byName[name, default: []].append(id) }
      if !package.manifest.workspaces.isEmpty {
        workspaces.append(Self.workspace(folder, package.manifest.workspaces))
      }
    }
    for (file, patterns) in project.workspaces {
      workspaces.append(Self.workspace(Paths.folder(project.inventory.files[file].path), patterns))
    }
    // The innermost workspace that counts a package among its members is its own.
    workspaces.sort { $0.folder.utf8.count > $1.folder.utf8.count }
    workspaceOf = packages.map { package in
      workspaces.first { Self.isMember(package.folder, of: $0) }?.folder
    }
    noteDuplicates(&notes)
  }

  private static func workspace(_ folder: String, _ patterns: [String]) -> Workspace {
    func globs(_ texts: [String]) -> [Glob] {
      texts.compactMap { Paths.normalize($0.hasSuffix("/") ? String($0.dropLast()) : $0).map(Glob.init) }
    }
    return Workspace(
      folder: folder, members: globs(patterns.filter { !$0.hasPrefix("!") }),
      others: globs(patterns.filter { $0.hasPrefix("!") }.map { String($0.dropFirst()) }))
  }

  private static func isMember(_ folder: String, of workspace: Workspace) -> Bool {
    guard Paths.isInside(folder, workspace.folder) else { return false }
    if folder == workspace.folder { return true }
    let inner = workspace.folder.isEmpty ? folder : String(folder.dropFirst(workspace.folder.count + 1))
    let parts = PathParts(inner)
    return workspace.members.contains { $0.matches(parts) } && !workspace.others.contains { $0.matches(parts) }
  }

  private func noteDuplicates(_ notes: inout [Diagnostic]) {
    for name in byName.sortedKeys {
      guard let all = byName[name], all.count > 1 else { continue }
      for (index, id) in all.enumerated().dropFirst() {
        guard let other = all[..<index].first(where: { workspaceOf[$0.index] == workspaceOf[id.index] }) else {
          continue
        }
        notes.append(
          Diagnostic(
            .duplicatePackage, .note, "package \(name) is also declared in \(packages[other].manifestPath ?? "")",
            at: Place(packages[id].manifestPath ?? "")))
      }
    }
  }

  /// The nearest package around a path.
  func package(around path: String) -> PackageID {
    var folder = Paths.folder(path)
    while true {
      if let id = byFolder[folder] { return id }
      if folder.isEmpty { return PackageID(UInt32(0)) }
      folder = Paths.folder(folder)
    }
  }

  /// The package whose manifest lies in a folder.
  func package(in folder: String) -> PackageID? { byFolder[folder] }

  /// The package of the project that a name means for code of another one.
  func named(_ name: String, from package: PackageID) -> PackageID? {
    let range = declaration(of: name, from: package)
    if let range, let path = Self.path(range.range) {
      return Paths.normalize(Paths.join(packages[range.package].folder, path)).flatMap { byFolder[$0] }
    }
    // `"x": "workspace:@acme/x@*"`, `"x": "npm:@acme/x@1"`: another name for it.
    let meant = range.flatMap { Self.alias($0.range) } ?? name
    guard let candidates = byName[meant] else { return nil }
    let own = workspaceOf[package.index]
    if own != nil, let member = candidates.first(where: { workspaceOf[$0.index] == own }) { return member }
    // A package may mean itself, and one without a workspace what it declares of the packages beside it.
    // (a declared dependency of the same name is another package).
    if range == nil, let itself = candidates.first(where: { $0 == package }) { return itself }
    guard let range, range.range.hasPrefix("workspace:") || own == nil else { return nil }
    return candidates.first { id in
      range.range.hasPrefix("workspace:") || range.range == "*" || packages[id].manifest.version == range.range
    }
  }

  private static func path(_ range: String) -> String? {
    for prefix in ["file:", "link:", "portal:"] where range.hasPrefix(prefix) {
      return String(range.dropFirst(prefix.count))
    }
    if range.hasPrefix("workspace:."), range.contains("/") { return String(range.dropFirst("workspace:".count)) }
    return range.hasPrefix("./") || range.hasPrefix("../") ? range : nil
  }

  private static func alias(_ range: String) -> String? {
    for prefix in ["workspace:", "npm:"] where range.hasPrefix(prefix) {
      let rest = range.dropFirst(prefix.count)
      guard let at = rest.lastIndex(of: "@"), at != rest.startIndex else { return nil }
      return String(rest[..<at])
    }
    return nil
  }

  /// What the package, or the nearest one around it that declares a dependency, says of it.
  private func declaration(of name: String, from package: PackageID) -> (range: String, package: PackageID)? {
    var folder = packages[package].folder
    while true {
      if let id = byFolder[folder], let found = packages[id].manifest.dependencies.first(where: { $0.name == name }) {
        return (found.range, id)
      }
      if folder.isEmpty { return nil }
      folder = Paths.folder(folder)
    }
  }

  /// Whether the package or one around it declares a dependency, or its types.
  func declares(_ name: String, from package: PackageID) -> Bool {
    if declaration(of: name, from: package) != nil { return true }
    let types = name.hasPrefix("@") ? String(name.dropFirst()).replacing("/", with: "__") : name
    return declaration(of: "@types/" + types, from: package) != nil
  }
}
