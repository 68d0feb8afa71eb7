import ArgumentParser
import Foundation
import KapinReport

/// Writes the JSON Schemas of everything that KAPIN writes.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Write the JSON Schemas of the outputs to Docs/schema.")

  @Option(help: "Where to write.") var output = "Docs/schema"

  func run() throws {
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    for (name, schema) in OutputSchemas.all {
      try Data(schema.pretty().utf8).write(to: URL(fileURLWithPath: "\(output)/\(name).schema.json"))
    }
  }
}
