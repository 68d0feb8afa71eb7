import KapinBase
import KapinModel
import KapinQuery

/// Pictures of the ways from a feature's screens and endpoints to the rows that they change.
struct HTMLTraces {
  private let index: GraphIndex
  private let links: HTMLLinks
  private let tables: Set<NodeID>

  /// So many screens are looked at for a way, and endpoints where screens lead nowhere.
  private static let starts = 6
  private static let shown = 2
  /// A longer way is no picture.
  private static let longest = 9

  init(_ graph: ProductGraph, _ links: HTMLLinks) {
    index = GraphIndex(graph)
    self.links = links
    tables = Set(
      graph.nodes.ids.filter { id in
        if case .table = graph.nodes[id].content { return true }
        return false
      })
  }

  /// The feature's own tables first, changes before what is only read; nothing when no way is known.
  func picture(_ feature: Feature) -> String {
    let traces = ways(feature)
    guard !traces.isEmpty else { return "" }
    let start = isPage(traces[0].start) ? "screen" : "request"
    return "<details class=\"traces\" open><summary>From the \(start) to the column</summary>"
      + traces.map(drawing).joined() + "</details>"
  }

  private func ways(_ feature: Feature) -> [Trace] {
    let own = Set(feature.tables)
    let pages = feature.routes.filter(isPage), others = feature.routes.filter { !isPage($0) }
    for targets in [own, tables] where !targets.isEmpty {
      for kind in [EdgeKind.writes, .reads] {
        for starts in [pages, others] where !starts.isEmpty {
          var found: [Trace] = []
          for start in starts.prefix(Self.starts) where found.count < Self.shown {
            var question = TraceQuestion(from: [start], to: targets)
            question.last = [kind]
            question.limit = 1
            found += index.traces(question).filter { $0.hops.count <= Self.longest }
          }
          if !found.isEmpty { return found }
        }
      }
    }
    return []
  }

  private func isPage(_ id: NodeID) -> Bool {
    if case .route(let route) = index.node(id).content { return route.form == .page }
    return false
  }

  private func drawing(_ trace: Trace) -> String {
    var boxes = [box(trace.start, at: index.node(trace.start).origin?.place, columns: [])]
    for hop in trace.hops {
      let isSure = hop.edge.confidence != .heuristic
      let arrow =
        "<span class=\"hop\(isSure ? "" : " unsure")\"><span>\(HTMLReport.escape(verb(hop.edge)))</span></span>"
      boxes.append(
        arrow + box(hop.to, at: hop.edge.at ?? index.node(hop.to).origin?.place, columns: columns(hop.edge)))
    }
    return "<ol class=\"trace\">" + boxes.map { "<li>\($0)</li>" }.joined() + "</ol>"
  }

  private func box(_ id: NodeID, at place: Place?, columns: [String]) -> String {
    let node = index.node(id)
    let names = columns.prefix(6).map { "<code>\(HTMLReport.escape($0))</code>" }.joined(separator: " ")
    let more = columns.count > 6 ? " <span class=\"more\">and \(columns.count - 6) more</span>" : ""
    return
      "<div class=\"box \(kind(node))\"><small>\(kind(node))</small><b>\(HTMLReport.escape(HTMLNames.short(node)))</b>"
      + (names.isEmpty ? "" : "<span>\(names)\(more)</span>") + (place.map { links.link($0) } ?? "") + "</div>"
  }

  private func kind(_ node: ProductNode) -> String {
    switch node.content {
    case .route(let route): route.form.rawValue
    case .symbol(_, let isComponent): isComponent ? "component" : "function"
    default: node.kind.rawValue
    }
  }

  private func verb(_ edge: ProductEdge) -> String {
    for case ("verb", .text(let own)) in edge.fields { return own }
    for case ("event", .text(let event)) in edge.fields { return "on \(event)" }
    return edge.kind == .handles ? "is handled by" : edge.kind.rawValue
  }

  private func columns(_ edge: ProductEdge) -> [String] {
    for case ("columns", .texts(let all)) in edge.fields { return all }
    return []
  }
}
