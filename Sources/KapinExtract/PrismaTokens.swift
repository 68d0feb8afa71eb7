import KapinBase

/// A token of the Prisma schema language.
struct PrismaToken: Equatable {
  enum Kind: Equatable {
    case word(String), text(String), number(String), mark(String), newline
  }
  var kind: Kind
  var start: UInt32

  var raw: String {
    switch kind {
    case .word(let text), .number(let text), .mark(let text): text
    case .text(let text): "\"\(text)\""
    case .newline: "\n"
    }
  }

  static func scan(_ source: UnsafeRawBufferPointer) -> [PrismaToken] {
    var tokens: [PrismaToken] = []
    var index = 0
    func isWord(_ byte: UInt8) -> Bool {
      byte == 95 || (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
        || byte >= 128
    }
    while index < source.count {
      let start = index
      let byte = source[index]
      index += 1
      func text(_ range: Range<Int>) -> String { String(decoding: source[range], as: UTF8.self) }
      switch byte {
      case 10: tokens.append(PrismaToken(kind: .newline, start: UInt32(start)))
      case 47 where index < source.count && source[index] == 47:
        while index < source.count, source[index] != 10 { index += 1 }
      case 34:
        var content: [UInt8] = []
        while index < source.count, source[index] != 34, source[index] != 10 {
          if source[index] == 92, index + 1 < source.count { index += 1 }
          content.append(source[index])
          index += 1
        }
        if index < source.count, source[index] == 34 { index += 1 }
        tokens.append(PrismaToken(kind: .text(String(decoding: content, as: UTF8.self)), start: UInt32(start)))
      case 64:
        if index < source.count, source[index] == 64 { index += 1 }
        tokens.append(PrismaToken(kind: .mark(text(start..<index)), start: UInt32(start)))
      case let digit where (digit >= 48 && digit <= 57) || digit == 45:
        while index < source.count, isWord(source[index]) || source[index] == 46 { index += 1 }
        tokens.append(PrismaToken(kind: .number(text(start..<index)), start: UInt32(start)))
      case let letter where isWord(letter):
        while index < source.count, isWord(source[index]) { index += 1 }
        tokens.append(PrismaToken(kind: .word(text(start..<index)), start: UInt32(start)))
      case 0...32: break
      default: tokens.append(PrismaToken(kind: .mark(text(start..<index)), start: UInt32(start)))
      }
    }
    return tokens
  }
}

/// `@name(arguments)` or `@@name(arguments)`.
struct PrismaAttribute {
  /// With the dot of native types: `db.VarChar`.
  var name: String
  var arguments: [PrismaToken]

  /// The arguments as written, without spaces.
  var raw: String { arguments.map(\.raw).joined() }
  /// The first string argument, as in `@map("name")`.
  var text: String? {
    for argument in arguments { if case .text(let text) = argument.kind { return text } }
    return nil
  }

  /// The string that stands first, as in `@relation("name")`.
  var first: String? {
    if case .text(let text)? = arguments.first?.kind { text } else { nil }
  }

  /// The string given to a named argument: `map: "name"`.
  func named(_ label: String) -> String? {
    for index in arguments.indices.dropLast(2)
    where arguments[index].kind == .word(label) && arguments[index + 1].kind == .mark(":") {
      if case .text(let text) = arguments[index + 2].kind { return text }
    }
    return nil
  }

  /// The names in the list given to a named argument: `fields: [a, b]`.
  func list(_ label: String) -> [String] {
    for index in arguments.indices.dropLast(2)
    where arguments[index].kind == .word(label) && arguments[index + 1].kind == .mark(":") {
      return names(from: index + 2)
    }
    return []
  }

  /// The names in the first list, as in `@@index([a, b(sort: Desc)])`.
  var fields: [String] {
    let named = list("fields")
    if !named.isEmpty { return named }
    return arguments.firstIndex { $0.kind == .mark("[") }.map(names) ?? []
  }

  private func names(from open: Int) -> [String] {
    var found: [String] = []
    var depth = 0
    for argument in arguments[open...] {
      switch argument.kind {
      case .mark("["), .mark("("): depth += 1
      case .mark("]"), .mark(")"):
        depth -= 1
        if depth == 0 { return found }
      case .word(let name) where depth == 1: found.append(name)
      default: break
      }
    }
    return found
  }

  static func parse(_ tokens: [PrismaToken]) -> [PrismaAttribute] {
    var found: [PrismaAttribute] = []
    var index = 0
    while index < tokens.count {
      guard tokens[index].kind == .mark("@") || tokens[index].kind == .mark("@@") else {
        index += 1
        continue
      }
      index += 1
      var name = ""
      while index < tokens.count {
        if case .word(let word) = tokens[index].kind {
          name += word
        } else if tokens[index].kind == .mark(".") {
          name += "."
        } else {
          break
        }
        index += 1
      }
      var arguments: [PrismaToken] = []
      if index < tokens.count, tokens[index].kind == .mark("(") {
        var depth = 0
        while index < tokens.count {
          let token = tokens[index]
          index += 1
          if token.kind == .mark("(") {
            depth += 1
            if depth == 1 { continue }
          }
          if token.kind == .mark(")") {
            depth -= 1
            if depth == 0 { break }
          }
          arguments.append(token)
        }
      }
      found.append(PrismaAttribute(name: name, arguments: arguments))
    }
    return found
  }
}

/// Scalar types and their PostgreSQL types ("Prisma schema reference", native type mappings).
enum PrismaType {
  static func database(_ name: String, native: PrismaAttribute?) -> String? {
    if let native {
      let type = native.name.dropFirst(3)
      let base = natives[String(type)] ?? type.lowercased()
      return native.arguments.isEmpty ? base : "\(base)(\(native.raw))"
    }
    return scalars[name]
  }

  private static let scalars = [
    "String": "text", "Boolean": "boolean", "Int": "integer", "BigInt": "bigint", "Float": "double precision",
    "Decimal": "numeric(65,30)", "DateTime": "timestamp(3)", "Json": "jsonb", "Bytes": "bytea", "Unsupported": "text",
  ]
  private static let natives = [
    "VarChar": "varchar", "Char": "char", "Integer": "integer", "SmallInt": "smallint",
    "DoublePrecision": "double precision",
    "JsonB": "jsonb", "ByteA": "bytea", "LongText": "text", "MediumText": "text", "TinyText": "text",
    "TinyInt": "smallint",
    "DateTime": "timestamp", "UnsignedInt": "bigint", "Oid": "oid", "VarBit": "varbit",
  ]
}
