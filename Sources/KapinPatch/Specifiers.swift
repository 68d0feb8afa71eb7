import KapinBase
import KapinModel

/// Chooses the specifier by which a module imports another, as the repository itself would.
struct Specifiers {
  let graph: ProductGraph

  /// What modules of the same package write for the target, an alias before a relative path; else a relative path.
  func specifier(for target: ModuleID, in module: ModuleID) -> String {
    let own = graph.code.modules[module]
    let goal = graph.code.modules[target]
    var counts: [String: Int] = [:]
    for other in graph.code.modules where other.package == own.package {
      for (index, found) in other.targets.enumerated() where found == .module(target) {
        let text = other.facts.names[other.facts.imports[index].specifier]
        if !text.hasPrefix(".") { counts[text, default: 0] += 1 }
      }
    }
    if let best = counts.keys.sortedByBytes().max(by: { counts[$0, default: 0] < counts[$1, default: 0] }) {
      return best
    }
    if own.package != goal.package, let name = graph.code.packages[goal.package].manifest.name { return name }
    var path = Paths.relative(from: Paths.folder(own.path), to: goal.path)
    let endsInExtension = own.facts.imports.contains { row in
      let text = own.facts.names[row.specifier]
      return text.hasPrefix(".") && (text.hasSuffix(".js") || text.hasSuffix(".mjs"))
    }
    if let dot = path.lastIndex(of: ".") {
      let ending = String(path[dot...])
      path = String(path[..<dot])
      if endsInExtension {
        path += ending.hasPrefix(".m") ? ".mjs" : ".js"
      } else if ending == ".mjs" || ending == ".cjs" {
        path += ending
      }
    }
    if !endsInExtension, path.hasSuffix("/index") { path = String(path.dropLast(6)) }
    return path
  }
}
