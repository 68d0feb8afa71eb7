import KapinModel
import KapinSyntax

/// Syntax errors of a text, for those who change source and must not see a tree.
package struct SourceSyntax {
  private let language: Language

  /// `nil` when no grammar reads such files.
  package init?(path: String) {
    guard let language = Language(path: path), language != .json else { return nil }
    self.language = language
  }

  /// How many ERROR and MISSING nodes the text's tree has.
  package func errorCount(_ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBytes { source in
      var parser = Parser()
      guard let tree = parser.parse(source, as: language), tree.hasError else { return 0 }
      return tree.withCursor { cursor in Self.count(&cursor, depth: 0) }
    }
  }

  private static func count(_ cursor: inout Cursor, depth: Int) -> Int {
    guard depth < 1_000, cursor.hasError || cursor.isMissing else { return 0 }
    var found = cursor.kind == .error || cursor.isMissing ? 1 : 0
    cursor.forEachChild { child in found += count(&child, depth: depth + 1) }
    return found
  }
}
