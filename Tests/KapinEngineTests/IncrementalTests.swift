import Foundation
import KapinBase
import KapinEngine
import KapinFiles
import KapinModel
import KapinReport
import KapinRules
import KapinTesting
import Testing

/// A run that reuses what earlier ones read gives the same bytes as one that reads everything.
struct IncrementalTests {
  /// Numbers that are the same in every run (Knuth, "The Art of Computer Programming", linear congruential generator).
  private struct Dice {
    var state: UInt64
    mutating func roll(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(count))
    }
  }

  private func dump(_ folder: String, _ program: RuleProgram, _ cache: Snapshot?) throws -> [UInt8] {
    var control = RunControl(jobs: 2)
    control.cache = cache
    return GraphDump.bytes(Engine.analyze([try DiskTree(folder)], program, control), as: .ndjson)
  }

  private func inScratch(_ body: (_ sources: String, _ cache: String) throws -> Void) throws {
    let scratch = try Checkout.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let sources = scratch + "/product"
    try FileManager.default.copyItem(atPath: Checkout.root + "/Corpus/monorepo", toPath: sources)
    try body(sources, scratch + "/cache")
  }

  private func files(_ folder: String) -> [String] {
    let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return all.filter { path in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: folder + "/" + path, isDirectory: &isFolder) && !isFolder.boolValue
    }.sorted()
  }

  /// One change such as people make: edit, move, copy, delete, break, or touch a configuration.
  private func change(_ folder: String, _ dice: inout Dice) throws -> String {
    let manager = FileManager.default
    let all = files(folder)
    let path = all[dice.roll(all.count)]
    let full = folder + "/" + path
    let text = (try? String(contentsOfFile: full, encoding: .utf8)) ?? ""
    func write(_ text: String, to target: String = full) throws {
      try text.write(toFile: target, atomically: dice.state % 2 == 0, encoding: .utf8)
    }
    switch dice.roll(8) {
    case 0: try write(text + "\nexport const added\(dice.roll(99)) = () => fetch('/api/x');\n")
    case 1: try write(text.replacing("export", with: "", maxReplacements: 1))
    case 2:
      let target = folder + "/moved\(dice.roll(9))-" + (path as NSString).lastPathComponent
      if !manager.fileExists(atPath: target) { try manager.moveItem(atPath: full, toPath: target) }
    case 3:
      let target = folder + "/copy\(dice.roll(9))-" + (path as NSString).lastPathComponent
      if !manager.fileExists(atPath: target) { try manager.copyItem(atPath: full, toPath: target) }
    case 4: if all.count > 12 { try manager.removeItem(atPath: full) }
    case 5: try write(String(text.prefix(text.count / 2)))
    case 6:
      let configs = all.filter { $0.hasSuffix("package.json") || $0.contains("tsconfig") }
      guard !configs.isEmpty else { return "nothing" }
      let config = folder + "/" + configs[dice.roll(configs.count)]
      let old = (try? String(contentsOfFile: config, encoding: .utf8)) ?? "{}"
      try write(old.replacing("src", with: "lib", maxReplacements: 1), to: config)
    default:
      // The same length and the same second: only the rule for racy stamps finds it out.
      try write(String(text.map { $0 == "a" ? "b" : $0 == "b" ? "a" : $0 }))
    }
    return path
  }

  @Test(arguments: [1, 2, 3, 4]) func aRunFromASnapshotEqualsAColdOne(_ seed: UInt64) throws {
    try inScratch { sources, cache in
      var dice = Dice(state: seed &* 7_919)
      let program = Shipped.program
      for step in 0..<12 {
        let warm = try dump(sources, program, Snapshot(folder: cache, program: "test"))
        let cold = try dump(sources, program, nil)
        try #require(warm == cold, "seed \(seed), step \(step)")
        for _ in 0...dice.roll(3) { _ = try change(sources, &dice) }
      }
    }
  }

  @Test func anUnchangedFileIsNotReadAgain() throws {
    try inScratch { sources, cache in
      Thread.sleep(forTimeInterval: 0.02)
      _ = try dump(sources, Shipped.program, Snapshot(folder: cache, program: "test"))
      let snapshot = Snapshot(folder: cache, program: "test")
      let inventory = Engine.files([try DiskTree(sources)], Shipped.program)
      #expect(snapshot.differences(Array(inventory.files)) == ([], [], []))
      let source = try #require(inventory.files.first { if case .source = $0.form { true } else { false } })
      let hash = try #require(source.stamp.flatMap { snapshot.hash(of: source.path, $0) })
      guard case .source(let language) = source.form else { return }
      #expect(snapshot.result(hash, language) != nil)
    }
  }

  @Test func aDamagedOrForeignSnapshotIsIgnoredWithANote() throws {
    try inScratch { sources, cache in
      let cold = try dump(sources, Shipped.program, nil)
      _ = try dump(sources, Shipped.program, Snapshot(folder: cache, program: "one"))
      let foreign = Snapshot(folder: cache, program: "another")
      #expect(foreign.isEmpty && foreign.allNotes.contains { $0.id == .foreignSnapshot })
      // Damage in the pack costs only what it hits; damage in the index costs the index.
      let pack = cache + "/1.pack"
      var bytes = try Data(contentsOf: URL(fileURLWithPath: pack))
      for index in stride(from: 100, to: bytes.count, by: 997) { bytes[index] ^= 0xFF }
      try bytes.write(to: URL(fileURLWithPath: pack))
      #expect(try dump(sources, Shipped.program, Snapshot(folder: cache, program: "one")) == cold)
      try Data("KAPIN".utf8).write(to: URL(fileURLWithPath: cache + "/index"))
      let broken = Snapshot(folder: cache, program: "one")
      #expect(broken.allNotes.contains { $0.id == .foreignSnapshot })
      #expect(try dump(sources, Shipped.program, broken) == cold)
      // What the broken index named is gone; what the new one names is there.
      try Data().write(to: URL(fileURLWithPath: cache + "/7.pack"))
      try "export const more = 1;".write(toFile: sources + "/more.ts", atomically: true, encoding: .utf8)
      _ = try dump(sources, Shipped.program, Snapshot(folder: cache, program: "one"))
      let packs = try FileManager.default.contentsOfDirectory(atPath: cache).filter { $0.hasSuffix(".pack") }
      #expect(Set(packs) == ["1.pack", "2.pack"])
    }
  }

  @Test func aStoredDumpIsTakenOnlyWhenNothingChanged() throws {
    try inScratch { sources, cache in
      func stored(_ started: Int64) throws -> StoredDump {
        StoredDump(
          folder: cache, format: "ndjson", trees: [ListedTree(try DiskTree(sources))], rules: Shipped.program.hash,
          started: started)
      }
      // As young as the files: not to be trusted.
      try stored(0).write([1, 2, 3], notes: [])
      #expect(try stored(.max).read() == nil)
      try stored(.max).write([1, 2, 3], notes: ["a note"])
      #expect(try stored(.max).read()?.notes == ["a note"])
      try "x".write(toFile: sources + "/new.css", atomically: true, encoding: .utf8)
      #expect(try stored(.max).read() == nil)
    }
  }

  @Test func diffTellsWhatChangedAndNotWhatMoved() throws {
    let before = Shipped.graph([
      "a.ts": "export function one() { return 1; }\nexport function two() {}", "b.sql": "",
      "app/x/route.ts": "export async function GET() {}", "package.json": "{\"dependencies\":{\"next\":\"15\"}}",
    ])
    let after = Shipped.graph([
      "a.ts":
        "// moved down\nexport function one() { return 1; }\nexport function two() { one(); }\nexport const three = 3;",
      "b.sql": "", "app/y/route.ts": "export async function GET() {}",
      "package.json": "{\"dependencies\":{\"next\":\"15\"}}",
    ])
    func bytes(_ graph: ProductGraph, _ format: GraphFormat) -> Data { Data(GraphDump.bytes(graph, as: format)) }
    let diff = try DumpDiff(bytes(before, .ndjson), bytes(after, .json))
    let lines = diff.changes.map { "\($0.form.rawValue) \($0.id) \($0.fields.joined())" }
    #expect(
      lines == [
        "removed route:.:GET /x ", "added route:.:GET /y ", "changed module:a.ts hash",
        "removed module:app/x/route.ts ",
        "added module:app/y/route.ts ", "added symbol:a.ts#three ", "changed symbol:a.ts#two hash",
        "removed symbol:app/x/route.ts#GET ", "added symbol:app/y/route.ts#GET ",
      ])
    #expect(throws: DumpDiff.Unreadable.self) { try DumpDiff(Data("nonsense\n".utf8), bytes(after, .ndjson)) }
  }
}
