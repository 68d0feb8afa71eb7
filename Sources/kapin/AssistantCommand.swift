import ArgumentParser
import KapinEngine
import KapinFiles
import KapinModel
import KapinQuery
import KapinReport

struct AssistantCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mcp",
    abstract:
      "Answer the questions of coding assistants by the Model Context Protocol, over standard input and output.",
    discussion: """
      An assistant starts it itself. Its tools only read: find, trace, callers, callees, readers, writers, impact, routes,
      tables. The product is analysed at the first question, and again when a file has changed.

      EXAMPLES
        kapin mcp .
        claude mcp add kapin -- kapin mcp /path/to/product
        {"mcpServers": {"kapin": {"command": "kapin", "args": ["mcp", "."]}}}
      """)

  @Argument(help: ArgumentHelp("Folders of a product.", valueName: "path")) var paths: [String] = ["."]

  @OptionGroup var options: SharedOptions

  func run() throws {
    // What cannot be read is said at once, not at the first question.
    _ = try options.trees(paths)
    let program = try options.program(for: paths)
    var tools: AssistantTools?
    AssistantServer(version: Kapin.configuration.version) {
      if let known = tools, let snapshot = options.snapshot(of: paths, program), !snapshot.isEmpty {
        let inventory = Engine.files(try options.trees(paths), program)
        let (changed, added, removed) = snapshot.differences(Array(inventory.files))
        if changed.isEmpty, added.isEmpty, removed.isEmpty { return known }
      }
      let made = AssistantTools(GraphIndex(try options.graph(of: paths)))
      tools = made
      return made
    }.run()
  }
}
