import KapinBase

/// How code declares a persisted record type: by a call, a decorated class, a class that extends another one, or an
/// interface.
public struct ModelClause: Sendable {
  public enum Form: Sendable {
    case call(CallPattern)
    case decorated(ValuePattern)
    case extending(ValuePattern)
    /// Interfaces by one of these names, whose members are tables.
    case interface([String])
    /// The members of the object that a call gets; each is a call of the second pattern.
    case members(CallPattern, of: ArgumentPattern, leaf: ValuePattern)
  }
  public var form: Form
  /// Where the table's name stands; of classes, in the decorator.
  public var name: [ArgumentPattern]
  /// Static members of the class that say the table's name.
  public var staticMembers: [String]
  /// A function that the name goes through before it counts.
  public var through: ArgumentPattern?
  /// The database's schema that the table lies in.
  public var schema: ArgumentPattern?
  /// The object whose members are columns.
  public var columns: ArgumentPattern
  /// Decorators of the fields that are columns.
  public var fields: ValuePattern?
  /// The model is the value that the call is made on.
  public var isReceiver = false
  /// The name in code is the one that the call gets, not the variable's.
  public var isNamedByCall = false
  public var reading = ColumnReading()
  public var tableNaming: [NameStyle] = []
  public var columnNaming: [NameStyle] = []
  /// A member among the arguments, or a key of a configuration, that says how columns are named.
  public var casing: CasingSetting?
  public var provider: String?
  /// Name of the called function or its package → provider.
  public var providers: [(part: String, provider: String)] = []
  /// Columns that every table has unless it declares them.
  public var always: [SchemaColumn] = []
  public var members: ModelMemberPattern?
  /// Members of an interface, one inside the other, in which its tables stand; `*` is a database's schema.
  public var within: [String] = []
  /// The member of a table that holds its columns; without it, the table's type does.
  public var row: String?
  public init(form: Form) {
    self.form = form
    name = []
    staticMembers = []
    columns = ArgumentPattern(position: .index(1))
  }
}

/// Functions that a schema gives to its models and rows.
public struct ModelMemberPattern: Sendable {
  /// The schema in the call that makes the model.
  public var schema: ArgumentPattern
  /// Members, methods and options of the schema that hold functions of the model.
  public var statics: Set<String>
  /// The same of its rows.
  public var methods: Set<String>
  public init(schema: ArgumentPattern, statics: Set<String>, methods: Set<String>) {
    self.schema = schema
    self.statics = statics
    self.methods = methods
  }
}

/// Where the code says that names of columns are written in another style.
public struct CasingSetting: Sendable {
  /// Calls with an option, or files with a text.
  public var call: ValuePattern
  /// `nil` when what is called decides.
  public var option: String?
  public var styles: [(value: String, style: NameStyle)]
  public init(call: ValuePattern, option: String?, styles: [(value: String, style: NameStyle)]) {
    self.call = call
    self.option = option
    self.styles = styles
  }
}

/// How a name in code becomes a name in the database.
public enum NameStyle: String, Sendable, CaseIterable {
  case snake, camel, lower, plural
  /// A capital first letter becomes a small one.
  case uncapitalized

  /// A name in this style.
  public func apply(_ name: String) -> String {
    switch self {
    case .snake: Words.split(name).joined(separator: "_")
    case .camel: Words.camelCase(Words.split(name))
    case .lower: name.lowercased()
    case .plural: Words.plural(name)
    case .uncapitalized: name.prefix(1).lowercased() + name.dropFirst()
    }
  }
}

/// How the code describes a column.
public struct ColumnReading: Sendable {
  /// Name of a maker or type in code → type in the database; `{length}` and such in brackets are options.
  public var types: [String: String] = [:]
  public var attributes: [String: ColumnAttribute] = [:]
  /// Where the column's name stands in the call that makes it.
  public var name: ArgumentPattern?
  /// Calls that make an enum type, its name and its values.
  public var enums: [(call: ValuePattern, name: ArgumentPattern, values: ArgumentPattern)] = []
  /// Calls that make a type of the product's own, and where they say what it is in the database.
  public var customs: [(call: ValuePattern, type: ArgumentPattern)] = []
  /// Columns may be null unless the code says otherwise.
  public var isNullable = true
  /// Only what a known maker makes is a column.
  public var needsType = false
  public init() {}
}

/// What a word in a column's description means.
public struct ColumnAttribute: Sendable, Hashable {
  public enum Role: String, Sendable, CaseIterable {
    case name, type, required, nullable, primary, unique, `default`, references, values, array, generated, ignored
    /// The column of a reference to another model: its own name comes from the field's and the target's key.
    case relation
    /// The table and the column that a reference leads to, where they are said apart.
    case table, key
    /// The name of a relation's column.
    case join
    /// A column that is there already is changed.
    case changes
    /// An item's description: `{ type: [String] }` and `of:`.
    case item
  }
  public var role: Role
  /// What it says, where its argument doesn't: `defaultNow: default now()`.
  public var constant: String?
  public init(role: Role, constant: String? = nil) {
    self.role = role
    self.constant = constant
  }
}

/// A value that stands for a table: a repository, a collection.
public struct HandleClause: Sendable {
  public enum Form: Sendable {
    case call(CallPattern, table: ArgumentPattern)
    /// A parameter or field of such a type; the model is its first type argument.
    case typed([String])
  }
  public var form: Form
  public init(form: Form) { self.form = form }
}

/// Calls that read or write a table.
public struct AccessPattern: Sendable {
  public enum Target: Sendable {
    /// A member of the client: `client.user.findMany()`.
    case member
    /// What the call is made on: a model or a handle of one.
    case receiver
    /// What a call of one of these methods of a model gave: `user.save()` after `User.findOne()`.
    case row([String])
    /// What the row's relation leads to that the first argument names: `user.related("posts")`.
    case related([String])
    case argument(ArgumentPattern)
  }
  public var call: CallPattern
  public var target: Target
  /// Name of the called method → what it does; of an upsert, both.
  public var verbs: [String: [AccessVerb]]
  /// What it does whatever its name is.
  public var verb: AccessVerb?
  /// Names of calls further on in the chain that say what is done instead.
  public var then: [String: [AccessVerb]]
  /// Names of calls further on in the chain that say what is done too.
  public var also: [String: [AccessVerb]] = [:]
  /// Objects whose keys, and texts that, are columns; of the call and of those further on.
  public var columns: [ArgumentPattern]
  /// A text counts as the table's name; else only models do.
  public var acceptsText = true
  /// Rows of other tables that come along, or are written with it.
  public var along: AlongPattern?
  public init(call: CallPattern, target: Target, verbs: [String: [AccessVerb]]) {
    self.call = call
    self.target = target
    self.verbs = verbs
    then = [:]
    columns = []
  }
}

/// How code states relations between models.
public struct RelationClause: Sendable {
  public enum Form: Sendable {
    case call(CallPattern)
    /// Static members of a model's class whose objects' keys are names of relations.
    case `static`([String])
    /// Decorators of fields that stand for rows of another model.
    case fields(ValuePattern)
  }
  public var form: Form
  /// The model of a call; without it, what the call is made on.
  public var owner: ArgumentPattern?
  /// The object of a call whose keys are names of relations.
  public var members: ArgumentPattern?
  /// The name of a call's one relation.
  public var name: [ArgumentPattern] = []
  /// The other model: in the call or object that a key holds, or in the call or decorator itself.
  public var target = ArgumentPattern()
  /// Where it says that the rows come along always; at most one.
  public var eager: [ArgumentPattern] = []
  public init(form: Form) { self.form = form }
}

/// Functions of the product that a library calls when one of its own is called: it was given an object that has them.
public struct RunsClause: Sendable {
  public var call: CallPattern
  /// The object.
  public var object: ArgumentPattern
  public var members: [String]
  public init(call: CallPattern, object: ArgumentPattern, members: [String]) {
    self.call = call
    self.object = object
    self.members = members
  }
}

/// Where a call names relations whose rows come along: `include: { author: true }`.
public struct AlongPattern: Sendable {
  /// Objects whose keys, and texts that, may name relations.
  public var value: ArgumentPattern
  /// Keys that stand for the table itself: what they hold is looked at in their place.
  public var through: Set<String> = []
  /// Keys of a relation's object → what is done to its table.
  public var writes: [String: [AccessVerb]] = [:]
  /// Keys whose text is the name of a table that is read too: `$lookup: { from: "users" }`.
  public var tables: Set<String> = []
  /// Keys of a relation's object → what is done to what joins the two tables: the column of the other one, or the table
  /// that holds the pairs.
  public var links: [String: [AccessVerb]] = [:]
  /// Names are paths that start with what the query calls a table: `"note.author"`.
  public var isAliased = false
  /// Calls further on in the chain that are named after relations bring these along: `findUnique(…).posts()`.
  public var isChained = false
  /// What the schema says comes along always, comes along.
  public var isEager = false
  public init(value: ArgumentPattern) { self.value = value }
}

/// A step of a schema's history that code says: a migration in the language of the product.
public struct ChangeClause: Sendable {
  public enum Step: String, Sendable, CaseIterable {
    case create, alter, drop, rename, addColumn, dropColumn, renameColumn, changeColumn, sql
  }
  public var call: CallPattern
  public var step: Step
  public var table: ArgumentPattern
  /// The column, for steps of one column.
  public var column: ArgumentPattern?
  /// The new name.
  public var to: ArgumentPattern?
  /// An object of columns, a list of objects with names, or one column's description.
  public var columns: ArgumentPattern?
  /// The function with a parameter whose methods add columns.
  public var builder: ArgumentPattern?
  public var text: ArgumentPattern?
  /// Methods of the builder → what they do beside adding a column.
  public var methods: [String: BuilderStep] = [:]
  /// Calls further on in the chain → what they do: `createTable("users").addColumn("id", "uuid")`.
  public var chain: [String: BuilderStep] = [:]
  /// Makers that stand for several columns.
  public var groups: [String: [SchemaColumn]] = [:]
  /// Only inside functions of these names.
  public var inside: [String] = []
  /// Not inside functions of these names.
  public var outside: [String] = []
  public var reading = ColumnReading()
  public init(call: CallPattern, step: Step, table: ArgumentPattern) {
    self.call = call
    self.step = step
    self.table = table
  }
}

public enum BuilderStep: String, Sendable, CaseIterable {
  case addColumn, dropColumn, renameColumn, foreign, primary, unique, index
}
