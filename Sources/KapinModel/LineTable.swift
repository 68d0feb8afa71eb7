public import KapinBase

/// Turns byte offsets into lines and UTF-16 columns without the source text.
public struct LineTable: Sendable {
  /// The offset at which each line starts.
  private var starts: [UInt32] = [0]
  /// Characters of more than one byte: the offset of the first byte × 4 + bytes saved against UTF-16 units.
  private var wide: [Wide] = []

  private struct Wide: BitwiseCopyable {
    var offset: UInt32
    var excess: UInt32
  }

  public init() {}

  public init(_ source: UnsafeRawBufferPointer) { read(source) }

  /// Takes in a text; the table must be empty.
  public mutating func read(_ source: UnsafeRawBufferPointer) {
    guard let base = source.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
    let count = source.count
    var index = 0
    while index < count {
      let byte = base[index]
      if byte == 10 {
        starts.append(UInt32(index + 1))
      } else if byte >= 0xC0 {
        // 2 bytes → 1 unit, 3 bytes → 1 unit, 4 bytes → 2 units
        wide.append(Wide(offset: UInt32(index), excess: byte >= 0xE0 ? 2 : 1))
      }
      index += 1
    }
  }

  public func compacted() -> LineTable {
    var copy = LineTable()
    copy.starts = exact(starts)
    copy.wide = exact(wide)
    return copy
  }

  public mutating func reset() {
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
    wide.removeAll(keepingCapacity: true)
  }

  public func archive(into writer: inout ArchiveWriter) {
    writer.put(starts)
    writer.put(wide)
  }

  public init?(archive reader: inout ArchiveReader) {
    guard let starts = reader.take(UInt32.self), let wide = reader.take(Wide.self), !starts.isEmpty else { return nil }
    self.starts = starts
    self.wide = wide
  }

  public func position(_ offset: UInt32) -> Position {
    var low = 0, high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    let line = starts[low]
    var column = Int(offset - line)
    var first = wide.count
    var bottom = 0
    while bottom < first {
      let middle = (bottom + first) / 2
      if wide[middle].offset >= line { first = middle } else { bottom = middle + 1 }
    }
    while first < wide.count, wide[first].offset < offset {
      column -= Int(wide[first].excess)
      first += 1
    }
    return Position(line: low + 1, column: column + 1)
  }
}
