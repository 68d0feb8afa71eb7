import KapinBase
import KapinModel

/// The packages of the project: every package.json, and the top of each root.
struct PackageTable {
  private(set) var packages = Table<Package>()
  private var byFolder = ByteKeyed<PackageID>()
  private var byName = ByteKeyed<PackageID>()

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
    for folder in found.sortedKeys {
      guard let package = found[folder] else { continue }
      let id = packages.append(package)
      byFolder[folder] = id
      guard let name = package.manifest.name, let path = package.manifestPath else { continue }
      guard let other = byName[name] else {
        byName[name] = id
        continue
      }
      // The outermost folder wins: copies in fixtures and templates lie deeper.
      if depth(folder) < depth(packages[other].folder) { byName[name] = id }
      notes.append(
        Diagnostic(
          .duplicatePackage, .note, "package \(name) is also declared in \(packages[other].manifestPath ?? "")",
          at: Place(path)))
    }
  }

  private func depth(_ folder: String) -> Int { folder.utf8.count { $0 == 47 } }

  /// The nearest package around a path.
  func package(around path: String) -> PackageID {
    var folder = Paths.folder(path)
    while true {
      if let id = byFolder[folder] { return id }
      if folder.isEmpty { return PackageID(UInt32(0)) }
      folder = Paths.folder(folder)
    }
  }

  func named(_ name: String) -> PackageID? { byName[name] }

  /// Whether the package or one around it declares a dependency.
  func declares(_ name: String, from package: PackageID) -> Bool {
    var folder = packages[package].folder
    while true {
      if let id = byFolder[folder], packages[id].manifest.dependencies.contains(where: { $0.name == name }) {
        return true
      }
      if folder.isEmpty { return false }
      folder = Paths.folder(folder)
    }
  }
}
