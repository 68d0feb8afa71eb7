internal import KapinBase

/// A JSON value that keeps the order of keys and where each value stands.
///
/// Reads JSON with comments and trailing commas (the dialect of tsconfig files); what is broken is left out and counted.
public indirect enum JSON: Sendable {
  case null, bool(Bool), number(String), string(String)
  case list([JSON])
  case object([(key: String, value: JSON)])

  public subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key == key }?.value
  }
  public var text: String? { if case .string(let text) = self { text } else { nil } }
  public var items: [JSON]? { if case .list(let items) = self { items } else { nil } }
  public var members: [(key: String, value: JSON)]? { if case .object(let all) = self { all } else { nil } }
  public var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
  public var integer: Int? { if case .number(let digits) = self { Int(digits) } else { nil } }

  /// Parses a document; `errorAt` is the offset of the first broken place, trailing commas excepted.
  public static func parse(_ bytes: [UInt8]) -> (value: JSON?, errorAt: UInt32?) {
    bytes.withUnsafeBytes { source in
      var source = source
      if source.starts(with: [0xEF, 0xBB, 0xBF]) { source = UnsafeRawBufferPointer(rebasing: source.dropFirst(3)) }
      var parser = Parser()
      guard let tree = parser.parse(source, as: .json) else { return (nil, 0) }
      return tree.withCursor { cursor in
        var reader = Reader(source: source)
        var value: JSON?
        cursor.forEachChild { child in
          if child.kind == .error {
            reader.note(child)
          } else if child.isNamed, child.kind != .comment, value == nil {
            value = reader.read(&child, depth: 0)
          }
        }
        return (value, reader.errorAt)
      }
    }
  }

  public static func parse(_ text: String) -> JSON? { parse(Array(text.utf8)).value }

  /// The texts among the values of a document, however deep, with the keys down to them and the offsets at which they
  /// stand.
  public static func texts(_ source: UnsafeRawBufferPointer) -> [(key: String, text: String, at: UInt32)] {
    var parser = Parser()
    guard let tree = parser.parse(source, as: .json) else { return [] }
    var found: [(key: String, text: String, at: UInt32)] = []
    var keys: [String] = []
    func text(_ cursor: borrowing Cursor) -> String {
      Reader.unescape(source[cursor.range.indices].dropFirst().dropLast())
    }
    func walk(_ cursor: inout Cursor) {
      guard keys.count < 400 else { return }
      switch cursor.kind {
      case .string: found.append((keys.joined(separator: "."), text(cursor), cursor.start))
      case .pair:
        keys.append("")
        cursor.forEachChild { child in
          if child.field == .key { keys[keys.count - 1] = text(child) }
          if child.field == .value { walk(&child) }
        }
        keys.removeLast()
      default: cursor.forEachChild { child in if child.isNamed { walk(&child) } }
      }
    }
    tree.withCursor { cursor in walk(&cursor) }
    return found
  }

  private struct Reader {
    let source: UnsafeRawBufferPointer
    var errorAt: UInt32?

    mutating func note(_ cursor: borrowing Cursor) {
      let text = source[cursor.range.indices].filter { $0 > 32 }
      if errorAt == nil, text != [44] { errorAt = cursor.start }
    }

    mutating func read(_ cursor: inout Cursor, depth: Int) -> JSON? {
      guard depth < 400 else { return nil }
      switch cursor.kind {
      case .null: return .null
      case .true: return .bool(true)
      case .false: return .bool(false)
      case .number: return .number(String(decoding: source[cursor.range.indices], as: UTF8.self))
      case .string: return .string(Self.unescape(source[cursor.range.indices].dropFirst().dropLast()))
      case .array:
        var items: [JSON] = []
        cursor.forEachChild { child in
          if child.kind == .error { note(child) }
          if child.isNamed, !child.isMissing, child.kind != .comment, child.kind != .error,
            let item = read(&child, depth: depth + 1)
          {
            items.append(item)
          }
        }
        return .list(items)
      case .object:
        var members: [(key: String, value: JSON)] = []
        cursor.forEachChild { child in
          if child.kind == .error { note(child) }
          guard child.kind == .pair else { return }
          var key: String?
          var value: JSON?
          child.forEachChild { part in
            if part.field == .key, case .string(let text)? = read(&part, depth: depth + 1) { key = text }
            if part.field == .value { value = read(&part, depth: depth + 1) }
          }
          if let key, let value { members.append((key, value)) }
        }
        return .object(members)
      default: return nil
      }
    }

    static func unescape(_ raw: Slice<UnsafeRawBufferPointer>) -> String {
      guard raw.contains(92) else { return String(decoding: raw, as: UTF8.self) }
      var out = String.UnicodeScalarView()
      var units: [UInt16] = []
      func flush() {
        if !units.isEmpty { out.append(contentsOf: String(decoding: units, as: UTF16.self).unicodeScalars) }
        units.removeAll()
      }
      var index = raw.startIndex
      var plain = raw.startIndex
      while index < raw.endIndex {
        guard raw[index] == 92, index + 1 < raw.endIndex else {
          index += 1
          continue
        }
        if plain < index {
          flush()
          out.append(contentsOf: String(decoding: raw[plain..<index], as: UTF8.self).unicodeScalars)
        }
        let escape = raw[index + 1]
        index += 2
        switch escape {
        case UInt8(ascii: "n"): units.append(10)
        case UInt8(ascii: "t"): units.append(9)
        case UInt8(ascii: "r"): units.append(13)
        case UInt8(ascii: "b"): units.append(8)
        case UInt8(ascii: "f"): units.append(12)
        case UInt8(ascii: "u"):
          let digits = raw[index..<min(index + 4, raw.endIndex)]
          units.append(UInt16(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0xFFFD)
          index = min(index + 4, raw.endIndex)
        default: units.append(UInt16(escape))
        }
        plain = index
      }
      flush()
      if plain < raw.endIndex { out.append(contentsOf: String(decoding: raw[plain...], as: UTF8.self).unicodeScalars) }
      return String(out)
    }
  }
}
