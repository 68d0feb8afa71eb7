import Foundation
import KapinBase
package import KapinRules

/// Keeps rule files as they are once their YAML is read, by the hash of their texts.
package enum CompiledRules {
  /// Gives each text its tree: from the cache, or read now and kept for the next time. Nothing depends on the cache.
  package static func attach(to texts: inout [RuleText], cache: String?) {
    let hash = ContentHash(texts.map { "\($0.path)\n\($0.text)" }.joined(separator: "\u{0}"))
    let folder = SnapshotFolder.base(cache) + "/rules"
    let path = "\(folder)/\(RuleTrees.version)-\(hash.hex)"
    if let bytes = FileManager.default.contents(atPath: path), RuleTrees.attach([UInt8](bytes), to: &texts) { return }
    let bytes = RuleTrees.encode(texts)
    guard RuleTrees.attach(bytes, to: &texts) else { return }
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    forget(folder, except: path)
  }

  /// Rule sets that were used last; authors change theirs all the time.
  private static let kept = 8

  private static func forget(_ folder: String, except path: String) {
    let manager = FileManager.default
    let files = ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).map { folder + "/" + $0 }
    guard files.count > kept else { return }
    func age(_ file: String) -> Date {
      (try? manager.attributesOfItem(atPath: file))?[.modificationDate] as? Date ?? .distantPast
    }
    let byAge = files.map { ($0, age($0)) }.sorted { $0.1 > $1.1 }
    for (file, _) in byAge.dropFirst(kept) where file != path { try? manager.removeItem(atPath: file) }
  }
}
