import KapinBase
package import KapinModel

/// A node that answers a question, with the edge that says so.
package struct Relative: Sendable {
  package var node: NodeID
  package var edge: ProductEdge
  /// Steps away from what was asked about.
  package var distance: Int
}

extension GraphIndex {
  /// What uses nodes directly: calls, renders, asks for, handles, reads or writes them.
  package func users(of nodes: [NodeID], by kinds: Set<EdgeKind>) -> [Relative] {
    nodes.flatMap { into[$0.index] }.map { graph.edges[$0] }.filter { kinds.contains($0.kind) }
      .map { Relative(node: $0.from, edge: $0, distance: 1) }
  }

  /// What nodes use directly.
  package func used(by nodes: [NodeID], by kinds: Set<EdgeKind>) -> [Relative] {
    nodes.flatMap { out[$0.index] }.map { graph.edges[$0] }.filter { kinds.contains($0.kind) }
      .map { Relative(node: $0.to, edge: $0, distance: 1) }
  }

  /// All nodes from which something runs into these, nearest first: what a change of them may touch.
  package func dependents(of nodes: [NodeID], limit: Int = 10_000) -> [Relative] {
    dependents(of: nodes, users: [], limit: limit)
  }

  /// What a change of a file may touch, nearest first: what runs into what it declares, and what uses a name that it
  /// exports, with what runs into that.
  package func dependents(ofFile path: String, limit: Int = 10_000) -> [Relative] {
    dependents(of: nodes(inFile: path), users: ImportUsers.users(ofFile: path, self), limit: limit)
  }

  /// - Parameter users: nearest first; nodes that depend on these ones without running into them.
  private func dependents(of nodes: [NodeID], users: [Relative], limit: Int) -> [Relative] {
    var known = Set(nodes.map(\.index))
    // A function that some calls run only in part is looked at for each way on from it.
    var seen: Set<Visit> = []
    var found: [Relative] = []
    var queue = nodes.map { (node: $0, after: Int?.none, distance: 0) }, next = 0
    var waiting = users[...]
    while found.count < limit {
      let distance = next < queue.count ? queue[next].distance : waiting.first?.distance ?? 0
      while let user = waiting.first, user.distance <= distance + 1 {
        waiting.removeFirst()
        guard known.insert(user.node.index).inserted else { continue }
        found.append(user)
        queue.append((user.node, nil, user.distance))
      }
      guard next < queue.count else { break }
      let (node, after, _) = queue[next]
      next += 1
      for place in into[node.index] {
        let edge = graph.edges[place]
        if let after, isApart(graph.edges[after], leftOut(by: place)) { continue }
        guard isFlow(edge) else { continue }
        let isPartly = into[edge.from.index].contains { !leftOut(by: $0).isEmpty }
        guard seen.insert(Visit(node: edge.from, after: isPartly ? place : nil)).inserted else { continue }
        if known.insert(edge.from.index).inserted {
          found.append(Relative(node: edge.from, edge: edge, distance: distance + 1))
        }
        queue.append((edge.from, place, distance + 1))
      }
    }
    return found
  }

  private struct Visit: Hashable {
    var node: NodeID
    var after: Int?
  }

  /// The path of a node that is a file.
  package func path(ofFile id: NodeID) -> String? {
    switch node(id).content {
    case .module(let module): graph.code.modules[module].path
    case .file: NodeIDs.unescape(node(id).id.dropFirst("file:".count))
    default: nil
    }
  }

  /// The symbols and the module of a file, and the routes and tables that it declares.
  func nodes(inFile path: String) -> [NodeID] {
    Array(graph.nodes.ids).filter { id in
      let node = graph.nodes[id]
      switch node.content {
      case .module(let module): return graph.code.modules[module].path == path
      case .symbol(let symbol, _): return graph.code.modules[symbol.module].path == path
      case .route, .table: return node.origin?.place.path == path
      default: return false
      }
    }
  }
}

/// The questions that the command line and assistants ask by name.
package enum GraphQuestions {
  private static let uses: Set<EdgeKind> = [
    .calls, .renders, .triggers, .requests, .navigates, .handles, .guards, .reads, .writes, .emits, .uses,
  ]

  /// Answers in the order of the graph's edges; `impact` nearest first.
  package static func answer(_ question: String, _ nodes: [NodeID], _ index: GraphIndex) -> [Relative] {
    switch question {
    case "callers": index.users(of: nodes, by: uses)
    case "callees": index.used(by: nodes, by: uses)
    case "readers": index.users(of: nodes, by: [.reads])
    case "writers": index.users(of: nodes, by: [.writes])
    case "impact": impact(of: nodes, index)
    default: []
    }
  }

  /// Of a file all that uses it counts, of anything else what runs into it.
  private static func impact(of nodes: [NodeID], _ index: GraphIndex) -> [Relative] {
    if nodes.count == 1, let path = index.path(ofFile: nodes[0]) { return index.dependents(ofFile: path) }
    return index.dependents(of: nodes)
  }
}
