import Foundation
import KapinBase
import KapinEngine
import KapinFiles
import KapinModel
import KapinTesting
import Testing

/// Bad input gives one clear note and the rest of the result.
struct BadInputTests {
  private func folder(_ make: (String) throws -> Void, _ check: (Listing, DiskTree) throws -> Void) throws {
    let path = try Checkout.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try make(path)
    let tree = try DiskTree(path)
    try check(tree.listing(), tree)
  }

  private func write(_ path: String, _ text: String) throws {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  @Test func ignoreFilesWorkAsGitSays() throws {
    try folder { root in
      try write(root + "/.gitignore", "*.log\n/build\n!keep.log\ndocs/*.md\ntmp/\n# comment\n\\#odd\n")
      try write(root + "/sub/.gitignore", "!a.log\nlocal.ts\n")
      try write(root + "/.kapinignore", "legacy/\n")
      for file in [
        "a.log", "keep.log", "build/x.ts", "sub/build/x.ts", "docs/a.md", "docs/deep/b.md", "tmp/x.ts", "sub/a.log",
        "sub/local.ts", "legacy/x.ts", "#odd", "src/a.ts", "node_modules/m/index.js",
      ] { try write(root + "/" + file, "") }
    } _: { listing, _ in
      let paths = Set(listing.files.map(\.path)).subtracting([".gitignore", "sub/.gitignore", ".kapinignore"])
      #expect(paths == ["keep.log", "sub/build/x.ts", "docs/deep/b.md", "sub/a.log", "src/a.ts"])
    }
  }

  @Test func whatGitTracksIsReadAlthoughAnIgnoreFileNamesIt() throws {
    for version in ["2", "4"] {
      try folder { root in
        try write(root + "/.gitignore", "lib/\n*.gen.ts\n")
        for file in [
          "lib/sub/kept.ts", "lib/sub/other.ts", "lib/none/a.ts", "src/a.gen.ts", "src/b.gen.ts", "src/c.ts",
        ] {
          try write(root + "/" + file, "export {}")
        }
        let add = ["-C", root, "add", "-f", "lib/sub/kept.ts", "src/a.gen.ts", "src/c.ts"]
        for command in [["init", "-q", root], add, ["-C", root, "update-index", "--index-version", version]] {
          #expect(try Checkout.run("git", command).status == 0)
        }
      } _: { listing, _ in
        let paths = Set(listing.files.map(\.path)).subtracting([".gitignore"])
        #expect(paths == ["lib/sub/kept.ts", "src/a.gen.ts", "src/c.ts"], "index version \(version)")
      }
    }
  }

  @Test func linksNeverLeaveTheRootAndNeverLoop() throws {
    try folder { root in
      try write(root + "/src/a.ts", "export {}")
      let manager = FileManager.default
      try manager.createSymbolicLink(atPath: root + "/out", withDestinationPath: "/etc")
      try manager.createSymbolicLink(atPath: root + "/loop", withDestinationPath: "loop")
      try manager.createSymbolicLink(atPath: root + "/src/up", withDestinationPath: "..")
      try manager.createSymbolicLink(atPath: root + "/b.ts", withDestinationPath: "src/a.ts")
    } _: { listing, _ in
      #expect(Set(listing.files.map(\.path)) == ["src/a.ts", "b.ts"])
      #expect(listing.skipped.map(\.path) == ["loop", "out"])
      #expect(listing.skipped.allSatisfy { $0.reason == .linkOutOfTree })
    }
  }

  @Test func aNameThatIsNoTextIsToldAndCostsOnlyItself() throws {
    try folder { root in
      try write(root + "/a.ts", "export {}")
      try write(root + "/bad.ts", "export {}")
      let name: [CChar] = Array((root + "/bad").utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 46, 116, 115, 0]
      let odd = open(name, O_CREAT | O_WRONLY, 0o644)
      #expect(odd >= 0)
      close(odd)
    } _: { listing, _ in
      #expect(Set(listing.files.map(\.path)) == ["a.ts", "bad.ts"])
      #expect(listing.skipped.map(\.reason) == [.unreadable])
    }
  }

  @Test func ownOutputIsNeverInput() throws {
    try folder { root in
      try write(root + "/report/" + DiskTree.marker, "")
      try write(root + "/report/a.ts", "")
      try write(root + "/kapin-out/b.ts", "")
      try write(root + "/c.ts", "")
    } _: { listing, _ in
      #expect(listing.files.map(\.path) == ["c.ts"])
      #expect(listing.skipped.allSatisfy { $0.reason == .ownOutput } && listing.skipped.count == 2)
    }
  }

  @Test func aPathThatIsNoFolderIsRefused() {
    #expect(throws: TreeError.self) { try DiskTree("/nowhere/at/all") }
    #expect(throws: TreeError.self) { try DiskTree("/etc/passwd") }
  }

  @Test func oddFilesCostOnlyThemselves() throws {
    var files: [String: [UInt8]] = [
      "good.ts": Array("export function good() {}".utf8),
      "binary.ts": [0x7F, 0x45, 0x4C, 0x46, 0, 1, 2, 0],
      "huge.ts": [UInt8](repeating: 97, count: 5 << 20),
      "line.js": Array(("var a=" + String(repeating: "b+", count: 20_000) + "1").utf8),
      "deep.ts": Array((String(repeating: "{", count: 10_000) + String(repeating: "}", count: 10_000)).utf8),
      "": Array("export const nameless = 1".utf8),
      "surrogate.ts": Array("const x = \"\\ud800\";".utf8) + [0xED, 0xA0, 0x80],
      "package.json": Array("{ broken".utf8),
      "tsconfig.json": Array("{ \"compilerOptions\": ".utf8),
    ]
    files["bom.ts"] = [0xEF, 0xBB, 0xBF] + Array("export function bom() {}".utf8)
    let graph = Engine.analyze([MemoryTree(bytes: files)], Shipped.program, RunControl(jobs: 2))
    let reasons = Dictionary(uniqueKeysWithValues: graph.coverage.skipped.map { ($0.path, $0.reason) })
    #expect(reasons["binary.ts"] == .binary)
    #expect(reasons["huge.ts"] == .tooLarge)
    #expect(reasons["line.js"] == .minified)
    #expect(graph.node(id: "symbol:good.ts#good") != nil)
    #expect(graph.node(id: "symbol:bom.ts#bom") != nil)
    #expect(graph.notes.filter { $0.id == .skippedFile }.map { $0.place?.path } == ["binary.ts", "huge.ts"])
    #expect(graph.notes.count { $0.id == .badConfig } == 2)
    #expect(graph.notes.contains { $0.id == .tooDeep && $0.place?.path == "deep.ts" })
  }

  @Test func valuesThatRestOnThemselvesEndSomewhere() {
    let server = """
      import express, { Router } from "express";
      import * as self from "./server";
      const app = express();
      let merged = Object.assign(merged, { get: merged.get }, merged);
      var link = link.next.link;
      var pair = pair.call().other, other = other(pair);
      const text = () => `${text()}/${again(text)}`;
      const again = (of) => again(of) + text();
      class Knot extends Knot { router = this.router.use(this); get all() { return this.all; } }
      class Left extends Right { get router() { return super.router ?? this.router; } }
      class Right extends Left { on(path) { this.router.get(path, this.on); this.on(path); } }
      function wrap(path, run) { app.get(path, wrap(path, run)); wrap(path + "/x", wrap); }
      function each(list) { list.forEach((item) => each(item.list)); app.use(list, each(list)); }
      for (const item of item.items) app.use(item.path, item.router);
      app.use(text(), self.app, merged.get(merged), link, pair, new Knot().router, new Left().router);
      app.use(app); app.use("/loop", Router().use(app));
      wrap(text, again); each([each, [each]]);
      app.get(again(again), ...merged, text()(text));
      export { app, merged as default }; export * from "./server"; export * from "./pages";
      """
    let pages = """
      import { Route, Routes, createBrowserRouter, useRoutes } from "react-router-dom";
      import * as all from "./server";
      const list = [...list, { path: "/a/*", element: <Inner />, children: list }];
      const ring = [{ children: ring }, ...ring, ...ring];
      useRoutes(ring);
      function Inner() { return <Routes><Route path="b/*" element={<Outer />} /><Inner /></Routes>; }
      function Outer() { useRoutes(list); return <Routes><Route path="c/*" element={<Inner />} /></Routes>; }
      export const Box = memo(Box); Box.Box = Box; export const Pick = Pick ? Pick : Box;
      export default function Page() { return <Box.Box><Pick.Pick /><all.default.Page /></Box.Box>; }
      export const router = createBrowserRouter(list, router);
      """
    let graph = Engine.analyze(
      [
        MemoryTree([
          "package.json": #"{ "dependencies": { "express": "4", "react": "19", "react-router-dom": "6" } }"#,
          "src/server.ts": server, "src/pages.tsx": pages,
        ])
      ], Shipped.program, RunControl(jobs: 1))
    #expect(graph.node(id: "symbol:src/pages.tsx#Page") != nil)
    #expect(graph.node(id: "symbol:src/server.ts#Knot.all") != nil)
  }

  /// Variables that stand for one another's rows, in turn.
  @Test func modelsThatRestOnOneAnotherEndSomewhere() {
    let rows = """
      import { DataSource, Entity, Column, PrimaryColumn } from "typeorm";
      @Entity() export class User { @PrimaryColumn() id: string; @Column() name: string; }
      const source = new DataSource({});
      const repository = source.getRepository(User);
      export async function pick(one?: any, two?: any) {
        let a = one || repository; let b = two || a;
        a = b || a; b = a || b;
        await a.find({}); await b.save({});
        let query = repository.createQueryBuilder("u"); let next = query;
        query = one ? next : query; next = two ? query : next;
        query = query.where("x"); next = next.andWhere("y");
        await query.getMany(); await next.getOne();
        const user = new User(); let c = user; let d = one ? c : user; c = two ? d : c;
        await repository.save(c); await source.manager.save(d);
      }
      """
    let files = ["package.json": #"{ "dependencies": { "typeorm": "*" } }"#, "rows.ts": rows]
    let graph = Engine.analyze([MemoryTree(files)], Shipped.program, RunControl(jobs: 1))
    #expect(graph.edges.contains { $0.kind == .writes && graph.nodes[$0.to].kind == .table })
  }

  @Test func pathsThatDifferInTheirUnicodeNormalFormStayTwo() {
    let composed = "caf\u{e9}.ts", decomposed = "cafe\u{301}.ts"
    let text = "import './\(composed)'; import './\(decomposed)';"
    let tree = ByteTree(files: [
      ("a.ts", text), (composed, "export const one = 1"), (decomposed, "export const two = 2"),
    ])
    let graph = Engine.analyze([tree], Shipped.program, RunControl(jobs: 1))
    let modules = graph.nodes.filter { $0.kind == .module }.map { Array($0.id.utf8).count }
    #expect(modules.count == 3 && Set(modules).count == 3)
    let targets = graph.edges.filter { $0.kind == .imports }.map(\.to)
    #expect(Set(targets).count == 2)
  }

  /// A tree whose paths are compared by bytes, as a disk does.
  private struct ByteTree: SourceTree {
    let name = "bytes"
    let commit: String? = nil
    let files: [(path: String, text: String)]

    func listing() -> Listing {
      Listing(files: files.map { Listing.File(path: $0.path, byteCount: $0.text.utf8.count) })
    }

    func withBytes<R>(_ path: String, _ body: (UnsafeRawBufferPointer) -> R) -> R? {
      files.first { $0.path.utf8.elementsEqual(path.utf8) }.map { Array($0.text.utf8).withUnsafeBytes(body) }
    }
  }

  @Test func aRunThatIsStoppedKeepsWhatItHas() throws {
    let files = Dictionary(uniqueKeysWithValues: (0..<50).map { ("f\($0).ts", "export const a = 1;") })
    let stopped = RunControl(jobs: 2, stop: { .timeout })
    let graph = Engine.analyze([MemoryTree(files)], Shipped.program, stopped)
    #expect(graph.code.modules.isEmpty)
    #expect(graph.coverage.skipped.count == 50 && graph.coverage.skipped.allSatisfy { $0.reason == .limit })
    #expect(graph.notes.contains { $0.id == .stoppedEarly })
  }
}
