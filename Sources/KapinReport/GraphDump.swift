import KapinBase
package import KapinModel
import KapinQuery

/// The formats of the graph dump.
package enum GraphFormat: String, CaseIterable, Sendable {
  case ndjson, json, dot, mermaid, graphml, openapi
}

/// Writes the product graph (Docs/graph.md).
package enum GraphDump {
  package static func write(_ graph: ProductGraph, as format: GraphFormat, to sink: (borrowing [UInt8]) throws -> Void)
    rethrows
  {
    switch format {
    case .ndjson: try ndjson(graph, sink)
    case .json: try json(graph, sink)
    case .dot: try sink(Array(GraphDrawing.dot(graph).utf8))
    case .mermaid: try sink(Array(GraphDrawing.mermaid(graph).utf8))
    case .graphml: try sink(Array(GraphDrawing.graphML(graph).utf8))
    case .openapi:
      var out: [UInt8] = []
      let title = graph.code.inventory.roots.map(\.name).joined(separator: ", ")
      OpenAPIDocument.document(RouteList(graph), title: title).write(into: &out, indent: 2)
      out.append(10)
      try sink(out)
    }
  }

  package static func bytes(_ graph: ProductGraph, as format: GraphFormat) -> [UInt8] {
    var all: [UInt8] = []
    write(graph, as: format) { all.append(contentsOf: $0) }
    return all
  }

  /// Nodes by kind and id.
  private static func nodes(_ graph: ProductGraph) -> JSONLines {
    let wire = GraphWire(graph: graph, handedOut: GraphIndex.handedOut(graph))
    var lines = JSONLines()
    for kind in NodeKind.allCases.sortedByBytes(\.rawValue) {
      let ids = graph.nodes.ids.filter { graph.nodes[$0].kind == kind }
      for id in ids.sorted(by: { graph.nodes[$0].id.precedes(graph.nodes[$1].id) }) {
        lines.open()
        wire.write(graph.nodes[id], into: &lines)
        lines.close()
      }
    }
    return lines
  }

  private static func edges(_ graph: ProductGraph) -> JSONLines {
    let wire = GraphWire(graph: graph)
    var lines = JSONLines()
    for edge in graph.edges {
      lines.open()
      wire.write(edge, into: &lines)
      lines.close()
    }
    return lines
  }

  private static func ndjson(_ graph: ProductGraph, _ sink: (borrowing [UInt8]) throws -> Void) rethrows {
    let wire = GraphWire(graph: graph)
    var buffer: [UInt8] = []
    wire.header.write(into: &buffer)
    buffer.append(10)
    try sink(buffer)
    try sink(nodes(graph).bytes)
    buffer.removeAll(keepingCapacity: true)
    let edges = edges(graph)
    for line in edges.sorted() {
      buffer.append(contentsOf: edges.bytes[line])
      if buffer.count > 1 << 18 {
        try sink(buffer)
        buffer.removeAll(keepingCapacity: true)
      }
    }
    wire.coverage.write(into: &buffer)
    buffer.append(10)
    try sink(buffer)
  }

  private static func json(_ graph: ProductGraph, _ sink: (borrowing [UInt8]) throws -> Void) rethrows {
    let wire = GraphWire(graph: graph)
    var buffer = Array("{\"header\":".utf8)
    wire.header.write(into: &buffer)
    func list(_ name: String, _ lines: JSONLines, _ rows: [Range<Int>]) {
      buffer.append(contentsOf: ",\n\"\(name)\":[".utf8)
      for (index, row) in rows.enumerated() {
        buffer.append(contentsOf: (index > 0 ? ",\n" : "\n").utf8)
        buffer.append(contentsOf: lines.bytes[row].dropLast())
      }
      buffer.append(93)
    }
    let nodes = nodes(graph), edges = edges(graph)
    list("nodes", nodes, nodes.lines)
    list("edges", edges, edges.sorted())
    buffer.append(contentsOf: ",\n".utf8)
    var coverage: [UInt8] = []
    wire.coverage.write(into: &coverage)
    buffer.append(contentsOf: coverage.dropFirst())
    buffer.append(10)
    try sink(buffer)
  }
}
