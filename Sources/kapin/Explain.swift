import ArgumentParser
import KapinBase
import KapinEngine
import KapinModel
import KapinRules
import KapinRun

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Why is this a route, a feature or a metric, and why is it not one?",
    discussion: """
      EXAMPLES
        kapin explain "POST /api/login" .             the rule, the line, the handler, the guards
        kapin explain payments .                      each signal of a feature, and what it found
        kapin explain revenue .                       what a metric is bound to, or what it lacks
        kapin explain my-rule . --at src/app.ts:12    which clause of a rule stops at a line

      Exit code 1 when the product does not have it.
      """)

  @Argument(
    help: ArgumentHelp("A route (\"GET /users\"), a feature, a metric, or a rule with --at.", valueName: "subject"))
  var subject: String

  @Argument(help: ArgumentHelp("Folders of a product.", valueName: "path"))
  var paths: [String] = ["."]

  @Option(help: ArgumentHelp("A line, for rules.", valueName: "file:line"))
  var at: String?

  @OptionGroup var options: SharedOptions

  func run() throws {
    let trees = try options.trees(paths)
    let program = try options.program(for: paths)
    let control = options.control(options.snapshot(of: paths, program))
    if let at { return try explainLine(at, trees, program, control) }
    let analysis = AnalysisRun(trees, program, control, proves: false).run()
    Terminal.endProgress()
    try options.checkInterruption()
    let answer: Explanation.Answer?
    if subject.contains("/") {
      answer = Explanation.route(subject, analysis)
    } else {
      answer = Explanation.feature(subject, analysis) ?? Explanation.metric(subject, analysis)
    }
    guard let answer else {
      let known = program.features.map(\.info.id) + program.metrics.map(\.info.id)
      let nearest = Similarity.nearest(subject, in: known).map { " Did you mean \($0)?" } ?? ""
      let hint = program.info(subject) != nil ? " It is a rule: add --at FILE:LINE." : ""
      throw Failure(.wrongUse, "there is no feature or metric `\(subject)`.\(nearest)\(hint)")
    }
    Terminal.print(answer.lines.joined(separator: "\n"))
    if !answer.isThere { throw Failure(.notFound, "the product does not have it") }
  }

  private func explainLine(
    _ at: String, _ trees: [any SourceTree], _ program: RuleProgram, _ control: RunControl
  ) throws {
    let parts = at.split(separator: ":").map(String.init)
    guard parts.count >= 2, let line = Int(parts[1]) else { throw Failure(.wrongUse, "--at is FILE:LINE") }
    guard program.info(subject) != nil else {
      let nearest = Similarity.nearest(subject, in: program.rules.map(\.id)).map { " Did you mean \($0)?" } ?? ""
      throw Failure(.wrongUse, "there is no rule `\(subject)`.\(nearest)")
    }
    let lines = Engine.explain(rule: subject, path: parts[0], line: line, trees, program, control)
    Terminal.endProgress()
    guard let lines else { throw Failure(.inputUnreadable, "\(parts[0]) is no source file of the analysed folders") }
    Terminal.print(lines.isEmpty ? "\(subject) looks at no calls" : lines.joined(separator: "\n"))
    if !lines.contains(where: { $0.hasPrefix("found: ") || $0.hasSuffix(": matches") || $0.hasSuffix("the file fits") })
    {
      throw Failure(.notFound, "the rule does not match there")
    }
  }
}
