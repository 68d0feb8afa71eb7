/// A typed 4-byte index of a row in a `Table`.
///
/// Later phases add side tables keyed by the same id instead of fields to the row.
@frozen
package struct ID<Row>: Hashable, Comparable, Sendable, BitwiseCopyable {
  package var raw: UInt32

  @inlinable package init(_ raw: UInt32) { self.raw = raw }
  @inlinable package init(_ index: Int) { raw = UInt32(truncatingIfNeeded: index) }

  @inlinable package var index: Int { Int(raw) }
  @inlinable package static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }
}

/// Rows in the order in which they were added; a row's position is its id.
@frozen
package struct Table<Row>: RandomAccessCollection {
  package var rows: [Row]

  @inlinable package init() { rows = [] }
  @inlinable package init(_ rows: [Row]) { self.rows = rows }

  @inlinable package var startIndex: Int { 0 }
  @inlinable package var endIndex: Int { rows.count }
  @inlinable package subscript(position: Int) -> Row {
    @inline(__always) _read { yield rows[position] }
  }
  @inlinable package func makeIterator() -> IndexingIterator<[Row]> { rows.makeIterator() }
  @inlinable package var count: Int { rows.count }
  @inlinable package var isEmpty: Bool { rows.isEmpty }
  @inlinable package var ids: LazyMapSequence<Range<Int>, ID<Row>> { rows.indices.lazy.map { ID<Row>($0) } }

  @inlinable package subscript(id: ID<Row>) -> Row {
    @inline(__always) _read { yield rows[id.index] }
    @inline(__always) _modify { yield &rows[id.index] }
  }

  @inlinable @inline(__always) @discardableResult
  package mutating func append(_ row: Row) -> ID<Row> {
    rows.append(row)
    return ID(rows.count - 1)
  }
}

extension Table: Sendable where Row: Sendable {}

/// A half-open range of positions or byte offsets, 8 bytes.
@frozen
package struct Range32: Hashable, Sendable, BitwiseCopyable {
  package var start: UInt32
  package var end: UInt32

  @inlinable package init(_ start: UInt32, _ end: UInt32) {
    self.start = start
    self.end = end
  }
  @inlinable package init(_ start: Int, _ end: Int) {
    self.init(UInt32(truncatingIfNeeded: start), UInt32(truncatingIfNeeded: end))
  }
  @inlinable package static var empty: Range32 { Range32(UInt32(0), UInt32(0)) }
  @inlinable package var count: Int { Int(end &- start) }
  @inlinable package var isEmpty: Bool { start == end }
  @inlinable package var indices: Range<Int> { Int(start)..<Int(end) }
  @inlinable package func contains(_ offset: UInt32) -> Bool { start <= offset && offset < end }
  @inlinable package func encloses(_ other: Range32) -> Bool { start <= other.start && other.end <= end }
}
