public import KapinBase

/// All that the rest of KAPIN may know about one source file.
///
/// Architecture invariant: it holds no tree, no source text and nothing about another file, and its tables are flat,
/// so that it can be stored and reused as long as the file's bytes stay the same.
public struct FileFacts: Sendable {
  public var names = NameTable()
  public var lines = LineTable()
  public var imports = Table<Import>()
  public var exports: [Export] = []
  public var declarations = Table<Declaration>()
  public var parameters: [Parameter] = []
  public var bindings = Table<Binding>()
  public var calls = Table<Call>()
  public var elements = Table<Element>()
  public var attributes: [Attribute] = []
  public var texts: [ScreenText] = []
  public var decorators: [Decorator] = []
  public var assignments: [Assignment] = []
  public var environment: [EnvironmentRead] = []
  public var statements = Table<Statement>()
  public var values = Table<Value>()
  /// Where each value starts; parallel to `values`.
  public var valueStarts: [UInt32] = []
  public var valueLists: [ValueID] = []
  /// By the value that it decides, ascending.
  public var conditions: [Condition] = []
  public var tests: [Test] = []
  public var fallbacks: [Fallback] = []
  public var implementations: [Implementation] = []
  public var properties: [Property] = []
  public var style = SourceStyle()
  public var directives: [Name] = []
  public var notes: [FactNote] = []
  public var hasSyntaxErrors = false

  public init() {}
}

/// The facts of a linked module: one reference, so that looking at them copies no table.
public final class FrozenFacts: Sendable {
  private let all: FileFacts
  public init(_ facts: FileFacts) { all = facts }

  public var names: NameTable { _read { yield all.names } }
  public var lines: LineTable { _read { yield all.lines } }
  public var imports: Table<Import> { _read { yield all.imports } }
  public var exports: [Export] { _read { yield all.exports } }
  public var declarations: Table<Declaration> { _read { yield all.declarations } }
  public var parameters: [Parameter] { _read { yield all.parameters } }
  public var bindings: Table<Binding> { _read { yield all.bindings } }
  public var calls: Table<Call> { _read { yield all.calls } }
  public var elements: Table<Element> { _read { yield all.elements } }
  public var attributes: [Attribute] { _read { yield all.attributes } }
  public var texts: [ScreenText] { _read { yield all.texts } }
  public var decorators: [Decorator] { _read { yield all.decorators } }
  public var assignments: [Assignment] { _read { yield all.assignments } }
  public var environment: [EnvironmentRead] { _read { yield all.environment } }
  public var statements: Table<Statement> { _read { yield all.statements } }
  public var values: Table<Value> { _read { yield all.values } }
  public var valueStarts: [UInt32] { _read { yield all.valueStarts } }
  public var valueLists: [ValueID] { _read { yield all.valueLists } }
  public var conditions: [Condition] { _read { yield all.conditions } }
  public var tests: [Test] { _read { yield all.tests } }
  public var fallbacks: [Fallback] { _read { yield all.fallbacks } }
  public var implementations: [Implementation] { _read { yield all.implementations } }
  public var properties: [Property] { _read { yield all.properties } }
  public var style: SourceStyle { _read { yield all.style } }
  public var directives: [Name] { _read { yield all.directives } }
  public var hasSyntaxErrors: Bool { all.hasSyntaxErrors }

  /// What decides between the alternatives of a value.
  public func condition(of value: ValueID) -> Condition? {
    let rows = all.conditions
    var low = 0, high = rows.count
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].value.raw < value.raw { low = middle + 1 } else { high = middle }
    }
    return low < rows.count && rows[low].value == value ? rows[low] : nil
  }

  /// The innermost named declaration around a declaration, itself included.
  public func namedAncestor(_ declaration: DeclarationID?) -> DeclarationID? {
    var current = declaration
    while let id = current, !declarations[id].isNamed { current = declarations[id].parent }
    return current
  }
}

/// A note about a place in a file, before paths and lines are known.
public struct FactNote: Sendable {
  public var id: DiagnosticID
  public var message: String
  public var at: UInt32
  public init(_ id: DiagnosticID, _ message: String, at: UInt32) {
    self.id = id
    self.message = message
    self.at = at
  }
}

public struct Import: Sendable, BitwiseCopyable {
  public enum Form: UInt8, Sendable, BitwiseCopyable {
    case `static`, sideEffect, dynamic, require, reexport, type
    /// `new URL("./x", import.meta.url)`: a file by its address.
    case asset
    /// A pattern with `*` for what is known only when the code runs; it may lead to several files.
    case glob
  }
  public var specifier: Name
  public var form: Form
  public var at: UInt32
  public var end: UInt32
  public init(specifier: Name, form: Form, at: UInt32, end: UInt32) {
    self.specifier = specifier
    self.form = form
    self.at = at
    self.end = end
  }
}

public struct Export: Sendable, BitwiseCopyable {
  public enum Form: UInt8, Sendable, BitwiseCopyable {
    /// `name` is exported with the value in `value`.
    case value
    /// `name` is another module's `original`.
    case reexport
    /// All names of another module, but `default`.
    case star
    /// The other module's namespace object under `name`.
    case namespace
    /// `module.exports = value`.
    case commonJS
  }
  public var form: Form
  public var name: Name
  public var original: Name
  public var value: ValueID?
  public var source: ImportID?
  public var at: UInt32
  public var isType: Bool
  public init(
    form: Form, name: Name, original: Name, value: ValueID?, source: ImportID?, at: UInt32, isType: Bool = false
  ) {
    self.form = form
    self.name = name
    self.original = original
    self.value = value
    self.source = source
    self.at = at
    self.isType = isType
  }
}

public struct Declaration: Sendable, BitwiseCopyable {
  public enum Form: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case function, arrow, method, getter, setter, constructor, `class`, field, interface, type, `enum`, namespace
    case variable, signature
  }
  public struct Flags: OptionSet, Sendable, BitwiseCopyable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    public static let exported = Flags(rawValue: 1)
    public static let async = Flags(rawValue: 2)
    public static let generator = Flags(rawValue: 4)
    public static let `static` = Flags(rawValue: 8)
    public static let abstract = Flags(rawValue: 16)
    public static let topLevel = Flags(rawValue: 32)
    public static let expressionBody = Flags(rawValue: 64)
    public static let `default` = Flags(rawValue: 256)
    /// What comes back is the result of the parameter `passes`, which is a function.
    public static let callsPassed = Flags(rawValue: 512)
    /// A member that may be missing: `name?: string`.
    public static let optional = Flags(rawValue: 1024)
    /// A function that a call keeps under a name: `const save = keep(() => …)`.
    public static let kept = Flags(rawValue: 2048)
  }

  /// The empty name stands for a function without one.
  public var name: Name
  public var form: Form
  public var flags: Flags
  public var isNamed: Bool
  public var parent: DeclarationID?
  public var range: Range32
  public var nameAt: UInt32
  /// The block with braces, or the expression of an arrow function; empty when there is none.
  public var body: Range32
  public var parameters: Range32
  /// Returned values, in `FileFacts.valueLists`.
  public var returns: Range32
  public var heritage: ValueID?
  /// The value of a variable, field or enum.
  public var value: ValueID?
  /// The annotated type, as written, cut at 120 bytes.
  public var type: Name?
  /// A directive at the start of the body, such as `use server`.
  public var directive: Name?
  /// The parameter that comes back, as the types say: `<T>(value: T): T`, `<T>(make: () => T): T`.
  public var passes: UInt16?
  /// A hash of the declaration's text, so that a changed one is told from one that only moved; 0 without a name.
  public var hash: UInt64 = 0

  public init(name: Name, form: Form, parent: DeclarationID?, range: Range32, nameAt: UInt32) {
    self.name = name
    self.form = form
    self.parent = parent
    self.range = range
    self.nameAt = nameAt
    flags = []
    isNamed = false
    body = .empty
    parameters = .empty
    returns = .empty
  }
}

public struct Parameter: Sendable, BitwiseCopyable {
  public var name: Name
  public var type: Name?
  /// What it is where a call passes nothing.
  public var fallback: ValueID?
  /// It takes all further arguments: `...args`.
  public var isRest = false
  public var at: UInt32
  public init(name: Name, type: Name?, at: UInt32) {
    self.name = name
    self.type = type
    self.at = at
  }
}

/// `class A implements B`.
public struct Implementation: Sendable, BitwiseCopyable {
  public var type: DeclarationID
  /// The interface, as it is written.
  public var of: Name
  public init(type: DeclarationID, of: Name) {
    self.type = type
    self.of = of
  }
}

public struct Call: Sendable, BitwiseCopyable {
  public struct Flags: OptionSet, Sendable, BitwiseCopyable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let new = Flags(rawValue: 1)
    public static let awaited = Flags(rawValue: 2)
    public static let tagged = Flags(rawValue: 4)
    public static let decorator = Flags(rawValue: 8)
    /// `super(…)`: the called value is the class that the own one extends.
    public static let base = Flags(rawValue: 16)
  }
  public var callee: ValueID
  /// Values in `FileFacts.valueLists`.
  public var arguments: Range32
  public var flags: Flags
  public var function: DeclarationID?
  public var statement: StatementID?
  public var range: Range32
  public init(callee: ValueID, range: Range32, function: DeclarationID?, statement: StatementID?) {
    self.callee = callee
    self.range = range
    self.function = function
    self.statement = statement
    arguments = .empty
    flags = []
  }
}

/// A JSX element; `text` children lie in `FileFacts.texts`.
public struct Element: Sendable, BitwiseCopyable {
  public var tag: ValueID
  public var tagName: Name
  /// Rows of `FileFacts.attributes`.
  public var attributes: Range32
  public var parent: ElementID?
  public var function: DeclarationID?
  public var range: Range32
  public init(tag: ValueID, tagName: Name, parent: ElementID?, function: DeclarationID?, range: Range32) {
    self.tag = tag
    self.tagName = tagName
    self.parent = parent
    self.function = function
    self.range = range
    attributes = .empty
  }
}

public struct Attribute: Sendable, BitwiseCopyable {
  public var name: Name
  public var value: ValueID
  public var at: UInt32
  public init(name: Name, value: ValueID, at: UInt32) {
    self.name = name
    self.value = value
    self.at = at
  }
}

/// Words that a person can read on the screen.
public struct ScreenText: Sendable, BitwiseCopyable {
  public var text: Name
  public var element: ElementID
  public var at: UInt32
  public init(text: Name, element: ElementID, at: UInt32) {
    self.text = text
    self.element = element
    self.at = at
  }
}

public struct Decorator: Sendable, BitwiseCopyable {
  public var target: DeclarationID
  public var value: ValueID
  public var at: UInt32
  public init(target: DeclarationID, value: ValueID, at: UInt32) {
    self.target = target
    self.value = value
    self.at = at
  }
}

public struct Assignment: Sendable, BitwiseCopyable {
  public var target: ValueID
  public var value: ValueID
  public var function: DeclarationID?
  public var at: UInt32
  public init(target: ValueID, value: ValueID, function: DeclarationID?, at: UInt32) {
    self.target = target
    self.value = value
    self.function = function
    self.at = at
  }
}

/// A read of an environment variable (`process.env.X`, `import.meta.env.X`).
public struct EnvironmentRead: Sendable, BitwiseCopyable {
  public var name: Name
  public var function: DeclarationID?
  public var at: UInt32
  public init(name: Name, function: DeclarationID?, at: UInt32) {
    self.name = name
    self.function = function
    self.at = at
  }
}

/// One statement of a function's skeleton: enough to say where an edit may go.
public struct Statement: Sendable, BitwiseCopyable {
  public enum Form: UInt8, Sendable, BitwiseCopyable {
    case expression, declaration, `return`, `throw`, branch, loop, `try`, `switch`, block, function, other
  }
  public var form: Form
  public var hasAwait: Bool
  public var range: Range32
  public var parent: StatementID?
  public var function: DeclarationID?
  /// The name that a declaration statement binds first, if it is a plain name.
  public var binding: BindingID?
  /// Whether it stands in a list of statements, so that another one may follow it.
  public var inBlock: Bool
  public init(
    form: Form, range: Range32, parent: StatementID?, function: DeclarationID?, inBlock: Bool
  ) {
    self.form = form
    self.range = range
    self.parent = parent
    self.function = function
    self.inBlock = inBlock
    hasAwait = false
  }
}

/// How the file is written, so that an edit can look like it.
public struct SourceStyle: Sendable {
  public var singleQuotes = 0
  public var doubleQuotes = 0
  public var semicolons = 0
  public var statementsWithoutSemicolon = 0
  /// The smallest indentation seen: a tab, or 2 to 8 spaces.
  public var indentation = "  "
  public var hasCarriageReturns = false
  public var usesImport = false
  public var usesRequire = false
  /// Where the last top-level import or require statement ends; 0 when there is none.
  public var importsEnd: UInt32 = 0
  /// Where the prologue (hash-bang, leading comment, directives) ends.
  public var prologueEnd: UInt32 = 0

  public init() {}

  public var quote: Character { singleQuotes > doubleQuotes ? "'" : "\"" }
  public var endsWithSemicolon: Bool { semicolons >= statementsWithoutSemicolon }
}
