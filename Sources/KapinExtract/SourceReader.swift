import KapinBase
package import KapinModel
import KapinSyntax

/// Reads source files one after another; one a thread, since it owns a parser.
package struct SourceReader: ~Copyable {
  private var parser = Parser()
  private var buffers = ExtractionBuffers()

  package init() {}

  package mutating func facts(of bytes: UnsafeRawBufferPointer, as language: SourceLanguage) -> FileFacts {
    guard language.isComponentFile else {
      return Extractor.extract(bytes, as: Self.grammar(language), with: &parser, &buffers)
    }
    let (blanked, written) = ScriptBlocks.blanked(bytes, language)
    var facts = blanked.withUnsafeBytes {
      Extractor.extract($0, as: Self.grammar(written), with: &parser, &buffers)
    }
    MarkupReader.add(to: &facts, bytes, language)
    return facts
  }

  /// How many ERROR and MISSING nodes the tree of a text has.
  package mutating func syntaxErrors(in bytes: UnsafeRawBufferPointer, as language: SourceLanguage) -> Int {
    parser.parse(bytes, as: Self.grammar(language))?.errorCount ?? 0
  }

  private static func grammar(_ language: SourceLanguage) -> Language {
    switch language {
    case .javascript, .vue, .svelte, .astro: .javascript
    case .typescript: .typescript
    case .tsx: .tsx
    }
  }
}
