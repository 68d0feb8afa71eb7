internal import CTreeSitter

/// Where a text stands first in bytes from an offset on (memmem).
public func firstOffset(of text: StaticString, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
  guard let base = bytes.baseAddress, start < bytes.count else { return nil }
  let count = UInt64(bytes.count - start)
  let found = kapin_find(base + start, count, text.utf8Start, UInt64(text.utf8CodeUnitCount))
  return found == count ? nil : start + Int(found)
}
