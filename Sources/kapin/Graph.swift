import ArgumentParser
import Foundation
import KapinBase
import KapinEngine
import KapinFiles
import KapinModel
import KapinReport
import KapinRules

struct Graph: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The code graph: modules, symbols, routes, tables and what joins them.",
    subcommands: [
      GraphDumpCommand.self, GraphStatusCommand.self, GraphUnresolvedCommand.self, GraphDiffCommand.self,
    ])
}

struct GraphDumpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump", abstract: "Write the graph for other tools.",
    discussion: """
      EXAMPLES
        kapin graph dump . | grep '"kind":"route"'
        kapin graph dump . --format graphml --output shop.graphml
        kapin graph dump web api --format mermaid
        kapin graph dump api --format openapi --output openapi.json

      ndjson and json follow a schema (Docs/graph.md). dot and mermaid draw routes, components and tables; graphml has
      everything;
      openapi (3.1) has the endpoints with their parameters.
      """)

  @Argument(help: ArgumentHelp("Folders of a product.", valueName: "path"))
  var paths: [String] = ["."]

  @Option(help: "One of: ndjson, json, dot, mermaid, graphml, openapi.")
  var format: GraphFormat = .ndjson

  @Option(name: .shortAndLong, help: ArgumentHelp("A file to write instead of standard output.", valueName: "file"))
  var output: String?

  @OptionGroup var options: SharedOptions

  func run() throws {
    let started = SnapshotFolder.now
    let rules = try options.ruleTexts(for: paths)
    let trees = try options.trees(paths).map { ListedTree($0) }
    let stored =
      options.noCache
      ? nil
      : StoredDump(
        folder: SnapshotFolder.path(for: paths, in: options.cacheDir), format: format.rawValue, trees: trees,
        rules: RuleLoader.hash(rules), started: started)
    if let stored, let (bytes, notes) = stored.read() {
      if !options.quiet { notes.forEach(Terminal.note) }
      return try write(bytes)
    }
    let program = try options.program(rules)
    let snapshot = options.snapshot(of: paths, program)
    let graph = Engine.analyze(trees, program, options.control(snapshot))
    Terminal.endProgress()
    try options.checkInterruption()
    guard !graph.code.modules.isEmpty else {
      throw Failure(.inputUnreadable, "no JavaScript or TypeScript was found in \(paths.joined(separator: ", "))")
    }
    let notes = graph.notes.filter { $0.severity != .note }.map(\.description)
    if !options.quiet { (notes + (snapshot?.allNotes ?? []).map(\.description)).forEach(Terminal.note) }
    let bytes = GraphDump.bytes(graph, as: format)
    if !graph.notes.contains(where: { $0.id == .stoppedEarly }) { stored?.write(bytes, notes: notes) }
    try write(Data(bytes))
  }

  private func write(_ bytes: Data) throws {
    guard let output else { return Terminal.write(bytes) }
    try Terminal.write(bytes, to: output)
  }
}

extension GraphFormat: ExpressibleByArgument {}
