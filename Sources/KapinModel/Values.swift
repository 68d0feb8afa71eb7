public import KapinBase

public typealias ValueID = ID<Value>
public typealias BindingID = ID<Binding>
public typealias ImportID = ID<Import>
public typealias DeclarationID = ID<Declaration>
public typealias CallID = ID<Call>
public typealias ElementID = ID<Element>
public typealias StatementID = ID<Statement>

/// What an interesting expression is, as far as one file can tell; the linker follows it across files.
@frozen
public enum Value: Sendable, Hashable, BitwiseCopyable {
  case unknown
  case text(Name), number(Name), bool(Bool), null
  /// Parts of a template or a `+` chain, in `FileFacts.valueLists`.
  case concat(Range32)
  /// One of several, in `FileFacts.valueLists`: `a ? b : c`, `a || b`.
  case either(Range32)
  /// A name bound in this file, a global name, or `this` of a class, or of a function outside classes.
  case local(BindingID), global(Name), this(DeclarationID)
  /// An imported name; `default` and `*` as in the specification.
  case imported(ImportID, Name)
  case member(of: ValueID, Name), index(of: ValueID, by: ValueID)
  case call(CallID), new(CallID), await(ValueID)
  /// A function, class or enum of this file.
  case declaration(DeclarationID)
  case parameter(of: DeclarationID, UInt16)
  /// Members in `FileFacts.properties`.
  case object(Range32)
  /// Items in `FileFacts.valueLists`.
  case list(Range32)
  case spread(ValueID)
  case element(ElementID)
}

/// One member of an object literal.
public struct Property: Sendable, BitwiseCopyable {
  public enum Form: UInt8, Sendable, BitwiseCopyable { case plain, shorthand, method, computed, spread }
  public var name: Name
  public var value: ValueID
  public var at: UInt32
  public var form: Form

  public init(name: Name, value: ValueID, at: UInt32, form: Form) {
    self.name = name
    self.value = value
    self.at = at
    self.form = form
  }
}

/// A name in a scope of one file.
public struct Binding: Sendable, BitwiseCopyable {
  public var name: Name
  public var value: ValueID
  public var at: UInt32
  /// Declared at the top level of the file.
  public var isTopLevel: Bool
  /// Assigned again after its declaration; the value is then one of several.
  public var isReassigned: Bool
  /// The function that declares it; `nil` at the top level.
  public var function: DeclarationID?

  public init(
    name: Name, value: ValueID, at: UInt32, isTopLevel: Bool, isReassigned: Bool, function: DeclarationID?
  ) {
    self.name = name
    self.value = value
    self.at = at
    self.isTopLevel = isTopLevel
    self.isReassigned = isReassigned
    self.function = function
  }
}
