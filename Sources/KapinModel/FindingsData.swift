public import KapinBase

/// A persisted record type that code declares.
public struct FoundModel: Sendable {
  /// What code means by it: a class, or what a call gives.
  public var entity: EntityID
  public var module: ModuleID
  public var table: SchemaTable
  /// References to other models, by column: what the code names.
  public var references: [(column: String, to: ModelReference)]
  public var provider: String?
  /// How names of columns are written that come from names in code.
  public var styles: [NameStyle]
  /// It says only the types of the language: migrations know the database's better.
  public var isSketch = false
  public var origin: Origin
  public init(
    entity: EntityID, module: ModuleID, table: SchemaTable, references: [(column: String, to: ModelReference)],
    provider: String?, styles: [NameStyle], origin: Origin
  ) {
    self.entity = entity
    self.module = module
    self.table = table
    self.references = references
    self.provider = provider
    self.styles = styles
    self.origin = origin
  }
}

/// A step of a schema's history in code.
public struct FoundChange: Sendable {
  public var module: ModuleID
  public var offset: UInt32
  public var changes: [SchemaChange]
  /// SQL that the step runs.
  public var text: String?
  public var place: Place
  public var rule: String
  public init(
    module: ModuleID, offset: UInt32, changes: [SchemaChange], text: String?, place: Place, rule: String
  ) {
    self.module = module
    self.offset = offset
    self.changes = changes
    self.text = text
    self.place = place
    self.rule = rule
  }
}

/// A model and one of its columns; without a column, its key.
public struct ModelReference: Sendable {
  public var table: TableReference
  public var column: String?
  public init(table: TableReference, column: String?) {
    self.table = table
    self.column = column
  }
}

/// How code names a table.
public enum TableReference: Sendable, Hashable {
  /// As the schema's code does.
  case codeName(String)
  /// As the database does.
  case name(String)
  case model(EntityID)
  /// What a relation leads to; without a model, the one table that relations of this name lead to.
  indirect case relation(of: TableReference?, name: String)
}

/// A table that is read or written.
public struct FoundAccess: Sendable {
  public var from: SymbolRef
  public var module: ModuleID
  public var statement: StatementID?
  public var offset: UInt32
  public var call: CallID
  public var table: TableReference
  public var verb: AccessVerb
  public var columns: [String]
  /// The rule whose schema the table belongs to.
  public var origin: Origin
  /// Keys that may name relations, with the pattern that says how to read them.
  public var along: (keys: [QueryKey], pattern: AlongPattern)?
  public init(
    from: SymbolRef, module: ModuleID, statement: StatementID?, offset: UInt32, call: CallID, table: TableReference,
    verb: AccessVerb, columns: [String], origin: Origin
  ) {
    self.from = from
    self.module = module
    self.statement = statement
    self.offset = offset
    self.call = call
    self.table = table
    self.verb = verb
    self.columns = columns
    self.origin = origin
  }
}

/// A call that only what a rule knows leads to its target.
public struct FoundCall: Sendable {
  public var from: SymbolRef
  public var to: SymbolRef
  public var site: CallSite
  /// The rule that says so, where one does.
  public var origin: Origin?
  public init(from: SymbolRef, to: SymbolRef, site: CallSite, origin: Origin? = nil) {
    self.from = from
    self.to = to
    self.site = site
    self.origin = origin
  }
}

/// A name under which queries ask for rows of another model.
public struct FoundRelation: Sendable {
  public var owner: EntityID
  public var name: String
  public var target: TableReference
  /// Its rows come along with those of the owner, unasked.
  public var isEager: Bool
  public init(owner: EntityID, name: String, target: TableReference, isEager: Bool = false) {
    self.isEager = isEager
    self.owner = owner
    self.name = name
    self.target = target
  }
}

/// A key of a query's object, or a name in a list of such, as written.
public struct QueryKey: Sendable {
  public var name: String
  public var children: [QueryKey]
  /// The model that stands there instead of a name.
  public var model: EntityID?
  public init(_ name: String, _ children: [QueryKey] = [], model: EntityID? = nil) {
    self.name = name
    self.children = children
    self.model = model
  }
}

public enum AccessVerb: String, Sendable, CaseIterable {
  case read, create, update, delete
  public var writes: Bool { self != .read }
}

/// SQL text that the code sends.
public struct FoundQuery: Sendable {
  public var from: SymbolRef
  public var module: ModuleID
  public var statement: StatementID?
  public var offset: UInt32
  public var call: CallID
  public var sql: FoldedText
  public var origin: Origin
  public init(
    from: SymbolRef, module: ModuleID, statement: StatementID?, offset: UInt32, call: CallID, sql: FoldedText,
    origin: Origin
  ) {
    self.from = from
    self.module = module
    self.statement = statement
    self.offset = offset
    self.call = call
    self.sql = sql
    self.origin = origin
  }
}

/// A request to a route, or a navigation to a page.
public struct FoundRequest: Sendable {
  public var from: SymbolRef
  public var method: String
  public var path: FoldedText
  public var navigates: Bool
  public var origin: Origin
  /// The call that says what is sent.
  public var site: CallSite?
  public init(
    from: SymbolRef, method: String, path: FoldedText, navigates: Bool, origin: Origin, site: CallSite? = nil
  ) {
    self.site = site
    self.from = from
    self.method = method
    self.path = path
    self.navigates = navigates
    self.origin = origin
  }
}

/// A document of a query language that code sends.
public struct FoundDocument: Sendable {
  public var from: SymbolRef
  public var text: String
  public var origin: Origin
  public init(from: SymbolRef, text: String, origin: Origin) {
    self.from = from
    self.text = text
    self.origin = origin
  }
}

/// An event that the code emits.
public struct FoundEvent: Sendable {
  public var from: SymbolRef
  /// `{?}` where a part is unknown.
  public var name: String
  public var properties: [String]
  public var origin: Origin
  public init(from: SymbolRef, name: String, properties: [String], origin: Origin) {
    self.from = from
    self.name = name
    self.properties = properties
    self.origin = origin
  }
}

/// A database client that code can use: how an edit may write an event.
public struct FoundClient: Sendable {
  public var rule: String
  public var module: ModuleID
  /// The name that the module's top level knows it by.
  public var localName: String
  /// The name under which the module exports it, if it does.
  public var exportName: String?
  public init(rule: String, module: ModuleID, localName: String, exportName: String?) {
    self.rule = rule
    self.module = module
    self.localName = localName
    self.exportName = exportName
  }
}
