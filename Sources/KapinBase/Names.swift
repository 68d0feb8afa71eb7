internal import CXXHash

/// An interned byte string of one `NameTable`.
public typealias Name = ID<NameTable>

/// Interned byte strings: equal bytes have equal ids, ids follow first appearance.
///
/// Names are bytes, never Unicode-normalised: two spellings of "é" stay two names.
public struct NameTable: Sendable {
  private var bytes: [UInt8] = []
  private var starts: [UInt32] = [0]
  private var hashes: [UInt32] = []
  private var slots: [UInt32] = []  // id + 1, 0 = free; a power of two in size

  public init() {}

  public var count: Int { hashes.count }
  public var byteCount: Int { bytes.count }

  public mutating func intern(_ text: UnsafeRawBufferPointer) -> Name {
    insert(text, hash: Self.hash(text))
  }

  public mutating func intern(_ text: String) -> Name {
    var text = text
    return text.withUTF8 { intern(UnsafeRawBufferPointer($0)) }
  }

  /// The id of a name that is already in the table.
  public func find(_ text: String) -> Name? {
    var text = text
    return text.withUTF8 { find(UnsafeRawBufferPointer($0)) }
  }

  public func find(_ text: UnsafeRawBufferPointer) -> Name? {
    let hash = Self.hash(text)
    guard !slots.isEmpty else {
      // A compact table has no slots: its few hashes are looked through.
      for id in hashes.indices where hashes[id] == hash && equal(id, text) { return Name(id) }
      return nil
    }
    let slot = probe(text, hash: hash)
    return slots[slot] == 0 ? nil : Name(slots[slot] &- 1)
  }

  public subscript(name: Name) -> String {
    String(decoding: bytes[starts[name.index].asInt..<starts[name.index + 1].asInt], as: UTF8.self)
  }

  public func withBytes<R>(_ name: Name, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    bytes.withUnsafeBytes { all in
      body(UnsafeRawBufferPointer(rebasing: all[starts[name.index].asInt..<starts[name.index + 1].asInt]))
    }
  }

  /// Adds all names of another table; the result maps its ids to ids of this one.
  public mutating func merge(_ other: NameTable) -> [Name] {
    other.bytes.withUnsafeBytes { all in
      (0..<other.count).map { index in
        let text = UnsafeRawBufferPointer(
          rebasing: all[other.starts[index].asInt..<other.starts[index + 1].asInt])
        return insert(text, hash: other.hashes[index])
      }
    }
  }

  /// A copy to read from, without what only adding names needs.
  public func compacted() -> NameTable {
    var copy = NameTable()
    copy.bytes = exact(bytes)
    copy.starts = exact(starts)
    copy.hashes = exact(hashes)
    return copy
  }

  public mutating func reset() {
    bytes.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
    hashes.removeAll(keepingCapacity: true)
    if slots.count > 8_192 { slots = [] }
    for slot in slots.indices { slots[slot] = 0 }
  }

  public func archive(into writer: inout ArchiveWriter) {
    writer.put(bytes)
    writer.put(starts)
    writer.put(hashes)
  }

  public init?(archive reader: inout ArchiveReader) {
    guard let bytes = reader.take(UInt8.self), let starts = reader.take(UInt32.self),
      let hashes = reader.take(UInt32.self), starts.count == hashes.count + 1,
      starts.last.map({ Int($0) == bytes.count }) ?? false
    else { return nil }
    self.bytes = bytes
    self.starts = starts
    self.hashes = hashes
  }

  private static func hash(_ text: UnsafeRawBufferPointer) -> UInt32 {
    UInt32(truncatingIfNeeded: XXH3_64bits(text.baseAddress, text.count))
  }

  private mutating func insert(_ text: UnsafeRawBufferPointer, hash: UInt32) -> Name {
    if (hashes.count + 1) * 2 > slots.count { grow() }
    let slot = probe(text, hash: hash)
    if slots[slot] != 0 { return Name(slots[slot] &- 1) }
    slots[slot] = UInt32(hashes.count + 1)
    hashes.append(hash)
    bytes.append(contentsOf: text)
    starts.append(UInt32(bytes.count))
    return Name(hashes.count - 1)
  }

  private func probe(_ text: UnsafeRawBufferPointer, hash: UInt32) -> Int {
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      let id = Int(slots[slot] &- 1)
      if hashes[id] == hash, equal(id, text) { break }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private func equal(_ id: Int, _ text: UnsafeRawBufferPointer) -> Bool {
    let start = starts[id].asInt, end = starts[id + 1].asInt
    guard end - start == text.count else { return false }
    return bytes.withUnsafeBytes { all in
      UnsafeRawBufferPointer(rebasing: all[start..<end]).elementsEqual(text)
    }
  }

  private mutating func grow() {
    // A compact table may hold many names and no slots.
    var count = Swift.max(64, slots.count * 2)
    while count < (hashes.count + 1) * 2 { count *= 2 }
    slots = [UInt32](repeating: 0, count: count)
    let mask = slots.count - 1
    for (id, hash) in hashes.enumerated() {
      var slot = Int(hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(id + 1)
    }
  }
}

extension UInt32 {
  @inlinable public var asInt: Int { Int(self) }
}
