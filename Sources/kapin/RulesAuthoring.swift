import ArgumentParser
import Foundation
import KapinBase
import KapinFiles
import KapinModel
import KapinRules

struct RulesNew: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Start a rule: both of its files, ready to be tested.",
    discussion: """
      EXAMPLES
        kapin rules new framework my-router
        kapin rules new feature loyalty-points --rules my-rules
      """)

  @Argument(
    help: ArgumentHelp("One of: \(RuleKind.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "kind"))
  var kind: String
  @Argument(help: ArgumentHelp("Lower-case words with hyphens; the name of both files.", valueName: "id"))
  var id: String
  @Option(help: ArgumentHelp("The folder to write to.", valueName: "dir")) var rules = ".kapin/rules"

  func run() throws {
    guard let kind = RuleKind(rawValue: kind) else {
      let nearest = Similarity.nearest(kind, in: RuleKind.allCases.map(\.rawValue)).map { " Did you mean \($0)?" } ?? ""
      throw Failure(.wrongUse, "there is no kind `\(self.kind)`.\(nearest)")
    }
    guard id.wholeMatch(of: /[a-z][a-z0-9-]*/) != nil else {
      throw Failure(.wrongUse, "an id is made of lower-case letters, digits and hyphens, such as my-router")
    }
    let start = RuleStart.files(kind: kind, id: id)
    for (ending, text) in [("yml", start.rule), ("md", start.suite)] {
      let path = "\(rules)/\(id).\(ending)"
      guard !FileManager.default.fileExists(atPath: path) else {
        throw Failure(.wrongUse, "\(path) exists; choose another id, or delete it")
      }
      do {
        try FileManager.default.createDirectory(atPath: rules, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
      } catch { throw Failure(.inputUnreadable, "\(path) cannot be written: \(error.localizedDescription)") }
      Terminal.print(path)
    }
    Terminal.note("next: kapin rules test \(id) --rules \(rules)")
  }
}

struct RulesLint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Check rules for what is allowed and probably wrong.",
    discussion: """
      Unknown keys and broken files are errors (exit code 3). Values that nothing uses, rules that count everywhere, and
      suites without a look-alike are warnings (exit code 1).

      EXAMPLES
        kapin rules lint
        kapin rules lint --rules my-rules
      """)

  @OptionGroup var options: SharedOptions

  func run() throws {
    let program = try options.program(for: [])
    // The author's rules; without any, the shipped ones.
    let folders = options.ruleFolders.isEmpty ? [RuleFolder.shipped()].compactMap { $0 } : options.ruleFolders
    var found: [Diagnostic] = []
    for folder in folders {
      do {
        let suites = Dictionary(
          try RuleFolder.suites(folder).map { SuiteReader.read($0.text, path: $0.path) }.map { ($0.ruleID, $0) },
          uniquingKeysWith: { a, _ in a })
        found += RuleLint.check(try RuleFolder.rules(folder), suites: suites, program: program)
      } catch { throw Failure(.inputUnreadable, "\(error)") }
    }
    for problem in found { Terminal.print(problem.description) }
    if !found.isEmpty { throw Failure(.notFound, "\(found.count) warnings") }
    if !options.quiet { Terminal.note("nothing to say") }
  }
}

struct RulesSchema: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "The JSON Schema of rule files, for editors.",
    discussion: """
      EXAMPLES
        kapin rules schema > rule.schema.json
        # first line of a rule: # yaml-language-server: $schema=rule.schema.json
      """)

  func run() throws { Terminal.print(RuleSchema.json.pretty()) }
}
