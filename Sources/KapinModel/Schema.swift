package import KapinBase

/// What a schema file (an ORM's schema language or SQL) declares, in neutral terms.
package struct SchemaFacts: Sendable {
  package var provider: String?
  package var changes: [SchemaChange] = []
  package var enums: [SchemaEnum] = []
  package var notes: [Diagnostic] = []
  package init() {}
}

/// A step of a schema's history; a declarative schema is a list of `create`.
package enum SchemaChange: Sendable {
  case create(SchemaTable)
  case drop(String)
  case rename(String, to: String)
  case add(column: SchemaColumn, table: String)
  case dropColumn(String, table: String)
  case renameColumn(String, to: String, table: String)
  case alter(table: String, column: String, SchemaAlteration)
  case index(SchemaIndex, table: String)
  case dropIndex(String)
  case reference(column: String, toTable: String, toColumn: String, table: String)
  case unique(columns: [String], table: String)
  case primary(columns: [String], table: String)
}

package enum SchemaAlteration: Sendable { case type(String), nullable(Bool), defaultValue(String?) }

package struct SchemaEnum: Sendable {
  /// The name in the database and the name in code.
  package var name: String
  package var codeName: String
  package var values: [String]
  package init(name: String, codeName: String, values: [String]) {
    self.name = name
    self.codeName = codeName
    self.values = values
  }
}

package struct SchemaTable: Sendable {
  /// The database name, with `schema.` in front when it isn't the default schema.
  package var name: String
  package var codeName: String
  package var columns: [SchemaColumn]
  package var indexes: [SchemaIndex] = []
  package var place: Place
  package var end: Position?
  package init(name: String, codeName: String, columns: [SchemaColumn], place: Place) {
    self.name = name
    self.codeName = codeName
    self.columns = columns
    self.place = place
  }
}

package struct SchemaIndex: Sendable, Hashable {
  package var name: String?
  package var columns: [String]
  package var unique: Bool
  package init(name: String?, columns: [String], unique: Bool) {
    self.name = name
    self.columns = columns
    self.unique = unique
  }
}

package struct SchemaColumn: Sendable, Hashable {
  package var name: String
  package var codeName: String
  /// The type in the database, as PostgreSQL writes it.
  package var type: String
  package var nullable: Bool
  package var defaultValue: String?
  /// The type is a name that another file may declare: an enum, or a table that this is no column of.
  package var hasNamedType = false
  package var primary = false
  package var unique = false
  package var generated = false
  package var references: Reference?
  package var enumValues: [String] = []
  package var place: Place

  /// The referenced table and column, by their names in code.
  package struct Reference: Sendable, Hashable {
    package var table: String
    package var column: String
    package init(table: String, column: String) {
      self.table = table
      self.column = column
    }
  }

  package init(name: String, codeName: String, type: String, nullable: Bool, place: Place) {
    self.name = name
    self.codeName = codeName
    self.type = type
    self.nullable = nullable
    self.place = place
  }
}
