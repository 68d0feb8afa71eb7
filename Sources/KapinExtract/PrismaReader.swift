internal import KapinBase
package import KapinModel

/// Reads the Prisma schema language ("Prisma schema reference") into neutral facts.
///
/// It works on tokens, not on a grammar: the published tree-sitter grammar knows neither views nor attributes of enum
/// values. A block that is broken ends at its closing brace and costs only itself.
package struct PrismaReader {
  private var tokens: [PrismaToken]
  private var index = 0
  private let path: String
  private let lines: LineTable
  private var facts = SchemaFacts()

  package static func read(_ bytes: [UInt8], path: String) -> SchemaFacts {
    var reader = bytes.withUnsafeBytes { source in
      PrismaReader(tokens: PrismaToken.scan(source), path: path, lines: LineTable(source))
    }
    reader.file()
    return reader.facts
  }

  private init(tokens: [PrismaToken], path: String, lines: LineTable) {
    self.tokens = tokens
    self.path = path
    self.lines = lines
  }

  private var current: PrismaToken? { index < tokens.count ? tokens[index] : nil }

  private mutating func file() {
    while let token = current {
      index += 1
      guard case .word(let keyword) = token.kind, let name = word() else { continue }
      guard skip(to: "{") else { break }
      switch keyword {
      case "model", "view": model(name, at: token.start, isView: keyword == "view")
      case "enum": enumeration(name)
      case "datasource": datasource()
      default: skipBlock()
      }
    }
  }

  private mutating func word() -> String? {
    guard case .word(let text)? = current?.kind else { return nil }
    index += 1
    return text
  }

  private mutating func skip(to mark: String) -> Bool {
    while let token = current {
      index += 1
      if token.kind == .mark(mark) { return true }
    }
    return false
  }

  private mutating func skipBlock() {
    while let token = current, token.kind != .mark("}") { index += 1 }
    index += 1
  }

  /// The tokens up to the end of the line, brackets that run over lines included.
  private mutating func line() -> [PrismaToken] {
    var found: [PrismaToken] = []
    var depth = 0
    while let token = current {
      if depth == 0, token.kind == .newline || token.kind == .mark("}") { break }
      index += 1
      if token.kind == .mark("(") || token.kind == .mark("[") { depth += 1 }
      if token.kind == .mark(")") || token.kind == .mark("]") { depth -= 1 }
      if token.kind != .newline { found.append(token) }
    }
    return found
  }

  /// Calls the body for each line of a block; the end of the closing brace is returned.
  private mutating func eachLine(_ body: (inout Self, [PrismaToken]) -> Void) -> UInt32 {
    while let token = current {
      if token.kind == .mark("}") {
        index += 1
        return token.start + 1
      }
      if token.kind == .newline {
        index += 1
        continue
      }
      let before = index
      let tokens = line()
      if !tokens.isEmpty { body(&self, tokens) }
      if index == before { index += 1 }
    }
    return tokens.last.map { $0.start + 1 } ?? 0
  }

  private mutating func datasource() {
    _ = eachLine { my, tokens in
      if tokens.count >= 3, tokens[0].kind == .word("provider"), case .text(let provider) = tokens[2].kind {
        my.facts.provider = provider
      }
    }
  }

  private mutating func enumeration(_ name: String) {
    var result = SchemaEnum(name: name, codeName: name, values: [])
    _ = eachLine { _, tokens in
      let attributes = PrismaAttribute.parse(tokens)
      if case .word(let value) = tokens[0].kind {
        result.values.append(attributes.first { $0.name == "map" }?.text ?? value)
      } else if let map = attributes.first(where: { $0.name == "map" })?.text {
        result.name = map
      }
    }
    facts.enums.append(result)
  }

  private mutating func model(_ name: String, at start: UInt32, isView: Bool) {
    var table = SchemaTable(name: name, codeName: name, columns: [], place: place(start))
    var schema: String?
    var relations: [(field: String, target: String, column: String)] = []
    let end = eachLine { my, tokens in
      let attributes = PrismaAttribute.parse(tokens)
      if case .word(let field) = tokens[0].kind {
        my.field(field, tokens, attributes, &table, &relations)
      } else {
        for attribute in attributes {
          switch attribute.name {
          case "map": table.name = attribute.text ?? table.name
          case "schema": schema = attribute.text
          case "id": my.mark(primary: attribute.fields, in: &table)
          case "unique":
            table.indexes.append(SchemaIndex(name: attribute.named("map"), columns: attribute.fields, unique: true))
          case "index":
            table.indexes.append(SchemaIndex(name: attribute.named("map"), columns: attribute.fields, unique: false))
          default: break
          }
        }
      }
    }
    if let schema, schema != "public" { table.name = schema + "." + table.name }
    for relation in relations {
      if let column = table.columns.firstIndex(where: { $0.codeName == relation.field }) {
        table.columns[column].references = SchemaColumn.Reference(table: relation.target, column: relation.column)
      }
    }
    let databaseName = Dictionary(table.columns.map { ($0.codeName, $0.name) }, uniquingKeysWith: { a, _ in a })
    for index in table.indexes.indices {
      table.indexes[index].columns = table.indexes[index].columns.map { databaseName[$0] ?? $0 }
    }
    table.end = lines.position(end)
    facts.changes.append(.create(table))
  }

  private func mark(primary fields: [String], in table: inout SchemaTable) {
    for index in table.columns.indices where fields.contains(table.columns[index].codeName) {
      table.columns[index].primary = true
    }
  }

  private mutating func field(
    _ field: String, _ tokens: [PrismaToken], _ attributes: [PrismaAttribute], _ table: inout SchemaTable,
    _ relations: inout [(field: String, target: String, column: String)]
  ) {
    guard tokens.count > 1, case .word(let typeName) = tokens[1].kind else { return }
    let isList = tokens.count > 3 && tokens[2].kind == .mark("[") && tokens[3].kind == .mark("]")
    let isOptional = tokens.count > 2 && tokens[2].kind == .mark("?")
    if let relation = attributes.first(where: { $0.name == "relation" }) {
      for (from, to) in zip(relation.list("fields"), relation.list("references")) {
        relations.append((from, typeName, to))
      }
      table.relations.append(
        SchemaRelation(
          field: field, target: typeName, name: relation.named("name") ?? relation.first,
          holdsKey: !relation.list("fields").isEmpty, isList: isList))
      return
    }
    if attributes.contains(where: { $0.name == "ignore" }) { return }
    let native = attributes.first { $0.name.hasPrefix("db.") }
    var type = PrismaType.database(typeName, native: native)
    if typeName == "Unsupported", tokens.count > 3, case .text(let raw) = tokens[3].kind { type = raw }
    var column = SchemaColumn(
      name: attributes.first { $0.name == "map" }?.text ?? field, codeName: field,
      type: (type ?? typeName) + (isList ? "[]" : ""), nullable: isOptional || isList,
      place: place(tokens[0].start))
    column.hasNamedType = type == nil
    column.primary = attributes.contains { $0.name == "id" }
    column.unique = attributes.contains { $0.name == "unique" }
    if let value = attributes.first(where: { $0.name == "default" }) {
      column.defaultValue = value.raw
      column.generated = ["autoincrement()"].contains(value.raw)
    }
    if attributes.contains(where: { $0.name == "updatedAt" }) { column.generated = true }
    table.columns.append(column)
  }

  private func place(_ offset: UInt32) -> Place { Place(path, lines.position(offset)) }
}
