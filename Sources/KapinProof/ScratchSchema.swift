import KapinBase
import KapinDatabase
import KapinModel

/// Builds the product's tables in an empty database from what the analysis knows of them.
struct ScratchSchema {
  /// PostgreSQL statements; types that the server does not know become `text`.
  static func create(
    _ tables: [TableNode], on connection: borrowing Connection
  ) -> (made: Set<String>, notes: [Diagnostic]) {
    var made: Set<String> = []
    var notes: [Diagnostic] = []
    var enums: Set<String> = []
    for node in tables {
      let table = node.table
      do {
        if let dot = table.name.firstIndex(of: ".") {
          try connection.execute("CREATE SCHEMA IF NOT EXISTS \(quote(String(table.name[..<dot])))")
        }
        var columns: [String] = []
        for column in table.columns {
          let base = column.type.hasSuffix("[]") ? String(column.type.dropLast(2)) : column.type
          if !column.enumValues.isEmpty, enums.insert(base).inserted {
            let values = column.enumValues.map(literal).joined(separator: ", ")
            try connection.execute("CREATE TYPE \(base) AS ENUM (\(values))")
          }
          columns.append(
            "\(quote(column.name)) \(try known(column.type, on: connection))\(column.nullable ? "" : " NOT NULL")")
        }
        let name = table.name.split(separator: ".").map { quote(String($0)) }.joined(separator: ".")
        try connection.execute("CREATE TABLE \(name) (\(columns.joined(separator: ", ")))")
        made.insert(table.name)
      } catch {
        notes.append(
          Diagnostic(
            .unprovable, .note, "table \(table.name) could not be built for the proof: \(error)", at: table.place))
      }
    }
    return (made, notes)
  }

  private static func known(_ type: String, on connection: borrowing Connection) throws(DatabaseError) -> String {
    if ["smallserial", "serial", "bigserial"].contains(type.lowercased()) { return type }
    let rows = try? connection.query("SELECT to_regtype($1) IS NOT NULL", [type.prefixBeforeModifiers])
    return rows?.first?.first == "t" ? type : type.hasSuffix("[]") ? "text[]" : "text"
  }

  static func quote(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
  private static func literal(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
}

extension String {
  /// `varchar(20)[]` → `varchar[]`: what `to_regtype` of PostgreSQL 15 reads.
  fileprivate var prefixBeforeModifiers: String {
    guard let open = firstIndex(of: "("), let close = lastIndex(of: ")") else { return self }
    return String(self[..<open]) + self[index(after: close)...]
  }
}
