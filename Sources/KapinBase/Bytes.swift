internal import CXXHash
internal import Glibc

/// A 128-bit content hash (XXH3, see "xxHash fast digest algorithm"); for identity, not for security.
public struct ContentHash: Hashable, Sendable {
  public var high: UInt64
  public var low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  public init(_ bytes: UnsafeRawBufferPointer) {
    let hash = XXH3_128bits(bytes.baseAddress, bytes.count)
    self.init(high: hash.high64, low: hash.low64)
  }

  public init(_ text: String) {
    var text = text
    self = text.withUTF8 { ContentHash(UnsafeRawBufferPointer($0)) }
  }

  /// 32 lower-case hexadecimal digits.
  public var hex: String {
    Self.hex(high) + Self.hex(low)
  }

  /// 16 lower-case hexadecimal digits.
  public static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// A copy of an array without room to spare.
public func exact<Row: BitwiseCopyable>(_ rows: [Row]) -> [Row] {
  rows.isEmpty
    ? []
    : [Row](unsafeUninitializedCapacity: rows.count) { buffer, filled in
      rows.withUnsafeBufferPointer { _ = buffer.initialize(fromContentsOf: $0) }
      filled = rows.count
    }
}

extension String {
  /// Order by UTF-8 bytes; `<` of `String` merges Unicode normal forms and must not decide an output order.
  public func precedes(_ other: String) -> Bool {
    let known = utf8.withContiguousStorageIfAvailable { own in
      other.utf8.withContiguousStorageIfAvailable { UnsafeRawBufferPointer(own).precedes(UnsafeRawBufferPointer($0)) }
    }
    return (known ?? nil) ?? utf8.lexicographicallyPrecedes(other.utf8)
  }
}

extension UnsafeRawBufferPointer {
  public func precedes(_ other: UnsafeRawBufferPointer) -> Bool {
    let common = Swift.min(count, other.count)
    if common > 0, let a = baseAddress, let b = other.baseAddress {
      let order = memcmp(a, b, common)
      if order != 0 { return order < 0 }
    }
    return count < other.count
  }
}

extension Sequence where Element == String {
  public func sortedByBytes() -> [String] { sorted { $0.precedes($1) } }
}

extension Sequence {
  public func sortedByBytes(_ key: (Element) -> String) -> [Element] {
    map { (key($0), $0) }.sorted { $0.0.precedes($1.0) }.map { $0.1 }
  }
}
