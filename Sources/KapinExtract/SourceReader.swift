import KapinBase
package import KapinModel
import KapinSyntax

/// Reads source files one after another; one a thread, since it owns a parser.
package struct SourceReader: ~Copyable {
  private var parser = Parser()

  package init() {}

  package mutating func facts(of bytes: UnsafeRawBufferPointer, as language: SourceLanguage) -> FileFacts {
    Extractor.extract(bytes, as: Self.grammar(language), with: &parser)
  }

  /// How many ERROR and MISSING nodes the tree of a text has.
  package mutating func syntaxErrors(in bytes: UnsafeRawBufferPointer, as language: SourceLanguage) -> Int {
    guard let tree = parser.parse(bytes, as: Self.grammar(language)), tree.hasError else { return 0 }
    return tree.withCursor { cursor in Self.count(&cursor, depth: 0) }
  }

  private static func count(_ cursor: inout Cursor, depth: Int) -> Int {
    guard depth < 1_000, cursor.hasError || cursor.isMissing else { return 0 }
    var found = cursor.kind == .error || cursor.isMissing ? 1 : 0
    cursor.forEachChild { child in found += count(&child, depth: depth + 1) }
    return found
  }

  private static func grammar(_ language: SourceLanguage) -> Language {
    switch language {
    case .javascript: .javascript
    case .typescript: .typescript
    case .tsx: .tsx
    }
  }
}
