import ArgumentParser
import Foundation
import KapinBase
import KapinEngine
import KapinFiles
import KapinModel
import KapinRules
import KapinRun

/// Times a raw parse, the graph build and the full analysis side by side, each in a process of its own, turn by turn.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Compare raw parse, graph build and full analysis of a repository.",
    discussion: """
      The raw parse is Benchmarks/raw-parse.c with Debian's tree-sitter library on the files that the graph is built \
      from; `make bench` builds it. Prints ratios from one run: machines differ, ratios much less.
      """)

  enum Stage: String, ExpressibleByArgument { case list, graph, analysis }

  @Argument var repository: String
  @Option(help: "How often each stage is run; the median counts.") var rounds = 5
  @Option(help: "Threads.") var jobs: Int?
  @Option(help: ArgumentHelp("Run one stage and print its figures.", visibility: .hidden)) var stage: Stage?

  func run() throws {
    let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    if let stage { return try measure(stage, jobs) }
    let own = "/proc/self/exe"
    let files = try output(own, ["bench", repository, "--stage", "list"], input: nil)
    let programs: [(name: String, program: String, arguments: [String], input: Data?)] = [
      ("raw parse", try yardstick(), [String(jobs)], files),
      ("graph", own, ["bench", repository, "--jobs", String(jobs), "--stage", "graph"], nil),
      ("analysis", own, ["bench", repository, "--jobs", String(jobs), "--stage", "analysis"], nil),
    ]
    var rows = [[Figures]](repeating: [], count: programs.count)
    for _ in 0..<rounds {
      for (index, row) in programs.enumerated() {
        let data = try output(row.program, row.arguments, input: row.input)
        rows[index].append(try JSONDecoder().decode(Figures.self, from: data))
      }
    }
    let raw = rows[0].map(\.cpu), rawWall = rows[0].map(\.wall)
    print("\(repository): \(jobs) threads, median of \(rounds) rounds; ratios round by round")
    print("files \(rows[0][0].files), source \(rows[0][0].bytes / 1_000_000) MB")
    print("stage       CPU s   wall s   CPU ÷ parse   wall ÷ parse   CPU ÷ wall   peak MB")
    for (index, row) in programs.enumerated() {
      let all = rows[index]
      let name = row.name.padding(toLength: 10, withPad: " ", startingAt: 0)
      let ratio = median(zip(all, raw).map { $0.cpu / $1 }), wallRatio = median(zip(all, rawWall).map { $0.wall / $1 })
      print(
        String(
          format: "%@ %6.2f   %6.2f   %11.2f   %12.2f   %10.2f   %7d", name as NSString, median(all.map(\.cpu)),
          median(all.map(\.wall)), ratio, wallRatio, median(all.map { $0.cpu / $0.wall }),
          all.map(\.peak).max()! / 1_000))
    }
  }

  private struct Figures: Codable {
    var cpu: Double
    var wall: Double
    /// Kilobytes.
    var peak: Int
    var files = 0
    var bytes = 0
  }

  private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  private func yardstick() throws -> String {
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    var folder = URL(fileURLWithPath: program).deletingLastPathComponent()
    while folder.path.count > 1 {
      let found = folder.appendingPathComponent("raw-parse").path
      if FileManager.default.isExecutableFile(atPath: found) { return found }
      folder.deleteLastPathComponent()
    }
    throw ValidationError("the yardstick is not built; run `make bench REPO=\(repository)`")
  }

  private func output(_ program: String, _ arguments: [String], input: Data?) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program).resolvingSymlinksInPath()
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    if let input {
      let file = FileManager.default.temporaryDirectory.appendingPathComponent("kapin-bench-\(UUID().uuidString)")
      try input.write(to: file)
      process.standardInput = try FileHandle(forReadingFrom: file)
      try FileManager.default.removeItem(at: file)
    }
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ValidationError("\(([program] + arguments).joined(separator: " ")) failed")
    }
    return data
  }

  private func measure(_ stage: Stage, _ jobs: Int) throws {
    let tree = try DiskTree(repository)
    guard let folder = RuleFolder.shipped() else { throw ValidationError("no rules") }
    let start = ContinuousClock.now
    let program = try RuleLoader.load(try RuleFolder.rules(folder))
    let control = RunControl(jobs: jobs)
    switch stage {
    case .list:
      let graph = Engine.analyze([tree], program, control)
      let modules = graph.code.modules.filter { !$0.language.isComponentFile }.sorted {
        graph.code.inventory.files[$0.file].byteCount > graph.code.inventory.files[$1.file].byteCount
      }
      let list = modules.map { repository + "/" + $0.path + "\n" }.joined()
      return FileHandle.standardOutput.write(Data(list.utf8))
    case .graph: _ = Engine.analyze([tree], program, control)
    case .analysis:
      let analysis = AnalysisRun([tree], program, control, proves: false).run()
      _ = OutputFiles.all(analysis, folder: "kapin-out")
    }
    let wall = start.duration(to: .now)
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    let figures = Figures(
      cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      wall: Double(wall.components.seconds) + Double(wall.components.attoseconds) / 1e18, peak: usage.ru_maxrss)
    FileHandle.standardOutput.write(try JSONEncoder().encode(figures))
  }
}
