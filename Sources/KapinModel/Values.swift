package import KapinBase

package typealias ValueID = ID<Value>
package typealias BindingID = ID<Binding>
package typealias ImportID = ID<Import>
package typealias DeclarationID = ID<Declaration>
package typealias CallID = ID<Call>
package typealias ElementID = ID<Element>
package typealias StatementID = ID<Statement>

/// What an interesting expression is, as far as one file can tell; the linker follows it across files.
@frozen
package enum Value: Sendable, Hashable, BitwiseCopyable {
  case unknown
  case text(Name), number(Name), bool(Bool), null
  /// Parts of a template or a `+` chain, in `FileFacts.valueLists`.
  case concat(Range32)
  /// One of several, in `FileFacts.valueLists`: `a ? b : c`, `a || b`.
  case either(Range32)
  /// A name bound in this file, a global name, or `this` of a class.
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
package struct Property: Sendable, BitwiseCopyable {
  package enum Form: UInt8, Sendable, BitwiseCopyable { case plain, shorthand, method, computed, spread }
  package var name: Name
  package var value: ValueID
  package var at: UInt32
  package var form: Form

  package init(name: Name, value: ValueID, at: UInt32, form: Form) {
    self.name = name
    self.value = value
    self.at = at
    self.form = form
  }
}

/// A name in a scope of one file.
package struct Binding: Sendable, BitwiseCopyable {
  package var name: Name
  package var value: ValueID
  package var at: UInt32
  /// Declared at the top level of the file.
  package var isTopLevel: Bool
  /// Assigned again after its declaration; the value is then one of several.
  package var isReassigned: Bool
  /// The function that declares it; `nil` at the top level.
  package var function: DeclarationID?

  package init(
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
