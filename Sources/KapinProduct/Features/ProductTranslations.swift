import KapinBase
package import KapinModel

/// Texts on screen that code names by keys: the values of files of translations, in JSON and in code.
package struct ProductTranslations {
  /// In the order of paths; those of code first.
  package let all: [Translation]
  private var byKey: [String: String] = [:]

  package init(_ graph: ProductGraph, _ generated: [GeneratedRule]) {
    all =
      graph.code.modules.ids.flatMap { id -> [Translation] in
        let module = graph.code.modules[id]
        guard !module.isTest, generated.contains(where: { $0.isTranslation(module.path) }) else { return [] }
        return Self.texts(module.facts).map { key, text, at in
          Translation(key: key, text: text, place: graph.code.place(id, at))
        }
      } + graph.translations.filter { row in generated.contains { $0.isTranslation(row.place.path) } }
    for row in all where byKey[row.key] == nil { byKey[row.key] = row.text }
    // Below what stands for the file, or the namespace.
    for row in all {
      guard let dot = row.key.firstIndex(of: ".") else { continue }
      let rest = String(row.key[row.key.index(after: dot)...])
      if byKey[rest] == nil { byKey[rest] = row.text }
    }
  }

  /// What people read for a key, with or without its namespace: `settings:title`.
  func text(_ key: String) -> String? {
    if let found = byKey[key] { return found }
    guard let mark = key.firstIndex(where: { $0 == ":" || $0 == "." }) else { return nil }
    return byKey[String(key[key.index(after: mark)...])]
  }

  /// The texts of a module's objects, with the keys down to them.
  private static func texts(_ facts: FrozenFacts) -> [(key: String, text: String, at: UInt32)] {
    /// For each property, the property whose value its object is.
    var outer: [Int: Int] = [:]
    var holder: [ValueID: Int] = [:]
    for (index, property) in facts.properties.enumerated() { holder[property.value] = index }
    for (index, value) in facts.values.rows.enumerated() {
      guard case .object(let range) = value, let parent = holder[ValueID(UInt32(index))] else { continue }
      for property in range.indices { outer[property] = parent }
    }
    return facts.properties.enumerated().compactMap { index, property in
      guard case .text(let text) = facts.values[property.value] else { return nil }
      var keys = [facts.names[property.name]], place = index
      while let next = outer[place], keys.count < 40 {
        keys.append(facts.names[facts.properties[next].name])
        place = next
      }
      return (keys.reversed().joined(separator: "."), facts.names[text], property.at)
    }
  }
}
