import KapinBase
package import KapinModel

/// The edges of a product graph by the nodes that they leave and enter.
package struct GraphIndex: Sendable {
  package let graph: ProductGraph
  /// Places in `graph.edges`, in the graph's order.
  package private(set) var out: [[Int]]
  package private(set) var into: [[Int]]
  /// What edges that do not lead to all of their target leave out.
  private var leaving: [Int: [LeftOut]] = [:]
  /// What must hold for edges to be followed: ids of constants, with `!` before one that must not be true.
  private var conditional: [Int: [String]] = [:]
  /// Functions that only what calls them by name runs.
  private var handedOut: Set<NodeID> = []

  package init(_ graph: ProductGraph) {
    self.graph = graph
    out = Array(repeating: [], count: graph.nodes.count)
    into = out
    for (index, edge) in graph.edges.enumerated() {
      out[edge.from.index].append(index)
      into[edge.to.index].append(index)
      for case (let key, .texts(let parts)) in edge.fields {
        if key == "apart" { leaving[index] = parts.compactMap { LeftOut($0) } }
        if key == "when" { conditional[index] = parts }
      }
    }
    handedOut = Self.handedOut(graph)
  }

  /// Functions that the ones around them only hand out, or keep in an object: they run when something calls them.
  package static func handedOut(_ graph: ProductGraph) -> Set<NodeID> {
    let handed = HandedOut(graph.code)
    var found: Set<NodeID> = []
    for symbol in handed.options {
      if let node = graph.symbols[symbol] { found.insert(node) }
    }
    guard !handed.functions.isEmpty else { return found }
    var called: Set<NodeID> = []
    for edge in graph.edges where edge.kind == .calls || edge.kind == .triggers { called.insert(edge.to) }
    var asked: Set<Name>?
    for (symbol, names) in handed.functions {
      guard let node = graph.symbols[symbol] else { continue }
      let isCalled = called.contains(node)
      if !isCalled, asked == nil { asked = HandedOut.askedNames(graph.code) }
      // Where somebody takes it and nobody is known to call it, it may run wherever it stands.
      let isAsked = names.isEmpty || !(asked?.isDisjoint(with: names) ?? false)
      if isCalled || !isAsked { found.insert(node) }
    }
    return found
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

  /// Whether an edge stands in a part that was left out on the way to it: branches for other methods than the route's,
  /// branches that what a call passes excludes.
  func isApart(_ edge: ProductEdge, _ parts: [LeftOut]) -> Bool {
    // What leads to a handler stands elsewhere.
    guard !parts.isEmpty, edge.kind != .handles else { return false }
    let place = edge.kind == .contains ? graph.nodes[edge.to].origin?.place : edge.at
    guard let position = place?.position else { return false }
    return parts.contains { $0.contains(position) }
  }

  /// Whether a symbol is declared inside another one.
  func isInside(_ inner: NodeID, _ outer: NodeID) -> Bool {
    let id = graph.nodes[inner].id, around = graph.nodes[outer].id
    return id.utf8.count > around.utf8.count && id.hasPrefix(around) && id.dropFirst(around.count).first == "."
  }

  func conditions(of edge: Int) -> [String] { conditional[edge] ?? [] }

  /// What is left out of what an edge leads to, and of what follows.
  func leftOut(by edge: Int) -> [LeftOut] { leaving[edge] ?? [] }

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
