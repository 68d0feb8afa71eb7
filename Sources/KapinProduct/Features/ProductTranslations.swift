import KapinBase
package import KapinModel

/// Texts on screen that code names by keys: the values of files of translations, in JSON and in code.
package enum ProductTranslations {
  /// In the order of paths; those of code first.
  package static func all(_ graph: ProductGraph, _ generated: [GeneratedRule]) -> [Translation] {
    graph.code.modules.ids.flatMap { id -> [Translation] in
      let module = graph.code.modules[id]
      guard !module.isTest, generated.contains(where: { $0.isTranslation(module.path) }) else { return [] }
      return module.facts.properties.compactMap { property in
        guard case .text(let text) = module.facts.values[property.value] else { return nil }
        return Translation(text: module.facts.names[text], place: graph.code.place(id, property.at))
      }
    } + graph.translations.filter { row in generated.contains { $0.isTranslation(row.place.path) } }
  }
}
