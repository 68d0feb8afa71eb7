import KapinBase
import KapinModel

/// Drawings of the graph for other tools: DOT (Graphviz), Mermaid flowcharts, GraphML.
///
/// DOT and Mermaid show the product level (routes, components, tables and what joins them), since nobody can read
/// thousands of boxes; GraphML has every node and edge.
enum GraphDrawing {
  private static let productKinds: Set<EdgeKind> = [
    .handles, .guards, .requests, .navigates, .reads, .writes, .references, .renders, .triggers,
  ]

  private static func product(_ graph: ProductGraph) -> (nodes: [NodeID], edges: [ProductEdge]) {
    let edges = graph.edges.filter { productKinds.contains($0.kind) }
    var used = Set(edges.flatMap { [$0.from, $0.to] })
    for id in graph.nodes.ids where graph.nodes[id].kind == .route || graph.nodes[id].kind == .table { used.insert(id) }
    let nodes = used.sorted { graph.nodes[$0].id.precedes(graph.nodes[$1].id) }
    return (nodes, sorted(edges, graph))
  }

  private static func sorted(_ edges: [ProductEdge], _ graph: ProductGraph) -> [ProductEdge] {
    edges.sortedByBytes {
      "\(graph.nodes[$0.from].id)\u{0}\(graph.nodes[$0.to].id)\u{0}\($0.kind.rawValue)\u{0}\($0.at?.description ?? "")"
    }
  }

  private static func label(_ node: ProductNode) -> String {
    switch node.content {
    case .route(let route): return "\(route.method) \(route.path)"
    case .table(let table): return table.table.name
    default: return node.id.split(separator: "#").last.map(String.init) ?? node.id
    }
  }

  static func dot(_ graph: ProductGraph) -> String {
    let (nodes, edges) = product(graph)
    var out = "digraph kapin {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n"
    func quote(_ text: String) -> String {
      "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
    }
    for id in nodes {
      let node = graph.nodes[id]
      let shape = node.kind == .table ? "cylinder" : node.kind == .route ? "cds" : "box"
      out += "  \(quote(node.id)) [label=\(quote(label(node))), shape=\(shape)];\n"
    }
    for edge in edges {
      out +=
        "  \(quote(graph.nodes[edge.from].id)) -> \(quote(graph.nodes[edge.to].id)) [label=\(quote(edge.kind.rawValue))];\n"
    }
    return out + "}\n"
  }

  static func mermaid(_ graph: ProductGraph) -> String {
    let (nodes, edges) = product(graph)
    var out = "flowchart LR\n"
    func quote(_ text: String) -> String {
      "\"" + text.replacing("\"", with: "#quot;").replacing("\n", with: " ") + "\""
    }
    var number: [NodeID: Int] = [:]
    for (index, id) in nodes.enumerated() {
      number[id] = index
      let node = graph.nodes[id]
      let text = quote(label(node))
      switch node.kind {
      case .table: out += "  n\(index)[(\(text))]\n"
      case .route: out += "  n\(index)([\(text)])\n"
      default: out += "  n\(index)[\(text)]\n"
      }
    }
    for edge in edges {
      guard let from = number[edge.from], let to = number[edge.to] else { continue }
      out += "  n\(from) -- \(edge.kind.rawValue) --> n\(to)\n"
    }
    return out
  }

  /// GraphML ("The GraphML File Format"), with kind, label and place as data.
  static func graphML(_ graph: ProductGraph) -> String {
    func escape(_ text: String) -> String {
      var out = ""
      for scalar in text.unicodeScalars {
        switch scalar {
        case "&": out += "&amp;"
        case "<": out += "&lt;"
        case ">": out += "&gt;"
        case "\"": out += "&quot;"
        case "\t", "\n", "\r": out.unicodeScalars.append(scalar)
        default:
          if scalar.value >= 32, scalar.value != 0xFFFE, scalar.value != 0xFFFF { out.unicodeScalars.append(scalar) }
        }
      }
      return out
    }
    var out = """
      <?xml version="1.0" encoding="UTF-8"?>
      <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
        <key id="kind" for="all" attr.name="kind" attr.type="string"/>
        <key id="at" for="all" attr.name="at" attr.type="string"/>
        <key id="confidence" for="edge" attr.name="confidence" attr.type="string"/>
        <graph id="kapin" edgedefault="directed">

      """
    for node in graph.nodes.sortedByBytes({ $0.id }) {
      out += "    <node id=\"\(escape(node.id))\"><data key=\"kind\">\(node.kind.rawValue)</data>"
      if let origin = node.origin { out += "<data key=\"at\">\(escape(origin.place.description))</data>" }
      out += "</node>\n"
    }
    for edge in sorted(graph.edges, graph) {
      out += "    <edge source=\"\(escape(graph.nodes[edge.from].id))\" target=\"\(escape(graph.nodes[edge.to].id))\">"
      out +=
        "<data key=\"kind\">\(edge.kind.rawValue)</data><data key=\"confidence\">\(edge.confidence.rawValue)</data>"
      if let at = edge.at { out += "<data key=\"at\">\(escape(at.description))</data>" }
      out += "</edge>\n"
    }
    return out + "  </graph>\n</graphml>\n"
  }
}
