import KapinExtract
import KapinModel

/// Syntax errors of a text, for those who change source and must not see a tree.
package struct SourceSyntax {
  private let language: SourceLanguage

  /// `nil` when the file is no source code.
  package init?(path: String) {
    guard case .source(let language)? = InventoryBuilder.form(path) else { return nil }
    self.language = language
  }

  /// How many places of the text don't parse.
  package func errorCount(_ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBytes { source in
      var reader = SourceReader()
      return reader.syntaxErrors(in: source, as: language)
    }
  }
}
