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

  /// Nodes by kind and id, edges as whole lines, all by bytes.
  private static func lines(_ graph: ProductGraph) -> (nodes: [[UInt8]], edges: [[UInt8]]) {
    let wire = GraphWire(graph: graph, handedOut: GraphIndex.handedOut(graph))
    let sorted = graph.nodes.sorted {
      $0.kind == $1.kind ? $0.id.precedes($1.id) : $0.kind.rawValue.precedes($1.kind.rawValue)
    }
    func line(_ value: JSONText) -> [UInt8] {
      var out: [UInt8] = []
      value.write(into: &out)
      return out
    }
    let edges = graph.edges.map { line(wire.edge($0)) }.sorted { $0.lexicographicallyPrecedes($1) }
    return (sorted.map { line(wire.node($0)) }, edges)
  }

  private static func ndjson(_ graph: ProductGraph, _ sink: (borrowing [UInt8]) throws -> Void) rethrows {
    let wire = GraphWire(graph: graph)
    let (nodes, edges) = lines(graph)
    var buffer: [UInt8] = []
    wire.header.write(into: &buffer)
    buffer.append(10)
    for line in nodes + edges {
      buffer.append(contentsOf: line)
      buffer.append(10)
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
    let (nodes, edges) = lines(graph)
    var buffer = Array("{\"header\":".utf8)
    wire.header.write(into: &buffer)
    func list(_ name: String, _ rows: [[UInt8]]) {
      buffer.append(contentsOf: ",\n\"\(name)\":[".utf8)
      for (index, row) in rows.enumerated() {
        buffer.append(contentsOf: (index > 0 ? ",\n" : "\n").utf8)
        buffer.append(contentsOf: row)
      }
      buffer.append(93)
    }
    list("nodes", nodes)
    list("edges", edges)
    buffer.append(contentsOf: ",\n".utf8)
    var coverage: [UInt8] = []
    wire.coverage.write(into: &coverage)
    buffer.append(contentsOf: coverage.dropFirst())
    buffer.append(10)
    try sink(buffer)
  }
}
