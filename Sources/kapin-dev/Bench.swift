import ArgumentParser
import Foundation
import KapinEngine
import KapinFiles
import KapinModel
import KapinRules
import KapinRun

/// Times raw parse, graph build and full analysis side by side, each in a process of its own, turn by turn.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Compare raw parse, graph build and full analysis of a repository.",
    discussion: "Prints ratios from one run on the same files: machines differ, ratios much less.")

  enum Stage: String, CaseIterable, ExpressibleByArgument { case parse, graph, analysis }

  @Argument var repository: String
  @Option(help: "How often each stage is run; the fastest counts.") var rounds = 3
  @Option(help: "Threads.") var jobs: Int?
  @Option(help: ArgumentHelp("Run one stage and print its figures.", visibility: .hidden)) var stage: Stage?

  func run() throws {
    let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    if let stage { return try measure(stage, jobs) }
    print("\(repository): \(jobs) threads, best of \(rounds) rounds")
    var best: [Stage: Figures] = [:]
    for _ in 0..<rounds {
      for stage in Stage.allCases {
        let figures = try child(stage, jobs)
        if let known = best[stage], known.cpu <= figures.cpu { continue }
        best[stage] = figures
      }
    }
    guard let raw = best[.parse] else { return }
    print("files \(raw.files), source \(raw.bytes / 1_000_000) MB")
    print("stage      CPU s   wall s   CPU ÷ parse   wall ÷ parse   CPU ÷ wall   peak MB")
    for stage in Stage.allCases {
      guard let row = best[stage] else { continue }
      let name = stage.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)
      print(
        String(
          format: "%@ %6.2f   %6.2f   %11.2f   %12.2f   %10.2f   %7d", name as NSString, row.cpu, row.wall,
          row.cpu / raw.cpu, row.wall / raw.wall, row.cpu / row.wall, row.peak / 1_000))
    }
  }

  private struct Figures: Codable {
    var cpu: Double
    var wall: Double
    /// Kilobytes.
    var peak: Int
    var files: Int
    var bytes: Int
  }

  private func child(_ stage: Stage, _ jobs: Int) throws -> Figures {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["bench", repository, "--jobs", String(jobs), "--stage", stage.rawValue]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ValidationError("stage \(stage.rawValue) failed") }
    return try JSONDecoder().decode(Figures.self, from: data)
  }

  private func measure(_ stage: Stage, _ jobs: Int) throws {
    let tree = try DiskTree(repository)
    guard let folder = RuleFolder.shipped() else { throw ValidationError("no rules") }
    let start = ContinuousClock.now
    var sizes = (files: 0, bytes: 0)
    switch stage {
    case .parse: sizes = RawParse.run([tree], jobs)
    case .graph:
      let program = try RuleLoader.load(try RuleFolder.rules(folder))
      _ = Engine.analyze([tree], program, RunControl(jobs: jobs))
    case .analysis:
      let program = try RuleLoader.load(try RuleFolder.rules(folder))
      let analysis = AnalysisRun([tree], program, RunControl(jobs: jobs), proves: false).run()
      _ = OutputFiles.all(analysis, folder: "kapin-out")
    }
    let wall = start.duration(to: .now)
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    let figures = Figures(
      cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      wall: Double(wall.components.seconds) + Double(wall.components.attoseconds) / 1e18, peak: usage.ru_maxrss,
      files: sizes.files, bytes: sizes.bytes)
    FileHandle.standardOutput.write(try JSONEncoder().encode(figures))
  }
}
