import KapinBase
import KapinModel
import KapinRules
import KapinTesting
import Testing

/// The resolver's behaviour as documents (Tests/Resolution): each import of a document says where it leads.
struct ResolutionSuites {
  @Test(arguments: ["files", "tsconfig", "packages", "specifiers"]) func behavesAsDocumented(_ name: String) throws {
    let path = "Tests/Resolution/\(name).md"
    let suite = SuiteReader.read(try Checkout.read(path), path: path)
    #expect(suite.tests.count >= 3)
    for test in suite.tests {
      let files = Dictionary(test.files.map { ($0.path, $0.text) }, uniquingKeysWith: { _, b in b })
      let found = imports(of: Shipped.graph(files))
      let expected = Set(test.expectations), actual = Set(found)
      let missing = expected.subtracting(actual).map { "  expected, not found: \($0)" }
      let unexpected = actual.subtracting(expected).map { "  found, not expected: \($0)" }
      #expect(
        expected == actual,
        "\(path):\(test.line): \(test.name)\n\((missing + unexpected).sorted().joined(separator: "\n"))")
    }
  }

  private func imports(of graph: ProductGraph) -> [Suite.Expectation] {
    graph.edges.filter { $0.kind == .imports }.map { edge in
      let target = graph.nodes[edge.to]
      let text =
        switch target.content {
        case .unresolved(let reason, _): "unresolved \(reason.rawValue)"
        case .external: "external \(target.id.drop { $0 != ":" }.dropFirst())"
        default: String(target.id.drop { $0 != ":" }.dropFirst())
        }
      return Suite.Expectation(path: edge.at?.path, line: edge.at?.position?.line, text: text)
    }
  }
}
