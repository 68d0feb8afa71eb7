import KapinBase
import KapinModel

/// The script parts of component files (Vue, Svelte, Astro), with everything else blanked out.
///
/// The blanked text has the length and the lines of the file, so that positions need no mapping. Vue "SFC Syntax
/// Specification", Svelte "svelte files", Astro "Astro Syntax" (the component script between code fences).
enum ScriptBlocks {
  /// The bytes to parse, and the language that they are written in.
  static func blanked(
    _ source: UnsafeRawBufferPointer, _ language: SourceLanguage
  ) -> (bytes: [UInt8], language: SourceLanguage) {
    var blocks: [Range<Int>] = []
    var written = SourceLanguage.javascript
    if language == .astro {
      // Astro's scripts are TypeScript without saying so.
      written = .tsx
      if let fence = frontMatter(source) { blocks.append(fence) }
    }
    var position = blocks.last?.upperBound ?? 0
    while let (block, attributes, end) = nextScript(source, from: position) {
      position = end
      let type = value(of: "type", in: attributes)
      if let type, !type.contains("javascript"), !type.contains("typescript"), type != "module" { continue }
      if let lang = value(of: "lang", in: attributes) {
        if lang == "ts" || lang == "typescript" { written = .typescript }
        if lang == "tsx" || lang == "jsx" { written = .tsx }
      }
      blocks.append(block)
    }
    var bytes = [UInt8](repeating: 32, count: source.count)
    for index in 0..<source.count where source[index] == 10 || source[index] == 13 { bytes[index] = source[index] }
    for block in blocks { for index in block { bytes[index] = source[index] } }
    return (bytes, written)
  }

  /// Between the first two lines that are `---`.
  private static func frontMatter(_ source: UnsafeRawBufferPointer) -> Range<Int>? {
    var start = 0
    while start < source.count, source[start] <= 32 { start += 1 }
    guard isFence(source, start) else { return nil }
    let first = start + 3
    var line = first
    while line < source.count {
      if source[line] == 10, isFence(source, line + 1) { return first..<line }
      line += 1
    }
    return nil
  }

  private static func isFence(_ source: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    start + 3 <= source.count && source[start] == 45 && source[start + 1] == 45 && source[start + 2] == 45
  }

  /// The next `<script …>`: its content, the text of its attributes, and where it ends.
  private static func nextScript(
    _ source: UnsafeRawBufferPointer, from start: Int
  ) -> (block: Range<Int>, attributes: String, end: Int)? {
    var index = start
    while let open = find("<script", source, from: index) {
      index = open + 7
      guard index < source.count, source[index] <= 32 || source[index] == UInt8(ascii: ">") else { continue }
      guard let close = tagEnd(source, from: index) else { return nil }
      let attributes = String(decoding: source[index..<close], as: UTF8.self)
      if source[close - 1] == UInt8(ascii: "/") { continue }
      let end = find("</script", source, from: close) ?? source.count
      return (close + 1..<max(close + 1, end), attributes, end)
    }
    return nil
  }

  /// The `>` of a tag; one inside quotes ends nothing (`generic="T extends Map<string, X>"`).
  private static func tagEnd(_ source: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var quote: UInt8?
    for index in start..<source.count {
      let byte = source[index]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == 34 || byte == 39 {
        quote = byte
      } else if byte == UInt8(ascii: ">") {
        return index
      }
    }
    return nil
  }

  private static func find(_ text: StaticString, _ source: UnsafeRawBufferPointer, from start: Int) -> Int? {
    text.withUTF8Buffer { wanted in
      guard source.count >= wanted.count else { return nil }
      var index = start
      while index <= source.count - wanted.count {
        if source[index] == wanted[0], source[index..<index + wanted.count].elementsEqual(wanted) { return index }
        index += 1
      }
      return nil
    }
  }

  private static func value(of name: String, in attributes: String) -> String? {
    guard let range = attributes.firstRange(of: name + "=") else { return nil }
    let rest = attributes[range.upperBound...]
    guard let quote = rest.first, quote == "\"" || quote == "'" else { return String(rest.prefix { $0 != " " }) }
    return String(rest.dropFirst().prefix { $0 != quote })
  }
}
