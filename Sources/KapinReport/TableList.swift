package import KapinBase
package import KapinModel

/// A table with what reads and writes it, for lists.
package struct TableRow: Sendable {
  package var id: String
  package var table: TableNode
  package var app: String
  package var at: Place?
  /// Ids of what reads and writes it, in the order of the edges.
  package var readers: [String]
  package var writers: [String]
}

/// The tables of a product.
package struct TableList: Sendable {
  package private(set) var rows: [TableRow] = []

  /// All tables, by app and name.
  package init(_ graph: ProductGraph) {
    var readers: [NodeID: [String]] = [:], writers: [NodeID: [String]] = [:]
    for edge in graph.edges {
      let from = graph.nodes[edge.from].id
      switch edge.kind {
      case .reads where readers[edge.to]?.contains(from) != true: readers[edge.to, default: []].append(from)
      case .writes where writers[edge.to]?.contains(from) != true: writers[edge.to, default: []].append(from)
      default: break
      }
    }
    for id in graph.nodes.ids {
      let node = graph.nodes[id]
      guard case .table(let table) = node.content else { continue }
      let folder = graph.code.packages[table.package].folder
      rows.append(
        TableRow(
          id: node.id, table: table, app: folder.isEmpty ? "." : folder, at: node.origin?.place,
          readers: readers[id] ?? [], writers: writers[id] ?? []))
    }
    rows = rows.sortedByBytes { $0.app + "\u{0}" + $0.table.table.name }
  }

  package mutating func keep(where accepts: (TableRow) -> Bool) { rows = rows.filter(accepts) }

  /// A line for each table and below it one for each column.
  package var text: String {
    var lines: [String] = []
    for row in rows {
      let code = row.table.table.codeName == row.table.table.name ? "" : " (\(row.table.table.codeName) in code)"
      if !lines.isEmpty { lines.append("") }
      lines.append(
        "\(row.table.table.name)\(code)  \(row.table.source), \(row.table.provider ?? "unknown database")  \(row.at?.description ?? "")"
      )
      let name = row.table.table.columns.map(\.name.count).max() ?? 0
      let type = row.table.table.columns.map(\.type.count).max() ?? 0
      for column in row.table.table.columns {
        lines.append(
          "  " + column.name.padded(to: name) + "  " + column.type.padded(to: type) + "  "
            + Self.properties(column).joined(separator: ", "))
      }
      lines.append("  read by \(row.readers.count), written by \(row.writers.count)")
    }
    return lines.joined(separator: "\n")
  }

  private static func properties(_ column: SchemaColumn) -> [String] {
    var words: [String] = []
    if column.primary { words.append("primary key") } else if !column.nullable { words.append("not null") }
    if column.unique { words.append("unique") }
    if column.generated { words.append("generated") }
    if let value = column.defaultValue { words.append("default \(value)") }
    if let to = column.references { words.append("→ \(to.table).\(to.column)") }
    if !column.enumValues.isEmpty { words.append("one of \(column.enumValues.joined(separator: " | "))") }
    return words
  }

  /// Columns divided by tabs: table, column, type, nullable, primary, unique, default, references, source, app, place.
  package var tabbed: String {
    rows.flatMap { row in
      row.table.table.columns.map { column in
        [
          row.table.table.name, column.name, column.type, column.nullable ? "null" : "not null",
          column.primary ? "primary" : "", column.unique ? "unique" : "", column.defaultValue ?? "",
          column.references.map { "\($0.table).\($0.column)" } ?? "", row.table.source, row.app,
          column.place.description,
        ].joined(separator: "\t")
      }
    }.joined(separator: "\n")
  }

  package func json(_ graph: ProductGraph) -> JSONText {
    let wire = GraphWire(graph: graph)
    return .object([
      "kapin": .text("tables"), "version": .int(1),
      "tables": .list(
        rows.map { row in
          var fields = wire.tableFields(row.table)
          fields["id"] = .text(row.id)
          fields["name"] = .text(row.table.table.name)
          fields["app"] = .text(row.app)
          fields["at"] = row.at.map { .text($0.description) }
          fields["readers"] = .list(row.readers.map { .text($0) })
          fields["writers"] = .list(row.writers.map { .text($0) })
          return .object(fields)
        }),
    ])
  }
}
