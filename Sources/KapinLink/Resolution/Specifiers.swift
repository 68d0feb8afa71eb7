/// Import specifiers as text.
package enum Specifiers {
  /// `@scope/name/a/b` → (`@scope/name`, `a/b`).
  package static func split(_ specifier: String) -> (name: String, subpath: String) {
    let bytes = specifier.utf8
    var rest = bytes[...]
    if bytes.first == UInt8(ascii: "@") {
      guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else { return (specifier, "") }
      rest = bytes[bytes.index(after: slash)...]
    }
    guard let end = rest.firstIndex(of: UInt8(ascii: "/")) else { return (specifier, "") }
    return (String(specifier[..<end]), String(specifier[bytes.index(after: end)...]))
  }

  /// Whether it is a path from the importing file on.
  static func isRelative(_ specifier: String) -> Bool {
    specifier == "." || specifier == ".." || specifier.hasPrefix("./") || specifier.hasPrefix("../")
  }

  /// Without what loaders read: `?raw`, `?url`, and loaders in front (`raw-loader!./x`).
  static func withoutLoaders(_ specifier: String) -> String {
    var text = specifier[...]
    if let bang = text.utf8.lastIndex(of: UInt8(ascii: "!")) { text = text[text.utf8.index(after: bang)...] }
    if let query = text.utf8.firstIndex(of: UInt8(ascii: "?")) { text = text[..<query] }
    return text.utf8.count == specifier.utf8.count ? specifier : String(text)
  }
}
