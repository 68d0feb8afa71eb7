import KapinBase
import KapinModel
import KapinQuery

/// Orders the pages of a feature as people come to them, by links and redirects.
final class StepFinder {
  private let index: GraphIndex
  private var graph: ProductGraph { index.graph }
  /// The pages that a page leads to, by what it shows and what it asks for.
  private var next: [NodeID: Set<NodeID>] = [:]
  /// How many pages show a symbol: what all of them show is the frame, and links to everything.
  private lazy var shown: (counts: [NodeID: Int], pages: Int) = {
    var counts: [NodeID: Int] = [:]
    var pages = 0
    for id in graph.nodes.ids {
      guard case .route(let route) = graph.nodes[id].content, route.form == .page else { continue }
      pages += 1
      for node in run(id) { counts[node, default: 0] += 1 }
    }
    return (counts, pages)
  }()

  private static let reachLimit = 400
  /// Fewer pages have no frame to tell apart.
  private static let fewPages = 6

  init(_ index: GraphIndex) { self.index = index }

  /// At least two pages of which each leads to the next, or none. A page that leads nowhere else stands at its distance.
  func steps(of routes: [NodeID]) -> [NodeID] {
    let pages = routes.filter { id in
      if case .route(let route) = graph.nodes[id].content {
        route.form == .page || route.form == .action
      } else {
        false
      }
    }
    guard pages.count > 1 else { return [] }
    let all = Set(pages)
    var before: [NodeID: Int] = [:]
    for page in pages {
      for other in leads(page) where all.contains(other) && other != page { before[other, default: 0] += 1 }
    }
    guard !before.isEmpty else { return [] }
    // Where nobody of the feature leads to, people come in; in a circle, at the page that leads to most.
    var queue = pages.filter { before[$0] == nil && !leads($0).isDisjoint(with: all) }
    if queue.isEmpty,
      let first = pages.max(by: { leads($0).intersection(all).count < leads($1).intersection(all).count })
    {
      queue = [first]
    }
    var seen = Set(queue), place = 0
    while place < queue.count {
      let following = leads(queue[place]).intersection(all).sorted { graph.nodes[$0].id.precedes(graph.nodes[$1].id) }
      for page in following where seen.insert(page).inserted { queue.append(page) }
      place += 1
    }
    return queue.count > 1 ? queue : []
  }

  private func leads(_ page: NodeID) -> Set<NodeID> {
    if let known = next[page] { return known }
    var found: Set<NodeID> = []
    for node in run(page) {
      let isFrame = shown.pages > Self.fewPages && (shown.counts[node] ?? 0) * 4 > shown.pages
      if node != page, isFrame { continue }
      for place in index.out[node.index] where graph.edges[place].kind == .navigates {
        found.insert(graph.edges[place].to)
      }
    }
    next[page] = found
    return found
  }

  /// What a page shows and calls, and the endpoints that it asks for, but no other page.
  private func run(_ page: NodeID) -> [NodeID] {
    var found = [page], place = 0
    var seen: Set<NodeID> = [page]
    while place < found.count, found.count < Self.reachLimit {
      for row in index.out[found[place].index] {
        let edge = graph.edges[row]
        guard index.isFlow(edge), ![.reads, .writes, .emits, .uses].contains(edge.kind), seen.insert(edge.to).inserted
        else { continue }
        found.append(edge.to)
      }
      place += 1
    }
    return found
  }
}
