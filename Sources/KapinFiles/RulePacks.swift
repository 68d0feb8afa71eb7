import Foundation
import KapinBase
package import KapinRules

/// Finds, reads and locks packs of rules: folders and archives.
package enum RulePacks {
  /// An archive with more than this is no pack of rules.
  private static let archiveLimit = 64 * 1024 * 1024

  package struct Problem: Error {
    package var message: String
    /// Whether a rule is wrong, and not a file out of reach.
    package var isRule: Bool
  }

  package static func read(_ path: String) throws(Problem) -> RulePack {
    let isArchive = [".tar.gz", ".tgz", ".tar"].contains { path.hasSuffix($0) }
    let folder = isArchive ? try unpacked(path) : path
    defer { if isArchive { try? FileManager.default.removeItem(atPath: folder) } }
    do {
      var texts = try RuleFolder.rules(folder)
      // The archive's name stands for where its files lay for a moment.
      for index in texts.indices { texts[index].path = path + texts[index].path.dropFirst(folder.utf8.count) }
      return try RulePack(path: path, texts: texts)
    } catch let error as TreeError {
      throw Problem(message: error.description, isRule: false)
    } catch let errors as RuleErrors {
      throw Problem(message: errors.description, isRule: true)
    } catch { throw Problem(message: "\(error)", isRule: false) }
  }

  /// The files of an archive in a scratch folder. GNU tar itself refuses names that lead out of it.
  private static func unpacked(_ path: String) throws(Problem) -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kapin-pack-\(UUID().uuidString)").path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      // The shell's limit keeps an archive from filling the disk: blocks of 1,024 bytes for a file.
      process.arguments = [
        "sh", "-c",
        "ulimit -f \(archiveLimit / 1024); exec tar --extract --no-same-owner --no-same-permissions --file \"$1\" --directory \"$2\"",
        "sh", path, folder,
      ]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else {
        try? FileManager.default.removeItem(atPath: folder)
        throw Problem(message: "\(path) cannot be unpacked: no archive that tar reads", isRule: false)
      }
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(message: "\(path) cannot be unpacked: \(error.localizedDescription)", isRule: false)
    }
    // A pack may lie in one folder of the archive.
    let inside = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    if inside.count == 1, FileManager.default.fileExists(atPath: "\(folder)/\(inside[0])/\(RulePack.manifestName)") {
      let flat = folder + "-flat"
      try? FileManager.default.moveItem(atPath: folder + "/" + inside[0], toPath: flat)
      try? FileManager.default.removeItem(atPath: folder)
      return flat
    }
    return folder
  }

  // MARK: Lock

  /// Beside the configuration of an analysed repository.
  package static let lockName = ".kapin/rules.lock"

  /// The lock's text: each pack by name, with its version and hash.
  package static func lock(_ packs: [RulePack]) -> String {
    let rows = packs.map { pack in
      JSONText.object([
        "pack": .text(pack.name), "version": pack.version.map { .text($0) }, "hash": .text(pack.hash.hex),
        "rules": .int(pack.texts.count),
      ])
    }
    return JSONText.object(["kapin": .text("rules-lock"), "version": .int(1), "packs": .list(rows)]).pretty() + "\n"
  }

  /// What differs from the lock, in words; empty when nothing does.
  package static func differences(_ packs: [RulePack], lock text: String, path: String) -> [String] {
    struct Lock: Decodable {
      struct Row: Decodable {
        var pack: String
        var version: String?
        var hash: String
      }
      var packs: [Row]
    }
    guard let lock = try? JSONDecoder().decode(Lock.self, from: Data(text.utf8)) else {
      return ["\(path) is no lock of rules; write it anew with `kapin rules lock`"]
    }
    var found: [String] = []
    for pack in packs {
      guard let row = lock.packs.first(where: { $0.pack == pack.name }) else {
        found.append("the pack `\(pack.name)` is not in \(path)")
        continue
      }
      if row.hash != pack.hash.hex {
        let versions =
          row.version == pack.version ? "" : " (locked \(row.version ?? "none"), found \(pack.version ?? "none"))"
        found.append("the pack `\(pack.name)` differs from what \(path) holds\(versions)")
      }
    }
    for row in lock.packs where !packs.contains(where: { $0.name == row.pack }) {
      found.append("the pack `\(row.pack)` of \(path) is missing")
    }
    return found
  }
}
