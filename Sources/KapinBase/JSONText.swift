/// JSON values as reports write them: keys sorted by bytes, no spaces, so that equal content is equal text.
public indirect enum JSONText: Sendable {
  case null
  case bool(Bool)
  case int(Int)
  /// A number with two decimals.
  case decimal(Double)
  case text(String)
  case list([JSONText])
  case object([String: JSONText?])

  public func write(into out: inout [UInt8], indent: Int? = nil, depth: Int = 0) {
    func newline(_ depth: Int) {
      guard let indent else { return }
      out.append(10)
      out.append(contentsOf: repeatElement(32, count: indent * depth))
    }
    switch self {
    case .null: out.append(contentsOf: "null".utf8)
    case .bool(let flag): out.append(contentsOf: (flag ? "true" : "false").utf8)
    case .int(let number): out.append(contentsOf: String(number).utf8)
    case .decimal(let number):
      let hundredths = Int((number * 100).rounded())
      let rest = hundredths % 100
      out.append(contentsOf: "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)".utf8)
    case .text(let text): Self.quote(text, into: &out)
    case .list(let items):
      out.append(91)
      for (index, item) in items.enumerated() {
        if index > 0 { out.append(44) }
        newline(depth + 1)
        item.write(into: &out, indent: indent, depth: depth + 1)
      }
      if !items.isEmpty { newline(depth) }
      out.append(93)
    case .object(let members):
      out.append(123)
      var first = true
      for key in members.keys.sortedByBytes() {
        guard let value = members[key], let value else { continue }
        if !first { out.append(44) }
        first = false
        newline(depth + 1)
        Self.quote(key, into: &out)
        out.append(58)
        if indent != nil { out.append(32) }
        value.write(into: &out, indent: indent, depth: depth + 1)
      }
      if !first { newline(depth) }
      out.append(125)
    }
  }

  public func line() -> String {
    var out: [UInt8] = []
    write(into: &out)
    return String(decoding: out, as: UTF8.self)
  }

  public func pretty() -> String {
    var out: [UInt8] = []
    write(into: &out, indent: 2)
    out.append(10)
    return String(decoding: out, as: UTF8.self)
  }

  private static let digits = Array("0123456789abcdef".utf8)

  public static func quote(_ text: String, into out: inout [UInt8]) {
    out.append(34)
    let isPlain = text.utf8.withContiguousStorageIfAvailable { bytes in
      // Without an early end, so that many bytes are looked at in one step.
      var odd: UInt8 = 0
      for byte in bytes { odd |= (byte < 32 || byte == 34 || byte == 92) ? 1 : 0 }
      guard odd == 0 else { return false }
      out.append(contentsOf: bytes)
      return true
    }
    if isPlain ?? false {
      out.append(34)
      return
    }
    for byte in text.utf8 {
      switch byte {
      case 34: out.append(contentsOf: [92, 34])
      case 92: out.append(contentsOf: [92, 92])
      case 10: out.append(contentsOf: [92, 110])
      case 13: out.append(contentsOf: [92, 114])
      case 9: out.append(contentsOf: [92, 116])
      case 0..<32: out.append(contentsOf: Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
      default: out.append(byte)
      }
    }
    out.append(34)
  }
}
