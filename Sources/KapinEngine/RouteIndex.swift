import KapinBase
import KapinModel

/// Finds the route that a request's method and path lead to.
struct RouteIndex {
  struct Entry {
    var node: NodeID
    var route: Route
    var segments: [Substring]
  }

  enum Match {
    case one(NodeID, Confidence)
    case several([NodeID])
    case none
  }

  private let pages: [Entry]
  private let endpoints: [Entry]

  init(_ graph: ProductGraph, _ nodes: [NodeID]) {
    let entries = nodes.compactMap { id -> Entry? in
      guard case .route(let route) = graph.nodes[id].content, route.form != .action else { return nil }
      return Entry(node: id, route: route, segments: route.path.split(separator: "/"))
    }
    pages = entries.filter { $0.route.form == .page }
    endpoints = entries.filter { $0.route.form != .page }
  }

  /// - Parameters:
  ///   - path: the folded path; a hole at its start stands for an unknown base address.
  ///   - from: routes of this package are preferred.
  func match(method: String, path: FoldedText, pages: Bool, from package: PackageID) -> Match {
    guard let (segments, hasBase) = Self.segments(path) else { return .none }
    func isWanted(_ entry: Entry) -> Bool { pages || entry.route.method == method || entry.route.method == "ANY" }
    let entries = pages ? self.pages : endpoints
    var found = best(entries.filter { Self.covers($0.segments, segments) && isWanted($0) }, segments)
    var confidence = path.isComplete ? Confidence.exact : .resolved
    if found.isEmpty, hasBase, !segments.isEmpty {
      // The base address may hold a path of its own: the route may be longer at the front.
      found = best(
        entries.filter {
          $0.segments.count > segments.count && isWanted($0)
            && Self.covers(Array($0.segments.suffix(segments.count)), segments)
        },
        segments)
      confidence = .heuristic
    }
    let own = found.filter { $0.route.package == package }
    if !own.isEmpty { found = own }
    guard let first = found.first else { return .none }
    return found.count == 1 ? .one(first.node, confidence) : .several(found.map(\.node))
  }

  /// Literal segments beat parameters.
  private func best(_ found: [Entry], _ segments: [Substring]) -> [Entry] {
    func score(_ entry: Entry) -> Int {
      zip(entry.segments, segments).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
    }
    guard let top = found.map(score).max() else { return [] }
    return found.filter { score($0) == top }
  }

  private static func covers(_ pattern: [Substring], _ path: [Substring]) -> Bool {
    var index = 0
    for part in pattern {
      if part.hasPrefix("*") { return index < path.count || part.hasSuffix("?") }
      if index >= path.count { return part.hasSuffix("?") }
      let given = path[index]
      index += 1
      if part.hasPrefix(":") || part == "{?}" { continue }
      if given.contains("\u{0}") {
        // A hole in the request fits a parameter only, unless a part of the text agrees.
        return false
      }
      if part != given { return false }
    }
    return index == path.count
  }

  /// The segments of a request's path; holes are NUL. `nil` when it leads to another host.
  private static func segments(_ path: FoldedText) -> ([Substring], hasBase: Bool)? {
    var text = path.joined(hole: "\u{0}")
    var hasBase = false
    if text.hasPrefix("\u{0}") {
      hasBase = true
      text = String(text.dropFirst().drop { $0 != "/" })
      guard !text.isEmpty else { return nil }
    } else if text.hasPrefix("http://localhost") || text.hasPrefix("http://127.0.0.1") {
      text = String(text.dropFirst(7).drop { $0 != "/" })
    } else if !text.hasPrefix("/") {
      // Relative to a base address that is set elsewhere; other hosts are not ours.
      guard !text.contains("://"), !text.isEmpty else { return nil }
      hasBase = true
    }
    let end = text.firstIndex { $0 == "?" || $0 == "#" } ?? text.endIndex
    let clean = String(text[..<end])
    return (clean.split(separator: "/"), hasBase)
  }
}
