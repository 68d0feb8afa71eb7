import ArgumentParser
import Foundation
import KapinBase
import KapinReport
import KapinRules

/// Writes the JSON Schemas of everything that KAPIN writes.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Write the JSON Schemas of the outputs to Docs/schema.")

  @Option(help: "Where to write.") var output = "Docs/schema"

  func run() throws {
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    try Data(RuleReference.page.utf8).write(to: URL(fileURLWithPath: "\(output)/../rule-reference.md"))
    for (name, schema) in OutputSchemas.all + [(name: "rule", schema: RuleSchema.json)] {
      try Data(schema.pretty().utf8).write(to: URL(fileURLWithPath: "\(output)/\(name).schema.json"))
    }
  }
}
