import KapinBase
package import KapinModel

/// The edges of a product graph by the nodes that they leave and enter.
package struct GraphIndex: Sendable {
  package let graph: ProductGraph
  /// Places in `graph.edges`, in the graph's order.
  package private(set) var out: [[Int]]
  package private(set) var into: [[Int]]
  /// Edges that do not lead to all of their target.
  private var leaving: Set<Int> = []
  /// Functions that only what calls them by name runs.
  private var handedOut: Set<NodeID> = []

  package init(_ graph: ProductGraph) {
    self.graph = graph
    out = Array(repeating: [], count: graph.nodes.count)
    into = out
    for (index, edge) in graph.edges.enumerated() {
      out[edge.from.index].append(index)
      into[edge.to.index].append(index)
      if edge.fields.contains(where: { $0.key == "apart" }) { leaving.insert(index) }
    }
    let handed = HandedOut(graph.code)
    for symbol in handed.options {
      if let node = graph.symbols[symbol] { handedOut.insert(node) }
    }
    var asked: Set<String>?
    for (symbol, names) in handed.functions {
      guard let node = graph.symbols[symbol] else { continue }
      let isCalled = into[node.index].contains { [.calls, .triggers].contains(graph.edges[$0].kind) }
      if !isCalled, asked == nil { asked = HandedOut.askedNames(graph.code) }
      // Where somebody takes it and nobody is known to call it, it may run wherever it stands.
      if isCalled || asked?.isDisjoint(with: names) ?? false { handedOut.insert(node) }
    }
  }

  package func node(_ id: NodeID) -> ProductNode { graph.nodes[id] }

  /// What people call a node: `POST /api/login`, `users`, `LoginForm`, a path.
  package func name(_ id: NodeID) -> String {
    let node = graph.nodes[id]
    switch node.content {
    case .route(let route): return "\(route.method) \(route.path)"
    case .table(let table): return table.table.name
    case .symbol: return node.id.split(separator: "#", maxSplits: 1).last.map(String.init) ?? node.id
    default: return node.id.split(separator: ":", maxSplits: 1).last.map(String.init) ?? node.id
    }
  }

  /// Whether what was followed to an edge leaves out the part of the function in which the edge stands: branches for
  /// other methods than the route's, branches that what a call passes excludes.
  package func isApart(_ edge: ProductEdge, from before: Int) -> Bool {
    guard leavesOut(before) else { return false }
    let place = edge.kind == .contains ? graph.nodes[edge.to].origin?.place : edge.at
    guard let position = place?.position else { return false }
    for case ("apart", .texts(let parts)) in graph.edges[before].fields {
      return parts.contains { part in
        // `12:3-40:5`: lines and columns
        let ends = part.split(separator: "-").map { $0.split(separator: ":").compactMap { Int($0) } }
        let at = [position.line, position.column]
        return ends.count == 2 && !at.lexicographicallyPrecedes(ends[0]) && at.lexicographicallyPrecedes(ends[1])
      }
    }
    return false
  }

  /// Whether what follows an edge may depend on it.
  package func leavesOut(_ edge: Int) -> Bool { leaving.contains(edge) }

  /// Whether something runs along an edge: from a page over what it renders and asks for to what is read and written.
  package func isFlow(_ edge: ProductEdge) -> Bool {
    switch edge.kind {
    case .renders, .triggers, .calls, .requests, .handles, .reads, .writes, .emits, .uses: return true
    case .contains:
      // What a function declares inside runs with it; what a class or module holds does not.
      guard case .symbol(let outer, _) = graph.nodes[edge.from].content,
        case .symbol = graph.nodes[edge.to].content, let id = outer.declaration, !handedOut.contains(edge.to)
      else { return false }
      switch graph.code.modules[outer.module].facts.declarations[id].form {
      case .function, .arrow, .method, .variable, .constructor, .getter, .setter: return true
      default: return false
      }
    case .depends, .exports, .guards, .imports, .mounts, .navigates, .references: return false
    }
  }
}
