/// Headings and items of lists of a piece of HTML.
enum HTMLItems {
  case heading(Int, String), item(String)

  static func all(_ html: String) -> [HTMLItems] {
    var found: [HTMLItems] = []
    var open: (tag: String, text: String)?
    func close() {
      guard let (tag, text) = open else { return }
      open = nil
      let words = text.split { $0 == " " || $0 == "\n" || $0 == "\t" }.joined(separator: " ")
      guard !words.isEmpty else { return }
      if tag == "li" { found.append(.item(words)) } else { found.append(.heading(Int(tag.dropFirst()) ?? 6, words)) }
    }
    var rest = html[...]
    while let start = rest.firstIndex(of: "<") {
      open?.text += rest[..<start]
      guard let end = rest[start...].firstIndex(of: ">") else { break }
      let tag = rest[rest.index(after: start)..<end].prefix { $0 != " " && $0 != "\n" }
        .lowercased()
      rest = rest[rest.index(after: end)...]
      if tag == "li" || isHeading(tag) {
        close()
        open = (tag, "")
      } else if tag == "/li" || tag == "/ul" || tag.hasPrefix("/h") && tag.count == 3 {
        close()
      }
    }
    close()
    return found
  }

  private static func isHeading(_ tag: String) -> Bool {
    tag.count == 2 && tag.first == "h" && ("1"..."6").contains(tag.dropFirst())
  }
}
