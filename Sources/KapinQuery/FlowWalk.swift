import KapinBase
package import KapinModel

/// A walk over the graph, nearest nodes first, that keeps apart how it came where that decides how it may go on.
///
/// A function that is reached by calls which leave out different parts of it is visited for each of them, unless a call
/// that leaves out no more was there before.
package struct FlowWalk {
  private struct Visit {
    var node: NodeID
    /// The visit before, and the edge from it.
    var before: Int?
    var edge: Int?
    var way = Way()
  }
  /// What the edges to a visit say of all that follows.
  private struct Way {
    var leftOut: [LeftOut] = []
    /// Constants that are true, or with `!` before them are not, as far as the way depends on it.
    var holds: [String] = []

    /// Whether all that another way reaches is reached by this one.
    func covers(_ other: Way) -> Bool {
      leftOut.allSatisfy { other.leftOut.contains($0) } && holds.allSatisfy { other.holds.contains($0) }
    }

    func excludes(_ conditions: [String]) -> Bool {
      !holds.isEmpty && conditions.contains { holds.contains($0.first == "!" ? String($0.dropFirst()) : "!" + $0) }
    }
  }
  /// A function that is reached in more ways than these is taken whole.
  private static let wayLimit = 12

  private let index: GraphIndex
  /// Of a walk that starts at a page.
  private let page: PagePath?
  private var visits: [Visit]
  private var position = 0
  /// How each node was reached.
  private var seen: [NodeID: [Way]]

  package init(_ index: GraphIndex, from start: NodeID) {
    self.index = index
    if case .route(let route) = index.node(start).content, route.form == .page {
      page = PagePath(route.path)
    } else {
      page = nil
    }
    visits = [Visit(node: start)]
    seen = [start: [Way()]]
  }

  /// The next place to go on from.
  package mutating func next() -> Int? {
    guard position < visits.count else { return nil }
    position += 1
    return position - 1
  }

  package func node(_ visit: Int) -> NodeID { visits[visit].node }

  /// Whether what led to a visit reaches an edge from there.
  package func reaches(_ edge: Int, after visit: Int) -> Bool {
    let way = visits[visit].way
    let conditions = index.conditions(of: edge)
    return !index.isApart(index.graph.edges[edge], way.leftOut) && !way.excludes(conditions)
      && !(page?.isExcluded(by: conditions) ?? false)
  }

  package mutating func go(along edge: Int, after visit: Int) {
    let row = index.graph.edges[edge]
    let before = visits[visit].way
    var way = Way(leftOut: index.leftOut(by: edge), holds: before.holds)
    if !before.leftOut.isEmpty {
      let isInner = row.kind == .contains || index.isInside(row.to, row.from)
      for part in before.leftOut {
        if let rest = part.after(row, isInner: isInner), !way.leftOut.contains(rest) { way.leftOut.append(rest) }
      }
    }
    for condition in index.conditions(of: edge) where !way.holds.contains(condition) && !PagePath.isMeant(condition) {
      way.holds.append(condition)
    }
    let known = seen[row.to] ?? []
    if known.count >= Self.wayLimit { way = Way() }
    guard !known.contains(where: { $0.covers(way) }) else { return }
    seen[row.to, default: []].append(way)
    visits.append(Visit(node: row.to, before: visit, edge: edge, way: way))
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
