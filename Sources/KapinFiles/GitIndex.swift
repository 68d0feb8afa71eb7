import Foundation
import KapinBase
import KapinModel

/// The paths that a checkout tracks, read from its index (git documentation, "gitformat-index", versions 2 to 4).
///
/// An ignore file says nothing about a file that is tracked. No git is run: its configuration is the repository's.
struct GitIndex {
  private var files = ByteKeyed<Bool>()
  private var folders = ByteKeyed<Bool>()

  /// Without an index, or with one that cannot be read, nothing counts as tracked.
  init(_ root: String) {
    guard let data = FileManager.default.contents(atPath: root + "/.git/index") else { return }
    for path in Self.paths([UInt8](data)) {
      files[path] = true
      var folder = Paths.folder(path)
      while !folder.isEmpty, folders[folder] == nil {
        folders[folder] = true
        folder = Paths.folder(folder)
      }
    }
  }

  func tracks(_ path: String) -> Bool { files[path] != nil }
  func hasFiles(in folder: String) -> Bool { folders[folder] != nil }

  private static func paths(_ bytes: [UInt8]) -> [String] {
    func number(_ offset: Int) -> Int { bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
    guard bytes.count > 32, bytes[0..<4].elementsEqual("DIRC".utf8) else { return [] }
    let version = number(4)
    guard (2...4).contains(version) else { return [] }
    var found: [String] = []
    var previous: [UInt8] = []
    var offset = 12
    for _ in 0..<number(8) {
      // Times, device, mode, owner and size take 40 bytes; then a 20-byte hash and the flags.
      guard offset + 62 < bytes.count else { return found }
      let flags = Int(bytes[offset + 60]) << 8 | Int(bytes[offset + 61])
      let start = offset
      offset += version >= 3 && flags & 0x4000 != 0 ? 64 : 62
      var name: [UInt8] = []
      if version == 4 {
        guard let dropped = variableWidth(bytes, &offset), dropped <= previous.count else { return found }
        name = Array(previous.dropLast(dropped))
      }
      guard offset < bytes.count, let end = bytes[offset...].firstIndex(of: 0) else { return found }
      name += bytes[offset..<end]
      // Up to version 3 an entry is padded with NUL bytes to a multiple of eight.
      offset = version == 4 ? end + 1 : start + (end - start + 8) / 8 * 8
      found.append(String(decoding: name, as: UTF8.self))
      previous = name
    }
    return found
  }

  /// "Offset encoding" of pack files: seven bits a byte, each further byte adds one.
  private static func variableWidth(_ bytes: [UInt8], _ offset: inout Int) -> Int? {
    var value = 0
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      value |= Int(byte & 0x7F)
      if byte & 0x80 == 0 { return value }
      guard value < 1 << 40 else { return nil }
      value = (value + 1) << 7
    }
    return nil
  }
}
