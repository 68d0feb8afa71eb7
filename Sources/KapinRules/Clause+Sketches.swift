import KapinBase
import KapinModel

/// Tables that the types of the language sketch.
extension Clause {
  /// An interface whose members are tables, each of an interface whose members are columns.
  func interface(_ model: ModelClause, _ symbol: SymbolRef) {
    guard let id = symbol.declaration else { return }
    let facts = finder.graph.modules[symbol.module].facts
    let styles = casing(model) ?? model.columnNaming
    if !model.within.isEmpty {
      for (table, schema) in tables(model.within, in: id, facts, schema: "") {
        let holder = model.row.flatMap { field($0, in: table, facts) } ?? table
        sketch(model, facts.names[facts.declarations[table].name], schema, holder, symbol.module, styles)
      }
      return
    }
    for row in facts.declarations.rows where row.parent == id && row.form == .field {
      guard let type = row.type.map({ facts.names[$0] }), let rows = declared(type, in: symbol.module),
        let owner = rows.declaration
      else { continue }
      sketch(model, facts.names[row.name], "", owner, rows.module, styles)
    }
  }

  /// The members that stand for tables, with the schema that they lie in.
  private func tables(
    _ way: [String], in id: DeclarationID, _ facts: FrozenFacts, schema: String
  ) -> [(table: DeclarationID, schema: String)] {
    var found: [(table: DeclarationID, schema: String)] = []
    for (index, row) in facts.declarations.rows.enumerated() where row.parent == id && row.form == .field {
      let name = facts.names[row.name]
      guard let next = way.first else {
        found.append((DeclarationID(index), schema))
        continue
      }
      guard next == "*" || next == name else { continue }
      found += tables(Array(way.dropFirst()), in: DeclarationID(index), facts, schema: next == "*" ? name : schema)
    }
    return found
  }

  private func field(_ name: String, in id: DeclarationID, _ facts: FrozenFacts) -> DeclarationID? {
    facts.declarations.ids.first {
      facts.declarations[$0].parent == id && facts.names[facts.declarations[$0].name] == name
    }
  }

  /// A table as the types of the language show it.
  private func sketch(
    _ model: ModelClause, _ name: String, _ schema: String, _ owner: DeclarationID, _ module: ModuleID,
    _ styles: [NameStyle]
  ) {
    let facts = finder.graph.modules[module].facts
    let reader = ColumnReader(clause: self, reading: model.reading)
    let place = finder.graph.place(module, facts.declarations[owner].nameAt)
    let prefix = schema.isEmpty || schema == "public" ? "" : schema + "."
    var found = SchemaTable(
      name: prefix + styles.reduce(name) { $1.apply($0) }, codeName: name, columns: [], place: place)
    for column in facts.declarations.rows where column.parent == owner && column.form == .field {
      let key = facts.names[column.name]
      guard
        var one = reader.column(
          key, decorators: [], annotation: column.type.map { facts.names[$0] },
          at: finder.graph.place(module, column.nameAt))?.column
      else { continue }
      one.name = styles.reduce(key) { $1.apply($0) }
      found.columns.append(one)
    }
    guard !found.columns.isEmpty else { return }
    var sketch = FoundModel(
      entity: follower.intern(.declaration(SymbolRef(module, owner))), module: module, table: found, references: [],
      provider: model.provider, styles: styles, origin: Origin(place: place, rule: rule.info.id, confidence: .exact))
    sketch.isSketch = true
    finder.add(.model(sketch))
  }
}
