package import KapinBase
package import KapinModel

/// A rule without one of its clauses: when no test notices, the clause is not tested.
package struct RuleMutation: Sendable {
  package var place: Place
  /// The way to the clause: `emit 2 · route · guards`.
  package var path: String
  package var tree: RuleNode

  /// What only people read, or what every rule must have.
  private static let texts: Set<String> = [
    "kapin", "id", "kind", "title", "description", "says", "weight", "question", "decision", "caveats", "type", "grain",
    "sql", "threshold", "feature", "override",
  ]
  /// Mappings of clauses by name, whose entries are clauses of their own.
  private static let maps: Set<String> = [
    "values", "tables", "roles", "event", "emit", "signals", "against", "sources",
  ]

  /// One mutation for each clause: an entry of a list or map of clauses, or a key that a clause may leave out.
  ///
  /// - Parameter deep: also the keys inside arguments and patterns, and each single word of lists.
  package static func all(of text: RuleText, deep: Bool) -> [RuleMutation] {
    guard case .success(let root?) = text.tree.map({ .success($0) }) ?? RuleYAML.read(text.text) else { return [] }
    var found: [RuleMutation] = []
    let meaning = RuleLoader.meaning(text)
    walk(root, [], depth: 0, deep) { place, path, tree in
      var changed = text
      changed.tree = tree
      // What cannot be left out, and what holds without being said, is no question.
      guard let other = RuleLoader.meaning(changed), other != meaning else { return }
      found.append(RuleMutation(place: Place(text.path, place), path: path.joined(separator: " · "), tree: tree))
    }
    return found
  }

  /// Calls back with each deletion below a node, the whole rebuilt around it.
  ///
  /// - Parameter depth: keys since the clause began; those of the clause itself are at 1.
  private static func walk(
    _ node: RuleNode, _ path: [String], depth: Int, _ deep: Bool, _ found: (Position, [String], RuleNode) -> Void
  ) {
    switch node.content {
    case .scalar: return
    case .sequence(let items):
      for (index, item) in items.enumerated() {
        let name = Array(path.dropLast()) + ["\(path.last ?? "") \(item.string ?? "\(index + 1)")"]
        func rebuilt(_ new: RuleNode?) -> RuleNode {
          var all = items
          if let new { all[index] = new } else { all.remove(at: index) }
          return RuleNode(.sequence(all), at: node.position)
        }
        // The last entry of a list goes with the list.
        if item.string == nil || deep, items.count > 1 { found(item.position, name, rebuilt(nil)) }
        walk(item, name, depth: depth, deep) { place, path, inner in found(place, path, rebuilt(inner)) }
      }
    case .mapping(let mapping):
      let isMap = path.last.map { maps.contains($0) } ?? true
      for (index, pair) in mapping.pairs.enumerated() {
        let key = pair.key.string ?? ""
        if texts.contains(key), !isMap || path.isEmpty { continue }
        let name = path + [key]
        func rebuilt(_ new: RuleNode?) -> RuleNode {
          var all = mapping.pairs
          if let new { all[index].value = new } else { all.remove(at: index) }
          return RuleNode(.mapping(RuleNode.Mapping(pairs: all)), at: node.position)
        }
        if deep || isMap || depth <= 1, mapping.pairs.count > 1 { found(pair.key.position, name, rebuilt(nil)) }
        let below = isMap ? 0 : depth + 1
        if deep || below <= 1 {
          walk(pair.value, name, depth: below, deep) { place, path, inner in found(place, path, rebuilt(inner)) }
        }
      }
    }
  }

  /// The program with this instead of the rule; `nil` when no rule is left that can be read.
  package func program(_ program: RuleProgram, _ text: RuleText) -> RuleProgram? {
    var changed = text
    changed.tree = tree
    return RuleLoader.replacing(changed, in: program)
  }
}
