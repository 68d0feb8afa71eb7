import KapinBase
import KapinModel

/// In which modules a rule counts: where its package is declared around the module, imported by it, or where one of its
/// files lies in the package's folder or above.
struct RuleActivation {
  private let graph: CodeGraph
  private let workspace: [String: PackageID]

  init(_ graph: CodeGraph) {
    self.graph = graph
    workspace = Dictionary(
      graph.packages.ids.compactMap { id in graph.packages[id].manifest.name.map { ($0, id) } },
      uniquingKeysWith: { a, _ in a })
  }

  /// For each module, for each condition, whether it holds.
  func table(_ conditions: [RuleCondition]) -> [[Bool]] {
    var byImport: [String: [Int]] = [:]
    for (index, condition) in conditions.enumerated() {
      for name in condition.dependencies { byImport[name, default: []].append(index) }
    }
    let byPackage = graph.packages.ids.map { package in
      let declared = declared(by: package)
      return conditions.map { condition in
        condition.isEmpty || condition.dependencies.contains { declared.contains($0) }
          || condition.files.contains { isThere($0, package) }
      }
    }
    return graph.modules.map { module in
      var row = byPackage[module.package.index]
      for case .external(let name, _, _) in module.targets {
        for index in byImport[name] ?? [] { row[index] = true }
      }
      return row
    }
  }

  /// For each package, for each condition, whether the package itself or one around it declares it: what stands in
  /// folders counts only there.
  func own(_ conditions: [RuleCondition]) -> [[Bool]] {
    graph.packages.ids.map { package in
      let folder = graph.packages[package].folder
      var names: Set<String> = []
      for id in graph.packages.ids where Paths.isInside(folder, graph.packages[id].folder) {
        names.formUnion(graph.packages[id].manifest.dependencies.map(\.name))
      }
      return conditions.map { condition in
        condition.isEmpty || condition.dependencies.contains { names.contains($0) }
          || condition.files.contains { isThere($0, package) }
      }
    }
  }

  private func isThere(_ name: String, _ package: PackageID) -> Bool {
    var folder = graph.packages[package].folder
    while true {
      if graph.inventory.paths.exists(folder.isEmpty ? name : folder + "/" + name) { return true }
      guard !folder.isEmpty else { return false }
      folder = Paths.folder(folder)
    }
  }

  /// Declared by the package, by one around it, or by a package of the workspace that it depends on.
  private func declared(by package: PackageID) -> Set<String> {
    var names: Set<String> = []
    var visited: Set<PackageID> = []
    var open = [package]
    while let next = open.popLast() {
      guard visited.insert(next).inserted else { continue }
      let folder = graph.packages[next].folder
      for id in graph.packages.ids where Paths.isInside(folder, graph.packages[id].folder) {
        for dependency in graph.packages[id].manifest.dependencies {
          names.insert(dependency.name)
          if let other = workspace[dependency.name] { open.append(other) }
        }
      }
    }
    return names
  }
}
