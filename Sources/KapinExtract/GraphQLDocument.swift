import KapinBase

/// Reads the root fields of executable documents (GraphQL specification, October 2021, "Document", "Selection Sets").
package enum GraphQLDocument {
  /// Method (QUERY, MUTATION, SUBSCRIPTION) and name of each root field; of fragments, nothing.
  package static func fields(_ text: String) -> [(method: String, name: String)] {
    var found: [(String, String)] = []
    var tokens = Tokens(text)
    while let token = tokens.next() {
      switch token {
      case "query", "mutation", "subscription":
        // Name, variables and directives come before the selection.
        var depth = 0
        while let part = tokens.next() {
          if part == "(" { depth += 1 }
          if part == ")" { depth -= 1 }
          if part == "{", depth == 0 { break }
        }
        selection(&tokens, token.uppercased(), &found)
      case "{": selection(&tokens, "QUERY", &found)
      case "fragment":
        while let part = tokens.next(), part != "{" {}
        skip(&tokens, "{", "}")
      default: break
      }
    }
    return found
  }

  /// The names of a selection, without what is inside them.
  private static func selection(_ tokens: inout Tokens, _ method: String, _ found: inout [(String, String)]) {
    var name: Substring?
    while let token = tokens.next() {
      switch token {
      case "}":
        if let name { found.append((method, String(name))) }
        return
      case "{": skip(&tokens, "{", "}")
      case "(": skip(&tokens, "(", ")")
      case ":":
        // An alias: the field's name follows.
        name = tokens.next()
      case "@": _ = tokens.next()
      case ".": if tokens.next() == "on" { _ = tokens.next() }
      default:
        if let name { found.append((method, String(name))) }
        name = token
      }
    }
  }

  private static func skip(_ tokens: inout Tokens, _ open: Substring, _ close: Substring) {
    var depth = 1
    while depth > 0, let token = tokens.next() {
      if token == open { depth += 1 }
      if token == close { depth -= 1 }
    }
  }

  /// Names and punctuators; comments and texts are passed over.
  private struct Tokens {
    private let text: String
    private var index: String.Index

    init(_ text: String) {
      self.text = text
      index = text.startIndex
    }

    mutating func next() -> Substring? {
      let source = text.utf8
      while index < source.endIndex {
        let start = index
        let byte = source[index]
        index = source.index(after: index)
        switch byte {
        case UInt8(ascii: "#"):
          while index < source.endIndex, source[index] != 10 { index = source.index(after: index) }
        case 34:
          while index < source.endIndex, source[index] != 34, source[index] != 10 { index = source.index(after: index) }
          if index < source.endIndex { index = source.index(after: index) }
        case UInt8(ascii: "."):
          while index < source.endIndex, source[index] == byte { index = source.index(after: index) }
          return text[start..<source.index(after: start)]
        default:
          if Self.isName(byte) {
            while index < source.endIndex, Self.isName(source[index]) { index = source.index(after: index) }
            return text[start..<index]
          }
          if byte > 32, byte < 127, byte != 44 { return text[start..<index] }
        }
      }
      return nil
    }

    private static func isName(_ byte: UInt8) -> Bool {
      byte == 95 || byte >= 48 && byte <= 57 || byte >= 65 && byte <= 90 || byte >= 97 && byte <= 122
    }
  }
}
