import KapinBase
import KapinModel

/// The functions that run on the server: handlers of routes, and what they reach by calls.
enum Served {
  static func symbols(of graph: ProductGraph) -> Set<NodeID> {
    var reached: Set<NodeID> = []
    var queue: [NodeID] = []
    for edge in graph.edges where edge.kind == .handles || edge.kind == .guards {
      guard case .route(let route) = graph.nodes[edge.from].content else { continue }
      if route.form != .page {
        queue.append(edge.to)
      } else if case .symbol(let ref, _) = graph.nodes[edge.to].content, rendersOnServer(ref, graph) {
        queue.append(edge.to)
      }
    }
    var calls: [NodeID: [NodeID]] = [:]
    // A function that is declared inside one that runs on the server does, too.
    for edge in graph.edges
    where edge.kind == .calls || (edge.kind == .contains && graph.nodes[edge.from].kind == .symbol) {
      calls[edge.from, default: []].append(edge.to)
    }
    while let next = queue.popLast() {
      guard reached.insert(next).inserted else { continue }
      queue += calls[next] ?? []
    }
    return reached
  }

  /// An asynchronous function can't be a component of the browser, unless its module says that it is one.
  static func rendersOnServer(_ ref: SymbolRef, _ graph: ProductGraph) -> Bool {
    let facts = graph.code.modules[ref.module].facts
    guard let id = ref.declaration, facts.declarations[id].flags.contains(.async) else { return false }
    return !facts.directives.contains { facts.names[$0] == "use client" }
  }
}
