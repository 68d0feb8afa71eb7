import ArgumentParser
import Foundation
import KapinBase
import KapinEngine
import KapinFiles
import KapinModel
import KapinReport

struct Graph: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The code graph: modules, symbols, routes, tables and what joins them.",
    subcommands: [GraphDumpCommand.self])
}

struct GraphDumpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump", abstract: "Write the graph for other tools.",
    discussion: """
      EXAMPLES
        kapin graph dump . | grep '"kind":"route"'
        kapin graph dump . --format graphml --output shop.graphml
        kapin graph dump web api --format mermaid

      ndjson and json follow a schema (Docs/graph.md). dot and mermaid draw routes, components and tables; graphml has
      everything.
      """)

  @Argument(help: ArgumentHelp("Folders of a product.", valueName: "path"))
  var paths: [String] = ["."]

  @Option(help: "One of: ndjson, json, dot, mermaid, graphml.")
  var format: GraphFormat = .ndjson

  @Option(name: .shortAndLong, help: ArgumentHelp("A file to write instead of standard output.", valueName: "file"))
  var output: String?

  @OptionGroup var options: SharedOptions

  func run() throws {
    let trees = try options.trees(paths)
    let program = try options.program(for: paths)
    let snapshot = options.snapshot(of: paths, program)
    let graph = Engine.analyze(trees, program, options.control(snapshot))
    Terminal.endProgress()
    try options.checkInterruption()
    guard !graph.code.modules.isEmpty else {
      throw Failure(.inputUnreadable, "no JavaScript or TypeScript was found in \(paths.joined(separator: ", "))")
    }
    if !options.quiet {
      for note in graph.notes where note.severity != .note { Terminal.note(note.description) }
      for note in snapshot?.allNotes ?? [] { Terminal.note(note.description) }
    }
    guard let output else {
      GraphDump.write(graph, as: format) { Terminal.write($0) }
      return
    }
    do {
      try Data(GraphDump.bytes(graph, as: format)).write(to: URL(fileURLWithPath: output), options: .atomic)
    } catch {
      throw Failure(.inputUnreadable, "\(output) cannot be written: \(error.localizedDescription)")
    }
  }
}

extension GraphFormat: ExpressibleByArgument {}
