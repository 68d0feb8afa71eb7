import Foundation
import KapinBase
package import KapinEngine
import KapinModel

/// Why a folder can't be analysed; the message names the next step.
package struct TreeError: Error, CustomStringConvertible {
  package var description: String
}

/// A folder on disk as a source tree.
///
/// Follows `.gitignore` and `.git/info/exclude` for files that git does not track, and `.kapinignore`; never leaves the root through links; never reads
/// KAPIN's own output.
package struct DiskTree: SourceTree {
  package let name: String
  package let commit: String?
  package let webAddress: String?
  private let root: String

  /// A folder with this file in it is output of KAPIN.
  package static let marker = ".kapin-output"

  package init(_ path: String) throws(TreeError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw TreeError(description: "there is no folder \(path)")
    }
    guard isFolder.boolValue else { throw TreeError(description: "\(path) is a file; give the folder of a repository") }
    guard let real = realpath(path, nil) else { throw TreeError(description: "\(path) cannot be opened") }
    defer { free(real) }
    root = String(cString: real)
    guard access(root, R_OK | X_OK) == 0 else {
      throw TreeError(description: "\(path) cannot be read: permission denied")
    }
    name = root.split(separator: "/").last.map(String.init) ?? "root"
    let folder = root, head = GitCheckout.headCommit(root)
    commit = head
    webAddress = head.flatMap { GitCheckout.webAddress(folder, commit: $0) }
  }

  package func withBytes<R>(_ path: String, _ body: (UnsafeRawBufferPointer) -> R) -> R? {
    let descriptor = open(root + "/" + path, O_RDONLY | O_NOCTTY | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, filled in
      while filled < buffer.count {
        let count = read(descriptor, buffer.baseAddress! + filled, buffer.count - filled)
        if count < 0 { failed = true }
        if count <= 0 { break }
        filled += count
      }
    }
    return failed ? nil : bytes.withUnsafeBytes(body)
  }

  // MARK: Listing

  package func listing() -> Listing {
    var walk = Walk(root: root)
    walk.folder("", inherited: walk.topRules())
    return walk.listing
  }

  /// One ignore file and the folder that it speaks for.
  private struct Rules {
    var folder: String
    var file: IgnoreFile
    /// An ignore file of git's says nothing about files that git tracks.
    var isGit: Bool
  }

  private struct Walk {
    let root: String
    var listing = Listing()
    private var visited: Set<FileKey> = []
    private let tracked: GitIndex

    struct FileKey: Hashable {
      var device: UInt
      var node: UInt
    }

    init(root: String) {
      self.root = root
      tracked = GitIndex(root)
    }

    func topRules() -> [Rules] {
      guard let text = text(".git/info/exclude") else { return [] }
      return [Rules(folder: "", file: IgnoreFile(text), isGit: true)]
    }

    private func text(_ path: String) -> String? {
      FileManager.default.contents(atPath: root + "/" + path).map { String(decoding: $0, as: UTF8.self) }
    }

    mutating func folder(_ path: String, inherited: [Rules]) {
      guard let stream = opendir(path.isEmpty ? root : root + "/" + path) else {
        listing.skipped.append(SkippedFile(path: path, reason: .unreadable))
        return
      }
      var names: [String] = []
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
      }
      closedir(stream)
      if names.contains(DiskTree.marker) {
        listing.skipped.append(SkippedFile(path: path, reason: .ownOutput))
        return
      }
      var rules = inherited
      for file in [".gitignore", ".kapinignore"] where names.contains(file) {
        if let text = text(Paths.join(path, file)) {
          rules.append(Rules(folder: path, file: IgnoreFile(text), isGit: file == ".gitignore"))
        }
      }
      for name in names.sortedByBytes() { entry(Paths.join(path, name), name, rules) }
    }

    private mutating func entry(_ path: String, _ name: String, _ rules: [Rules]) {
      var status = stat()
      guard lstat(root + "/" + path, &status) == 0 else {
        // Gone meanwhile, or a name that is no UTF-8.
        listing.skipped.append(SkippedFile(path: path, reason: .unreadable))
        return
      }
      var mode = status.st_mode & S_IFMT
      if mode == S_IFLNK {
        guard let target = insideTarget(path, &status) else {
          if fate(of: path, isFolder: false, rules) != .ignored {
            listing.skipped.append(SkippedFile(path: path, reason: .linkOutOfTree))
          }
          return
        }
        // A link to a folder of the tree would only show its files twice.
        if target == S_IFDIR { return }
        mode = target
      }
      switch mode {
      case S_IFDIR:
        if name == ".git" || name == "node_modules" || name == ".kapin" || name == ".kapin-cache" { return }
        if name == "kapin-out" {
          listing.skipped.append(SkippedFile(path: path, reason: .ownOutput))
          return
        }
        let fate = fate(of: path, isFolder: true, rules)
        if fate == .ignored { return }
        let key = FileKey(device: UInt(status.st_dev), node: UInt(status.st_ino))
        guard visited.insert(key).inserted else { return }
        let rest = Rules(folder: path, file: IgnoreFile("*"), isGit: true)
        folder(path, inherited: fate == .tracked ? rules + [rest] : rules)
      case S_IFREG:
        if fate(of: path, isFolder: false, rules) != .ignored {
          listing.files.append(Listing.File(path: path, byteCount: Int(status.st_size), stamp: Self.stamp(status)))
        }
      default: break
      }
    }

    /// The kind of file behind a link, when the link stays inside the root; endless links are outside.
    private func insideTarget(_ path: String, _ status: inout stat) -> mode_t? {
      guard let real = realpath(root + "/" + path, nil) else { return nil }
      defer { free(real) }
      let target = String(cString: real)
      guard target == root || target.hasPrefix(root + "/"), stat(root + "/" + path, &status) == 0 else { return nil }
      return status.st_mode & S_IFMT
    }

    private static func stamp(_ status: stat) -> FileStamp {
      func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) }
      return FileStamp(
        byteCount: Int64(status.st_size), modified: nanoseconds(status.st_mtim), changed: nanoseconds(status.st_ctim),
        node: UInt64(status.st_ino))
    }

    private enum Fate {
      case kept, ignored
      /// An ignore file names it, but git tracks it, or something in it.
      case tracked
    }

    private func fate(of path: String, isFolder: Bool, _ rules: [Rules]) -> Fate {
      for rule in rules.reversed() {
        let inner = rule.folder.isEmpty ? path : String(path.dropFirst(rule.folder.count + 1))
        guard let decision = rule.file.decision(inner, isFolder: isFolder) else { continue }
        guard decision else { return .kept }
        return rule.isGit && (isFolder ? tracked.hasFiles(in: path) : tracked.tracks(path)) ? .tracked : .ignored
      }
      return .kept
    }
  }
}
