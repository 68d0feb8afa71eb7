import ArgumentParser
import Foundation
import KapinBase
import KapinFiles
import KapinModel
import KapinRules

struct RulesList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List all rules: kind, id, title, and the facts that each looks at.",
    discussion: """
      Divided by tabs. The fourth column names clauses, signals or sources, as rule files do.

      EXAMPLES
        kapin rules list
        kapin rules list --rules acme-rules.tar.gz | grep ^feature
      """)

  @OptionGroup var options: SharedOptions

  func run() throws {
    let program = try options.program(for: [])
    for rule in program.rules.sortedByBytes({ $0.kind.rawValue + " " + $0.id }) {
      Terminal.print(
        "\(rule.kind.rawValue)\t\(rule.id)\t\(rule.title)\t\(program.subjects(of: rule).joined(separator: ", "))")
    }
  }
}

struct RulesLock: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock", abstract: "Write down which packs of rules a repository uses, with their hashes.",
    discussion: """
      Writes \(RulePacks.lockName) in the repository. From then on every analysis of it fails (exit code 3) when a pack
      differs from the lock. Shipped rules belong to the program and are not locked.

      EXAMPLES
        kapin rules lock
        kapin rules lock shop --rules acme-rules.tar.gz
      """)

  @Argument(help: ArgumentHelp("The repository.", valueName: "path")) var path = "."

  @OptionGroup var options: SharedOptions

  func run() throws {
    let packs = try options.packs(for: [path]).dropFirst()
    guard !packs.isEmpty else {
      throw Failure(.notFound, "\(path) uses no rules but the shipped ones; there is nothing to lock")
    }
    let file = path + "/" + RulePacks.lockName
    do {
      try FileManager.default.createDirectory(atPath: path + "/.kapin", withIntermediateDirectories: true)
      try Data(RulePacks.lock(Array(packs)).utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
    } catch { throw Failure(.inputUnreadable, "\(file) cannot be written: \(error.localizedDescription)") }
    for pack in packs { Terminal.print("\(pack.name)\t\(pack.version ?? "")\t\(pack.hash.hex)") }
  }
}
