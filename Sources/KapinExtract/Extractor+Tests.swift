import KapinBase
import KapinModel
import KapinSyntax

/// What a condition says of values: `mode === "all"`, `!options.deep`.
struct TestTerm {
  var subject: ValueID
  /// What the subject is one of; empty when its truth counts.
  var literals: [ValueID]
  var isNegated: Bool
}

/// What is known when a condition holds, and when it does not.
struct TestTerms {
  var whenTrue: [TestTerm] = []
  var whenFalse: [TestTerm] = []

  /// `a || b` of one subject: `mode === "all" || mode === "own"`.
  static func alternatives(_ a: TestTerms, _ b: TestTerms, same: (ValueID, ValueID) -> Bool) -> TestTerms {
    var all = TestTerms(whenFalse: a.whenFalse + b.whenFalse)
    if a.whenTrue.count == 1, b.whenTrue.count == 1, !a.whenTrue[0].isNegated, !b.whenTrue[0].isNegated,
      !a.whenTrue[0].literals.isEmpty, !b.whenTrue[0].literals.isEmpty,
      same(a.whenTrue[0].subject, b.whenTrue[0].subject)
    {
      var merged = a.whenTrue[0]
      merged.literals += b.whenTrue[0].literals
      all.whenTrue = [merged]
    }
    return all
  }

  var negated: TestTerms { TestTerms(whenTrue: whenFalse, whenFalse: whenTrue) }
}

/// Conditions, and the code that runs only when they hold.
extension Extractor {
  /// Reads a condition and all below it.
  mutating func tests(_ cursor: inout Cursor) -> TestTerms {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      _ = visit(&cursor, wanted: false)
      return TestTerms()
    }
    switch cursor.kind {
    case .parenthesizedExpression:
      var found = TestTerms()
      cursor.forEachNamedChild { child in
        if child.kind != .comment { found = tests(&child) }
      }
      return found
    case .unaryExpression:
      var isNegation = false
      var found = TestTerms()
      cursor.forEachChild { child in
        if child.kind == .exclamation { isNegation = true }
        guard child.isNamed else { return }
        if isNegation { found = tests(&child).negated } else { _ = visit(&child, wanted: false) }
      }
      return found
    case .binaryExpression: return binaryTests(&cursor)
    case .identifier, .memberExpression, .subscriptExpression:
      let subject = visit(&cursor, wanted: true)
      guard subject != Self.unknown else { return TestTerms() }
      return Self.term(TestTerm(subject: subject, literals: [], isNegated: false))
    default:
      _ = visit(&cursor, wanted: false)
      return TestTerms()
    }
  }

  static func term(_ term: TestTerm) -> TestTerms {
    var other = term
    other.isNegated.toggle()
    return TestTerms(whenTrue: [term], whenFalse: [other])
  }

  private mutating func binaryTests(_ cursor: inout Cursor) -> TestTerms {
    switch operation(of: &cursor) {
    case .ampAmp:
      let (left, right) = sides(&cursor, rightWhen: \.whenTrue)
      return TestTerms(whenTrue: left.whenTrue + right.whenTrue)
    case .pipePipe:
      let (left, right) = sides(&cursor, rightWhen: \.whenFalse)
      return .alternatives(left, right) { isSame($0, $1) }
    case .strictEqual, .looseEqual: return comparison(&cursor)
    case .strictUnequal, .looseUnequal: return comparison(&cursor).negated
    case .inKeyword: return containment(&cursor)
    default:
      _ = visit(&cursor, wanted: false)
      return TestTerms()
    }
  }

  /// The operator of a binary expression.
  func operation(of cursor: inout Cursor) -> Kind {
    var found = Kind.otherToken
    cursor.forEachChild { child in
      if child.field == .operator { found = child.kind }
    }
    return found
  }

  /// Both sides of `&&` and `||`: the right one runs only when the left one decides nothing.
  private mutating func sides(
    _ cursor: inout Cursor, rightWhen: KeyPath<TestTerms, [TestTerm]>
  ) -> (TestTerms, TestTerms) {
    var left = TestTerms(), right = TestTerms()
    cursor.forEachChild { child in
      if child.field == .left {
        left = tests(&child)
      } else if child.field == .right {
        onlyWhen(left[keyPath: rightWhen], child.range)
        right = tests(&child)
      }
    }
    return (left, right)
  }

  private mutating func comparison(_ cursor: inout Cursor) -> TestTerms {
    var sides: [ValueID] = []
    cursor.forEachChild { child in
      guard child.isNamed, child.kind != .comment else { return }
      switch child.kind {
      case .identifier, .memberExpression, .subscriptExpression, .string, .number, .true, .false, .null, .undefined:
        sides.append(visit(&child, wanted: true))
      default:
        _ = visit(&child, wanted: false)
        sides.append(Self.unknown)
      }
    }
    guard sides.count == 2 else { return TestTerms() }
    if isLiteral(sides[0]) { sides.swapAt(0, 1) }
    guard sides[0] != Self.unknown, sides[1] != Self.unknown else { return TestTerms() }
    return Self.term(TestTerm(subject: sides[0], literals: [sides[1]], isNegated: false))
  }

  /// `"userId" in options`: the member is there.
  private mutating func containment(_ cursor: inout Cursor) -> TestTerms {
    var key = Self.unknown, object = Self.unknown, start: UInt32 = 0
    cursor.forEachChild { child in
      if child.field == .left {
        start = child.start
        key = visit(&child, wanted: child.kind == .string)
      } else if child.field == .right {
        object = visit(&child, wanted: true)
      }
    }
    guard case .text(let name) = facts.values[key], object != Self.unknown else { return TestTerms() }
    return Self.term(TestTerm(subject: value(.member(of: object, name), at: start), literals: [], isNegated: false))
  }

  func isLiteral(_ id: ValueID) -> Bool {
    switch facts.values[id] {
    case .text, .number, .bool, .null: true
    default: false
    }
  }

  /// Whether two values are the same names and members.
  private func isSame(_ a: ValueID, _ b: ValueID) -> Bool {
    switch (facts.values[a], facts.values[b]) {
    case (.global(let a), .global(let b)): a == b
    case (.member(let a, let name), .member(let b, let other)): name == other && isSame(a, b)
    case (let a, let b): a == b && a != .unknown
    }
  }

  /// Says of a part of the code that it runs only when terms hold.
  mutating func onlyWhen(_ terms: [TestTerm], _ range: Range32) {
    for term in terms where !range.isEmpty { facts.tests.append(row(term, range)) }
  }

  mutating func row(_ term: TestTerm, _ range: Range32) -> Test {
    let start = facts.valueLists.count
    facts.valueLists.append(contentsOf: term.literals)
    return Test(
      range: range, subject: term.subject, literals: Range32(start, facts.valueLists.count), isNegated: term.isNegated)
  }

  /// What a variable says that holds a comparison, or the contrary of something; `nil` for any other value, which is not
  /// visited.
  mutating func comparison(heldBy cursor: inout Cursor) -> TestTerms? {
    switch cursor.kind {
    case .binaryExpression:
      switch operation(of: &cursor) {
      case .strictEqual, .strictUnequal, .looseEqual, .looseUnequal: return tests(&cursor)
      default: return nil
      }
    case .unaryExpression:
      var isNegation = false
      cursor.forEachChild { child in
        if child.kind == .exclamation { isNegation = true }
      }
      return isNegation ? tests(&cursor) : nil
    default: return nil
    }
  }

  // MARK: Statements

  mutating func branch(_ cursor: inout Cursor) {
    var terms = TestTerms()
    var exits = false, hasElse = false
    cursor.forEachChild { child in
      switch child.field {
      case .condition: terms = tests(&child)
      case .consequence:
        onlyWhen(terms.whenTrue, child.range)
        exits = leaves(&child)
        _ = visit(&child, wanted: false)
      case .alternative:
        hasElse = true
        onlyWhen(terms.whenFalse, child.range)
        _ = visit(&child, wanted: false)
      default: if child.isNamed { _ = visit(&child, wanted: false) }
      }
    }
    exitTerms = exits && !hasElse ? terms.whenFalse : []
  }

  /// Visits a statement of a list; what follows `if (x) return;` runs only when `x` does not hold.
  mutating func listed(_ cursor: inout Cursor, until end: UInt32) {
    exitTerms = []
    visitStatement(&cursor, inBlock: true)
    if cursor.kind == .ifStatement { onlyWhen(exitTerms, Range32(Int(cursor.end), Int(end))) }
    exitTerms = []
  }

  /// Whether nothing after a statement runs once it did.
  private func leaves(_ cursor: inout Cursor) -> Bool {
    switch cursor.kind {
    case .returnStatement, .throwStatement, .continueStatement, .breakStatement: return true
    case .statementBlock, .switchCase, .switchDefault:
      var found = false
      cursor.forEachChild { child in
        if child.isNamed, child.kind != .comment { found = leaves(&child) }
      }
      return found
    default: return false
    }
  }

  mutating func choice(_ cursor: inout Cursor) {
    var subject = Self.unknown
    cursor.forEachChild { child in
      if child.field == .value {
        let found = tests(&child)
        if let only = found.whenTrue.first, only.literals.isEmpty, !only.isNegated { subject = only.subject }
      } else if child.field == .body {
        withScope(isFunction: false) { my in my.cases(&child, of: subject) }
      } else if child.isNamed {
        _ = visit(&child, wanted: false)
      }
    }
  }

  private mutating func cases(_ cursor: inout Cursor, of subject: ValueID) {
    // Labels that lead to the next statements: those without any of their own, and those of a case that runs on.
    var open: [ValueID] = [], all: [ValueID] = []
    // Whether anything may lead there.
    var isOpen = subject == Self.unknown
    cursor.forEachChild { child in
      guard child.isNamed, child.kind != .comment else { return }
      guard child.kind == .switchCase || child.kind == .switchDefault else {
        _ = visit(&child, wanted: false)
        return
      }
      let (label, isEmpty) = switchCase(&child)
      if let label {
        open.append(label)
        all.append(label)
      }
      let isDefault = child.kind == .switchDefault
      if isDefault, open.isEmpty, !isOpen, !isEmpty {
        onlyWhen([TestTerm(subject: subject, literals: all, isNegated: true)], child.range)
      }
      isOpen = isOpen || isDefault
      guard !isEmpty else { return }
      if !isOpen, !open.contains(Self.unknown) {
        onlyWhen([TestTerm(subject: subject, literals: open, isNegated: false)], child.range)
      }
      if leaves(&child) {
        open = []
        isOpen = subject == Self.unknown
      }
    }
  }

  /// One label with its statements.
  mutating func switchCase(_ cursor: inout Cursor) -> (label: ValueID?, isEmpty: Bool) {
    var label: ValueID?, isEmpty = true
    let end = cursor.end
    cursor.forEachChild { child in
      guard child.isNamed, child.kind != .comment else { return }
      if child.field == .value {
        label = visit(&child, wanted: true)
      } else {
        isEmpty = false
        listed(&child, until: end)
      }
    }
    return (label, isEmpty)
  }
}
