internal import CMarkdown
import KapinBase
package import KapinModel

/// What a document in Markdown lists, by CommonMark with the tables of GitHub's flavour (cmark-gfm).
package enum MarkdownReader {
  package struct Document {
    /// The first heading, or what the front matter says.
    package var title: String?
    /// Items of lists, first cells of tables, headings, and lines that begin with something bold or with a sign, in
    /// the order of the document.
    package var items: [DocumentItem] = []
    package init(title: String? = nil, items: [DocumentItem] = []) {
      self.title = title
      self.items = items
    }
  }

  package static func read(_ bytes: UnsafeRawBufferPointer, path: String) -> Document {
    var reader = Reader(path: path)
    let (title, start) = frontMatter(bytes)
    if let title { reader.headings = [(0, title)] }
    reader.skippedLines = bytes[..<start].count { $0 == 10 }
    guard let root = tree(UnsafeRawBufferPointer(rebasing: bytes[start...])) else { return Document() }
    defer { cmark_node_free(root) }
    reader.blocks(of: root)
    return Document(title: title ?? reader.firstHeading, items: reader.items)
  }

  private static func tree(_ bytes: UnsafeRawBufferPointer) -> OpaquePointer? {
    cmark_gfm_core_extensions_ensure_registered()
    guard let parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8) else { return nil }
    defer { cmark_parser_free(parser) }
    if let table = cmark_find_syntax_extension("table") { cmark_parser_attach_syntax_extension(parser, table) }
    cmark_parser_feed(parser, bytes.bindMemory(to: CChar.self).baseAddress, bytes.count)
    return cmark_parser_finish(parser)
  }

  /// `title: …` between two lines of dashes at the start, and where the rest begins.
  private static func frontMatter(_ bytes: UnsafeRawBufferPointer) -> (title: String?, start: Int) {
    guard bytes.starts(with: "---".utf8) else { return (nil, 0) }
    var title: String?, start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
      var line = Substring(decoding: bytes[start..<end], as: UTF8.self)
      if line.last == "\r" { line.removeLast() }
      let isFirst = start == 0
      start = min(end + 1, bytes.count)
      if isFirst, line != "---" { return (nil, 0) }
      if !isFirst, line == "---" { return (title, start) }
      guard line.hasPrefix("title:") else { continue }
      line = line.dropFirst(6).drop { $0 == " " || $0 == "\"" || $0 == "'" }
      while let last = line.last, last == "\"" || last == "'" || last == " " { line.removeLast() }
      title = String(line)
    }
    return (nil, 0)
  }

  /// What lies in more than these is nothing that people write.
  private static let deepest = 40

  private struct Reader {
    let path: String
    var skippedLines = 0
    var headings: [(level: Int32, text: String)] = []
    var items: [DocumentItem] = []
    private(set) var firstHeading: String?
    private var depth = 0
    /// The lead of the item that is being read.
    private var outer: String?

    init(path: String) { self.path = path }

    mutating func blocks(of parent: OpaquePointer) {
      guard depth < deepest else { return }
      depth += 1
      defer { depth -= 1 }
      for node in Children(parent) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_HEADING: heading(node)
        case CMARK_NODE_ITEM: item(node)
        case CMARK_NODE_PARAGRAPH: lines(node)
        case CMARK_NODE_HTML_BLOCK: html(node)
        case CMARK_NODE_CODE_BLOCK: indented(node)
        case CMARK_NODE_LIST, CMARK_NODE_BLOCK_QUOTE: blocks(of: node)
        default:
          guard String(cString: cmark_node_get_type_string(node)) == "table" else { continue }
          for row in Children(node).dropFirst() {
            if let cell = cmark_node_first_child(row) { add(Inlines(cell), row) }
          }
        }
      }
    }

    /// What stands in an item below its first paragraph is a part of it.
    private mutating func item(_ node: OpaquePointer) {
      let around = outer
      defer { outer = around }
      for block in Children(node) {
        if cmark_node_get_type(block) == CMARK_NODE_PARAGRAPH {
          let inlines = Inlines(block)
          add(inlines, node)
          outer = Self.trimmed(inlines.lead)
        } else {
          blocks(of: block)
        }
      }
    }

    private mutating func heading(_ node: OpaquePointer) {
      let inlines = Inlines(node)
      open(cmark_node_get_heading_level(node), inlines.text, node)
    }

    /// A heading is an item of what it stands under.
    private mutating func open(_ level: Int32, _ text: String, _ node: OpaquePointer) {
      let text = Self.trimmed(text)
      guard !text.isEmpty else { return }
      firstHeading = firstHeading ?? text
      headings.removeAll { $0.level >= level }
      append(lead: text, text: text, node, isHeading: true)
      headings.append((level, text))
    }

    /// Each line of a paragraph that begins with something bold, or with a sign: `✅ Fast<br>`.
    private mutating func lines(_ node: OpaquePointer) {
      for line in Inlines.lines(node) where line.isMarked {
        append(
          lead: Self.trimmed(line.lead), text: Self.trimmed(line.text), node, isHeading: line.isAllMarked)
      }
    }

    private mutating func add(_ inlines: Inlines, _ node: OpaquePointer) {
      append(lead: Self.trimmed(inlines.lead), text: Self.trimmed(inlines.text), node)
    }

    private mutating func append(lead: String, text: String, _ node: OpaquePointer, isHeading: Bool = false) {
      // `[ ]` is a task that nobody has done.
      guard !lead.isEmpty, !text.hasPrefix("[ ]") else { return }
      let line = Int(cmark_node_get_start_line(node)) + skippedLines
      let place = Place(path, line: line, column: Int(cmark_node_get_start_column(node)))
      var item = DocumentItem(headings: headings.map(\.text), lead: lead, text: text, place: place)
      item.outer = outer
      item.isHeading = isHeading
      items.append(item)
    }

    /// Without signs at its ends, and the mark of a task that is done.
    private static func trimmed(_ text: String) -> String {
      var rest = text[...]
      rest = rest.drop { $0 == " " || $0 == "\n" }
      if rest.hasPrefix("[ ]") { return String(rest) }
      if rest.lowercased().hasPrefix("[x]") { rest = rest.dropFirst(3) }
      rest = rest.drop { !$0.isLetter && !$0.isNumber }
      while let last = rest.last, !last.isLetter, !last.isNumber, last != ")" { rest.removeLast() }
      return String(rest)
    }

    /// A list that is indented as a whole is meant as a list, although CommonMark takes it for code.
    private mutating func indented(_ node: OpaquePointer) {
      var length: Int32 = 0, offset: Int32 = 0, mark: CChar = 0
      guard cmark_node_get_fenced(node, &length, &offset, &mark) == 0, let literal = cmark_node_get_literal(node) else {
        return
      }
      let text = String(cString: literal)
      guard let first = text.first(where: { $0 != " " }), first == "-" || first == "*" else { return }
      let before = skippedLines
      defer { skippedLines = before }
      skippedLines += Int(cmark_node_get_start_line(node)) - 1
      guard let root = Array(text.utf8).withUnsafeBytes({ MarkdownReader.tree($0) }) else { return }
      defer { cmark_node_free(root) }
      blocks(of: root)
    }

    /// Headings and items of lists that are written in HTML.
    private mutating func html(_ node: OpaquePointer) {
      guard let literal = cmark_node_get_literal(node) else { return }
      for element in HTMLItems.all(String(cString: literal)) {
        switch element {
        case .heading(let level, let text): open(Int32(level), text, node)
        case .item(let text):
          append(lead: Self.trimmed(Inlines.beginning(of: text)), text: Self.trimmed(text), node)
        }
      }
    }
  }

  private struct Children: Sequence, IteratorProtocol {
    private var current: OpaquePointer?
    init(_ node: OpaquePointer) { current = cmark_node_first_child(node) }
    mutating func next() -> OpaquePointer? {
      defer { current = current.flatMap { cmark_node_next($0) } }
      return current
    }
  }

  /// The text of a line, and what it begins with.
  private struct Inlines {
    var text = ""
    /// What is bold or linked at its beginning.
    private var marked: String?
    private var startsWithSign = false

    init() {}
    init(_ node: OpaquePointer) {
      for child in Children(node) { add(child) }
    }

    static func lines(_ paragraph: OpaquePointer) -> [Inlines] {
      var all = [Inlines()]
      for child in Children(paragraph) {
        let type = cmark_node_get_type(child)
        let literal = cmark_node_get_literal(child).map { String(cString: $0) } ?? ""
        let isBreak =
          type == CMARK_NODE_LINEBREAK || type == CMARK_NODE_SOFTBREAK
          || type == CMARK_NODE_HTML_INLINE && literal.hasPrefix("<br")
        if isBreak { all.append(Inlines()) } else { all[all.count - 1].add(child) }
      }
      return all
    }

    private var hasLetters: Bool { text.contains { $0.isLetter || $0.isNumber } }

    private mutating func add(_ node: OpaquePointer) {
      let type = cmark_node_get_type(node)
      if type == CMARK_NODE_IMAGE || type == CMARK_NODE_HTML_INLINE { return }
      let own = Self.plain(node)
      if !hasLetters {
        if type == CMARK_NODE_STRONG || type == CMARK_NODE_LINK { marked = own }
        if let first = own.first(where: { $0 != " " }), !first.isASCII, !first.isLetter { startsWithSign = true }
      }
      text += own
    }

    private static func plain(_ node: OpaquePointer, depth: Int = 0) -> String {
      switch cmark_node_get_type(node) {
      case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: " "
      case CMARK_NODE_IMAGE, CMARK_NODE_HTML_INLINE: ""
      default:
        cmark_node_get_literal(node).map { String(cString: $0) }
          ?? (depth < deepest ? Children(node).map { plain($0, depth: depth + 1) }.joined() : "")
      }
    }

    var isMarked: Bool { marked != nil || startsWithSign }
    var isAllMarked: Bool { marked == text }

    var lead: String { marked ?? Self.beginning(of: text) }

    private static let ends: Set<Character> = [":", ".", ",", ";", "(", "–", "—", "!", "|"]

    /// What stands before the first mark: `OCR` of `OCR: text from images`.
    static func beginning(of text: String) -> String {
      var found = ""
      var hasLetters = false
      for character in text {
        if hasLetters, ends.contains(character) || found.hasSuffix(" -") { break }
        hasLetters = hasLetters || character.isLetter || character.isNumber
        found.append(character)
      }
      return found
    }
  }
}
