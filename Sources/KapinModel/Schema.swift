public import KapinBase

/// What a schema file (an ORM's schema language or SQL) declares, in neutral terms.
public struct SchemaFacts: Sendable {
  public var provider: String?
  public var changes: [SchemaChange] = []
  public var enums: [SchemaEnum] = []
  /// Views, with the tables and views that they read.
  public var views: [(name: String, tables: [String])] = []
  /// What the root types of a query language offer.
  public var operations: [SchemaOperation] = []
  public var notes: [Diagnostic] = []
  public init() {}
}

/// A field of a query language's root type.
public struct SchemaOperation: Sendable {
  /// QUERY, MUTATION or SUBSCRIPTION.
  public var method: String
  public var name: String
  public var arguments: [RouteInput]
  /// In bytes from the start of the text.
  public var offset: Int
  public var position: Position?
  public init(method: String, name: String, arguments: [RouteInput], offset: Int) {
    self.method = method
    self.name = name
    self.arguments = arguments
    self.offset = offset
  }
}

/// A step of a schema's history; a declarative schema is a list of `create`.
public enum SchemaChange: Sendable {
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

public enum SchemaAlteration: Sendable { case type(String), nullable(Bool), defaultValue(String?) }

public struct SchemaEnum: Sendable {
  /// The name in the database and the name in code.
  public var name: String
  public var codeName: String
  public var values: [String]
  public init(name: String, codeName: String, values: [String]) {
    self.name = name
    self.codeName = codeName
    self.values = values
  }
}

public struct SchemaTable: Sendable {
  /// The database name, with `schema.` in front when it isn't the default schema.
  public var name: String
  public var codeName: String
  public var columns: [SchemaColumn]
  public var indexes: [SchemaIndex] = []
  public var relations: [SchemaRelation] = []
  public var place: Place
  public var end: Position?
  public init(name: String, codeName: String, columns: [SchemaColumn], place: Place) {
    self.name = name
    self.codeName = codeName
    self.columns = columns
    self.place = place
  }
}

/// A field of the code that stands for rows of another table.
public struct SchemaRelation: Sendable {
  public var field: String
  /// The code name of the other table.
  public var target: String
  /// What both ends are called where the schema names the relation.
  public var name: String?
  /// Whether the table itself has the column that refers to the other one.
  public var holdsKey: Bool
  public var isList: Bool
  public init(field: String, target: String, name: String? = nil, holdsKey: Bool = false, isList: Bool = false) {
    self.field = field
    self.target = target
    self.name = name
    self.holdsKey = holdsKey
    self.isList = isList
  }
}

public struct SchemaIndex: Sendable, Hashable {
  public var name: String?
  public var columns: [String]
  public var unique: Bool
  public init(name: String?, columns: [String], unique: Bool) {
    self.name = name
    self.columns = columns
    self.unique = unique
  }
}

public struct SchemaColumn: Sendable, Hashable {
  public var name: String
  public var codeName: String
  /// The type in the database, as PostgreSQL writes it.
  public var type: String
  public var nullable: Bool
  public var defaultValue: String?
  /// The type is a name that another file may declare: an enum, or a table that this is no column of.
  public var hasNamedType = false
  public var primary = false
  public var unique = false
  public var generated = false
  public var references: Reference?
  public var enumValues: [String] = []
  public var place: Place

  /// The referenced table and column, by their names in code.
  public struct Reference: Sendable, Hashable {
    public var table: String
    public var column: String
    public init(table: String, column: String) {
      self.table = table
      self.column = column
    }
  }

  public init(name: String, codeName: String, type: String, nullable: Bool, place: Place) {
    self.name = name
    self.codeName = codeName
    self.type = type
    self.nullable = nullable
    self.place = place
  }
}
