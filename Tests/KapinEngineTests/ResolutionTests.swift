import KapinBase
import KapinModel
import KapinTesting
import Testing

/// What import specifiers lead to, in small repositories.
struct ResolutionTests {
  /// The targets of all imports of a file, as `specifier → node id`.
  private func targets(of path: String, _ files: [String: String]) -> [String: String] {
    let graph = Shipped.graph(files)
    var found: [String: String] = [:]
    for edge in graph.edges where edge.kind == .imports && graph.nodes[edge.from].id == "module:" + path {
      for case ("specifier", .text(let specifier)) in edge.fields { found[specifier] = graph.nodes[edge.to].id }
    }
    return found
  }

  private func check(
    _ path: String, _ expected: [String: String], _ files: [String: String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(targets(of: path, files) == expected, sourceLocation: sourceLocation)
  }

  @Test func relativePathsExtensionsAndFolders() {
    check(
      "src/a.ts",
      [
        "./b": "module:src/b.tsx", "./c.js": "module:src/c.ts", "./d": "module:src/d/index.ts", "..": "module:index.js",
        "./e.css": "file:src/e.css", "./none": "unresolved:missing-file:./none",
        "../../out": "unresolved:outside-root:../../out",
        "./f?raw": "module:src/f.ts",
      ],
      [
        "src/a.ts":
          "import './b'; import './c.js'; import './d'; import '..'; import './e.css'; import './none'; import '../../out'; import './f?raw';",
        "src/b.tsx": "", "src/c.ts": "", "src/d/index.ts": "", "index.js": "", "src/e.css": "", "src/f.ts": "",
      ])
  }

  @Test func aliasesOfTheNearestConfiguration() {
    check(
      "apps/web/src/a.ts",
      [
        "@/x": "module:apps/web/src/x.ts", "@/x/special": "module:special.ts", "lib/y": "module:apps/web/lib/y.ts",
        "~none": "external:~none",
      ],
      [
        "tsconfig.base.json": "{ \"compilerOptions\": { \"paths\": { \"@/*\": [\"./wrong/*\"] } } }",
        "apps/web/tsconfig.json":
          "{ // nearest\n \"extends\": \"../../tsconfig.base.json\", \"compilerOptions\": { \"baseUrl\": \".\", \"paths\": { \"@/*\": [\"src/*\",], \"@/x/special\": [\"../../special\"] } } }",
        "apps/web/src/a.ts": "import '@/x'; import '@/x/special'; import 'lib/y'; import '~none';",
        "apps/web/src/x.ts": "",
        "apps/web/lib/y.ts": "", "special.ts": "",
      ])
  }

  @Test func workspacePackagesLeadToTheirSources() {
    check(
      "app/a.ts",
      [
        "@acme/ui": "module:packages/ui/src/index.ts", "@acme/ui/button": "module:packages/ui/src/button.tsx",
        "@acme/ui/hidden": "unresolved:not-exported:@acme/ui/hidden", "@acme/db": "module:packages/db/src/index.ts",
        "#own": "module:app/own.ts", "react": "external:react", "node:fs": "external:node:fs",
        "ghost": "external:ghost",
      ],
      [
        "app/package.json":
          "{ \"imports\": { \"#own\": \"./own.ts\" }, \"dependencies\": { \"@acme/ui\": \"workspace:*\", \"@acme/db\": \"*\", \"react\": \"19\" } }",
        "app/a.ts":
          "import '@acme/ui'; import '@acme/ui/button'; import '@acme/ui/hidden'; import '@acme/db'; import '#own'; import 'react'; import 'node:fs'; import 'ghost';",
        "app/own.ts": "",
        "packages/ui/package.json":
          "{ \"name\": \"@acme/ui\", \"exports\": { \".\": { \"types\": \"./dist/index.d.ts\", \"import\": \"./dist/index.mjs\" }, \"./hidden\": null, \"./*\": \"./src/*.tsx\" } }",
        "packages/ui/src/index.ts": "", "packages/ui/src/button.tsx": "", "packages/ui/src/hidden.tsx": "",
        "packages/db/package.json": "{ \"name\": \"@acme/db\", \"main\": \"lib/index.js\" }",
        "packages/db/src/index.ts": "",
      ])
  }

  @Test func aCircleOfConfigurationsIsNoted() {
    let graph = Shipped.graph(["tsconfig.json": "{\"extends\": \"./b.json\"}", "b.tsconfig.json": "{}", "a.ts": ""])
    #expect(graph.code.modules.count == 1)
    let circle = Shipped.graph([
      "tsconfig.json": "{\"extends\": \"./tsconfig.b.json\"}", "tsconfig.b.json": "{\"extends\": \"./tsconfig.json\"}",
      "a.ts": "",
    ])
    #expect(circle.notes.contains { $0.id == .badConfig })
  }

  private func calls(_ graph: ProductGraph) -> [String] {
    graph.edges.filter { $0.kind == .calls }.map { "\(graph.nodes[$0.from].id) \(graph.nodes[$0.to].id)" }
  }

  @Test func valuesAreFollowedThroughReExportsAndCycles() {
    let graph = Shipped.graph([
      "a.ts": "import { run as go, ns } from './b'; export function main() { go(); ns.deep(); }",
      "b.ts": "export * from './c'; export * from './a'; export * as ns from './d';",
      "c.ts": "export { run } from './d'; export * from './b';",
      "d.ts": "export function run() {} export const deep = () => run();",
    ])
    #expect(
      Set(calls(graph)) == [
        "symbol:a.ts#main symbol:d.ts#run", "symbol:a.ts#main symbol:d.ts#deep", "symbol:d.ts#deep symbol:d.ts#run",
      ])
  }

  /// A barrel that hands on a generated client, which no checkout has, does not hide what stands behind it.
  @Test func whatIsExportedWholeFromElsewhereComesLast() {
    let graph = Shipped.graph([
      "a.ts": "import { run, Client } from './all'; export function main() { run(); return new Client(); }",
      "all.ts": "export * from './client'; export * from './own';",
      "client.ts": "export * from './generated/client'; export const db = 1;",
      "own.ts": "export function run() {}",
    ])
    #expect(calls(graph) == ["symbol:a.ts#main symbol:own.ts#run"])
    #expect(graph.code.externalCalls.map(\.path) == ["Client"])
  }
}
