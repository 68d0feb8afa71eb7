import ArgumentParser
import KapinBase
import KapinEngine
import KapinModel
import KapinProduct

struct RulesBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "How long each rule takes on a repository, and how much it finds.",
    discussion: """
      The repository is read once; then each rule runs alone, \(RulesBench.rounds) times, and the fastest counts. The last column is
      the part of what all of them take together. Clauses of one rule share work with others in a real run.

      EXAMPLES
        kapin rules bench .
        kapin rules bench ../shop my-rule --rules my-rules
      """)

  static let rounds = 3

  @Argument(help: ArgumentHelp("A folder of a product.", valueName: "path")) var path = "."
  @Argument(help: ArgumentHelp("Only rules with this in their id.", valueName: "filter")) var filter: String?

  @OptionGroup var options: SharedOptions

  func run() throws {
    let program = try options.program(for: [path])
    let trees = try options.trees([path])
    let control = options.control(options.snapshot(of: [path], program))
    let graph = Engine.analyze(trees, program, control)
    let bench = Engine.Bench(trees, program, control)
    Terminal.endProgress()
    try options.checkInterruption()
    // What values mean is remembered: without this, the first rule would pay for all.
    _ = bench.findings(program)
    var rows: [(id: String, seconds: Double, found: Int)] = []
    func measure(_ id: String, _ body: () -> Int) {
      guard filter.map({ id.contains($0) }) ?? true else { return }
      var best = Double.infinity, found = 0
      for _ in 0..<Self.rounds {
        let time = ContinuousClock().measure { found = body() }
        best = min(best, Double(time.components.attoseconds) / 1e18 + Double(time.components.seconds))
      }
      rows.append((id, best, found))
    }
    for rule in program.finders {
      var alone = RuleProgram()
      alone.finders = [rule]
      measure(rule.info.id) { bench.findings(alone) }
    }
    let features = FeatureFinder(graph, program)
    for rule in program.features where rule.each == nil {
      measure(rule.info.id) { features.judge(rule).evidence.count }
    }
    guard !rows.isEmpty else { throw Failure(.notFound, "no rule matches") }
    let all = rows.map(\.seconds).reduce(0, +)
    for row in rows.sorted(by: { $0.seconds > $1.seconds }) {
      let share = Int((row.seconds / max(all, 1e-9) * 1000).rounded())
      Terminal.print("\(milliseconds(row.seconds)) ms\t\(row.found) found\t\(row.id)\t\(share / 10).\(share % 10) %")
    }
  }

  private func milliseconds(_ seconds: Double) -> String {
    let hundredths = Int((seconds * 100_000).rounded())
    let text = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    return String(repeating: " ", count: max(0, 8 - text.count)) + text
  }
}
