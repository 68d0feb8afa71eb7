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

  private let pages: Shelf
  private let endpoints: Shelf

  /// Entries by their first and by their last segment; those that a parameter or an unknown part opens or ends apart.
  private struct Shelf {
    private var all: [Entry] = []
    private var byFirst: [Substring: [Int]] = [:]
    private var byLast: [Substring: [Int]] = [:]
    private var openFirst: [Int] = []
    private var openLast: [Int] = []

    init(_ entries: [Entry]) {
      all = entries
      for (index, entry) in entries.enumerated() {
        Self.put(index, entry.segments.first, &byFirst, &openFirst)
        Self.put(index, entry.segments.last, &byLast, &openLast)
      }
    }

    private static func put(_ index: Int, _ segment: Substring?, _ named: inout [Substring: [Int]], _ open: inout [Int])
    {
      if let segment, RouteIndex.isLiteral(segment) {
        named[segment, default: []].append(index)
      } else {
        open.append(index)
      }
    }

    /// What may cover a path as a whole, in the order of the routes.
    func starting(like path: [Substring], where fits: (borrowing Entry) -> Bool) -> [Entry] {
      entries(path.first, byFirst, openFirst, fits)
    }

    /// What may cover a path with its last segments.
    func ending(like path: [Substring], where fits: (borrowing Entry) -> Bool) -> [Entry] {
      entries(path.last, byLast, openLast, fits)
    }

    private func entries(
      _ segment: Substring?, _ named: [Substring: [Int]], _ open: [Int], _ fits: (borrowing Entry) -> Bool
    ) -> [Entry] {
      var found: [Int] = []
      if let segment, let rows = named[segment] { found = rows.filter { fits(all[$0]) } }
      for row in open where fits(all[row]) { found.append(row) }
      return found.sorted().map { all[$0] }
    }
  }

  init(_ graph: ProductGraph, _ nodes: [NodeID]) {
    let entries = nodes.compactMap { id -> Entry? in
      guard case .route(let route) = graph.nodes[id].content, route.form != .action else { return nil }
      return Entry(node: id, route: route, segments: route.path.split(separator: "/"))
    }
    pages = Shelf(entries.filter { $0.route.form == .page })
    endpoints = Shelf(entries.filter { $0.route.form != .page })
  }

  /// - Parameters:
  ///   - path: the folded path; a hole at its start stands for an unknown base address.
  ///   - from: routes of this package are preferred.
  func match(method: String, path: FoldedText, pages: Bool, from package: PackageID) -> Match {
    guard let (segments, hasBase) = Self.segments(path) else { return .none }
    func isWanted(_ entry: borrowing Entry) -> Bool {
      pages || entry.route.method == method || entry.route.method == "ANY"
    }
    let shelf = pages ? self.pages : endpoints
    var found = best(
      shelf.starting(like: segments) { isWanted($0) && Self.covers($0.segments, segments) }, segments)
    var confidence = path.isComplete ? Confidence.exact : .resolved
    if found.isEmpty, hasBase, !segments.isEmpty {
      // The base address may hold a path of its own: the route may be longer at the front.
      found = best(
        shelf.ending(like: segments) {
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

  private static func isLiteral(_ segment: Substring) -> Bool {
    let first = segment.utf8.first
    return first != UInt8(ascii: ":") && first != UInt8(ascii: "*") && segment != "{?}"
  }

  private static func covers(_ pattern: [Substring], _ path: [Substring]) -> Bool {
    covers(pattern[...], path[...])
  }

  private static func covers(_ pattern: ArraySlice<Substring>, _ path: ArraySlice<Substring>) -> Bool {
    guard let part = pattern.first else { return path.isEmpty }
    let rest = pattern.dropFirst()
    if part.utf8.first == UInt8(ascii: "*") { return rest.isEmpty && (!path.isEmpty || part.hasSuffix("?")) }
    // An optional part may be left out.
    if part.hasSuffix("?"), covers(rest, path) { return true }
    guard let given = path.first else { return false }
    // A hole in the request is no literal part, so it fits a parameter only.
    if isLiteral(part), part != given { return false }
    return covers(rest, path.dropFirst())
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
