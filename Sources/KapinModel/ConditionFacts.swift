public import KapinBase

/// What decides between the two alternatives of `subject === literal ? a : b`.
public struct Condition: Sendable, BitwiseCopyable {
  /// The value with the alternatives.
  public var value: ValueID
  public var subject: ValueID
  /// What the subject is compared with; `nil` when only its truth counts.
  public var literal: ValueID?
  public var isNegated: Bool
  public init(value: ValueID, subject: ValueID, literal: ValueID?, isNegated: Bool) {
    self.value = value
    self.subject = subject
    self.literal = literal
    self.isNegated = isNegated
  }
}

/// Code that runs only when a test holds: the branches of `if`, `switch`, `a ? b : c` and `a && b`, and what follows
/// `if (a) return;`. One row for each part of a condition that must hold.
public struct Test: Sendable, BitwiseCopyable {
  public var range: Range32
  public var subject: ValueID
  /// What the subject is one of, in `FileFacts.valueLists`; empty when its truth counts.
  public var literals: Range32
  public var isNegated: Bool
  public init(range: Range32, subject: ValueID, literals: Range32, isNegated: Bool) {
    self.range = range
    self.subject = subject
    self.literals = literals
    self.isNegated = isNegated
  }
}

/// What a name of a pattern is where there is nothing for it: `{ deep = true }`.
public struct Fallback: Sendable, BitwiseCopyable {
  public var binding: BindingID
  public var value: ValueID
  public init(binding: BindingID, value: ValueID) {
    self.binding = binding
    self.value = value
  }
}
