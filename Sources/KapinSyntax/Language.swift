internal import CTreeSitter
internal import TreeSitterJSON
internal import TreeSitterJavaScript
internal import TreeSitterTSX
internal import TreeSitterTypeScript

/// A grammar that files can be parsed with.
package enum Language: UInt8, Sendable, CaseIterable {
  case javascript, typescript, tsx, json

  /// The grammar for a file name's extension; `nil` when no grammar reads it.
  package init?(path: String) {
    guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    switch path[path.index(after: dot)...] {
    case "ts", "mts", "cts": self = .typescript
    case "tsx": self = .tsx
    case "js", "jsx", "mjs", "cjs": self = .javascript
    case "json", "jsonc": self = .json
    default: return nil
    }
  }

  var pointer: OpaquePointer {
    switch self {
    case .javascript: tree_sitter_javascript()
    case .typescript: tree_sitter_typescript()
    case .tsx: tree_sitter_tsx()
    case .json: tree_sitter_json()
    }
  }

  var tables: GrammarTables { GrammarTables.all[Int(rawValue)] }
}

/// Maps a grammar's symbol and field numbers to `Kind` and `Field`.
///
/// Made once and never freed, so that the hot loop reads through plain pointers without counting references.
struct GrammarTables: @unchecked Sendable {
  let kinds: UnsafeMutableBufferPointer<Kind>
  let fields: UnsafeMutableBufferPointer<Field>

  static let all: [GrammarTables] = Language.allCases.map(GrammarTables.init)

  private init(_ language: Language) {
    let grammar = language.pointer
    var named: [String: Kind] = [:]
    var tokens: [String: Kind] = [:]
    for kind in Kind.allCases {
      if let token = kind.token { tokens[token] = kind } else { named[kind.grammarName] = kind }
    }
    kinds = Self.keep(
      (0..<ts_language_symbol_count(grammar)).map { symbol in
        let symbol = TSSymbol(symbol)
        let name = String(cString: ts_language_symbol_name(grammar, symbol))
        let isNamed = ts_language_symbol_type(grammar, symbol) == TSSymbolTypeRegular
        return (isNamed ? named[name] : tokens[name]) ?? (isNamed ? .otherNamed : .otherToken)
      })
    var byName: [String: Field] = [:]
    for field in Field.allCases { byName[field.grammarName] = field }
    var all: [Field] = [.none]
    let count = ts_language_field_count(grammar)
    if count > 0 {
      all += (1...count).map {
        byName[String(cString: ts_language_field_name_for_id(grammar, TSFieldId($0)))] ?? .none
      }
    }
    fields = Self.keep(all)
  }

  private static func keep<Row>(_ rows: [Row]) -> UnsafeMutableBufferPointer<Row> {
    let buffer = UnsafeMutableBufferPointer<Row>.allocate(capacity: rows.count)
    _ = buffer.initialize(from: rows)
    return buffer
  }
}
