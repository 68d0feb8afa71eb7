package import Foundation
package import KapinBase
package import KapinEngine
import KapinModel

/// A dump that an earlier run wrote, for when nothing has changed since.
///
/// Its key is all that an analysis rests on: which paths exist, the stamps of all of them, the rules and the program. A
/// dump is kept only when every stamp is older than the run that made it (git documentation, "racy-git").
package struct StoredDump {
  private let file: String
  private let key: String
  private let isSure: Bool

  /// - Parameters:
  ///   - rules: the hash of all rules.
  ///   - started: when the run began, in nanoseconds since 1970.
  package init(folder: String, format: String, trees: [ListedTree], rules: ContentHash, started: Int64) {
    file = folder + "/dump." + format
    var parts = [SnapshotFolder.executable, rules.hex]
    var sure = true
    for tree in trees {
      parts += [tree.name, tree.commit ?? "", tree.webAddress ?? ""]
      for entry in tree.stored.files {
        guard let stamp = entry.stamp else { continue }
        parts.append("\(entry.path) \(stamp.byteCount) \(stamp.modified) \(stamp.changed) \(stamp.node)")
        if max(stamp.modified, stamp.changed) >= started { sure = false }
      }
      parts += tree.stored.skipped.map { "\($0.path) \($0.reason.rawValue)" }
    }
    key = ContentHash(parts.joined(separator: "\n")).hex
    isSure = sure
  }

  /// The dump, and the notes that its run gave.
  package func read() -> (bytes: Data, notes: [String])? {
    guard let state = FileManager.default.contents(atPath: file + ".state") else { return nil }
    let lines = String(decoding: state, as: UTF8.self).split(separator: "\n").map(String.init)
    guard lines.count >= 2, lines[0] == key,
      let bytes = try? Data(contentsOf: URL(fileURLWithPath: file), options: .alwaysMapped),
      String(bytes.count) == lines[1]
    else { return nil }
    return (bytes, Array(lines.dropFirst(2)))
  }

  /// Errors do no harm: the next run is only slower.
  package func write(_ bytes: [UInt8], notes: [String]) {
    guard isSure else { return }
    try? FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try? FileManager.default.removeItem(atPath: file + ".state")
    guard (try? Data(bytes).write(to: URL(fileURLWithPath: file), options: .atomic)) != nil else { return }
    let lines = [key, String(bytes.count)] + notes.flatMap { $0.split(separator: "\n").map(String.init) }
    try? Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: file + ".state"), options: .atomic)
  }
}

/// A source tree that is listed once.
package struct ListedTree: SourceTree {
  private let tree: any SourceTree
  package let stored: Listing

  package init(_ tree: any SourceTree) {
    self.tree = tree
    stored = tree.listing()
  }

  package var name: String { tree.name }
  package var commit: String? { tree.commit }
  package var webAddress: String? { tree.webAddress }
  package func listing() -> Listing { stored }
  package func withBytes<R>(_ path: String, _ body: (UnsafeRawBufferPointer) -> R) -> R? { tree.withBytes(path, body) }
}
