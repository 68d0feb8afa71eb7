import KapinBase
package import KapinModel

/// A way through the product: from a screen over its controls, requests and handlers to the columns that change.
package struct Trace: Sendable {
  package struct Hop: Sendable {
    package var edge: ProductEdge
    package var to: NodeID
  }
  package var start: NodeID
  package var hops: [Hop]

  package var end: NodeID { hops.last?.to ?? start }

  /// As sure as its least sure hop.
  package var confidence: Confidence {
    let all = hops.map(\.edge.confidence)
    return all.contains(.heuristic) ? .heuristic : all.contains(.resolved) ? .resolved : .exact
  }
}

/// What a trace looks for.
package struct TraceQuestion: Sendable {
  package var from: [NodeID]
  package var to: Set<NodeID>
  /// The last step must be one of these; empty for any.
  package var last: Set<EdgeKind> = []
  /// The last step must touch this column, where its columns are known.
  package var column: String?
  package var limit = 20
  package init(from: [NodeID], to: Set<NodeID>) {
    self.from = from
    self.to = to
  }
}

extension GraphIndex {
  /// A shortest way from each start to each target, nearest first; each target once for each start.
  package func traces(_ question: TraceQuestion) -> [Trace] {
    var found: [Trace] = []
    for start in question.from {
      guard found.count < question.limit else { break }
      found += traces(from: start, question, limit: question.limit - found.count)
    }
    return found
  }

  private func traces(from start: NodeID, _ question: TraceQuestion, limit: Int) -> [Trace] {
    var walk = FlowWalk(self, from: start)
    var found: [Trace] = []
    var answered: Set<Int> = []
    while let step = walk.next(), found.count < limit {
      // What only stands inside comes last: a control that triggers a function says more.
      let (inside, steps) = out[walk.node(step).index].reduce(into: ([Int](), [Int]())) { all, place in
        if graph.edges[place].kind == .contains { all.0.append(place) } else { all.1.append(place) }
      }
      for place in steps + inside {
        let edge = graph.edges[place]
        guard isFlow(edge), walk.reaches(place, after: step) else { continue }
        let target = edge.to
        if question.to.contains(target), target != start, !answered.contains(target.index), accepts(edge, question) {
          answered.insert(target.index)
          found.append(Trace(start: start, hops: walk.hops(to: step) + [Trace.Hop(edge: edge, to: target)]))
          if found.count == limit { break }
        }
        // A page that is linked is another page; what a route handles goes on.
        walk.go(along: place, after: step)
      }
    }
    return found
  }

  private func accepts(_ edge: ProductEdge, _ question: TraceQuestion) -> Bool {
    if !question.last.isEmpty, !question.last.contains(edge.kind) { return false }
    guard let column = question.column else { return true }
    for case ("columns", .texts(let columns)) in edge.fields { return columns.contains(column) }
    return false
  }
}
