/// Writes flat tables one behind the other, so that they can be read back by copying memory.
///
/// The format is this machine's: byte order, alignment and layouts are those of the program that writes. Whoever keeps
/// archives must say which program made them.
public struct ArchiveWriter {
  public private(set) var bytes: [UInt8] = []
  public init() {}

  public mutating func put<Row: BitwiseCopyable>(_ rows: [Row]) {
    put(UInt32(rows.count))
    pad()
    rows.withUnsafeBytes { bytes.append(contentsOf: $0) }
    pad()
  }

  public mutating func put<Row: BitwiseCopyable>(_ row: Row) {
    withUnsafeBytes(of: row) { bytes.append(contentsOf: $0) }
  }

  public mutating func put(_ text: String) { put(Array(text.utf8)) }

  private mutating func pad() {
    while bytes.count % 8 != 0 { bytes.append(0) }
  }
}

/// Reads what an `ArchiveWriter` wrote; every answer is `nil` once something does not fit.
public struct ArchiveReader {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0
  public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  public var isAtEnd: Bool { offset == bytes.count }

  public mutating func take<Row: BitwiseCopyable>(_ type: Row.Type) -> [Row]? {
    guard let count = takeOne(UInt32.self) else { return nil }
    pad()
    let size = Int(count) * MemoryLayout<Row>.stride
    guard offset <= bytes.count, size <= bytes.count - offset else { return nil }
    let rows = [Row](unsafeUninitializedCapacity: Int(count)) { buffer, filled in
      if size > 0 {
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: .init(rebasing: bytes[offset..<offset + size]))
      }
      filled = Int(count)
    }
    offset += size
    pad()
    return rows
  }

  public mutating func takeOne<Row: BitwiseCopyable>(_ type: Row.Type) -> Row? {
    let size = MemoryLayout<Row>.size
    guard offset <= bytes.count, size <= bytes.count - offset else { return nil }
    defer { offset += size }
    return bytes.loadUnaligned(fromByteOffset: offset, as: Row.self)
  }

  public mutating func takeText() -> String? { take(UInt8.self).map { String(decoding: $0, as: UTF8.self) } }

  private mutating func pad() { offset = (offset + 7) / 8 * 8 }
}
