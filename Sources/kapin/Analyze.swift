import ArgumentParser
import Foundation
import KapinBase
import KapinEngine
import KapinFiles
import KapinModel
import KapinReport
import KapinRun

struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find features and metrics, and write all that switches them on.",
    discussion: """
      Several folders (a product's frontend and backend) make one analysis whose requests link across them. What is
      written is executed first: queries and migrations on a private PostgreSQL, patches by git on a scratch copy.

      EXAMPLES
        kapin analyze .
        kapin analyze web api --output /tmp/report
        kapin analyze . --json | jq '.metrics[] | select(.verdict == "ready") | .title'

      Exit code 1 when something that was executed failed.
      """)

  @Argument(help: ArgumentHelp("Folders of a product.", valueName: "path"))
  var paths: [String] = ["."]

  @Option(name: .shortAndLong, help: ArgumentHelp("Where to write.", valueName: "dir"))
  var output = "kapin-out"

  @Flag(help: "Print features and metrics as one JSON document.")
  var json = false

  @Flag(help: "Do not execute queries, migrations and patches.")
  var noProof = false

  @OptionGroup var options: SharedOptions

  func run() throws {
    let trees = try options.trees(paths)
    let program = try options.program(for: paths)
    let control = options.control(options.snapshot(of: paths, program))
    let analysis = AnalysisRun(trees, program, control, proves: !noProof).run()
    Terminal.endProgress()
    try options.checkInterruption()
    guard !analysis.graph.code.modules.isEmpty else {
      throw Failure(
        .inputUnreadable,
        "no JavaScript or TypeScript was found in \(paths.joined(separator: ", ")); is this the product's folder?")
    }
    let name = (output as NSString).lastPathComponent
    let sources = paths.map { OutputFolder.way(from: output, to: $0) }
    do throws(TreeError) {
      try OutputFolder.write(OutputFiles.all(analysis, folder: name, sources: sources), to: output)
    } catch {
      throw Failure(.inputUnreadable, error.description)
    }
    if json {
      Terminal.print(JSONSummary.text(analysis))
    } else if !options.quiet {
      Terminal.print(Summary.text(analysis, output: output))
    }
    if !options.quiet { warnings(analysis) }
    if !analysis.proof.holds {
      throw Failure(.notFound, "something that was executed failed; see \(output)/proof.json")
    }
  }

  /// The few notes that a user should see; all are in the report.
  private func warnings(_ analysis: Analysis) {
    let all = (analysis.graph.notes + analysis.proof.notes).filter { $0.severity != .note }
    for note in all.prefix(5) { Terminal.note(note.description) }
    if all.count > 5 { Terminal.note("… and \(all.count - 5) more warnings; see \(output)/report.html") }
  }
}
