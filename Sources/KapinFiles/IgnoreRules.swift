import KapinBase

/// The patterns of one ignore file (git documentation, "gitignore").
struct IgnoreFile: Sendable {
  private struct Pattern: Sendable {
    var glob: Glob
    var negated: Bool
    var foldersOnly: Bool
  }

  private var patterns: [Pattern] = []

  init(_ text: String) {
    for raw in text.split(separator: "\n", omittingEmptySubsequences: true) {
      var line = Substring(raw.hasSuffix("\r") ? raw.dropLast() : raw)
      // A trailing space counts only behind a backslash.
      while line.hasSuffix(" "), !line.hasSuffix("\\ ") { line = line.dropLast() }
      if line.isEmpty || line.hasPrefix("#") { continue }
      var negated = false
      if line.hasPrefix("!") {
        negated = true
        line = line.dropFirst()
      } else if line.hasPrefix("\\#") || line.hasPrefix("\\!") {
        line = line.dropFirst()
      }
      let foldersOnly = line.hasSuffix("/")
      if foldersOnly { line = line.dropLast() }
      guard !line.isEmpty else { continue }
      // A slash in front or in the middle binds the pattern to this folder.
      let isBound = line.contains("/")
      if line.hasPrefix("/") { line = line.dropFirst() }
      // Braces have no meaning in ignore files.
      let literal = line.replacing("{", with: "[{]").replacing("}", with: "[}]")
      patterns.append(
        Pattern(glob: Glob((isBound ? "" : "**/") + literal), negated: negated, foldersOnly: foldersOnly))
    }
  }

  /// Whether the path (relative to the file's folder) is ignored, kept, or not named at all. The last match wins.
  func decision(_ path: String, isFolder: Bool) -> Bool? {
    let parts = PathParts(path)
    for pattern in patterns.reversed() where !pattern.foldersOnly || isFolder {
      if pattern.glob.matches(parts) { return !pattern.negated }
    }
    return nil
  }
}
