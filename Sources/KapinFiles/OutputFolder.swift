import Foundation
import KapinBase

/// Writes an analysis into a folder: all files or none, and what an earlier run left is gone.
package enum OutputFolder {
  /// The relative path from an output folder to an analysed one, such as `../../src`.
  package static func way(from output: String, to folder: String) -> String {
    func parts(_ path: String) -> [String] {
      let url = URL(fileURLWithPath: path).standardizedFileURL
      return url.deletingLastPathComponent().resolvingSymlinksInPath().pathComponents + [url.lastPathComponent]
    }
    let from = parts(output), to = parts(folder)
    let shared = zip(from, to).prefix { $0 == $1 }.count
    return (Array(repeating: "..", count: from.count - shared) + to[shared...]).joined(separator: "/")
  }

  /// The folder is marked as KAPIN's own, so that no analysis ever reads it.
  package static func write(_ files: [(path: String, bytes: [UInt8])], to folder: String) throws(TreeError) {
    let manager = FileManager.default
    let staging = folder + ".part-\(getpid())"
    defer { try? manager.removeItem(atPath: staging) }
    do {
      if manager.fileExists(atPath: folder), !manager.fileExists(atPath: folder + "/" + DiskTree.marker),
        try !manager.contentsOfDirectory(atPath: folder).isEmpty
      {
        throw TreeError(
          description: "\(folder) exists and was not made by KAPIN; give an empty or new folder with --output")
      }
      try manager.createDirectory(atPath: staging, withIntermediateDirectories: true)
      try Data("This folder is output of KAPIN.\n".utf8).write(
        to: URL(fileURLWithPath: staging + "/" + DiskTree.marker))
      for (path, bytes) in files {
        let target = URL(fileURLWithPath: staging + "/" + path)
        try manager.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: target)
      }
      if manager.fileExists(atPath: folder) { try manager.removeItem(atPath: folder) }
      try manager.moveItem(atPath: staging, toPath: folder)
    } catch let error as TreeError {
      throw error
    } catch {
      throw TreeError(description: "\(folder) cannot be written: \(error.localizedDescription)")
    }
  }
}
