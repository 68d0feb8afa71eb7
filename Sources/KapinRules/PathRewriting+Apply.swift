import KapinBase
import KapinModel

extension PathRewriting {
  /// The route path of a text in a framework's notation; `nil` when a segment says that this is no route.
  func apply(_ path: String) -> String? {
    guard !segments.isEmpty || !separators.isEmpty || !last.isEmpty else { return RoutePath.normalize(path) }
    let dividers = Set(separators + "/")
    var parts: [String] = []
    var all = Self.split(path, dividers).filter { !$0.isEmpty }
    if !last.isEmpty, let leaf = all.popLast() {
      guard let rewritten = last.rewrite(leaf) else { return nil }
      if !rewritten.isEmpty { all.append(rewritten) }
    }
    for segment in all {
      guard let rewritten = segments.rewrite(segment) else { return nil }
      if !rewritten.isEmpty { parts.append(rewritten) }
    }
    return RoutePath.normalize(parts.joined(separator: "/"))
  }

  /// Dividers inside brackets divide nothing: `sitemap[.]xml`.
  private static func split(_ path: String, _ dividers: Set<Character>) -> [String] {
    var parts = [""]
    var depth = 0
    for character in path {
      if character == "[" || character == "{" || character == "(" { depth += 1 }
      if character == "]" || character == "}" || character == ")" { depth -= 1 }
      if dividers.contains(character), depth <= 0 || character == "/" {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts
  }
}

extension [SegmentRewrite] {
  /// What a segment becomes: by the first pattern that fits, else itself with inner patterns replaced.
  func rewrite(_ segment: String) -> String? {
    for row in self where !row.isInner {
      if let holes = row.match(segment[...]) {
        guard let result = row.result else { return nil }
        return rewriteInside(Self.fill(result, holes))
      }
    }
    return rewriteInside(segment)
  }

  private func rewriteInside(_ segment: String) -> String {
    var text = segment
    for row in self where row.isInner {
      guard let result = row.result, let open = row.parts.first, let close = row.parts.last, row.parts.count == 2,
        !open.isEmpty
      else { continue }
      var out = ""
      var rest = text[...]
      while let start = rest.firstRange(of: open) {
        let tail = rest[start.upperBound...]
        guard let end = close.isEmpty ? tail.endIndex..<tail.endIndex : tail.firstRange(of: close) else { break }
        out += rest[..<start.lowerBound] + Self.fill(result, [tail[..<end.lowerBound]])
        rest = tail[end.upperBound...]
      }
      text = out + rest
    }
    return text
  }

  private static func fill(_ result: String, _ holes: [Substring]) -> String {
    guard let hole = result.firstRange(of: "{}") else { return result }
    return String(result[..<hole.lowerBound]) + (holes.first ?? "") + result[hole.upperBound...]
  }
}

extension SegmentRewrite {
  /// What stands in the holes, when the whole segment fits.
  func match(_ segment: Substring) -> [Substring]? {
    guard let first = parts.first, segment.hasPrefix(first) else { return nil }
    guard parts.count > 1 else { return segment.count == first.count ? [] : nil }
    var rest = segment.dropFirst(first.count)
    var holes: [Substring] = []
    for (index, part) in parts.dropFirst().enumerated() {
      if index == parts.count - 2 {
        guard rest.hasSuffix(part), rest.count >= part.count else { return nil }
        let hole = rest.dropLast(part.count)
        // `[a]-[b]` is no `[*]`.
        if !part.isEmpty, hole.contains(part) { return nil }
        holes.append(hole)
      } else {
        guard let range = rest.firstRange(of: part) else { return nil }
        holes.append(rest[..<range.lowerBound])
        rest = rest[range.upperBound...]
      }
    }
    return holes
  }
}
