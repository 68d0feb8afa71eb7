/// A typed 4-byte index of a row in a `Table`.
///
/// Later phases add side tables keyed by the same id instead of fields to the row.
@frozen
public struct ID<Row>: FastHashable, Comparable, Sendable, BitwiseCopyable {
  public var raw: UInt32

  @inlinable public init(_ raw: UInt32) { self.raw = raw }
  @inlinable public init(_ index: Int) { raw = UInt32(truncatingIfNeeded: index) }

  @inlinable public var index: Int { Int(raw) }
  @inlinable public var hashBits: UInt64 { UInt64(raw) }
  @inlinable public static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }
}

/// Rows in the order in which they were added; a row's position is its id.
@frozen
public struct Table<Row>: RandomAccessCollection {
  public var rows: [Row]

  @inlinable public init() { rows = [] }
  @inlinable public init(_ rows: [Row]) { self.rows = rows }

  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { rows.count }
  @inlinable public subscript(position: Int) -> Row {
    @inline(__always) _read { yield rows[position] }
  }
  @inlinable public func makeIterator() -> IndexingIterator<[Row]> { rows.makeIterator() }
  @inlinable public var count: Int { rows.count }
  @inlinable public var isEmpty: Bool { rows.isEmpty }
  @inlinable public var ids: LazyMapSequence<Range<Int>, ID<Row>> { rows.indices.lazy.map { ID<Row>($0) } }

  @inlinable public subscript(id: ID<Row>) -> Row {
    @inline(__always) _read { yield rows[id.index] }
    @inline(__always) _modify { yield &rows[id.index] }
  }

  @inlinable @inline(__always) @discardableResult
  public mutating func append(_ row: Row) -> ID<Row> {
    rows.append(row)
    return ID(rows.count - 1)
  }
}

extension Table: Sendable where Row: Sendable {}

/// A half-open range of positions or byte offsets, 8 bytes.
@frozen
public struct Range32: Hashable, Sendable, BitwiseCopyable {
  public var start: UInt32
  public var end: UInt32

  @inlinable public init(_ start: UInt32, _ end: UInt32) {
    self.start = start
    self.end = end
  }
  @inlinable public init(_ start: Int, _ end: Int) {
    self.init(UInt32(truncatingIfNeeded: start), UInt32(truncatingIfNeeded: end))
  }
  @inlinable public static var empty: Range32 { Range32(UInt32(0), UInt32(0)) }
  @inlinable public var count: Int { Int(end &- start) }
  @inlinable public var isEmpty: Bool { start == end }
  @inlinable public var indices: Range<Int> { Int(start)..<Int(end) }
  @inlinable public func contains(_ offset: UInt32) -> Bool { start <= offset && offset < end }
  @inlinable public func encloses(_ other: Range32) -> Bool { start <= other.start && other.end <= end }
}

extension Array where Element == Range32 {
  /// Those that stand in no other one, ascending.
  public var outermost: [Range32] {
    sorted { ($0.start, $1.end) < ($1.start, $0.end) }.reduce(into: []) { kept, range in
      if !(kept.last?.encloses(range) ?? false) { kept.append(range) }
    }
  }
}
