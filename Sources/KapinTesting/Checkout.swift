import Foundation
import KapinBase
import KapinModel
import KapinRules

/// Files of the checkout that a test runs in.
package enum Checkout {
  package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// Whether expectations are to be rewritten (`KAPIN_UPDATE=1`).
  package static var updates: Bool { ProcessInfo.processInfo.environment["KAPIN_UPDATE"] == "1" }

  package static func read(_ path: String) throws -> String {
    try String(contentsOfFile: root + "/" + path, encoding: .utf8)
  }

  package static func write(_ path: String, _ bytes: [UInt8]) throws {
    let url = URL(fileURLWithPath: root + "/" + path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// An empty folder that the caller removes.
  package static func scratchFolder() throws -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("kapin-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  /// Runs a program; its exit code and what it printed.
  package static func run(_ program: String, _ arguments: [String], in folder: String? = nil) throws -> (
    status: Int32, output: String, errors: String
  ) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    // Files instead of pipes: a full pipe would stop the program.
    let scratch = try scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let files = ["out", "err"].map { scratch + "/" + $0 }
    for file in files { try Data().write(to: URL(fileURLWithPath: file)) }
    process.standardOutput = FileHandle(forWritingAtPath: files[0])
    process.standardError = FileHandle(forWritingAtPath: files[1])
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus, try String(contentsOfFile: files[0], encoding: .utf8),
      try String(contentsOfFile: files[1], encoding: .utf8)
    )
  }
}
