import Foundation

/// What a git checkout says of itself, read from its files; no git is run.
enum GitCheckout {
  static func headCommit(_ root: String) -> String? {
    guard let head = text(root, "HEAD") else { return nil }
    guard head.hasPrefix("ref: ") else { return head.count == 40 ? head : nil }
    let name = String(head.dropFirst(5))
    if let loose = text(root, name), loose.count == 40 { return loose }
    for line in (text(root, "packed-refs") ?? "").split(separator: "\n") where line.hasSuffix(" " + name) {
      return String(line.prefix(40))
    }
    return nil
  }

  /// The page of a commit's files, for hosts that have one: made of the address of the remote `origin`.
  static func webAddress(_ root: String, commit: String) -> String? {
    var isOrigin = false
    for line in (text(root, "config") ?? "").split(separator: "\n") {
      let line = line.trimmingCharacters(in: .whitespaces)
      if line.hasPrefix("[") { isOrigin = line == "[remote \"origin\"]" }
      guard isOrigin, line.hasPrefix("url"), let equals = line.firstIndex(of: "=") else { continue }
      var url = line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)
      if url.hasPrefix("git@"), let colon = url.firstIndex(of: ":") {
        url = "https://" + url[url.index(url.startIndex, offsetBy: 4)..<colon] + "/" + url[url.index(after: colon)...]
      }
      // An address with a name or secret in it is not shown.
      guard url.hasPrefix("https://"), !url.contains("@") else { return nil }
      return (url.hasSuffix(".git") ? String(url.dropLast(4)) : url) + "/blob/" + commit
    }
    return nil
  }

  private static func text(_ root: String, _ path: String) -> String? {
    FileManager.default.contents(atPath: root + "/.git/" + path)
      .map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) }
  }
}
