import ArgumentParser
import Foundation

/// Everything that CI checks, in one command.
struct Ready: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ready", abstract: "Run all checks: format, build, tests, rule suites.")

  func run() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["make", "test"]
    try process.run()
    process.waitUntilExit()
    throw ExitCode(process.terminationStatus)
  }
}
