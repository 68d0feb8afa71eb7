/// What SQLite and MySQL write otherwise than PostgreSQL in statements about tables.
///
/// What PostgreSQL's parser cannot read is overwritten with spaces, so that all places stay true. The sources are the two
/// grammars (SQLite documentation, "CREATE TABLE"; MySQL Reference Manual, "CREATE TABLE Statement").
struct SQLDialect {
  /// The statement as PostgreSQL's parser may read it, and whose it is.
  var text: String { String(decoding: bytes, as: UTF8.self) }
  /// `nil` where the words are those of several.
  private(set) var provider: String?

  private var bytes: [UInt8]
  private var tokens: [Token] = []
  private struct Token {
    enum Kind { case word, mark, other }
    var kind: Kind
    var start: Int
    var end: Int
    /// In capitals, for words.
    var word: String
    var depth: Int
  }

  /// `nil` where nothing of another dialect is found.
  init?(_ statement: String) {
    bytes = Array(statement.utf8)
    let before = bytes
    scan()
    rewrite()
    if bytes == before { return nil }
  }

  /// Types of other databases that PostgreSQL has under other names.
  static let types = [
    "datetime": "timestamp", "tinyint": "smallint", "mediumint": "integer", "year": "integer",
    "double": "double precision",
    "tinytext": "text", "mediumtext": "text", "longtext": "text", "clob": "text", "string": "text",
    "blob": "bytea", "tinyblob": "bytea", "mediumblob": "bytea", "longblob": "bytea", "binary": "bytea",
    "varbinary": "bytea",
  ]

  // MARK: Tokens

  private mutating func scan() {
    var index = 0, depth = 0
    while index < bytes.count {
      let byte = bytes[index], next = index + 1 < bytes.count ? bytes[index + 1] : 0
      switch byte {
      case UInt8(ascii: "'"):
        let end = quoted(index)
        tokens.append(Token(kind: .other, start: index, end: end, word: "'", depth: depth))
        index = end
      case UInt8(ascii: "`"):
        let end = bytes[(index + 1)...].firstIndex(of: byte) ?? bytes.count - 1
        bytes[index] = UInt8(ascii: "\"")
        bytes[end] = UInt8(ascii: "\"")
        provider = "mysql"
        tokens.append(Token(kind: .other, start: index, end: end + 1, word: "", depth: depth))
        index = end + 1
      case UInt8(ascii: "\""):
        let end = bytes[(index + 1)...].firstIndex(of: byte).map { $0 + 1 } ?? bytes.count
        tokens.append(Token(kind: .other, start: index, end: end, word: "", depth: depth))
        index = end
      case UInt8(ascii: "-") where next == byte, UInt8(ascii: "#"):
        let end = bytes[index...].firstIndex(of: 10) ?? bytes.count
        if byte == UInt8(ascii: "#") { blank(index..<end) }
        index = end
      case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
        index += 2
        while index + 1 < bytes.count, bytes[index] != UInt8(ascii: "*") || bytes[index + 1] != UInt8(ascii: "/") {
          index += 1
        }
        index = min(bytes.count, index + 2)
      case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: "="):
        if byte == UInt8(ascii: ")") { depth -= 1 }
        tokens.append(Token(kind: .mark, start: index, end: index + 1, word: "", depth: depth))
        if byte == UInt8(ascii: "(") { depth += 1 }
        index += 1
      case _ where Self.isWord(byte):
        let start = index
        while index < bytes.count, Self.isWord(bytes[index]) { index += 1 }
        let word = String(decoding: bytes[start..<index], as: UTF8.self).uppercased()
        tokens.append(Token(kind: .word, start: start, end: index, word: word, depth: depth))
      default: index += 1
      }
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte | 0x20 >= 97 && byte | 0x20 <= 122 || byte >= 48 && byte <= 57 || byte == 95
  }

  /// The end of a text; a quote in it is doubled, or stands behind a backslash.
  private func quoted(_ start: Int) -> Int {
    var index = start + 1
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\\") {
        index += 2
      } else if bytes[index] == UInt8(ascii: "'") {
        guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "'") else { return index + 1 }
        index += 2
      } else {
        index += 1
      }
    }
    return bytes.count
  }

  private mutating func blank(_ range: Range<Int>) {
    for index in range where bytes[index] != 10 { bytes[index] = 32 }
  }

  private mutating func blank(tokens range: ClosedRange<Int>) {
    guard range.upperBound < tokens.count else { return }
    blank(tokens[range.lowerBound].start..<tokens[range.upperBound].end)
  }

  // MARK: What is another dialect's

  private static let flags: Set<String> = ["AUTOINCREMENT", "AUTO_INCREMENT", "UNSIGNED", "ZEROFILL"]
  /// Types whose number in brackets says how they are shown.
  private static let shown: Set<String> = [
    "INT", "INTEGER", "TINYINT", "SMALLINT", "MEDIUMINT", "BIGINT", "YEAR", "DATETIME", "DOUBLE", "FLOAT", "TEXT",
  ]
  private static let indexWords: Set<String> = ["KEY", "INDEX", "FULLTEXT", "SPATIAL"]

  private mutating func rewrite() {
    let isTable = tokens.first?.word == "CREATE" && tokens.contains { $0.word == "TABLE" }
    for index in tokens.indices {
      let token = tokens[index]
      guard token.kind == .word else { continue }
      if Self.flags.contains(token.word) {
        provider = token.word == "AUTOINCREMENT" ? "sqlite" : "mysql"
        blank(tokens: index...index)
      } else if Self.shown.contains(token.word), opens(index + 1), let close = closing(index + 1) {
        blank(tokens: (index + 1)...close)
      } else if token.word == "ENUM" || token.word == "SET", token.depth == 1, opens(index + 1),
        word(index + 2) == "'", let close = closing(index + 1)
      {
        blank(tokens: index...close)
        bytes.replaceSubrange(token.start..<token.start + 4, with: Array("text".utf8))
        provider = "mysql"
      } else if token.word == "COMMENT", word(index + 1) == "'" {
        blank(tokens: index...(index + 1))
      } else if token.word == "COLLATE" || token.word == "CHARSET" || token.word == "USING", isTable {
        blank(tokens: index...min(index + 1, tokens.count - 1))
      } else if token.word == "CHARACTER", word(index + 1) == "SET" {
        blank(tokens: index...min(index + 2, tokens.count - 1))
      } else if token.word == "ON", word(index + 1) == "UPDATE", word(index + 2).hasPrefix("CURRENT_TIMESTAMP") {
        let end = opens(index + 3) ? closing(index + 3) ?? index + 2 : index + 2
        blank(tokens: index...end)
      } else if token.word == "ON", word(index + 1) == "CONFLICT", isTable {
        blank(tokens: index...min(index + 2, tokens.count - 1))
      }
    }
    if isTable { rewriteTable() }
  }

  /// Indexes among the columns, and options behind them.
  private mutating func rewriteTable() {
    guard let open = tokens.indices.first(where: { opens($0) }), let close = closing(open) else { return }
    if close + 1 < tokens.count {
      switch word(close + 1) {
      case "WITHOUT", "STRICT": provider = "sqlite"
      case "ENGINE", "DEFAULT", "AUTO_INCREMENT": provider = "mysql"
      default: return
      }
      blank(tokens: (close + 1)...(tokens.count - 1))
    }
    for index in (open + 1)..<close where tokens[index].depth == 1 {
      let isFirst = index == open + 1 || isComma(index - 1)
      if isFirst, Self.indexWords.contains(word(index)) {
        guard let brackets = indexBrackets(index), let end = closing(brackets) else { continue }
        // With the comma before it, or the one behind it.
        blank(tokens: (isComma(index - 1) ? index - 1 : index)...end)
        provider = "mysql"
      } else if word(index) == "UNIQUE", word(index + 1) == "KEY" || word(index + 1) == "INDEX" {
        blank(tokens: (index + 1)...(index + 1))
        if !opens(index + 2) { blank(tokens: (index + 2)...(index + 2)) }
        provider = "mysql"
      }
    }
  }

  /// Where the columns of an index begin: `KEY name (a, b)`. A column may be called `key`, too, with a type of some length.
  private func indexBrackets(_ index: Int) -> Int? {
    let isKind = word(index) == "FULLTEXT" || word(index) == "SPATIAL"
    guard let brackets = (index + 1...index + (isKind ? 3 : 2)).first(where: { opens($0) }),
      brackets + 1 < tokens.count, !(48...57).contains(bytes[tokens[brackets + 1].start])
    else { return nil }
    return brackets
  }

  private func word(_ index: Int) -> String { index < tokens.count ? tokens[index].word : "" }
  private func opens(_ index: Int) -> Bool { index < tokens.count && bytes[tokens[index].start] == UInt8(ascii: "(") }
  private func isComma(_ index: Int) -> Bool { bytes[tokens[index].start] == UInt8(ascii: ",") }

  private func closing(_ open: Int) -> Int? {
    guard open < tokens.count else { return nil }
    let depth = tokens[open].depth
    return tokens.indices.first {
      $0 > open && tokens[$0].depth == depth && bytes[tokens[$0].start] == UInt8(ascii: ")")
    }
  }
}
