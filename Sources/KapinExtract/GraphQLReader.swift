import KapinBase
package import KapinModel

/// Reads fields of the root types from GraphQL's schema language (GraphQL specification, October 2021, "Type System").
///
/// Executable documents (`query { … }`) say nothing here: what a client asks is not what a server offers.
package struct GraphQLReader {
  private var tokens: [(text: Substring, offset: Int)] = []
  private var position = 0
  private var roots: [String: String] = ["Query": "QUERY", "Mutation": "MUTATION", "Subscription": "SUBSCRIPTION"]
  private var operations: [SchemaOperation] = []

  /// Fields with their offsets in the text, in UTF-8 bytes.
  package static func read(_ text: String) -> [SchemaOperation] {
    guard text.contains("type ") else { return [] }
    var reader = GraphQLReader()
    reader.scan(text)
    reader.document()
    return reader.operations
  }

  /// A schema file.
  package static func read(_ bytes: UnsafeRawBufferPointer) -> SchemaFacts {
    var facts = SchemaFacts()
    facts.operations = read(String(decoding: bytes, as: UTF8.self))
    let lines = LineTable(bytes)
    for index in facts.operations.indices {
      facts.operations[index].position = lines.position(UInt32(facts.operations[index].offset))
    }
    return facts
  }

  // MARK: Tokens

  private mutating func scan(_ text: String) {
    let source = text.utf8
    var index = source.startIndex
    func isName(_ byte: UInt8) -> Bool {
      byte == 95 || byte >= 48 && byte <= 57 || byte >= 65 && byte <= 90 || byte >= 97 && byte <= 122
    }
    while index < source.endIndex {
      let byte = source[index]
      let start = index
      index = source.index(after: index)
      if isName(byte) {
        while index < source.endIndex, isName(source[index]) { index = source.index(after: index) }
        tokens.append((text[start..<index], source.distance(from: source.startIndex, to: start)))
      } else if byte == UInt8(ascii: "#") {
        while index < source.endIndex, source[index] != 10 { index = source.index(after: index) }
      } else if byte == 34 {
        index = endOfString(source, from: start)
      } else if byte > 32, byte < 127 {
        tokens.append((text[start..<index], source.distance(from: source.startIndex, to: start)))
      }
    }
  }

  private func endOfString(_ source: String.UTF8View, from start: String.Index) -> String.Index {
    let isBlock = source[start...].starts(with: "\"\"\"".utf8)
    var index = source.index(start, offsetBy: isBlock ? 3 : 1)
    while index < source.endIndex {
      if source[index] == 92 {
        index = source.index(index, offsetBy: 2, limitedBy: source.endIndex) ?? source.endIndex
        continue
      }
      if isBlock, source[index...].starts(with: "\"\"\"".utf8) { return source.index(index, offsetBy: 3) }
      if !isBlock, source[index] == 34 || source[index] == 10 { return source.index(after: index) }
      index = source.index(after: index)
    }
    return index
  }

  private var current: Substring { position < tokens.count ? tokens[position].text : "" }
  private func ahead(_ count: Int) -> Substring {
    position + count < tokens.count ? tokens[position + count].text : ""
  }

  // MARK: Definitions

  private mutating func document() {
    if let schema = tokens.indices.first(where: { tokens[$0].text == "schema" }) { rootNames(schema) }
    while position < tokens.count {
      if current == "type", let method = roots[String(ahead(1))] {
        position += 2
        while position < tokens.count, current != "{" {
          if current == "type" || current == "extend" { break }
          position += 1
        }
        if current == "{" {
          position += 1
          fields(method)
        }
      } else if current == "{" {
        skip("{", "}")
      } else {
        position += 1
      }
    }
  }

  /// `schema { query: RootQuery }`
  private mutating func rootNames(_ start: Int) {
    var index = start + 1
    while index < tokens.count, tokens[index].text != "{" { index += 1 }
    var own: [String: String] = [:]
    while index + 3 < tokens.count, tokens[index].text != "}" {
      if tokens[index + 2].text == ":" {
        own[String(tokens[index + 3].text)] = tokens[index + 1].text.uppercased()
      }
      index += 1
    }
    if !own.isEmpty { roots.merge(own) { _, b in b } }
  }

  private mutating func fields(_ method: String) {
    while position < tokens.count, current != "}" {
      let start = position
      let name = String(current)
      position += 1
      var arguments: [RouteInput] = []
      if current == "(" { arguments = self.arguments() }
      guard current == ":" else {
        position = max(position, start + 1)
        continue
      }
      position += 1
      _ = type()
      while current == "@" { directive() }
      operations.append(
        SchemaOperation(method: method, name: name, arguments: arguments, offset: tokens[start].offset))
    }
    position += 1
  }

  private mutating func arguments() -> [RouteInput] {
    var found: [RouteInput] = []
    position += 1
    while position < tokens.count, current != ")" {
      let name = String(current)
      position += 1
      guard current == ":" else { continue }
      position += 1
      let (type, required) = self.type()
      if current == "=" {
        position += 1
        if current == "[" { skip("[", "]") } else if current == "{" { skip("{", "}") } else { position += 1 }
      }
      while current == "@" { directive() }
      found.append(RouteInput(place: .body, name: name, type: Self.plain(type), required: required))
    }
    position += 1
    return found
  }

  private mutating func type() -> (name: String, required: Bool) {
    var name = "", isList = false
    while current == "[" {
      isList = true
      position += 1
    }
    name = String(current)
    position += 1
    while current == "]" || current == "!" {
      position += 1
      if position >= tokens.count { break }
    }
    let required = position > 0 && tokens[position - 1].text == "!"
    return (isList ? "array" : name, required)
  }

  private mutating func directive() {
    position += 2
    if current == "(" { skip("(", ")") }
  }

  private mutating func skip(_ open: Substring, _ close: Substring) {
    var depth = 0
    while position < tokens.count {
      if current == open { depth += 1 }
      if current == close { depth -= 1 }
      position += 1
      if depth == 0 { return }
    }
  }

  private static func plain(_ type: String) -> String {
    switch type {
    case "ID", "String": "string"
    case "Int", "Float": "number"
    case "Boolean": "boolean"
    case "array": "array"
    default: "object"
    }
  }
}
