import ArgumentParser
import Foundation
import KapinBase
import KapinFiles
import KapinModel
import KapinRules
import KapinTesting

struct Rules: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rules: what teaches KAPIN frameworks, features and metrics.",
    subcommands: [
      RulesNew.self, RulesTest.self, RulesLint.self, RulesMutate.self, RulesTry.self, RulesBench.self,
      RulesList.self, RulesLock.self, RulesSchema.self,
    ])
}

struct RulesTest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Run the suites of rules.",
    discussion: """
      A suite is the Markdown file beside a rule (Docs/rules.md). What is found but not expected fails, too.

      EXAMPLES
        kapin rules test
        kapin rules test my-rule --rules my-rules
        kapin rules test my-rule --rules my-rules --update
        kapin rules test my-rule --rules my-rules --watch
      """)

  @Argument(help: ArgumentHelp("Only suites whose rule or test has this in its name.", valueName: "filter"))
  var filter: String?

  @Flag(help: "Rewrite expectations to what was found; read the diff before you commit it.")
  var update = false

  @Flag(help: "Run again whenever a rule or suite changes; ctrl-C ends it.")
  var watch = false

  @OptionGroup var options: SharedOptions

  func run() throws {
    guard watch else { return try runOnce() }
    var seen = ""
    while true {
      let now = stamp()
      if now != seen {
        seen = now
        do { try runOnce() } catch let failure as Failure { Terminal.note(failure.message) }
        Terminal.note("watching \(watched.joined(separator: ", "))")
      }
      Thread.sleep(forTimeInterval: 0.3)
    }
  }

  private var watched: [String] {
    options.ruleFolders.isEmpty ? [RuleFolder.shipped()].compactMap { $0 } : options.ruleFolders
  }

  /// Names and times of all files below the watched folders.
  private func stamp() -> String {
    watched.flatMap { folder -> [String] in
      let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
      return all.sortedByBytes().map { path in
        let time = (try? FileManager.default.attributesOfItem(atPath: folder + "/" + path))?[.modificationDate] as? Date
        return "\(path) \(time?.timeIntervalSince1970 ?? 0)"
      }
    }.joined(separator: "\n")
  }

  private func runOnce() throws {
    let program = try options.program(for: [])
    let folders = [RuleFolder.shipped()].compactMap { $0 } + options.ruleFolders
    var passed = 0, failed = 0
    for folder in folders {
      let suites: [RuleFolder.Suite]
      do { suites = try RuleFolder.suites(folder) } catch { throw Failure(.inputUnreadable, "\(error)") }
      for file in suites {
        let suite = SuiteReader.read(file.text, path: file.path)
        guard
          filter.map({ wanted in suite.ruleID.contains(wanted) || suite.tests.contains { $0.name.contains(wanted) } })
            ?? true
        else { continue }
        let outcomes = SuiteRunner.run(suite, program)
        if update {
          try Data(SuiteRunner.updated(suite, outcomes).utf8).write(
            to: URL(fileURLWithPath: file.path), options: .atomic)
          Terminal.note("rewrote \(file.path)")
          continue
        }
        for outcome in outcomes {
          if outcome.passed {
            passed += 1
          } else {
            failed += 1
            report(outcome, file.path)
          }
        }
      }
    }
    if update { return }
    if passed + failed == 0 { throw Failure(.notFound, "no suite matches") }
    Terminal.print("\(passed) passed, \(failed) failed")
    if failed > 0 { throw Failure(.notFound, "\(failed) tests of rules failed") }
  }

  private func report(_ outcome: SuiteRunner.Outcome, _ path: String) {
    Terminal.print("\(path):\(outcome.test.line): \(outcome.test.name)")
    for row in outcome.missing { Terminal.print("  expected, not found: \(row)") }
    for row in outcome.unexpected { Terminal.print("  found, not expected: \(row)") }
  }
}
