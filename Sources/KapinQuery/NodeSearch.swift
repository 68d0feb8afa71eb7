import KapinBase
package import KapinModel

/// Finds nodes by what people call them.
///
/// A whole id (`table:.:users`), a kind with a name (`table:users`, `route:*`), a route (`POST /api/login`, `/login`), a
/// table with a column (`users.email`), a function or component (`LoginForm`), a file; `*` stands for anything.
package struct NodeSearch {
  package struct Answer: Sendable {
    package var nodes: [NodeID]
    /// The column that was asked for, when the text names one.
    package var column: String?
  }

  private let index: GraphIndex

  package init(_ index: GraphIndex) { self.index = index }

  package func find(_ text: String) -> Answer {
    let graph = index.graph
    if let exact = graph.node(id: text) { return Answer(nodes: [exact]) }
    if let colon = text.firstIndex(of: ":"), let kind = NodeKind(rawValue: String(text[..<colon])) {
      return find(String(text[text.index(after: colon)...]), kind)
    }
    for kind in [NodeKind.route, .table, .symbol, .event, .module, .file, .env, .external] {
      let found = find(text, kind)
      if !found.nodes.isEmpty { return found }
    }
    return Answer(nodes: [])
  }

  private func find(_ text: String, _ kind: NodeKind) -> Answer {
    let graph = index.graph
    let all = Array(graph.nodes.ids.filter { graph.nodes[$0].kind == kind })
    var found = all.filter { fits($0, text) }
    if found.isEmpty, kind == .table, let dot = text.lastIndex(of: ".") {
      let column = String(text[text.index(after: dot)...])
      found = all.filter { id in
        guard fits(id, String(text[..<dot])), case .table(let table) = graph.nodes[id].content else { return false }
        return table.table.columns.contains { $0.name == column || $0.codeName == column }
      }
      if !found.isEmpty { return Answer(nodes: sorted(found), column: column) }
    }
    return Answer(nodes: sorted(found))
  }

  private func sorted(_ nodes: [NodeID]) -> [NodeID] { nodes.sortedByBytes { index.graph.nodes[$0].id } }

  private func fits(_ id: NodeID, _ text: String) -> Bool {
    names(id).contains { Self.matches($0[...], text[...]) }
  }

  private func names(_ id: NodeID) -> [String] {
    let node = index.graph.nodes[id]
    switch node.content {
    case .route(let route): return ["\(route.method) \(route.path)", route.path]
    case .table(let table): return [table.table.name, table.table.codeName]
    case .symbol:
      let whole = index.name(id)
      return [whole, whole.split(separator: ".").last.map(String.init) ?? whole, String(node.id.dropFirst(7))]
    case .module, .file: return [index.path(ofFile: id) ?? index.name(id)]
    default: return [index.name(id)]
    }
  }

  /// `*` stands for any number of characters.
  static func matches(_ text: Substring, _ pattern: Substring) -> Bool {
    guard let star = pattern.firstIndex(of: "*") else { return text == pattern }
    let start = pattern[..<star]
    guard text.hasPrefix(start) else { return false }
    let rest = pattern[pattern.index(after: star)...]
    var tail = text.dropFirst(start.count)
    if rest.isEmpty { return true }
    while true {
      if matches(tail, rest) { return true }
      guard !tail.isEmpty else { return false }
      tail = tail.dropFirst()
    }
  }

  /// The nearest names, for a message about one that is not there.
  package func nearest(_ text: String) -> String? {
    let graph = index.graph
    let names = Array(
      graph.nodes.ids.filter { [.route, .table, .event].contains(graph.nodes[$0].kind) }.map { index.name($0) })
    return Similarity.nearest(text, in: names)
  }
}
