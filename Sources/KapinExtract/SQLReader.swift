package import KapinBase
package import KapinModel
import KapinSyntax

/// Reads SQL migrations into schema changes, by PostgreSQL's own parser.
package struct SQLReader {
  private let path: String
  private let lines: LineTable
  private let position: Position?
  private var facts = SchemaFacts()

  /// What the parser rejects is noted with its place; the other statements still count.
  ///
  /// - Parameter at: where a text stands that is part of a file of code: all that it declares stands there.
  package static func read(_ bytes: [UInt8], path: String, at position: Position? = nil) -> SchemaFacts {
    var bytes = bytes
    blankOutClientCommands(&bytes)
    let lines = bytes.withUnsafeBytes { LineTable($0) }
    var reader = SQLReader(path: path, lines: lines, position: position)
    for (text, offset) in SQLParser.split(String(decoding: bytes, as: UTF8.self)) where isSchemaStatement(text) {
      reader.statement(text, offset)
    }
    return reader.facts
  }

  private init(path: String, lines: LineTable, position: Position?) {
    self.path = path
    self.lines = lines
    self.position = position
  }

  /// Commands of the psql client and the data of `COPY … FROM stdin` are not SQL: spaces keep the offsets true.
  private static func blankOutClientCommands(_ bytes: inout [UInt8]) {
    var index = 0
    var inData = false
    while index < bytes.count {
      let end = bytes[index...].firstIndex(of: 10) ?? bytes.count
      let line = bytes[index..<end]
      let isCommand = line.first == 92
      let startsData = !inData && line.starts(with: Array("COPY ".utf8)) && containsStdin(line)
      if isCommand || inData || startsData {
        for position in index..<end { bytes[position] = 32 }
      }
      if inData, isCommand { inData = false }
      if startsData { inData = true }
      index = end + 1
    }
  }

  private static func containsStdin(_ line: ArraySlice<UInt8>) -> Bool {
    String(decoding: line, as: UTF8.self).lowercased().contains("from stdin")
  }

  /// Whether the first words can change tables; the rest needs no parse.
  private static func isSchemaStatement(_ text: String) -> Bool {
    let words = firstWords(text)
    guard let verb = words.first, ["create", "alter", "drop"].contains(verb) else { return false }
    let others: Set<String> = ["function", "trigger", "policy", "extension", "role", "procedure", "view", "sequence"]
    let made = words.dropFirst().first {
      !["or", "replace", "temp", "temporary", "recursive", "materialized"].contains($0)
    }
    if verb == "create", made == "view" { return true }
    return words.count < 2 || words[1] != "or" && !others.contains(words[1])
  }

  /// The first words after comments, in small letters.
  private static func firstWords(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    var words: [String] = []
    var index = 0
    while index < bytes.count, words.count < 5 {
      let byte = bytes[index] | 0x20
      if bytes[index] == 45, index + 1 < bytes.count, bytes[index + 1] == 45 {
        index = bytes[index...].firstIndex(of: 10) ?? bytes.count
      } else if bytes[index] == 47, index + 1 < bytes.count, bytes[index + 1] == 42 {
        index += 2
        while index + 1 < bytes.count, bytes[index] != 42 || bytes[index + 1] != 47 { index += 1 }
        index += 2
      } else if byte >= 97, byte <= 122 {
        let start = index
        while index < bytes.count, (bytes[index] | 0x20) >= 97, (bytes[index] | 0x20) <= 122 { index += 1 }
        words.append(String(decoding: bytes[start..<index].map { $0 | 0x20 }, as: UTF8.self))
      } else {
        index += 1
      }
    }
    return words
  }

  private func isSchema(_ text: String) -> Bool { Self.isSchemaStatement(text) }

  private mutating func statement(_ text: String, _ offset: Int) {
    var parsed = SQLParser.parse(text)
    if case .failure = parsed, let other = SQLDialect(text) {
      let again = SQLParser.parse(other.text)
      if case .success = again {
        parsed = again
        if let provider = other.provider { facts.provider = provider }
      }
    }
    switch parsed {
    case .failure(let failure):
      // A bracket that is never closed swallows what follows: then each line that ends in a semicolon ends a statement.
      if let end = text.firstRange(of: ";\n") {
        let first = String(text[..<end.lowerBound]), rest = String(text[end.upperBound...])
        if isSchema(first) { statement(first, offset) }
        if isSchema(rest) { statement(rest, offset + first.utf8.count + 2) }
        return
      }
      facts.notes.append(
        Diagnostic(
          .unsupportedSQL, .note, "PostgreSQL's parser says: \(failure.message)", at: place(offset + failure.offset)))
    case .success(let tree):
      guard let (type, body) = tree.node else { return }
      switch type {
      case "CreateStmt": create(body, offset, end: offset + text.utf8.count)
      case "AlterTableStmt": alter(body, offset)
      case "RenameStmt": rename(body)
      case "DropStmt": drop(body)
      case "IndexStmt": index(body)
      case "ViewStmt":
        if let name = body["view"]?.relationName { view(name, body["query"]) }
      case "CreateTableAsStmt":
        if let name = body["into"]?["rel"]?.relationName { view(name, body["query"]) }
      case "CreateEnumStmt":
        let name = body["typeName"]?.items?.compactMap(\.sqlName).last ?? ""
        let values = body["vals"]?.items?.compactMap(\.sqlName) ?? []
        facts.enums.append(SchemaEnum(name: name, codeName: name, values: values))
      case "AlterEnumStmt":
        let name = body["typeName"]?.items?.compactMap(\.sqlName).last ?? ""
        if let value = body["newVal"]?.text {
          facts.enums.append(SchemaEnum(name: name, codeName: name, values: [value]))
        }
      default: break
      }
    }
  }

  private mutating func view(_ name: String, _ query: JSON?) {
    guard let query else { return }
    facts.views.append((name, SQLAccess.tables(query)))
  }

  private func place(_ offset: Int) -> Place { Place(path, position ?? lines.position(UInt32(max(0, offset)))) }

  private mutating func create(_ body: JSON, _ offset: Int, end: Int) {
    guard let relation = body["relation"], let name = relation.relationName else { return }
    guard body["partbound"] == nil else { return }
    let at = place(offset + (relation["location"]?.integer ?? 0))
    var table = SchemaTable(name: name, codeName: name, columns: [], place: at)
    table.end = position ?? lines.position(UInt32(end))
    var later: [SchemaChange] = []
    for element in body["tableElts"]?.items ?? [] {
      if let definition = element["ColumnDef"] {
        table.columns.append(column(definition, offset))
      } else if let constraint = element["Constraint"] {
        later += self.constraint(constraint, table: name)
      }
    }
    facts.changes.append(.create(table))
    facts.changes += later
  }

  private func column(_ body: JSON, _ offset: Int) -> SchemaColumn {
    let name = body["colname"]?.text ?? ""
    var column = SchemaColumn(
      name: name, codeName: name, type: Self.type(body["typeName"]), nullable: true,
      place: place(offset + (body["location"]?.integer ?? 0)))
    if ["smallserial", "serial", "bigserial"].contains(column.type) {
      column.generated = true
      column.nullable = false
    }
    for constraint in body["constraints"]?.items ?? [] {
      guard let constraint = constraint["Constraint"] else { continue }
      switch constraint["contype"]?.text {
      case "CONSTR_PRIMARY":
        column.primary = true
        column.nullable = false
      case "CONSTR_NOTNULL": column.nullable = false
      case "CONSTR_UNIQUE": column.unique = true
      case "CONSTR_DEFAULT": column.defaultValue = Self.expression(constraint["raw_expr"])
      case "CONSTR_IDENTITY", "CONSTR_GENERATED": column.generated = true
      case "CONSTR_FOREIGN":
        if let table = constraint["pktable"]?.relationName {
          let target = constraint["pk_attrs"]?.items?.compactMap(\.sqlName).first ?? "id"
          column.references = SchemaColumn.Reference(table: table, column: target)
        }
      default: break
      }
    }
    return column
  }

  private func constraint(_ body: JSON, table: String) -> [SchemaChange] {
    func names(_ key: String) -> [String] { body[key]?.items?.compactMap(\.sqlName) ?? [] }
    switch body["contype"]?.text {
    case "CONSTR_PRIMARY": return [.primary(columns: names("keys"), table: table)]
    case "CONSTR_UNIQUE": return [.unique(columns: names("keys"), table: table)]
    case "CONSTR_FOREIGN":
      guard let target = body["pktable"]?.relationName else { return [] }
      let columns = names("fk_attrs")
      let targets = names("pk_attrs")
      return columns.enumerated().map { index, column in
        .reference(
          column: column, toTable: target, toColumn: index < targets.count ? targets[index] : "id", table: table)
      }
    default: return []
    }
  }

  private mutating func alter(_ body: JSON, _ offset: Int) {
    guard let table = body["relation"]?.relationName else { return }
    for command in body["cmds"]?.items ?? [] {
      guard let command = command["AlterTableCmd"] else { continue }
      let name = command["name"]?.text ?? ""
      switch command["subtype"]?.text {
      case "AT_AddColumn":
        if let definition = command["def"]?["ColumnDef"] {
          facts.changes.append(.add(column: column(definition, offset), table: table))
        }
      case "AT_DropColumn": facts.changes.append(.dropColumn(name, table: table))
      case "AT_AlterColumnType":
        let type = Self.type(command["def"]?["ColumnDef"]?["typeName"])
        facts.changes.append(.alter(table: table, column: name, .type(type)))
      case "AT_SetNotNull": facts.changes.append(.alter(table: table, column: name, .nullable(false)))
      case "AT_DropNotNull": facts.changes.append(.alter(table: table, column: name, .nullable(true)))
      case "AT_ColumnDefault":
        facts.changes.append(.alter(table: table, column: name, .defaultValue(Self.expression(command["def"]))))
      case "AT_AddConstraint":
        if let constraint = command["def"]?["Constraint"] {
          facts.changes += self.constraint(constraint, table: table)
        }
      default: break
      }
    }
  }

  private mutating func rename(_ body: JSON) {
    guard let table = body["relation"]?.relationName, let name = body["newname"]?.text else { return }
    switch body["renameType"]?.text {
    case "OBJECT_TABLE": facts.changes.append(.rename(table, to: name))
    case "OBJECT_COLUMN":
      facts.changes.append(.renameColumn(body["subname"]?.text ?? "", to: name, table: table))
    default: break
    }
  }

  private mutating func drop(_ body: JSON) {
    for object in body["objects"]?.items ?? [] {
      let parts = object["List"]?["items"]?.items?.compactMap(\.sqlName) ?? []
      let name = parts.count == 2 && parts[0] == "public" ? parts[1] : parts.joined(separator: ".")
      switch body["removeType"]?.text {
      case "OBJECT_TABLE": facts.changes.append(.drop(name))
      case "OBJECT_INDEX": facts.changes.append(.dropIndex(name))
      default: break
      }
    }
  }

  private mutating func index(_ body: JSON) {
    guard let table = body["relation"]?.relationName else { return }
    let columns = body["indexParams"]?.items?.compactMap { $0["IndexElem"]?["name"]?.text } ?? []
    let index = SchemaIndex(name: body["idxname"]?.text, columns: columns, unique: body["unique"]?.flag ?? false)
    facts.changes.append(.index(index, table: table))
  }

  /// A type as PostgreSQL writes it: `integer`, `varchar(20)`, `text[]`.
  static func type(_ body: JSON?) -> String {
    guard let body else { return "text" }
    let parts = body["names"]?.items?.compactMap(\.sqlName) ?? []
    var name = parts.last ?? "text"
    if parts.first == "pg_catalog" {
      name = internalNames[name] ?? name
    } else if parts.count > 1, parts[0] != "public" {
      name = parts.joined(separator: ".")
    } else if let own = SQLDialect.types[name.lowercased()] {
      // Other databases' numbers behind a type say how it is shown, not what it is.
      return own
    }
    let modifiers = body["typmods"]?.items?.compactMap { $0["A_Const"]?["ival"]?["ival"]?.integer } ?? []
    if !modifiers.isEmpty, name != "interval" { name += "(\(modifiers.map(String.init).joined(separator: ",")))" }
    if let bounds = body["arrayBounds"]?.items { name += String(repeating: "[]", count: bounds.count) }
    return name
  }

  private static let internalNames = [
    "int4": "integer", "int8": "bigint", "int2": "smallint", "float8": "double precision", "float4": "real",
    "bool": "boolean", "bpchar": "char",
  ]

  /// A default as text, for the common forms.
  static func expression(_ body: JSON?) -> String? {
    guard let (type, node) = body?.node else { return nil }
    switch type {
    case "A_Const":
      if let text = node["sval"]?["sval"]?.text { return "'\(text)'" }
      if let flag = node["boolval"] { return (flag["boolval"]?.flag ?? false) ? "true" : "false" }
      if let value = node["ival"] { return String(value["ival"]?.integer ?? 0) }
      if let value = node["fval"]?["fval"]?.text { return value }
      return "NULL"
    case "FuncCall":
      let name = node["funcname"]?.items?.compactMap(\.sqlName).last ?? ""
      return "\(name)(\((node["args"]?.items ?? []).map { expression($0) ?? "…" }.joined(separator: ", ")))"
    case "TypeCast": return expression(node["arg"])
    case "SQLValueFunction": return "now()"
    default: return nil
    }
  }
}
