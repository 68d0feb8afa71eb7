import KapinBase
package import KapinModel

/// A walk over the graph, nearest nodes first, that keeps apart how it came where that decides how it may go on.
///
/// A function that is reached by calls which leave out different parts of it is visited for each of them, unless a call
/// that leaves nothing out was there before.
package struct FlowWalk {
  private struct Visit {
    var node: NodeID
    /// The visit before, and the edge from it.
    var before: Int?
    var edge: Int?
  }

  private let index: GraphIndex
  private var visits: [Visit]
  private var position = 0
  /// Nodes that were reached whole.
  private var seen: Set<NodeID>
  /// Edges that leave something out and were followed.
  private var partly: Set<Int> = []

  package init(_ index: GraphIndex, from start: NodeID) {
    self.index = index
    visits = [Visit(node: start)]
    seen = [start]
  }

  /// The next place to go on from.
  package mutating func next() -> Int? {
    guard position < visits.count else { return nil }
    position += 1
    return position - 1
  }

  package func node(_ visit: Int) -> NodeID { visits[visit].node }

  /// Whether what led to a visit reaches an edge from there.
  package func reaches(_ edge: ProductEdge, after visit: Int) -> Bool {
    visits[visit].edge.map { !index.isApart(edge, from: $0) } ?? true
  }

  package mutating func go(along edge: Int, after visit: Int) {
    let target = index.graph.edges[edge].to
    if index.leavesOut(edge) {
      guard !seen.contains(target), partly.insert(edge).inserted else { return }
    } else {
      guard seen.insert(target).inserted else { return }
    }
    visits.append(Visit(node: target, before: visit, edge: edge))
  }

  package func hops(to visit: Int) -> [Trace.Hop] {
    var hops: [Trace.Hop] = []
    var current = visits[visit]
    while let before = current.before, let edge = current.edge {
      hops.append(Trace.Hop(edge: index.graph.edges[edge], to: current.node))
      current = visits[before]
    }
    return hops.reversed()
  }
}
