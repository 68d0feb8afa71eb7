/// Valid code that the grammars cannot parse, rewritten to code of the same length that they can.
///
/// Only the tree comes from the rewritten bytes: names, texts and positions are read from the file's own. Known gaps of
/// tree-sitter-typescript 0.23 and tree-sitter-javascript 0.23, the commonest first:
/// - a single `&` in JSX text or in a JSX attribute (`|` is text there, and the same operator elsewhere);
/// - a tagged template with type arguments, `` sql<Row[]>`…` `` (blanks in their place);
/// - `typeof import("x")` as a type argument (a name in place of the call);
/// - `export type * from "x"` (blanks in place of `type`);
/// - a parameter that is called like a type, `(any) => void` (another letter in its place).
enum GrammarGaps {
  /// The rewritten bytes, and the module specifiers whose import the rewriting hides; `nil` when nothing is to be done.
  static func rewrite(_ source: UnsafeRawBufferPointer) -> (bytes: [UInt8], typeImports: [Range<Int>])? {
    var bytes = [UInt8](source)
    var imports: [Range<Int>] = []
    var changed = false
    for index in bytes.indices {
      switch bytes[index] {
      case UInt8(ascii: "&") where isAlone(index, bytes):
        bytes[index] = UInt8(ascii: "|")
        changed = true
      case UInt8(ascii: "`"):
        if let arguments = typeArguments(before: index, bytes) {
          for place in arguments where bytes[place] != 10 { bytes[place] = 32 }
          changed = true
        }
      case UInt8(ascii: "*"):
        if let keyword = typeKeyword(before: index, bytes) {
          for place in keyword { bytes[place] = 32 }
          changed = true
        }
      case UInt8(ascii: "("):
        if namesType(index, bytes) {
          bytes[index + 1] &= 0xDF
          changed = true
        }
      case UInt8(ascii: "i"):
        if let (call, specifier) = typeofImport(at: index, bytes) {
          for place in call { bytes[place] = UInt8(ascii: "_") }
          imports.append(specifier)
          changed = true
        }
      default: break
      }
    }
    return changed ? (bytes, imports) : nil
  }

  /// No `&&`, no `&=`, no character reference (`&nbsp;`, `&#160;`).
  private static func isAlone(_ index: Int, _ bytes: [UInt8]) -> Bool {
    let ampersand = UInt8(ascii: "&")
    if index > 0, bytes[index - 1] == ampersand { return false }
    guard index + 1 < bytes.count else { return true }
    if bytes[index + 1] == ampersand || bytes[index + 1] == UInt8(ascii: "=") { return false }
    var end = index + 1
    while end < min(bytes.count, index + 32), isWord(bytes[end]) || bytes[end] == UInt8(ascii: "#") { end += 1 }
    return !(end > index + 1 && end < bytes.count && bytes[end] == UInt8(ascii: ";"))
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (byte | 0x20) >= 97 && (byte | 0x20) <= 122 || byte >= 48 && byte <= 57 || byte == 95 || byte == 36 || byte >= 128
  }

  /// `<…>` between a name and a template.
  private static func typeArguments(before index: Int, _ bytes: [UInt8]) -> Range<Int>? {
    guard index > 2, bytes[index - 1] == UInt8(ascii: ">") else { return nil }
    var depth = 0
    var place = index - 1
    let limit = max(0, index - 2_000)
    while place > limit {
      switch bytes[place] {
      case UInt8(ascii: ">"):
        // The arrow of a function type closes nothing.
        if bytes[place - 1] != UInt8(ascii: "=") { depth += 1 }
      case UInt8(ascii: "<"):
        depth -= 1
        if depth == 0 {
          let callee = bytes[place - 1]
          return isWord(callee) || callee == UInt8(ascii: ")") ? place..<index : nil
        }
      case UInt8(ascii: "`"): return nil
      default: break
      }
      place -= 1
    }
    return nil
  }

  /// The `type` of `export type *`.
  private static func typeKeyword(before index: Int, _ bytes: [UInt8]) -> Range<Int>? {
    guard let end = wordEnd(before: index, bytes), let start = word("type", endingAt: end, bytes),
      let outer = wordEnd(before: start, bytes), word("export", endingAt: outer, bytes) != nil
    else { return nil }
    return start..<end
  }

  /// Where the blanks before a place start.
  private static func wordEnd(before index: Int, _ bytes: [UInt8]) -> Int? {
    var end = index
    while end > 0, bytes[end - 1] <= 32 { end -= 1 }
    return end > 0 ? end : nil
  }

  private static func word(_ text: String, endingAt end: Int, _ bytes: [UInt8]) -> Int? {
    let start = end - text.utf8.count
    guard start >= 0, bytes[start..<end].elementsEqual(text.utf8) else { return nil }
    return start == 0 || !isWord(bytes[start - 1]) ? start : nil
  }

  private static let typeNames = ["any", "boolean", "string", "number", "object", "symbol", "never", "unknown"].map {
    Array($0.utf8)
  }

  /// `(any) =>`
  private static func namesType(_ open: Int, _ bytes: [UInt8]) -> Bool {
    typeNames.contains { name in
      let end = open + 1 + name.count
      guard end < bytes.count, bytes[end] == UInt8(ascii: ")"), bytes[open + 1..<end].elementsEqual(name) else {
        return false
      }
      var place = end + 1
      while place < bytes.count, bytes[place] <= 32 { place += 1 }
      return place + 1 < bytes.count && bytes[place] == UInt8(ascii: "=") && bytes[place + 1] == UInt8(ascii: ">")
    }
  }

  /// `import("x")` behind `typeof`: the call, and the specifier inside the quotes.
  private static func typeofImport(at index: Int, _ bytes: [UInt8]) -> (call: Range<Int>, specifier: Range<Int>)? {
    let word = Array("import(".utf8)
    guard index + word.count < bytes.count, bytes[index..<index + word.count].elementsEqual(word) else { return nil }
    var before = index - 1
    while before >= 0, bytes[before] <= 32 { before -= 1 }
    let keyword = Array("typeof".utf8)
    guard before + 1 >= keyword.count, before < index - 1,
      bytes[before + 1 - keyword.count..<before + 1].elementsEqual(keyword)
    else { return nil }
    var start = index + word.count
    while start < bytes.count, bytes[start] <= 32 { start += 1 }
    guard start < bytes.count, bytes[start] == 34 || bytes[start] == 39,
      let end = bytes[(start + 1)...].prefix(500).firstIndex(of: bytes[start])
    else { return nil }
    var close = end + 1
    while close < bytes.count, bytes[close] <= 32 || bytes[close] == UInt8(ascii: ",") { close += 1 }
    guard close < bytes.count, bytes[close] == UInt8(ascii: ")") else { return nil }
    return (index..<close + 1, start + 1..<end)
  }
}
