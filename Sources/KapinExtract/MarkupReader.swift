import KapinBase
import KapinModel

/// The elements of component files (Vue, Svelte, Astro): tags, attributes and words outside of scripts and styles.
///
/// Reads as HTML does ("Tokenization", HTML Living Standard), with what the languages add: expressions in braces, and
/// attributes that bind (`:to`, `@click`, `on:click`). The component itself is a declaration called `default`.
struct MarkupReader {
  private let source: UnsafeRawBufferPointer
  private let language: SourceLanguage
  private var facts: FileFacts
  private var position = 0
  private var open: [(element: ElementID, name: Name)] = []
  private let component: DeclarationID
  private var bindings: [Name: BindingID] = [:]

  /// Elements that have no content and no end tag (HTML Living Standard, "Void elements").
  private static let void: Set<String> = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
  ]

  static func add(to facts: inout FileFacts, _ source: UnsafeRawBufferPointer, _ language: SourceLanguage) {
    var reader = MarkupReader(source, language, facts)
    reader.read()
    facts = reader.facts
    facts.names = facts.names.compacted()
  }

  private init(_ source: UnsafeRawBufferPointer, _ language: SourceLanguage, _ given: FileFacts) {
    self.source = source
    self.language = language
    facts = given
    let name = facts.names.intern("default")
    var row = Declaration(
      name: name, form: .function, parent: nil, range: Range32(0, source.count), nameAt: 0)
    row.isNamed = true
    row.flags = [.exported, .topLevel, .default]
    component = facts.declarations.append(row)
    for id in facts.bindings.ids where facts.bindings[id].isTopLevel { bindings[facts.bindings[id].name] = id }
    let value = add(.declaration(component), at: 0)
    facts.exports.removeAll { $0.name == name }
    facts.exports.append(Export(form: .value, name: name, original: name, value: value, source: nil, at: 0))
  }

  // MARK: Walk

  private mutating func read() {
    if language == .astro { position = endOfFrontMatter() }
    while position < source.count {
      guard source[position] == UInt8(ascii: "<") else {
        text()
        continue
      }
      let next = position + 1 < source.count ? source[position + 1] : 0
      if starts("<!--") {
        skip(past: "-->")
      } else if next == UInt8(ascii: "/") {
        close()
      } else if Self.isLetter(next), language != .astro || opensElement() {
        element()
      } else {
        position += 1
      }
    }
  }

  /// In an expression a comparison may look like a tag: `a<b`.
  private func opensElement() -> Bool {
    guard position > 0 else { return true }
    let byte = source[position - 1]
    return !(Self.isLetter(byte) || byte == UInt8(ascii: ")") || byte >= 48 && byte <= 57)
  }

  private func endOfFrontMatter() -> Int {
    var start = 0
    while start < source.count, source[start] <= 32 { start += 1 }
    guard starts("---", at: start) else { return 0 }
    var index = start + 3
    while index < source.count {
      if source[index] == 10, starts("---", at: index + 1) { return index + 4 }
      index += 1
    }
    return source.count
  }

  private mutating func close() {
    position += 2
    let name = takeName()
    while position < source.count, source[position] != UInt8(ascii: ">") { position += 1 }
    position += 1
    let wanted = facts.names.intern(name)
    if let index = open.lastIndex(where: { $0.name == wanted }) {
      for row in open[index...] { facts.elements[row.element].range.end = UInt32(min(position, source.count)) }
      open.removeSubrange(index...)
    }
  }

  private mutating func element() {
    let start = position
    position += 1
    let name = takeName()
    if name == "script" || name == "style" {
      skip(past: "</" + name)
      while position < source.count, source[position] != UInt8(ascii: ">") { position += 1 }
      position += 1
      return
    }
    var row = Element(
      tag: ValueID(UInt32(0)), tagName: facts.names.intern(name), parent: open.last?.element, function: component,
      range: Range32(start, start))
    row.tag = tag(name, at: UInt32(start))
    let first = facts.attributes.count
    let closes = attributes()
    row.attributes = Range32(first, facts.attributes.count)
    row.range.end = UInt32(min(position, source.count))
    let id = facts.elements.append(row)
    if !closes, !Self.void.contains(name), open.count < 400 { open.append((id, row.tagName)) }
  }

  /// A component by its name: `UserCard`, `user-card`, `Icons.User`.
  private mutating func tag(_ name: String, at start: UInt32) -> ValueID {
    let parts = name.split(separator: ".").map(String.init)
    let first = name.utf8.first ?? 0
    let isCapital = first >= 65 && first <= 90
    guard isCapital || (language == .vue && name.contains("-")) || parts.count > 1 else { return ValueID(UInt32(0)) }
    let root = name.contains("-") ? Self.pascal(name) : parts[0]
    var value = reference(root, at: start)
    for part in parts.dropFirst() { value = add(.member(of: value, facts.names.intern(part)), at: start) }
    return value
  }

  static func pascal(_ name: String) -> String {
    name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  // MARK: Attributes

  /// Reads up to the tag's end; whether the element ends with it.
  private mutating func attributes() -> Bool {
    while position < source.count {
      let byte = source[position]
      if byte == UInt8(ascii: ">") {
        position += 1
        return false
      }
      if byte == UInt8(ascii: "/"), position + 1 < source.count, source[position + 1] == UInt8(ascii: ">") {
        position += 2
        return true
      }
      if byte <= 32 || byte == UInt8(ascii: "/") {
        position += 1
      } else if byte == UInt8(ascii: "{") {
        // `{href}`, `{...rest}`
        let start = position
        let inner = braces()
        let word = String(decoding: source[inner], as: UTF8.self)
        if Self.isName(word) {
          put(word, reference(word, at: UInt32(start)), at: start)
        }
      } else {
        attribute()
      }
    }
    return true
  }

  private mutating func attribute() {
    let start = position
    while position < source.count, source[position] > 32, !Self.ends.contains(source[position]) { position += 1 }
    if position == start { position += 1 }
    let raw = String(decoding: source[start..<position], as: UTF8.self)
    while position < source.count, source[position] <= 32 { position += 1 }
    guard position < source.count, source[position] == UInt8(ascii: "=") else { return put(raw, nil, at: start) }
    position += 1
    while position < source.count, source[position] <= 32 { position += 1 }
    guard position < source.count else { return }
    let byte = source[position]
    if byte == UInt8(ascii: "{") {
      let inner = braces()
      put(raw, expression(inner), at: start)
    } else {
      let inner = quoted(byte)
      let isBound = raw.hasPrefix(":") || raw.hasPrefix("@") || raw.hasPrefix("v-")
      put(raw, isBound ? expression(inner) : literal(inner), at: start)
    }
  }

  private static let ends: Set<UInt8> = [UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "{")]

  /// `:to` is `to`, `@click`, `v-on:click` and `on:click` are `onClick`.
  private mutating func put(_ raw: String, _ value: ValueID?, at start: Int) {
    var name = raw
    for prefix in ["@", "v-on:", "on:"] where raw.hasPrefix(prefix) {
      let event = raw.dropFirst(prefix.count).prefix { $0 != "." && $0 != "|" }
      name = "on" + event.prefix(1).uppercased() + event.dropFirst()
    }
    if raw.hasPrefix(":") || raw.hasPrefix("v-bind:") { name = String(raw.drop { $0 != ":" }.dropFirst()) }
    if language == .svelte, name.hasPrefix("on"), name.count > 2, name == name.lowercased() {
      name = "on" + name.dropFirst(2).prefix(1).uppercased() + name.dropFirst(3)
    }
    facts.attributes.append(
      Attribute(name: facts.names.intern(name), value: value ?? ValueID(UInt32(0)), at: UInt32(start)))
  }

  private mutating func quoted(_ byte: UInt8) -> Range<Int> {
    guard byte == 34 || byte == 39 else {
      let start = position
      while position < source.count, source[position] > 32, source[position] != UInt8(ascii: ">") { position += 1 }
      return start..<position
    }
    let start = position + 1
    position = start
    while position < source.count, source[position] != byte { position += 1 }
    let end = position
    position = min(position + 1, source.count)
    return start..<end
  }

  /// What stands between braces, which may nest and hold strings.
  private mutating func braces() -> Range<Int> {
    let start = position + 1
    var depth = 0
    var quote: UInt8?
    while position < source.count {
      let byte = source[position]
      if let open = quote {
        if byte == 92 { position += 1 } else if byte == open { quote = nil }
      } else if byte == 34 || byte == 39 || byte == 96 {
        quote = byte
      } else if byte == UInt8(ascii: "{") {
        depth += 1
      } else if byte == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { break }
      }
      position += 1
    }
    let end = min(position, source.count)
    position = min(position + 1, source.count)
    return start..<max(start, end)
  }

  // MARK: Values

  private mutating func literal(_ range: Range<Int>) -> ValueID {
    // Svelte: `href="/users/{id}"`
    guard language != .vue, source[range].contains(UInt8(ascii: "{")) else {
      return add(
        .text(facts.names.intern(String(decoding: source[range], as: UTF8.self))), at: UInt32(range.lowerBound))
    }
    return pieces(range, open: "{")
  }

  /// A template's text with its holes.
  private mutating func pieces(_ range: Range<Int>, open mark: String) -> ValueID {
    var parts: [ValueID] = []
    var rest = String(decoding: source[range], as: UTF8.self)[...]
    while let hole = rest.firstRange(of: mark) {
      if hole.lowerBound > rest.startIndex {
        parts.append(add(.text(facts.names.intern(String(rest[..<hole.lowerBound]))), at: UInt32(range.lowerBound)))
      }
      let inner = rest[hole.upperBound...].prefix { $0 != "}" }
      parts.append(
        Self.isName(String(inner)) ? reference(String(inner), at: UInt32(range.lowerBound)) : ValueID(UInt32(0)))
      rest = rest[hole.upperBound...].drop { $0 != "}" }.dropFirst()
    }
    if !rest.isEmpty { parts.append(add(.text(facts.names.intern(String(rest))), at: UInt32(range.lowerBound))) }
    let first = facts.valueLists.count
    facts.valueLists.append(contentsOf: parts)
    return add(.concat(Range32(first, facts.valueLists.count)), at: UInt32(range.lowerBound))
  }

  /// A name, a text, a template, or a function that calls one thing; the rest is unknown.
  private mutating func expression(_ range: Range<Int>) -> ValueID {
    var text = String(decoding: source[range], as: UTF8.self)[...]
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace || last == ";" { text = text.dropLast() }
    let at = UInt32(range.lowerBound)
    guard let first = text.first else { return ValueID(UInt32(0)) }
    if first == "'" || first == "\"" || first == "`", text.last == first,
      text.dropFirst().dropLast().firstIndex(of: first) == nil,
      text.count >= 2
    {
      let inner = text.dropFirst().dropLast()
      guard first == "`", inner.contains("${") else { return add(.text(facts.names.intern(String(inner))), at: at) }
      let start = range.lowerBound + (source[range].firstIndex(of: 96).map { $0 - range.lowerBound } ?? 0) + 1
      return pieces(start..<min(start + inner.utf8.count, range.upperBound), open: "${")
    }
    if Self.isName(String(text)) { return reference(String(text), at: at) }
    // `() => save(user)`, `save(user)`: what is called.
    if let arrow = text.firstRange(of: "=>") { text = text[arrow.upperBound...].drop { $0 == " " || $0 == "{" } }
    if text.hasPrefix("await ") { text = text.dropFirst(6) }
    let callee = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
    if !callee.isEmpty, text.dropFirst(callee.count).first == "(" { return reference(String(callee), at: at) }
    return ValueID(UInt32(0))
  }

  private mutating func reference(_ text: String, at start: UInt32) -> ValueID {
    let name = facts.names.intern(text)
    if let binding = bindings[name] { return add(.local(binding), at: start) }
    return add(.global(name), at: start)
  }

  private mutating func add(_ value: Value, at start: UInt32) -> ValueID {
    facts.valueStarts.append(start)
    return facts.values.append(value)
  }

  // MARK: Words

  private mutating func text() {
    var start = position
    while position < source.count, source[position] != UInt8(ascii: "<") {
      if source[position] == UInt8(ascii: "{") {
        words(start..<position)
        // Astro: elements may stand inside expressions.
        if language == .astro { position += 1 } else { _ = braces() }
        start = position
      } else {
        position += 1
      }
    }
    words(start..<position)
  }

  private mutating func words(_ range: Range<Int>) {
    var range = range
    while let first = range.first, source[first] <= 32 { range = range.dropFirst() }
    while let last = range.last, source[last] <= 32 { range = range.dropLast() }
    guard range.count > 1, let element = open.last?.element else { return }
    let text = String(decoding: source[range.lowerBound..<min(range.upperBound, range.lowerBound + 200)], as: UTF8.self)
    guard text.contains(where: \.isLetter) else { return }
    facts.texts.append(
      ScreenText(text: facts.names.intern(text), element: element, at: UInt32(range.lowerBound)))
  }

  // MARK: Bytes

  private mutating func takeName() -> String {
    let start = position
    while position < source.count, source[position] > 32, source[position] != UInt8(ascii: ">"),
      source[position] != UInt8(ascii: "/")
    {
      position += 1
    }
    return String(decoding: source[start..<position], as: UTF8.self)
  }

  private func starts(_ text: String, at start: Int? = nil) -> Bool {
    let start = start ?? position
    guard start + text.utf8.count <= source.count else { return false }
    return source[start..<start + text.utf8.count].elementsEqual(text.utf8)
  }

  private mutating func skip(past text: String) {
    while position < source.count, !starts(text) { position += 1 }
    position = min(source.count, position + text.utf8.count)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { byte >= 65 && byte <= 90 || byte >= 97 && byte <= 122 }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.first, first.isLetter || first == "_" || first == "$" else { return false }
    return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
  }
}
