import KapinBase
import KapinModel

/// Links from the page to places in the code: on the web where the checkout has an address there, else to the file.
struct HTMLLinks {
  private let roots: [Root]
  private let sources: [String]

  init(_ analysis: Analysis, _ sources: [String]) {
    roots = analysis.graph.code.inventory.roots
    self.sources = sources
  }

  func link(_ place: Place) -> String {
    link(place, "<span class=\"at\">\(HTMLReport.escape(place.description))</span>")
  }

  /// - Parameter text: what is shown, as HTML.
  func link(_ place: Place, _ text: String) -> String {
    for (index, root) in roots.enumerated() where place.path.hasPrefix(root.prefix) {
      let path = place.path.dropFirst(root.prefix.count).split(separator: "/").map(Self.percentEncoded)
        .joined(separator: "/")
      if let address = root.webAddress {
        let line = place.position.map { "#L\($0.line)" } ?? ""
        return "<a href=\"\(HTMLReport.escape(address))/\(path)\(line)\">\(text)</a>"
      }
      if index < sources.count {
        let folder = sources[index].split(separator: "/").map(Self.percentEncoded).joined(separator: "/")
        return "<a href=\"\(folder)/\(path)\">\(text)</a>"
      }
    }
    return text
  }

  /// RFC 3986, "Percent-Encoding": all but unreserved characters.
  private static func percentEncoded(_ text: Substring) -> String {
    text.utf8.map { byte in
      let isPlain =
        (byte | 0x20) >= 97 && (byte | 0x20) <= 122 || byte >= 48 && byte <= 57 || [45, 46, 95, 126].contains(byte)
      return isPlain
        ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }
}
