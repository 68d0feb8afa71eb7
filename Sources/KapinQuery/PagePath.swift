/// The path of a page, and what code says of the paths that it runs on: `path:/documents/[id]`, `!path:/settings`.
struct PagePath {
  private let segments: [String]

  init(_ path: String) { segments = Self.segments(path[...]) }

  static func isMeant(_ condition: String) -> Bool { condition.hasPrefix("path:") || condition.hasPrefix("!path:") }

  /// Whether code with these conditions does not run on the page.
  func isExcluded(by conditions: [String]) -> Bool {
    conditions.contains { condition in
      guard Self.isMeant(condition), let colon = condition.firstIndex(of: ":") else { return false }
      let isHere = condition[condition.index(after: colon)...].split(separator: " ").contains { isPath($0) }
      // What a page with parameters is shown at is known only when it is.
      return condition.first == "!" ? isHere : !isHere && !mayBe(condition[condition.index(after: colon)...])
    }
  }

  private func isPath(_ path: Substring) -> Bool { Self.segments(path) == segments }

  /// Whether the page may be shown at one of several paths: those that say no parameters fit those that have some.
  private func mayBe(_ paths: Substring) -> Bool {
    paths.split(separator: " ").contains { path in
      let other = Self.segments(path)
      if segments.last == "*" { return other.count >= segments.count - 1 }
      return other.count == segments.count && zip(segments, other).allSatisfy { $0 == $1 || $0 == ":" && $1 != ":" }
    }
  }

  /// A path's parts; parameters, however they are written, are `:`, and `*` is any number of parts.
  private static func segments(_ path: Substring) -> [String] {
    path.split(separator: "/").map { part in
      if part.first == "*" || part.hasPrefix("[...") || part.hasPrefix("[[...") { return "*" }
      return part.first == ":" || part.first == "[" ? ":" : String(part)
    }
  }
}
