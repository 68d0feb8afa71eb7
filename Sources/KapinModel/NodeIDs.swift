/// Public ids of nodes.
public enum NodeIDs {
  /// `%`, `#` and control characters of names are percent-encoded.
  public static func escape(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 32 || $0 == 35 || $0 == 37 || $0 == 127 }) else { return text }
    var out: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
      if byte < 32 || byte == 35 || byte == 37 || byte == 127 {
        out += [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      } else {
        out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  public static func unescape(_ text: some StringProtocol) -> String {
    var out: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == 37, rest.count > 1, let escaped = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
        out.append(escaped)
        rest = rest.dropFirst(2)
      } else {
        out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
