import KapinModel

extension ImportAlias {
  /// What follows the alias in a specifier; `nil` when it does not start with it.
  func rest(of specifier: String) -> String? {
    if let match = PatternText.match(pattern, specifier) { return match.capture }
    if specifier == pattern { return "" }
    guard !isExact, specifier.hasPrefix(pattern) else { return nil }
    let rest = specifier.dropFirst(pattern.count)
    // The alias ends where a segment ends.
    guard pattern.hasSuffix("/") || rest.hasPrefix("/") else { return nil }
    return String(rest.hasPrefix("/") ? rest.dropFirst() : rest)
  }
}

extension ImportTarget {
  /// Whether it leads to nothing in the project.
  var isOpen: Bool {
    switch self {
    case .module, .file, .several, .builtin: false
    case .external, .unresolved: true
    }
  }
}
