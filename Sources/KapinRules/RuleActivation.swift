import KapinBase
import KapinModel

/// In which modules a rule counts: where its package is declared around the module, imported by it, or where one of its
/// files lies in the package's folder or above.
struct RuleActivation {
  private let graph: CodeGraph
  private let conditions: [RuleCondition]
  /// For each package name that a condition asks for, the conditions.
  private let asking: [String: [Int]]
  /// For each package, those whose folder is around it, itself included.
  private let around: [[PackageID]]

  init(_ graph: CodeGraph, _ conditions: [RuleCondition]) {
    self.graph = graph
    self.conditions = conditions
    var asking: [String: [Int]] = [:]
    for (index, condition) in conditions.enumerated() {
      for name in condition.dependencies { asking[name, default: []].append(index) }
    }
    self.asking = asking
    around = graph.packages.ids.map { package in
      graph.packages.ids.filter { Paths.isInside(graph.packages[package].folder, graph.packages[$0].folder) }
    }
  }

  /// For each module, for each condition, whether it holds.
  func table() -> [[Bool]] {
    let direct = graph.packages.map { holds($0.manifest.dependencies.map(\.name)) }
    let byPackage = closed(direct)
    return graph.modules.map { module in
      var row = byPackage[module.package.index]
      for case .external(let name, _, _) in module.targets {
        for index in asking[name] ?? [] { row[index] = true }
      }
      return row
    }
  }

  /// For each package, for each condition, whether the package itself or one around it declares it: what stands in
  /// folders counts only there.
  func own() -> [[Bool]] {
    let direct = graph.packages.map { holds($0.manifest.dependencies.map(\.name)) }
    return graph.packages.ids.map { package in
      var row = fileRow(package)
      for id in around[package.index] { Self.merge(direct[id.index], into: &row) }
      return row
    }
  }

  private func holds(_ names: [String]) -> [Int] { names.flatMap { asking[$0] ?? [] } }

  private static func merge(_ found: [Int], into row: inout [Bool]) {
    for index in found { row[index] = true }
  }

  /// What holds without looking at dependencies.
  private func fileRow(_ package: PackageID) -> [Bool] {
    conditions.map { condition in condition.isEmpty || condition.files.contains { isThere($0, package) } }
  }

  /// Declared by the package, by one around it, or by a package of the workspace that one of these depends on.
  private func closed(_ direct: [[Int]]) -> [[Bool]] {
    let workspace = Dictionary(
      graph.packages.ids.compactMap { id in graph.packages[id].manifest.name.map { ($0, id) } },
      uniquingKeysWith: { a, _ in a })
    let uses = graph.packages.map { package in package.manifest.dependencies.compactMap { workspace[$0.name] } }
    return graph.packages.ids.map { package in
      var row = fileRow(package)
      var visited = [Bool](repeating: false, count: graph.packages.count)
      var open = [package]
      while let next = open.popLast() {
        guard !visited[next.index] else { continue }
        visited[next.index] = true
        for id in around[next.index] {
          Self.merge(direct[id.index], into: &row)
          open += uses[id.index]
        }
      }
      return row
    }
  }

  private func isThere(_ name: String, _ package: PackageID) -> Bool {
    around[package.index].contains { id in
      let folder = graph.packages[id].folder
      return graph.inventory.paths.exists(folder.isEmpty ? name : folder + "/" + name)
    }
  }
}
