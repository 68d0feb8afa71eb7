import ArgumentParser

/// Chores as code.
struct KapinDev: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kapin-dev", abstract: "Chores of KAPIN's developers.",
    subcommands: [Ready.self, TreeCommand.self, FactsCommand.self, SchemaCommand.self, BenchCommand.self])
}

KapinDev.main()
