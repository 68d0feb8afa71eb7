import KapinModel

/// `exports` and `imports` of a package.json (Node.js documentation, "Packages", "Subpath patterns" and "Conditional
/// exports").
enum ExportMaps {
  /// The targets for a subpath (`.`, `./x`, `#x`), best first; empty when it isn't exported.
  ///
  /// - Parameter conditions: what holds besides the usual ones; an object's first key that holds counts, and the next
  ///   ones where that leads to nothing.
  static func targets(_ map: ExportMap, subpath: String, conditions: [String]) -> [String] {
    guard case .keys(let keys) = map, keys.contains(where: { isSubpath($0.key) }) else {
      return subpath == "." ? flatten(map, capture: nil, conditions) : []
    }
    if let exact = keys.last(where: { $0.key == subpath && !$0.key.contains("*") }) {
      return flatten(exact.value, capture: nil, conditions)
    }
    var best: (length: Int, value: ExportMap, capture: String)?
    for (key, value) in keys {
      if let (length, capture) = PatternText.match(key, subpath), length > best?.length ?? -1 {
        best = (length, value, capture)
      } else if key.hasSuffix("/"), subpath.hasPrefix(key), key.utf8.count > best?.length ?? -1 {
        // Folder mappings, from before patterns.
        best = (key.utf8.count, folderPattern(value), String(subpath.dropFirst(key.count)))
      }
    }
    return best.map { flatten($0.value, capture: $0.capture, conditions) } ?? []
  }

  private static func isSubpath(_ key: String) -> Bool { key.hasPrefix(".") || key.hasPrefix("#") }

  private static func folderPattern(_ map: ExportMap) -> ExportMap {
    if case .target(let text) = map, text.hasSuffix("/") { .target(text + "*") } else { map }
  }

  /// What leads to sources or types, and what bundlers take.
  private static let usual: Set<String> = [
    "source", "development", "types", "import", "module", "module-sync", "require", "node", "browser", "default",
  ]

  private static func flatten(_ map: ExportMap, capture: String?, _ conditions: [String]) -> [String] {
    switch map {
    case .target(let text): return [capture.map { PatternText.fill(text, $0) } ?? text]
    case .blocked: return []
    case .alternatives(let items): return items.flatMap { flatten($0, capture: capture, conditions) }
    case .keys(let keys):
      return keys.filter { key, _ in
        usual.contains(key) || conditions.contains(key) || key.hasPrefix("types@")
      }.flatMap { flatten($0.value, capture: capture, conditions) }
    }
  }
}
