internal import KapinBase
import KapinModel
import KapinSyntax

/// Which tables and columns a query text reads and writes.
package struct SQLAccess: Sendable, Hashable {
  package var table: String
  package var columns: [String]
  package var writes: Bool

  package init(table: String, columns: [String], writes: Bool) {
    self.table = table
    self.columns = columns
    self.writes = writes
  }

  /// `nil` when PostgreSQL's parser does not read the text, also not with the places for values and the quotes of other
  /// databases as PostgreSQL has them.
  package static func read(_ sql: String) -> [SQLAccess]? {
    parsed(sql) ?? numbered(sql).flatMap { parsed($0) }
  }

  /// `?`, `:name` and `@name` numbered, back quotes as double ones; `nil` where there are none.
  private static func numbered(_ sql: String) -> String? {
    var text: [UInt8] = []
    var count = 0, index = 0, isChanged = false
    let bytes = Array(sql.utf8)
    func isLetter(_ index: Int) -> Bool {
      index < bytes.count && (bytes[index] | 0x20 >= 97 && bytes[index] | 0x20 <= 122 || bytes[index] == 95)
    }
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "'"):
        let end = bytes[(index + 1)...].firstIndex(of: byte) ?? bytes.count - 1
        text += bytes[index...end]
        index = end + 1
        continue
      case UInt8(ascii: "`"):
        text.append(UInt8(ascii: "\""))
        isChanged = true
      case UInt8(ascii: ":") where index > 0 && bytes[index - 1] != byte && isLetter(index + 1),
        UInt8(ascii: "@") where isLetter(index + 1), UInt8(ascii: "?"):
        count += 1
        text += Array("$\(count)".utf8)
        isChanged = true
        if byte != UInt8(ascii: "?") {
          while isLetter(index + 1) || index + 1 < bytes.count && (48...57).contains(bytes[index + 1]) { index += 1 }
        }
      default: text.append(byte)
      }
      index += 1
    }
    return isChanged ? String(decoding: text, as: UTF8.self) : nil
  }

  /// The tables that a parsed query reads.
  static func tables(_ query: JSON) -> [String] {
    var walk = Walk()
    walk.visit(query, depth: 0)
    return walk.result().map(\.table)
  }

  private static func parsed(_ sql: String) -> [SQLAccess]? {
    var walk = Walk()
    let statements = SQLParser.split(sql)
    for text in statements.isEmpty ? [sql] : statements.map(\.text) {
      guard case .success(let tree) = SQLParser.parse(text) else { return nil }
      walk.visit(tree, depth: 0)
    }
    return walk.result()
  }

  private struct Walk {
    private var tables: [(name: String, alias: String, writes: Bool)] = []
    private var columns: [(qualifier: String?, name: String)] = []
    private var written: [(table: String, name: String)] = []
    private var derived: Set<String> = []

    mutating func visit(_ tree: JSON, depth: Int) {
      guard depth < 300 else { return }
      if let items = tree.items { for item in items { visit(item, depth: depth + 1) } }
      guard let members = tree.members else { return }
      for (key, value) in members {
        switch key {
        case "RangeVar": add(value, writes: false)
        case "InsertStmt", "UpdateStmt", "DeleteStmt":
          if let relation = value["relation"] {
            add(relation, writes: true)
            let target = relation.relationName ?? ""
            let list = key == "InsertStmt" ? value["cols"] : key == "UpdateStmt" ? value["targetList"] : nil
            for item in list?.items ?? [] {
              if let name = item["ResTarget"]?["name"]?.text { written.append((target, name)) }
            }
          }
          visit(value, depth: depth + 1)
        case "CommonTableExpr":
          if let name = value["ctename"]?.text { derived.insert(name) }
          visit(value, depth: depth + 1)
        case "ColumnRef":
          let names = value["fields"]?.items?.compactMap(\.sqlName) ?? []
          if let name = names.last { columns.append((names.count > 1 ? names[names.count - 2] : nil, name)) }
        default: visit(value, depth: depth + 1)
        }
      }
    }

    private mutating func add(_ relation: JSON, writes: Bool) {
      guard let name = relation.relationName else { return }
      let alias = relation["alias"]?["aliasname"]?.text ?? relation["relname"]?.text ?? name
      tables.append((name, alias, writes))
    }

    /// Columns go to the table that qualifies them, or to the only table there is.
    func result() -> [SQLAccess] {
      var found: [SQLAccess] = []
      let real = tables.filter { !derived.contains($0.name) }
      for table in real where !found.contains(where: { $0.table == table.name && $0.writes == table.writes }) {
        var names = written.filter { table.writes && $0.table == table.name }.map(\.name)
        if !table.writes || written.allSatisfy({ $0.table != table.name }) {
          for column in columns
          where column.qualifier.map({ $0 == table.alias || $0 == table.name }) ?? (real.count == 1) {
            names.append(column.name)
          }
        }
        found.append(SQLAccess(table: table.name, columns: Set(names).sortedByBytes(), writes: table.writes))
      }
      return found
    }
  }
}
