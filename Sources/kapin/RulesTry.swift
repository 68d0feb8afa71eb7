import ArgumentParser
import KapinBase
import KapinModel
import KapinRules
import KapinRun
import KapinTesting

struct RulesTry: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "try", abstract: "What a rule finds in a real repository, as a table.",
    discussion: """
      Each line is a place and what the rule says there, as suites write it. Copy a line behind //> to make it a test.

      EXAMPLES
        kapin rules try my-router . --rules my-rules
        kapin rules try comments ../shop | head
      """)

  @Argument(help: ArgumentHelp("A rule's id.", valueName: "rule")) var rule: String
  @Argument(help: ArgumentHelp("Folders of a product.", valueName: "path")) var paths: [String] = ["."]

  @OptionGroup var options: SharedOptions

  func run() throws {
    let program = try options.program(for: paths)
    guard program.info(rule) != nil else {
      let nearest = Similarity.nearest(rule, in: program.rules.map(\.id)).map { " Did you mean \($0)?" } ?? ""
      throw Failure(.wrongUse, "there is no rule `\(rule)`.\(nearest)")
    }
    let control = options.control(options.snapshot(of: paths, program))
    let analysis = AnalysisRun(try options.trees(paths), program, control, proves: false).run()
    Terminal.endProgress()
    try options.checkInterruption()
    let found = SuiteFindings.of(rule, analysis)
    let width = found.map { place($0).utf8.count }.max() ?? 0
    for row in found {
      let place = place(row)
      Terminal.print(place + String(repeating: " ", count: width - place.utf8.count + 2) + row.text)
    }
    if found.isEmpty {
      throw Failure(
        .notFound, "the rule finds nothing here; kapin explain \(rule) \(paths[0]) tells why, clause by clause")
    }
    if !options.quiet { Terminal.note("\(found.count) found") }
  }

  private func place(_ row: Suite.Expectation) -> String {
    guard let path = row.path, let line = row.line else { return "" }
    return "\(path):\(line)"
  }
}
