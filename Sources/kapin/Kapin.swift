import ArgumentParser
import Foundation

/// The command line.
@main
struct Kapin: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kapin",
    abstract: "Reads a JavaScript/TypeScript product and hands back the product metrics worth having.",
    discussion: """
      EXAMPLES
        kapin analyze ~/src/shop                     features, metrics and how to apply them, in kapin-out
        kapin analyze web api --output report        a frontend and a backend as one product
        kapin graph dump . --format dot | dot -Tsvg  the product as a picture
        kapin routes . --unguarded                   pages, endpoints, jobs: those without a guard
        kapin tables . --name user                   tables, columns, and what reads and writes them
        kapin trace /checkout "table:*" .            from a screen to the columns that it reads and writes
        kapin explain "POST /api/login" .            why this is a route
        kapin rules test                             the suites of all rules

      EXIT CODES
        0 done    1 asked for and not found, or not proven    2 wrong use    3 a rule file is wrong
        4 the input can't be read    5 a service failed    130 interrupted
      """,
    version: "0.1.0",
    subcommands: [
      Analyze.self, Routes.self, Tables.self, TraceCommand.self, QueryCommand.self, AssistantCommand.self, Graph.self,
      Rules.self, Explain.self,
    ])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as Failure {
      Terminal.error(failure.message)
      exit(code: failure.code)
    } catch {
      // ArgumentParser prints help on standard output with 0, and wrong use on standard error.
      let code = exitCode(for: error)
      if code == .success || code == .validationFailure || code.rawValue == 64 {
        Terminal.finish(fullMessage(for: error), isHelp: code == .success)
        exit(code: code == .success ? .done : .wrongUse)
      }
      Terminal.error(message(for: error))
      exit(code: .inputUnreadable)
    }
  }

  private static func exit(code: Failure.Code) -> Never { Foundation.exit(code.rawValue) }
}
