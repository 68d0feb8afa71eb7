import ArgumentParser
import KapinBase
import KapinEngine
import KapinFiles
import KapinModel
import KapinReport

struct GraphStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Does the snapshot still match the sources?",
    discussion: """
      Looks at what the disk says of each file (size, times), reads nothing. Exit code 0 when nothing has changed since
      the last run, 1 when something has, or when there was none.

      EXAMPLES
        kapin graph status .
        kapin graph status . --quiet || kapin graph dump . --output graph.ndjson
      """)

  @Argument(help: ArgumentHelp("Folders of a product.", valueName: "path"))
  var paths: [String] = ["."]

  @OptionGroup var options: SharedOptions

  func run() throws {
    let program = try options.generated(for: paths)
    guard let snapshot = options.snapshot(of: paths, program) else {
      throw Failure(.wrongUse, "a status needs the cache: leave out --no-cache")
    }
    guard !snapshot.isEmpty else {
      throw Failure(.notFound, "there is no snapshot of \(paths.joined(separator: ", ")) yet; any analysis makes one")
    }
    let inventory = Engine.files(try options.trees(paths), program)
    let (changed, added, removed) = snapshot.differences(Array(inventory.files))
    if !options.quiet {
      for (mark, all) in [("changed", changed), ("added", added), ("removed", removed)] {
        for path in all { Terminal.print("\(mark) \(path)") }
      }
    }
    let count = changed.count + added.count + removed.count
    if count > 0 {
      throw Failure(.notFound, "\(count) of \(inventory.files.count) files differ from the snapshot")
    }
    if !options.quiet { Terminal.note("the snapshot matches all \(inventory.files.count) files") }
  }
}

struct GraphUnresolvedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unresolved", abstract: "List the honest gaps of the graph, by reason.",
    discussion: """
      Imports that lead nowhere and packages that no package.json declares; routes whose path has an unknown part; files
      with syntax errors. One gap a line: reason, place, what.

      EXAMPLES
        kapin graph unresolved .
        kapin graph unresolved . --reason missing-file
      """)

  @Argument(help: ArgumentHelp("Folders of a product.", valueName: "path"))
  var paths: [String] = ["."]

  @Option(help: "Only gaps of this reason.") var reason: String?

  @OptionGroup var options: SharedOptions

  func run() throws {
    let program = try options.program(for: paths)
    let graph = Engine.analyze(
      try options.trees(paths), program, options.control(options.snapshot(of: paths, program)))
    Terminal.endProgress()
    try options.checkInterruption()
    let gaps = GraphGaps.find(graph)
    if let reason, !GraphGaps.reasons.contains(reason) {
      let nearest = Similarity.nearest(reason, in: GraphGaps.reasons).map { " Did you mean \($0)?" } ?? ""
      throw Failure(.wrongUse, "there is no reason `\(reason)`.\(nearest)")
    }
    for gap in gaps where reason == nil || gap.reason == reason {
      Terminal.print("\(gap.reason)\t\(gap.place)\t\(gap.what)")
    }
    guard !options.quiet else { return }
    for name in GraphGaps.reasons {
      let count = gaps.count { $0.reason == name }
      if count > 0 { Terminal.note("\(count) \(name)") }
    }
    if gaps.isEmpty { Terminal.note("nothing is unresolved") }
  }
}
