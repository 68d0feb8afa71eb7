import KapinBase
import KapinExtract
package import KapinModel

/// What a product's documentation lists as its features.
package enum DocumentationReader {
  /// Files with more bytes are no hand's work.
  private static let sizeLimit = 500_000

  /// In the order of paths, and of the documents; files that can't be read are left out.
  package static func read(
    _ trees: [any SourceTree], _ inventory: Inventory, _ generated: [GeneratedRule]
  ) -> [DocumentItem] {
    let rules = generated.map(\.documents).filter { !$0.isEmpty }
    guard !rules.isEmpty else { return [] }
    var found: [DocumentItem] = []
    for path in inventory.paths.files(in: "") where path.hasSuffix(".md") || path.hasSuffix(".mdx") {
      let parts = PathParts(path)
      let lists = rules.filter { rule in rule.files.contains { $0.matches(parts) } }
      let isPage = rules.contains { rule in rule.pages.contains { $0.matches(parts) } }
      guard !lists.isEmpty || isPage, !TestPaths.isTest(path) else { continue }
      let document =
        inventory.withBytes(path, in: trees) { bytes in
          bytes.count <= sizeLimit ? MarkdownReader.read(bytes, path: path) : MarkdownReader.Document()
        } ?? MarkdownReader.Document()
      if isPage, let title = document.title {
        found.append(DocumentItem(headings: [], lead: title, text: title, place: Place(path, line: 1, column: 1)))
      }
      found += document.items.filter { item in lists.contains { $0.lists(item) } }
    }
    return found
  }
}
