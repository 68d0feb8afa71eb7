import Foundation
import KapinBase
import KapinEngine
import KapinModel
import KapinPatch

/// Checks a patch as its reader will: with `git apply` in a folder that holds the files as they are.
enum PatchProof {
  static func run(_ changes: [FileChange], _ text: String) -> [ProofStep] {
    var steps: [ProofStep] = []
    for change in changes {
      guard let language = SourceSyntax(path: change.path) else { continue }
      let before = change.old.map { language.errorCount($0) } ?? 0
      let after = language.errorCount(change.new)
      steps.append(
        ProofStep(
          "\(change.path) still parses", passed: after <= before,
          detail: after > before ? "\(after - before) new syntax errors" : ""))
    }
    do {
      steps.append(contentsOf: try apply(changes, text))
    } catch {
      steps.append(ProofStep("git apply --check", passed: false, detail: "\(error)"))
    }
    return steps
  }

  private static func apply(_ changes: [FileChange], _ text: String) throws -> [ProofStep] {
    let manager = FileManager.default
    let folder = manager.temporaryDirectory.appendingPathComponent("kapin-patch-\(UUID().uuidString)")
    try manager.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: folder) }
    for change in changes {
      guard let old = change.old else { continue }
      let file = folder.appendingPathComponent(change.path)
      try manager.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(old).write(to: file)
    }
    let patch = folder.appendingPathComponent("change.patch")
    try Data(text.utf8).write(to: patch)
    var steps: [ProofStep] = []
    for arguments in [["apply", "--check", "change.patch"], ["apply", "change.patch"]] {
      let result = try git(arguments, in: folder)
      steps.append(
        ProofStep(
          "git " + arguments.dropLast().joined(separator: " "), passed: result.status == 0, detail: result.message))
    }
    let same = changes.allSatisfy { change in
      (try? Data(contentsOf: folder.appendingPathComponent(change.path))).map { Array($0) == change.new } ?? false
    }
    steps.append(ProofStep("the files are as planned", passed: same))
    return steps
  }

  private static func git(_ arguments: [String], in folder: URL) throws -> (status: Int32, message: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.currentDirectoryURL = folder
    // No configuration of the user or of the repository takes part.
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CEILING_DIRECTORIES": folder.deletingLastPathComponent().path,
      "LC_ALL": "C",
    ]
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let message = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, message.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
