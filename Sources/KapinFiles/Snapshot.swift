import Foundation
package import KapinBase
package import KapinEngine
package import KapinModel
import Synchronization

/// What earlier runs read of a product, kept in a cache directory: facts by content, and which content each file had.
///
/// A file counts as unchanged by its stamp alone, with git's rule for racy timestamps (git documentation, "racy-git"): a
/// stamp that is not older than the run that took it proves nothing. Facts lie in packs, which are only added to; the
/// index is replaced in one step. What another program or a crash left is ignored with a note.
package final class Snapshot: FactCache {
  private struct Entry: Sendable {
    var stamp: FileStamp
    var hash: ContentHash
  }

  private struct Blob: BitwiseCopyable, Sendable {
    var high: UInt64
    var low: UInt64
    var language: UInt8
    var pack: UInt32
    var offset: UInt64
    var byteCount: UInt64
    /// A hash of the bytes, so that damage is found out.
    var check: UInt64
  }

  private struct Key: Hashable, Sendable {
    var hash: ContentHash
    var language: UInt8
  }

  package let folder: String
  private let program: String
  /// Nothing as young as this proves anything; taken before the files are listed.
  package let started: Int64
  private let entries: ByteKeyed<Entry>
  private let blobs: [Key: Blob]
  private let packs: [UInt32: Data]
  private let notes: [Diagnostic]
  private let writeNotes = Mutex<[Diagnostic]>([])

  private static let magic = "KAPIN snapshot 3"
  private static let packLimit = 12

  /// - Parameters:
  ///   - folder: made when the first run is kept.
  ///   - program: names the program and the rules; what another one wrote is foreign.
  package init(folder: String, program: String) {
    self.folder = folder
    self.program = program
    started = SnapshotFolder.now
    var entries = ByteKeyed<Entry>()
    var blobs: [Key: Blob] = [:]
    var packs: [UInt32: Data] = [:]
    var notes: [Diagnostic] = []
    if let bytes = FileManager.default.contents(atPath: folder + "/index") {
      let found = [UInt8](bytes).withUnsafeBytes { Self.read($0, program) }
      switch found {
      case .success(let index):
        entries = index.entries
        for blob in index.blobs {
          if packs[blob.pack] == nil {
            let url = URL(fileURLWithPath: Self.packPath(folder, blob.pack))
            packs[blob.pack] = (try? Data(contentsOf: url, options: .alwaysMapped)) ?? Data()
          }
          blobs[Key(hash: ContentHash(high: blob.high, low: blob.low), language: blob.language)] = blob
        }
      case .failure(let problem):
        notes.append(
          Diagnostic(.foreignSnapshot, .note, "the snapshot is \(problem.rawValue); everything is read anew"))
      }
    }
    self.entries = entries
    self.blobs = blobs
    self.packs = packs
    self.notes = notes
  }

  /// What is wrong with what was found, or with keeping this run.
  package var allNotes: [Diagnostic] { notes + writeNotes.withLock { $0 } }

  // MARK: Asking

  package func hash(of path: String, _ stamp: FileStamp) -> ContentHash? {
    guard let entry = entries[path], entry.stamp == stamp else { return nil }
    return entry.hash
  }

  package func result(_ hash: ContentHash, _ language: SourceLanguage) -> CachedResult? {
    guard let blob = blobs[Key(hash: hash, language: Self.number(language))], let pack = packs[blob.pack] else {
      return nil
    }
    return pack.withUnsafeBytes { bytes in
      let end = blob.offset &+ blob.byteCount
      guard end >= blob.offset, end <= UInt64(bytes.count) else { return nil }
      let part = UnsafeRawBufferPointer(rebasing: bytes[Int(blob.offset)..<Int(end)])
      guard ContentHash(part).low == blob.check else { return nil }
      var reader = ArchiveReader(part)
      guard let kind = reader.takeOne(UInt64.self) else { return nil }
      if kind == 0 { return FileFacts(archive: &reader).map { .facts($0) } }
      return reader.takeText().flatMap(SkippedFile.Reason.init).map { .skipped($0) }
    }
  }

  /// How the files that are there now differ from those of the snapshot.
  package func differences(_ files: [SourceFile]) -> (changed: [String], added: [String], removed: [String]) {
    var changed: [String] = [], added: [String] = []
    var seen = ByteKeyed<Bool>()
    for file in files {
      seen[file.path] = true
      if entries[file.path] == nil {
        added.append(file.path)
      } else if file.stamp.flatMap({ hash(of: file.path, $0) }) == nil {
        changed.append(file.path)
      }
    }
    return (changed, added, entries.sortedKeys.filter { seen[$0] == nil })
  }

  package var isEmpty: Bool { blobs.isEmpty }

  // MARK: Keeping

  package func keep(_ files: [CachedFile]) {
    do { try write(files) } catch {
      writeNotes.withLock {
        $0.append(
          Diagnostic(.foreignSnapshot, .note, "the snapshot could not be written: \(error.localizedDescription)"))
      }
    }
  }

  private func write(_ files: [CachedFile]) throws {
    let isSame = files.allSatisfy { file in
      file.result == nil && file.stamp.map { $0 == entries[file.path]?.stamp } ?? false
    }
    if isSame, files.count == entries.sortedKeys.count { return }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // Old packs stay as long as they are few; then all that is still used moves into a new one.
    let compacts = packs.count >= Self.packLimit
    let number = (packs.keys.max() ?? 0) + 1
    var pack: [UInt8] = []
    var rows: [Blob] = []
    var known: [Key: Int] = [:]
    func add(_ key: Key, _ bytes: UnsafeRawBufferPointer) {
      known[key] = rows.count
      rows.append(
        Blob(
          high: key.hash.high, low: key.hash.low, language: key.language, pack: number, offset: UInt64(pack.count),
          byteCount: UInt64(bytes.count), check: ContentHash(bytes).low))
      pack.append(contentsOf: bytes)
      while pack.count % 8 != 0 { pack.append(0) }
    }
    for file in files {
      guard let language = file.language else { continue }
      let key = Key(hash: file.hash, language: Self.number(language))
      guard known[key] == nil else { continue }
      if let result = file.result {
        Self.archive(result).withUnsafeBytes { add(key, $0) }
      } else if let old = blobs[key] {
        if compacts, let data = packs[old.pack] {
          data.withUnsafeBytes {
            add(key, UnsafeRawBufferPointer(rebasing: $0[Int(old.offset)..<Int(old.offset + old.byteCount)]))
          }
        } else {
          known[key] = rows.count
          rows.append(old)
        }
      }
    }
    // Replaced in one step: another run may have a pack of that number mapped.
    if !pack.isEmpty {
      try Data(pack).write(to: URL(fileURLWithPath: Self.packPath(folder, number)), options: .atomic)
    }
    var writer = ArchiveWriter()
    writer.put(Self.magic)
    writer.put(program)
    writer.put(rows)
    writer.put(UInt32(files.count))
    for file in files {
      // A stamp as young as the run may hide a change that follows within the clock's tick.
      let sure = file.stamp.flatMap { max($0.modified, $0.changed) < started ? $0 : nil }
      writer.put(file.path)
      writer.put(sure ?? FileStamp(byteCount: -1, modified: 0, changed: 0, node: 0))
      writer.put(file.hash.high)
      writer.put(file.hash.low)
    }
    try Data(writer.bytes).write(to: URL(fileURLWithPath: folder + "/index"), options: .atomic)
    // Packs that the index does not name: compacted ones, and what a foreign or damaged index left.
    let named = Set(rows.map { Self.packPath(folder, $0.pack) })
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".pack") {
      let path = folder + "/" + name
      if !named.contains(path) { try? FileManager.default.removeItem(atPath: path) }
    }
  }

  private static func archive(_ result: CachedResult) -> [UInt8] {
    var writer = ArchiveWriter()
    switch result {
    case .facts(let facts):
      writer.put(UInt64(0))
      facts.archive(into: &writer)
    case .skipped(let reason):
      writer.put(UInt64(1))
      writer.put(reason.rawValue)
    }
    return writer.bytes
  }

  // MARK: Index

  private enum Problem: String, Error { case foreign = "of another version", damaged = "damaged" }

  private static func read(
    _ bytes: UnsafeRawBufferPointer, _ program: String
  ) -> Result<(entries: ByteKeyed<Entry>, blobs: [Blob]), Problem> {
    var reader = ArchiveReader(bytes)
    guard reader.takeText() == magic else { return .failure(.damaged) }
    guard reader.takeText() == program else { return .failure(.foreign) }
    guard let blobs = reader.take(Blob.self), let count = reader.takeOne(UInt32.self) else { return .failure(.damaged) }
    var entries = ByteKeyed<Entry>()
    for _ in 0..<count {
      guard let path = reader.takeText(), let stamp = reader.takeOne(FileStamp.self),
        let high = reader.takeOne(UInt64.self), let low = reader.takeOne(UInt64.self)
      else { return .failure(.damaged) }
      entries[path] = Entry(stamp: stamp, hash: ContentHash(high: high, low: low))
    }
    return .success((entries, blobs))
  }

  private static func packPath(_ folder: String, _ number: UInt32) -> String { "\(folder)/\(number).pack" }

  private static func number(_ language: SourceLanguage) -> UInt8 {
    UInt8(SourceLanguage.allCases.firstIndex(of: language) ?? 0)
  }
}
