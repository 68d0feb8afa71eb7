package import KapinEngine
import KapinModel

/// A repository in memory, for suites and tests.
package struct MemoryTree: SourceTree {
  package let name: String
  package let commit: String? = nil
  private let files: [String: [UInt8]]

  package init(_ files: [String: String], name: String = "test") {
    self.name = name
    self.files = files.mapValues { Array($0.utf8) }
  }

  package init(bytes files: [String: [UInt8]], name: String = "test") {
    self.name = name
    self.files = files
  }

  package func listing() -> Listing {
    Listing(files: files.map { Listing.File(path: $0.key, byteCount: $0.value.count) })
  }

  package func withBytes<R>(_ path: String, _ body: (UnsafeRawBufferPointer) -> R) -> R? {
    files[path].map { $0.withUnsafeBytes(body) }
  }
}
