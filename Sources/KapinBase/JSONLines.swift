/// Takes the members of one JSON object, so that what an object holds is said once for all ways to write it.
///
/// Members are added in the order of their keys' bytes.
public protocol JSONMembers {
  mutating func text(_ key: String, _ value: String)
  mutating func number(_ key: String, _ value: Int)
  mutating func texts(_ key: String, _ values: [String])
  /// `path:line:column`, or the path alone.
  mutating func place(_ key: String, _ path: String, _ position: Position?)
  mutating func value(_ key: String, _ value: JSONText)
}

extension JSONMembers {
  /// A member that is left out when there is nothing to say.
  public mutating func text(_ key: String, ifKnown value: String?) {
    if let value { text(key, value) }
  }

  /// `true`, or left out.
  public mutating func flag(_ key: String, _ value: Bool) {
    if value { self.value(key, .bool(true)) }
  }
}

/// The members as a JSON value.
public struct JSONObject: JSONMembers {
  public private(set) var fields: [String: JSONText?] = [:]
  public init() {}
  public mutating func text(_ key: String, _ value: String) { fields[key] = .text(value) }
  public mutating func number(_ key: String, _ value: Int) { fields[key] = .int(value) }
  public mutating func texts(_ key: String, _ values: [String]) { fields[key] = .list(values.map { .text($0) }) }
  public mutating func place(_ key: String, _ path: String, _ position: Position?) {
    fields[key] = .text(Place(path, position).description)
  }
  public mutating func value(_ key: String, _ value: JSONText) { fields[key] = value }
}

/// Objects of JSON written straight into bytes, one a line: for outputs of very many lines, where `JSONText` would build a
/// dictionary for each.
public struct JSONLines: JSONMembers {
  public private(set) var bytes: [UInt8] = []
  private var starts: [Int] = []
  private var isFirst = true

  public init() {}

  public mutating func open() {
    starts.append(bytes.count)
    bytes.append(123)
    isFirst = true
  }

  public mutating func close() {
    bytes.append(125)
    bytes.append(10)
  }

  private mutating func key(_ key: String) {
    if !isFirst { bytes.append(44) }
    isFirst = false
    bytes.append(34)
    bytes.append(contentsOf: key.utf8)
    bytes.append(34)
    bytes.append(58)
  }

  public mutating func text(_ key: String, _ value: String) {
    self.key(key)
    JSONText.quote(value, into: &bytes)
  }

  public mutating func number(_ key: String, _ value: Int) {
    self.key(key)
    bytes.appendDecimal(value)
  }

  public mutating func texts(_ key: String, _ values: [String]) {
    self.key(key)
    bytes.append(91)
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(44) }
      JSONText.quote(value, into: &bytes)
    }
    bytes.append(93)
  }

  public mutating func place(_ key: String, _ path: String, _ position: Position?) {
    text(key, path)
    guard let position else { return }
    bytes.removeLast()
    bytes.append(58)
    bytes.appendDecimal(position.line)
    bytes.append(58)
    bytes.appendDecimal(position.column)
    bytes.append(34)
  }

  public mutating func value(_ key: String, _ value: JSONText) {
    self.key(key)
    value.write(into: &bytes)
  }

  /// The bytes of each line with its newline.
  public var lines: [Range<Int>] {
    starts.indices.map { starts[$0]..<($0 + 1 < starts.count ? starts[$0 + 1] : bytes.count) }
  }

  /// The lines in the order of their bytes.
  public func sorted() -> [Range<Int>] {
    var lines = lines
    bytes.withUnsafeBytes { all in
      lines.sort { a, b in
        UnsafeRawBufferPointer(rebasing: all[a]).precedes(UnsafeRawBufferPointer(rebasing: all[b]))
      }
    }
    return lines
  }
}

extension [UInt8] {
  public mutating func appendDecimal(_ number: Int) {
    guard number >= 0 else { return append(contentsOf: String(number).utf8) }
    var rest = number
    var digits: [20 of UInt8] = .init(repeating: 48)
    var start = 20
    repeat {
      start -= 1
      digits[start] = 48 + UInt8(rest % 10)
      rest /= 10
    } while rest > 0
    while start < 20 {
      append(digits[start])
      start += 1
    }
  }
}
