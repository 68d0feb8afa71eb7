import KapinBase
import KapinExtract
package import KapinModel

/// Texts on screen that stand in files of translations, where code names them by keys.
package enum TranslationReader {
  /// Files with more bytes are data.
  private static let sizeLimit = 2_000_000

  /// In the order of paths; files that can't be read are left out, broken ones give what can be read.
  package static func read(
    _ trees: [any SourceTree], _ inventory: Inventory, _ generated: [GeneratedRule]
  ) -> [Translation] {
    let patterns = generated.flatMap(\.translations)
    guard !patterns.isEmpty else { return [] }
    var found: [Translation] = []
    for path in inventory.paths.files(in: "") where path.hasSuffix(".json") {
      let parts = PathParts(path)
      guard patterns.contains(where: { $0.matches(parts) }), !TestPaths.isTest(path) else { continue }
      found +=
        inventory.withBytes(path, in: trees) { bytes in
          bytes.count <= sizeLimit ? TranslationTexts.read(bytes, path: path) : []
        } ?? []
    }
    return found
  }
}
