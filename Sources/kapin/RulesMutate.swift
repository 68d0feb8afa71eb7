import ArgumentParser
import KapinBase
import KapinFiles
import KapinModel
import KapinRules
import KapinTesting

struct RulesMutate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mutate", abstract: "Delete each clause of rules, and tell which deletions no test notices.",
    discussion: """
      A clause is an entry of a list, or a key that may be left out. What no test notices is not tested: write a test for
      it, or delete the clause. Exit code 1 when there is one.

      EXAMPLES
        kapin rules mutate my-rule --rules my-rules
        kapin rules mutate                              all shipped rules; takes minutes
        kapin rules mutate my-rule --deep               also what stands inside arguments, word by word
      """)

  @Argument(help: ArgumentHelp("Only rules with this in their id.", valueName: "filter"))
  var filter: String?

  @Flag(help: "Also delete the keys inside arguments and patterns, and each single word of lists.")
  var deep = false

  @OptionGroup var options: SharedOptions

  func run() throws {
    let program = try options.program(for: [])
    let packs = try options.packs(for: [])
    let chosen = packs.count > 1 ? Array(packs.dropFirst()) : packs
    var tried = 0, unnoticed = 0, rules = 0
    for pack in chosen {
      let suites = Dictionary(
        try RuleFolder.suites(pack.path).map { SuiteReader.read($0.text, path: $0.path) }.map { ($0.ruleID, $0) },
        uniquingKeysWith: { a, _ in a })
      for text in pack.texts where text.path.hasSuffix(".yml") {
        let id = text.path.split(separator: "/").last.map { String($0.dropLast(4)) } ?? ""
        guard filter.map({ id.contains($0) }) ?? true else { continue }
        guard let suite = suites[id] else {
          Terminal.print("\(text.path): the rule has no suite")
          unnoticed += 1
          continue
        }
        let result = MutationRunner.run(text, suite, program, deep: deep)
        rules += 1
        if result.fails {
          Terminal.print("\(suite.path): the suite fails as it is; run `kapin rules test \(id)` first")
          unnoticed += 1
        }
        tried += result.tried
        unnoticed += result.unnoticed.count
        for mutation in result.unnoticed {
          Terminal.print("\(mutation.place): no test notices that this is deleted: \(mutation.path)")
        }
      }
    }
    guard rules > 0 || unnoticed > 0 else { throw Failure(.notFound, "no rule matches") }
    Terminal.print("\(tried) deletions in \(rules) rules, \(unnoticed) not noticed")
    if unnoticed > 0 { throw Failure(.notFound, "\(unnoticed) clauses are not tested") }
  }
}
