import ArgumentParser
import Foundation
import KapinBase
import KapinEngine
import KapinFiles
import KapinModel
import KapinRules
import Synchronization

/// Options of every command that analyses.
struct SharedOptions: ParsableArguments {
  @Option(
    name: .customLong("rules"),
    help: ArgumentHelp("A folder or archive (.tar.gz) with more rules; may be repeated.", valueName: "pack"))
  var ruleFolders: [String] = []

  @Option(help: ArgumentHelp("How many files are read at once. Default: all cores.", valueName: "n"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp("Stop reading when the process uses this much memory, such as 800M or 2G.", valueName: "size"))
  var memoryLimit: String?

  @Option(
    help: ArgumentHelp("Stop reading after this many seconds and go on with what was read.", valueName: "seconds"))
  var timeout: Double?

  @Flag(help: "Read everything anew, and keep nothing for the next run.")
  var noCache = false

  @Option(
    help: ArgumentHelp(
      "Where snapshots are kept that make the next run quick. Default: $XDG_CACHE_HOME/kapin or ~/.cache/kapin.",
      valueName: "dir"))
  var cacheDir: String?

  @Flag(name: .shortAndLong, help: "No progress and no summary; errors only.")
  var quiet = false

  mutating func validate() throws {
    if let jobs, jobs < 1 || jobs > 256 { throw ValidationError("--jobs must be from 1 to 256.") }
    if let timeout, timeout <= 0 { throw ValidationError("--timeout must be more than 0 seconds.") }
    if let memoryLimit, Self.bytes(memoryLimit) == nil {
      throw ValidationError("--memory-limit is a number with K, M or G, such as 800M.")
    }
  }

  static func bytes(_ text: String) -> Int? {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    guard let last = text.uppercased().last else { return nil }
    if let unit = units[last] { return Int(text.dropLast()).flatMap { $0 > 0 ? $0 * unit : nil } }
    return Int(text).flatMap { $0 > 0 ? $0 : nil }
  }

  // MARK: Trees and rules

  func trees(_ paths: [String]) throws -> [any SourceTree] {
    do { return try paths.map { try DiskTree($0) } } catch let error as TreeError {
      throw Failure(.inputUnreadable, error.description)
    }
  }

  /// The product graph of folders.
  func graph(of paths: [String]) throws -> ProductGraph {
    let program = try program(for: paths)
    let graph = Engine.analyze(try trees(paths), program, control(snapshot(of: paths, program)))
    Terminal.endProgress()
    try checkInterruption()
    return graph
  }

  /// The shipped rules, then those of the analysed folders (`.kapin/rules`, `.kapin/config.yml`), then `--rules`.
  func program(for paths: [String]) throws -> RuleProgram { try program(ruleTexts(for: paths)) }

  /// What the lock of a folder says is what is there.
  func ruleTexts(for paths: [String]) throws -> [RuleText] {
    let packs = try packs(for: paths)
    for path in paths {
      let lock = path + "/" + RulePacks.lockName
      guard let text = FileManager.default.contents(atPath: lock) else { continue }
      let wrong = RulePacks.differences(
        Array(packs.dropFirst()), lock: String(decoding: text, as: UTF8.self), path: lock)
      if !wrong.isEmpty {
        throw Failure(
          .badRule, wrong.joined(separator: "\n") + "\nnext: read what changed, then run `kapin rules lock`")
      }
    }
    return packs.flatMap(\.texts)
  }

  func program(_ texts: [RuleText]) throws -> RuleProgram {
    do {
      var texts = texts
      if !noCache { CompiledRules.attach(to: &texts, cache: cacheDir) }
      return try RuleLoader.load(texts)
    } catch { throw Failure(.badRule, error.description) }
  }

  /// Only what says which files are read.
  func generated(for paths: [String]) throws -> RuleProgram {
    do { return try RuleLoader.loadGenerated(try ruleTexts(for: paths)) } catch let error as RuleErrors {
      throw Failure(.badRule, error.description)
    }
  }

  /// Every pack that counts for the folders; the shipped rules first.
  func packs(for paths: [String]) throws -> [RulePack] {
    guard let shipped = RuleFolder.shipped() else {
      throw Failure(.inputUnreadable, "the shipped rules are missing; set KAPIN_RULES to their folder")
    }
    var folders = [shipped]
    for path in paths {
      let own = path + "/.kapin/rules"
      if FileManager.default.fileExists(atPath: own) { folders.append(own) }
      let file = path + "/.kapin/config.yml"
      guard let text = FileManager.default.contents(atPath: file) else { continue }
      do {
        let config = try ProjectConfig.read(String(decoding: text, as: UTF8.self), path: file)
        folders += config.rules.map { $0.hasPrefix("/") ? $0 : path + "/" + $0 }
      } catch { throw Failure(.badRule, error.description) }
    }
    folders += ruleFolders
    var seen: Set<String> = []
    return try folders.filter { seen.insert($0).inserted }.map(pack)
  }

  private func pack(_ path: String) throws -> RulePack {
    do { return try RulePacks.read(path) } catch {
      throw Failure(error.isRule ? .badRule : .inputUnreadable, error.message)
    }
  }

  // MARK: Cache

  /// The snapshot of these folders; `nil` when none is to be used.
  func snapshot(of paths: [String], _ program: RuleProgram) -> Snapshot? {
    noCache
      ? nil : Snapshot(folder: SnapshotFolder.path(for: paths, in: cacheDir), program: SnapshotFolder.key(program))
  }

  // MARK: Bounds

  func control(_ cache: (any FactCache)? = nil) -> RunControl {
    let deadline = timeout.map { ContinuousClock.now + .seconds($0) }
    let limit = memoryLimit.flatMap(Self.bytes)
    let memory = MemoryGauge()
    Interruption.install()
    let shows = !quiet && Terminal.isInteractive
    let meter = ProgressMeter()
    var control = RunControl(
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
      stop: {
        if Interruption.happened { return .cancelled }
        if let deadline, ContinuousClock.now > deadline { return .timeout }
        if let limit, memory.resident > limit { return .memory }
        return nil
      },
      progress: { phase, _, all in if shows { meter.report(phase, all) } })
    control.cache = cache
    return control
  }

  /// Ends the program when ctrl-C was pressed.
  func checkInterruption() throws {
    if Interruption.happened {
      Terminal.endProgress()
      throw Failure(.interrupted, "interrupted; nothing was written")
    }
  }
}

/// Counts files that were read, and shows it from time to time.
private final class ProgressMeter: Sendable {
  private let read = Atomic<Int>(0)

  func report(_ phase: RunControl.Phase, _ all: Int) {
    if phase == .extract {
      let count = read.wrappingAdd(1, ordering: .relaxed).newValue
      if count % 64 == 0 || count == all { Terminal.progress("reading \(count) of \(all) files") }
    } else {
      Terminal.progress(phase.rawValue + " …")
    }
  }
}

/// The resident memory of this process, asked for at most every few milliseconds.
private final class MemoryGauge: Sendable {
  private let last = Mutex<(time: ContinuousClock.Instant, bytes: Int)>((.now - .seconds(1), 0))

  var resident: Int {
    last.withLock { last in
      let now = ContinuousClock.now
      guard now - last.time > .milliseconds(5) else { return last.bytes }
      // "proc(5)": the second number of statm is the resident set in pages.
      let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
      last = (now, fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0)
      return last.bytes
    }
  }
}

/// Ctrl-C: the first asks for a clean end, the second ends at once.
enum Interruption {
  private static let flag = Atomic<Bool>(false)
  static var happened: Bool { flag.load(ordering: .relaxed) }

  static func install() {
    signal(SIGINT) { _ in
      if Interruption.flag.exchange(true, ordering: .relaxed) { _exit(130) }
    }
    signal(SIGPIPE, SIG_IGN)
  }
}
