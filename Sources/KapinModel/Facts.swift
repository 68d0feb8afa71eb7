package import KapinBase

/// All that the rest of KAPIN may know about one source file.
///
/// Architecture invariant: it holds no tree, no source text and nothing about another file, and its tables are flat,
/// so that it can be stored and reused as long as the file's bytes stay the same.
package struct FileFacts: Sendable {
  package var names = NameTable()
  package var lines = LineTable()
  package var imports = Table<Import>()
  package var exports: [Export] = []
  package var declarations = Table<Declaration>()
  package var parameters: [Parameter] = []
  package var bindings = Table<Binding>()
  package var calls = Table<Call>()
  package var elements = Table<Element>()
  package var attributes: [Attribute] = []
  package var texts: [ScreenText] = []
  package var decorators: [Decorator] = []
  package var assignments: [Assignment] = []
  package var environment: [EnvironmentRead] = []
  package var statements = Table<Statement>()
  package var values = Table<Value>()
  /// Where each value starts; parallel to `values`.
  package var valueStarts: [UInt32] = []
  package var valueLists: [ValueID] = []
  package var properties: [Property] = []
  package var style = SourceStyle()
  package var directives: [Name] = []
  package var notes: [FactNote] = []
  package var hasSyntaxErrors = false

  package init() {}
}

/// The facts of a linked module: one reference, so that looking at them copies no table.
package final class FrozenFacts: Sendable {
  private let all: FileFacts
  package init(_ facts: FileFacts) { all = facts }

  package var names: NameTable { _read { yield all.names } }
  package var lines: LineTable { _read { yield all.lines } }
  package var imports: Table<Import> { _read { yield all.imports } }
  package var exports: [Export] { _read { yield all.exports } }
  package var declarations: Table<Declaration> { _read { yield all.declarations } }
  package var parameters: [Parameter] { _read { yield all.parameters } }
  package var bindings: Table<Binding> { _read { yield all.bindings } }
  package var calls: Table<Call> { _read { yield all.calls } }
  package var elements: Table<Element> { _read { yield all.elements } }
  package var attributes: [Attribute] { _read { yield all.attributes } }
  package var texts: [ScreenText] { _read { yield all.texts } }
  package var decorators: [Decorator] { _read { yield all.decorators } }
  package var assignments: [Assignment] { _read { yield all.assignments } }
  package var environment: [EnvironmentRead] { _read { yield all.environment } }
  package var statements: Table<Statement> { _read { yield all.statements } }
  package var values: Table<Value> { _read { yield all.values } }
  package var valueStarts: [UInt32] { _read { yield all.valueStarts } }
  package var valueLists: [ValueID] { _read { yield all.valueLists } }
  package var properties: [Property] { _read { yield all.properties } }
  package var style: SourceStyle { _read { yield all.style } }
  package var directives: [Name] { _read { yield all.directives } }
  package var hasSyntaxErrors: Bool { all.hasSyntaxErrors }

  /// The innermost named declaration around a declaration, itself included.
  package func namedAncestor(_ declaration: DeclarationID?) -> DeclarationID? {
    var current = declaration
    while let id = current, !declarations[id].isNamed { current = declarations[id].parent }
    return current
  }
}

/// A note about a place in a file, before paths and lines are known.
package struct FactNote: Sendable {
  package var id: DiagnosticID
  package var message: String
  package var at: UInt32
  package init(_ id: DiagnosticID, _ message: String, at: UInt32) {
    self.id = id
    self.message = message
    self.at = at
  }
}

package struct Import: Sendable, BitwiseCopyable {
  package enum Form: UInt8, Sendable, BitwiseCopyable { case `static`, sideEffect, dynamic, require, reexport, type }
  package var specifier: Name
  package var form: Form
  package var at: UInt32
  package var end: UInt32
  package init(specifier: Name, form: Form, at: UInt32, end: UInt32) {
    self.specifier = specifier
    self.form = form
    self.at = at
    self.end = end
  }
}

package struct Export: Sendable, BitwiseCopyable {
  package enum Form: UInt8, Sendable, BitwiseCopyable {
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
  package var form: Form
  package var name: Name
  package var original: Name
  package var value: ValueID?
  package var source: ImportID?
  package var at: UInt32
  package var isType: Bool
  package init(
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

package struct Declaration: Sendable, BitwiseCopyable {
  package enum Form: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case function, arrow, method, getter, setter, constructor, `class`, field, interface, type, `enum`, namespace
    case variable, signature
  }
  package struct Flags: OptionSet, Sendable, BitwiseCopyable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }
    package static let exported = Flags(rawValue: 1)
    package static let async = Flags(rawValue: 2)
    package static let generator = Flags(rawValue: 4)
    package static let `static` = Flags(rawValue: 8)
    package static let abstract = Flags(rawValue: 16)
    package static let topLevel = Flags(rawValue: 32)
    package static let expressionBody = Flags(rawValue: 64)
    package static let `default` = Flags(rawValue: 256)
  }

  /// The empty name stands for a function without one.
  package var name: Name
  package var form: Form
  package var flags: Flags
  package var isNamed: Bool
  package var parent: DeclarationID?
  package var range: Range32
  package var nameAt: UInt32
  /// The block with braces, or the expression of an arrow function; empty when there is none.
  package var body: Range32
  package var parameters: Range32
  /// Returned values, in `FileFacts.valueLists`.
  package var returns: Range32
  package var heritage: ValueID?
  /// The value of a variable, field or enum.
  package var value: ValueID?
  /// The annotated type, as written, cut at 120 bytes.
  package var type: Name?
  /// A directive at the start of the body, such as `use server`.
  package var directive: Name?

  package init(name: Name, form: Form, parent: DeclarationID?, range: Range32, nameAt: UInt32) {
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

package struct Parameter: Sendable, BitwiseCopyable {
  package var name: Name
  package var type: Name?
  package var at: UInt32
  package init(name: Name, type: Name?, at: UInt32) {
    self.name = name
    self.type = type
    self.at = at
  }
}

package struct Call: Sendable, BitwiseCopyable {
  package struct Flags: OptionSet, Sendable, BitwiseCopyable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let new = Flags(rawValue: 1)
    package static let awaited = Flags(rawValue: 2)
    package static let tagged = Flags(rawValue: 4)
    package static let decorator = Flags(rawValue: 8)
  }
  package var callee: ValueID
  /// Values in `FileFacts.valueLists`.
  package var arguments: Range32
  package var flags: Flags
  package var function: DeclarationID?
  package var statement: StatementID?
  package var range: Range32
  package init(callee: ValueID, range: Range32, function: DeclarationID?, statement: StatementID?) {
    self.callee = callee
    self.range = range
    self.function = function
    self.statement = statement
    arguments = .empty
    flags = []
  }
}

/// A JSX element; `text` children lie in `FileFacts.texts`.
package struct Element: Sendable, BitwiseCopyable {
  package var tag: ValueID
  package var tagName: Name
  /// Rows of `FileFacts.attributes`.
  package var attributes: Range32
  package var parent: ElementID?
  package var function: DeclarationID?
  package var range: Range32
  package init(tag: ValueID, tagName: Name, parent: ElementID?, function: DeclarationID?, range: Range32) {
    self.tag = tag
    self.tagName = tagName
    self.parent = parent
    self.function = function
    self.range = range
    attributes = .empty
  }
}

package struct Attribute: Sendable, BitwiseCopyable {
  package var name: Name
  package var value: ValueID
  package var at: UInt32
  package init(name: Name, value: ValueID, at: UInt32) {
    self.name = name
    self.value = value
    self.at = at
  }
}

/// Words that a person can read on the screen.
package struct ScreenText: Sendable, BitwiseCopyable {
  package var text: Name
  package var element: ElementID
  package var at: UInt32
  package init(text: Name, element: ElementID, at: UInt32) {
    self.text = text
    self.element = element
    self.at = at
  }
}

package struct Decorator: Sendable, BitwiseCopyable {
  package var target: DeclarationID
  package var value: ValueID
  package var at: UInt32
  package init(target: DeclarationID, value: ValueID, at: UInt32) {
    self.target = target
    self.value = value
    self.at = at
  }
}

package struct Assignment: Sendable, BitwiseCopyable {
  package var target: ValueID
  package var value: ValueID
  package var function: DeclarationID?
  package var at: UInt32
  package init(target: ValueID, value: ValueID, function: DeclarationID?, at: UInt32) {
    self.target = target
    self.value = value
    self.function = function
    self.at = at
  }
}

/// A read of an environment variable (`process.env.X`, `import.meta.env.X`).
package struct EnvironmentRead: Sendable, BitwiseCopyable {
  package var name: Name
  package var function: DeclarationID?
  package var at: UInt32
  package init(name: Name, function: DeclarationID?, at: UInt32) {
    self.name = name
    self.function = function
    self.at = at
  }
}

/// One statement of a function's skeleton: enough to say where an edit may go.
package struct Statement: Sendable, BitwiseCopyable {
  package enum Form: UInt8, Sendable, BitwiseCopyable {
    case expression, declaration, `return`, `throw`, branch, loop, `try`, `switch`, block, function, other
  }
  package var form: Form
  package var hasAwait: Bool
  package var range: Range32
  package var parent: StatementID?
  package var function: DeclarationID?
  /// The name that a declaration statement binds first, if it is a plain name.
  package var binding: BindingID?
  /// Whether it stands in a list of statements, so that another one may follow it.
  package var inBlock: Bool
  package init(
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
package struct SourceStyle: Sendable {
  package var singleQuotes = 0
  package var doubleQuotes = 0
  package var semicolons = 0
  package var statementsWithoutSemicolon = 0
  /// The smallest indentation seen: a tab, or 2 to 8 spaces.
  package var indentation = "  "
  package var hasCarriageReturns = false
  package var usesImport = false
  package var usesRequire = false
  /// Where the last top-level import or require statement ends; 0 when there is none.
  package var importsEnd: UInt32 = 0
  /// Where the prologue (hash-bang, leading comment, directives) ends.
  package var prologueEnd: UInt32 = 0

  package init() {}

  package var quote: Character { singleQuotes > doubleQuotes ? "'" : "\"" }
  package var endsWithSemicolon: Bool { semicolons >= statementsWithoutSemicolon }
}
