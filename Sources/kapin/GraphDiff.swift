import ArgumentParser
import Foundation
import KapinBase
import KapinEngine
import KapinFiles
import KapinModel
import KapinReport

struct GraphDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "What changed between two states of a product: routes, tables, modules, symbols.",
    discussion: """
      Each side is a folder, a dump (ndjson or json), or a commit of a git repository, written REPOSITORY@COMMIT.

      EXAMPLES
        kapin graph diff .@main .
        kapin graph diff before.ndjson after.ndjson --kind route
        kapin graph diff .@v1.0 .@v1.1 --json

      Exit code 1 when something differs.
      """)

  @Argument(help: ArgumentHelp("The earlier state.", valueName: "a")) var old: String
  @Argument(help: ArgumentHelp("The later state.", valueName: "b")) var new: String

  @Option(help: "Only nodes of this kind: route, table, module, symbol.") var kind: String?
  @Flag(help: "Print one JSON document.") var json = false

  @OptionGroup var options: SharedOptions

  mutating func validate() throws {
    if let kind, !DumpDiff.kinds.contains(kind) {
      throw ValidationError("--kind is one of \(DumpDiff.kinds.joined(separator: ", ")).")
    }
  }

  func run() throws {
    let before = try dump(old), after = try dump(new)
    Terminal.endProgress()
    let diff: DumpDiff
    do { diff = try DumpDiff(before, after) } catch {
      throw Failure(.inputUnreadable, "a dump cannot be read: \(error)")
    }
    let changes = diff.changes.filter { kind == nil || $0.kind == kind }
    if json {
      let rows = changes.map { change -> JSONText in
        .object([
          "change": .text(change.form.rawValue), "kind": .text(change.kind), "node": .text(change.id),
          "fields": change.fields.isEmpty ? nil : .list(change.fields.map { .text($0) }),
        ])
      }
      Terminal.print(
        JSONText.object(["kapin": .text("graph-diff"), "version": .int(1), "changes": .list(rows)]).line())
    } else {
      for change in changes {
        let mark =
          switch change.form {
          case .added: "+"
          case .removed: "-"
          case .changed: "~"
          }
        Terminal.print(
          "\(mark) \(change.id)\(change.fields.isEmpty ? "" : "  (\(change.fields.joined(separator: ", ")))")")
      }
    }
    guard !changes.isEmpty else { return }
    throw Failure(.notFound, "\(changes.count) nodes differ")
  }

  private func dump(_ side: String) throws -> Data {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: side, isDirectory: &isFolder) {
      if isFolder.boolValue { return try analysed(side, cached: true) }
      guard let bytes = FileManager.default.contents(atPath: side) else {
        throw Failure(.inputUnreadable, "\(side) cannot be read")
      }
      return bytes
    }
    guard let at = side.lastIndex(of: "@"), at != side.startIndex else {
      throw Failure(.inputUnreadable, "there is no folder or dump \(side); a commit is written REPOSITORY@COMMIT")
    }
    return try commit(String(side[side.index(after: at)...]), of: String(side[..<at]))
  }

  private func analysed(_ folder: String, cached: Bool) throws -> Data {
    let program = try options.program(for: [folder])
    let control = options.control(cached ? options.snapshot(of: [folder], program) : nil)
    let graph = Engine.analyze(try options.trees([folder]), program, control)
    try options.checkInterruption()
    return Data(GraphDump.bytes(graph, as: .ndjson))
  }

  /// The commit's files in a scratch folder; `git archive` runs nothing of the repository.
  private func commit(_ commit: String, of repository: String) throws -> Data {
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("kapin-\(UUID().uuidString)")
    let folder = scratch.appendingPathComponent("tree")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let archive = scratch.appendingPathComponent("archive.tar").path
    try command(
      ["git", "-C", repository, "-c", "core.fsmonitor=false", "archive", "--format=tar", "-o", archive, commit],
      failing: "\(repository) has no commit \(commit)")
    try command(["tar", "-xf", archive, "-C", folder.path], failing: "the commit's files cannot be unpacked")
    return try analysed(folder.path, cached: false)
  }

  private func command(_ words: [String], failing problem: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(.inputUnreadable, problem) }
  }
}
