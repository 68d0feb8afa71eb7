import KapinBase

/// Route paths as the graph writes them: `/users/:id`, `/files/*rest`, `:id?` when optional.
package enum RoutePath {
  /// One leading slash, none at the end, none doubled; parameters' patterns (`:id(\\d+)`) taken off.
  package static func normalize(_ path: String) -> String {
    var parts: [String] = []
    for part in path.split(separator: "/", omittingEmptySubsequences: true) {
      var text = String(part)
      if text.hasPrefix(":"), let open = text.firstIndex(of: "(") {
        let optional = text.hasSuffix("?")
        text = String(text[..<open]) + (optional ? "?" : "")
      }
      if text == "*" { text = "*rest" }
      parts.append(text)
    }
    return "/" + parts.joined(separator: "/")
  }

  /// Without an unknown part that it starts with: what a deployment puts in front.
  package static func withoutUnknownStart(_ path: String) -> String {
    let plain = path.drop { $0 == "/" }
    return plain.hasPrefix("{?}") ? String(plain.dropFirst(3)) : path
  }

  package static func join(_ prefix: String, _ path: String) -> String {
    normalize(prefix + "/" + path)
  }

  package static func parameters(_ path: String) -> [String] {
    path.split(separator: "/").compactMap { part in
      guard part.hasPrefix(":") || part.hasPrefix("*") else { return nil }
      let name = part.dropFirst()
      return String(name.hasSuffix("?") ? name.dropLast() : name)
    }
  }
}
