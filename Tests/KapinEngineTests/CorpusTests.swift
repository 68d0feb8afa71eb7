import Foundation
import KapinBase
import KapinEngine
import KapinFiles
import KapinModel
import KapinReport
import KapinRun
import KapinTesting
import Testing

/// The sample apps: their expected analysis, byte for byte, for any number of workers.
struct CorpusTests {
  @Test(arguments: ["saas", "api", "monorepo"])
  func analysisIsAsExpected(_ app: String) throws {
    let tree = try DiskTree(Checkout.root + "/Corpus/" + app)
    let one = AnalysisRun([tree], Shipped.program, RunControl(jobs: 1), proves: false).run()
    let all = AnalysisRun([tree], Shipped.program, RunControl(jobs: 8), proves: false).run()
    let files = OutputFiles.all(one, folder: "kapin-out")
    let others = OutputFiles.all(all, folder: "kapin-out")
    #expect(files.map(\.path) == others.map(\.path))
    for (file, other) in zip(files, others) {
      #expect(file.bytes == other.bytes, "\(file.path) depends on the number of workers")
    }

    // What a machine says of itself (proof.json and the marks drawn from it) is left out.
    let kept = files.filter {
      ["graph.ndjson", "features.json", "metrics.json"].contains($0.path) || $0.path.hasPrefix("sql/")
        || $0.path.hasPrefix("patches/")
    }
    for (path, bytes) in kept {
      let expected = "Corpus/expected/\(app)/\(path)"
      // The rules' hash and the content hash of a checkout are no business of the snapshot.
      let text = String(decoding: bytes, as: UTF8.self).replacing(/"rules":"[0-9a-f]+"/, with: "\"rules\":\"…\"")
        .replacing(/"commit":"[0-9a-f]+",/, with: "")
      if Checkout.updates { try Checkout.write(expected, Array(text.utf8)) }
      #expect(try Checkout.read(expected) == text, "\(expected) differs; KAPIN_UPDATE=1 rewrites it")
    }
  }

  @Test func twoRootsMakeOneProduct() throws {
    let trees = ["web", "api"].map { name -> any SourceTree in
      name == "web"
        ? MemoryTree(
          ["package.json": "{}", "src/call.ts": "export const load = () => fetch('/api/items/1');"], name: name)
        : MemoryTree(
          [
            "package.json": "{ \"dependencies\": { \"express\": \"4\" } }",
            "app.ts": "import express from 'express'; express().get('/api/items/:id', (req, res) => res.end());",
          ], name: name)
    }
    let graph = Engine.analyze(trees, Shipped.program, RunControl(jobs: 2))
    let requests = graph.edges.filter { $0.kind == .requests }
    #expect(requests.map { graph.nodes[$0.to].id } == ["route:api:GET /api/items/:id"])
    #expect(requests.map { graph.nodes[$0.from].id } == ["symbol:web/src/call.ts#load"])
  }
}
