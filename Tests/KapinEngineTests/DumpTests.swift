import Foundation
import KapinBase
import KapinEngine
import KapinFiles
import KapinModel
import KapinReport
import KapinRules
import KapinRun
import KapinTesting
import Testing

/// The public formats, judged by outside tools.
struct DumpTests {
  private func graph() throws -> ProductGraph {
    Engine.analyze([try DiskTree(Checkout.root + "/Corpus/saas")], Shipped.program, RunControl(jobs: 2))
  }

  @Test func committedSchemasAreFresh() throws {
    #expect(try Checkout.read("Docs/rule-reference.md") == RuleReference.page, "run `swift run kapin-dev schema`")
    for (name, schema) in OutputSchemas.all + [(name: "rule", schema: RuleSchema.json)] {
      #expect(
        try Checkout.read("Docs/schema/\(name).schema.json") == schema.pretty(), "run `swift run kapin-dev schema`")
    }
  }

  @Test func documentsFollowTheirSchemas() throws {
    let folder = try Checkout.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let tree = try DiskTree(Checkout.root + "/Corpus/saas")
    let analysis = AnalysisRun([tree], Shipped.program, RunControl(jobs: 2), proves: false).run()
    for (path, bytes) in OutputFiles.all(analysis, folder: "kapin-out") where path.hasSuffix("json") {
      try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + path))
    }
    try Data(GraphDump.bytes(analysis.graph, as: .json)).write(to: URL(fileURLWithPath: folder + "/graph.json"))
    let script = """
      import json, sys
      from jsonschema import Draft202012Validator
      folder, schemas = sys.argv[1:]
      for name in ["features", "metrics", "proof", "graph"]:
          schema = json.load(open(f"{schemas}/{name}.schema.json"))
          Draft202012Validator.check_schema(schema)
          Draft202012Validator(schema).validate(json.load(open(f"{folder}/{name}.json")))
      graph = json.load(open(f"{schemas}/graph.schema.json"))
      for kind, check in [("node", "node"), ("edge", "edge"), ("format", "header"), ("coverage", "coverage")]:
          validator = Draft202012Validator({**graph, "anyOf": [{"$ref": f"#/$defs/{check}"}]})
          rows = [json.loads(line) for line in open(f"{folder}/graph.ndjson")]
          mine = [row for row in rows if kind in row]
          assert mine, kind
          for row in mine: validator.validate(row)
      print("valid")
      """
    let result = try Checkout.run("/usr/bin/python3", ["-c", script, folder, Checkout.root + "/Docs/schema"])
    #expect(result.output.contains("valid"), "\(result.errors.suffix(600))")
  }

  @Test func linesAreSortedAndEdgesHaveTheirNodes() throws {
    let text = String(decoding: GraphDump.bytes(try graph(), as: .ndjson), as: UTF8.self)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.first?.contains("\"format\":\"kapin-graph\"") == true)
    #expect(lines.last?.hasPrefix("{\"coverage\"") == true)
    func field(_ key: String, _ line: String) -> String? {
      line.firstMatch(of: try! Regex("\"\(key)\":\"([^\"]*)\"", as: (Substring, Substring).self)).map { String($0.1) }
    }
    let nodes = lines.compactMap { line in field("node", line).flatMap { id in field("kind", line).map { ($0, id) } } }
    let ids = Set(nodes.map(\.1))
    for (a, b) in zip(nodes, nodes.dropFirst()) { #expect(a.0 == b.0 ? a.1.precedes(b.1) : a.0.precedes(b.0)) }
    let edges = lines.filter { field("edge", $0) != nil }
    for (a, b) in zip(edges, edges.dropFirst()) { #expect(!b.precedes(a)) }
    for edge in edges { #expect(ids.contains(field("from", edge)!) && ids.contains(field("to", edge)!), "\(edge)") }
  }

  @Test func drawingsAreWellFormed() throws {
    let graph = try graph()
    let folder = try Checkout.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(GraphDump.bytes(graph, as: .graphml)).write(to: URL(fileURLWithPath: folder + "/g.graphml"))
    let script = "import sys, xml.etree.ElementTree as e; r = e.parse(sys.argv[1]).getroot(); print(len(r[-1]))"
    let result = try Checkout.run("/usr/bin/python3", ["-c", script, folder + "/g.graphml"])
    #expect(Int(result.output.trimmingCharacters(in: .whitespacesAndNewlines)) == graph.nodes.count + graph.edges.count)
    let dot = String(decoding: GraphDump.bytes(graph, as: .dot), as: UTF8.self)
    #expect(dot.hasPrefix("digraph") && dot.contains("\"POST /api/plants\"") && dot.hasSuffix("}\n"))
    #expect(String(decoding: GraphDump.bytes(graph, as: .mermaid), as: UTF8.self).contains("-- writes -->"))
  }
}
