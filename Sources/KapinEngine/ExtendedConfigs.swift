import KapinBase
import KapinExtract
import KapinModel

/// Reads the compiler configurations that only another one names in `extends`, whatever they are called.
enum ExtendedConfigs {
  /// Chains are short; a longer one is no hand's work.
  private static let rounds = 8

  static func add(to project: inout ExtractedProject, _ trees: [any SourceTree]) {
    var known = ByteKeyed<Bool>()
    for (path, _) in project.configs { known[path] = true }
    var pending = project.configs
    for _ in 0..<rounds where !pending.isEmpty {
      var found: [(path: String, config: CompilerConfig)] = []
      for (path, config) in pending {
        for parent in config.extends {
          let candidates = candidates(parent, Paths.folder(path), project)
          guard !candidates.contains(where: { known[$0] != nil }),
            let target = candidates.first(where: { project.inventory.paths.exists($0) }),
            let bytes = bytes(of: target, project.inventory, trees)
          else { continue }
          known[target] = true
          found.append((target, CompilerConfigReader.read(bytes).config))
        }
      }
      project.configs += found
      pending = found
    }
  }

  /// A path from the configuration on, or one in a package of the project.
  private static func candidates(_ parent: String, _ folder: String, _ project: ExtractedProject) -> [String] {
    var base: String?
    if parent.hasPrefix(".") {
      base = Paths.normalize(Paths.join(folder, parent))
    } else {
      for (file, manifest) in project.manifests {
        guard let name = manifest.name, parent == name || parent.hasPrefix(name + "/") else { continue }
        base = Paths.join(
          Paths.folder(project.inventory.files[file].path), String(parent.dropFirst(min(parent.count, name.count + 1))))
      }
    }
    guard let base else { return [] }
    return [base, base + ".json", Paths.join(base, "tsconfig.json")]
  }

  private static func bytes(of path: String, _ inventory: Inventory, _ trees: [any SourceTree]) -> [UInt8]? {
    for (index, root) in inventory.roots.enumerated() where path.hasPrefix(root.prefix) {
      if let found = trees[index].bytes(String(path.dropFirst(root.prefix.count))) { return found }
    }
    return nil
  }
}
