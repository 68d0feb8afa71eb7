package import KapinBase
package import KapinModel

/// What an earlier run read, for files that have not changed since.
///
/// Declared here so that the engine can reuse facts without knowing a disk.
package protocol FactCache: Sendable {
  /// The content hash of a file, when its stamp proves that it has not changed since it was last read.
  func hash(of path: String, _ stamp: FileStamp) -> ContentHash?
  /// What was read from this content before.
  func result(_ hash: ContentHash, _ language: SourceLanguage) -> CachedResult?
  /// Keeps what this run read; told once, when all files are read.
  func keep(_ files: [CachedFile])
}

package enum CachedResult: Sendable {
  case facts(FileFacts)
  case skipped(SkippedFile.Reason)
}

/// One file that a run read, for the cache of the next one.
package struct CachedFile: Sendable {
  package var path: String
  package var stamp: FileStamp?
  package var hash: ContentHash
  /// `nil` for a file that is no source code: it is read anew each time.
  package var language: SourceLanguage?
  /// `nil` when the cache has it already.
  package var result: CachedResult?
}
