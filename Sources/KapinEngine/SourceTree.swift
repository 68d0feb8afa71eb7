import KapinBase
package import KapinModel

/// A folder of files as the engine sees it: the only way in which floors 1–4 read anything.
package protocol SourceTree: Sendable {
  /// The folder's name, for headers and for paths when several roots are analysed.
  var name: String { get }
  /// The commit, if the folder is a checkout that says so.
  var commit: String? { get }
  /// Where people read that commit's files on the web, if the checkout says so.
  var webAddress: String? { get }
  /// All files that are not ignored, relative to the root, in any order; what was left out, with reasons.
  func listing() -> Listing
  /// The file's bytes for the time of the call; `nil` when it can't be read.
  func withBytes<R>(_ path: String, _ body: (UnsafeRawBufferPointer) -> R) -> R?
}

package struct Listing: Sendable {
  package struct File: Sendable {
    package var path: String
    package var byteCount: Int
    package var stamp: FileStamp?
    package init(path: String, byteCount: Int, stamp: FileStamp? = nil) {
      self.path = path
      self.byteCount = byteCount
      self.stamp = stamp
    }
  }
  package var files: [File]
  package var skipped: [SkippedFile]
  package init(files: [File] = [], skipped: [SkippedFile] = []) {
    self.files = files
    self.skipped = skipped
  }
}

extension SourceTree {
  package var webAddress: String? { nil }

  package func bytes(_ path: String) -> [UInt8]? { withBytes(path) { Array($0) } }
}

/// Bounds of a run, and how to end it early. What was read until then is still analysed.
package struct RunControl: Sendable {
  package enum Stop: String, Sendable {
    case cancelled = "cancelled"
    case timeout = "the time limit was reached"
    case memory = "the memory limit was reached"
  }
  package enum Phase: String, Sendable {
    case list = "listing", extract = "reading", link = "linking", find = "finding", compose = "joining"
  }

  package var jobs: Int
  /// What earlier runs read, if it may be used.
  package var cache: (any FactCache)?
  /// Asked between files, from any thread.
  package var stop: @Sendable () -> Stop?
  /// Told about progress, from any thread: phase, done, all.
  package var progress: @Sendable (Phase, Int, Int) -> Void

  package init(
    jobs: Int, stop: @escaping @Sendable () -> Stop? = { nil },
    progress: @escaping @Sendable (Phase, Int, Int) -> Void = { _, _, _ in }
  ) {
    self.jobs = max(1, jobs)
    self.stop = stop
    self.progress = progress
  }
}
