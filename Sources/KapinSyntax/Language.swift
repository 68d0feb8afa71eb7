internal import CTreeSitter
internal import TreeSitterJSON
internal import TreeSitterJavaScript
internal import TreeSitterTSX
internal import TreeSitterTypeScript

/// A grammar that files can be parsed with.
public enum Language: UInt8, Sendable, CaseIterable {
  case javascript, typescript, tsx, json

  /// The grammar for a file name's extension; `nil` when no grammar reads it.
  public init?(path: String) {
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

  var grammar: UnsafePointer<KapinGrammar> { GrammarTables.all[Int(rawValue)].grammar }
}

/// Maps a grammar's symbol and field numbers to `Kind` and `Field`.
///
/// Made once and never freed, so that the hot loop reads through plain pointers without counting references.
struct GrammarTables: @unchecked Sendable {
  let grammar: UnsafePointer<KapinGrammar>

  static let all: [GrammarTables] = Language.allCases.map(GrammarTables.init)

  private init(_ language: Language) {
    let pointer = language.pointer
    var named: [String: Kind] = [:]
    var tokens: [String: Kind] = [:]
    for kind in Kind.allCases {
      if let token = kind.token { tokens[token] = kind } else { named[kind.grammarName] = kind }
    }
    let symbols = (0..<kapin_symbol_count(pointer)).map { kapin_symbol_public(pointer, $0) }
    let areNamed = symbols.map { kapin_symbol_is_named(pointer, $0) }
    let kinds = Self.keep(
      zip(symbols, areNamed).map { symbol, isNamed -> UInt8 in
        let name = String(cString: kapin_symbol_name(pointer, symbol))
        return ((isNamed ? named[name] : tokens[name]) ?? (isNamed ? .otherNamed : .otherToken)).rawValue
      })
    var byName: [String: Field] = [:]
    for field in Field.allCases { byName[field.grammarName] = field }
    let fields = (0...kapin_field_count(pointer)).map { field -> UInt8 in
      guard field > 0, let name = kapin_field_name(pointer, field) else { return Field.none.rawValue }
      return (byName[String(cString: name)] ?? .none).rawValue
    }
    let table = UnsafeMutablePointer<KapinGrammar>.allocate(capacity: 1)
    table.initialize(
      to: KapinGrammar(
        kinds: UnsafePointer(kinds.baseAddress), fields: UnsafePointer(Self.keep(fields).baseAddress),
        named: UnsafePointer(Self.keep(areNamed).baseAddress),
        kindCount: UInt32(kinds.count), errorKind: Kind.error.rawValue))
    grammar = UnsafePointer(table)
  }

  private static func keep<Row>(_ rows: [Row]) -> UnsafeMutableBufferPointer<Row> {
    let buffer = UnsafeMutableBufferPointer<Row>.allocate(capacity: rows.count)
    _ = buffer.initialize(from: rows)
    return buffer
  }
}
