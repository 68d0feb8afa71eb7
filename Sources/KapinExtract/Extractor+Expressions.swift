import KapinBase
import KapinModel
import KapinSyntax

/// Members, calls, operators and assignments.
extension Extractor {
  mutating func member(_ cursor: inout Cursor, wanted: Bool) -> ValueID {
    let start = cursor.start
    var object = Self.unknown
    var objectRange = Range32.empty
    var property = emptyName
    cursor.forEachChild { child in
      switch child.field {
      case .object:
        objectRange = child.range
        object = visit(&child, wanted: wanted)
      case .property: property = name(child)
      default: break
      }
    }
    if isEnvironment(objectRange) { readEnvironment(property, at: start) }
    return wanted ? value(.member(of: object, property), at: start) : Self.unknown
  }

  func isEnvironment(_ range: Range32) -> Bool {
    text(range, is: "process.env") || text(range, is: "import.meta.env")
  }

  mutating func readEnvironment(_ name: Name, at start: UInt32) {
    facts.environment.append(EnvironmentRead(name: name, function: function, at: start))
  }

  mutating func subscriptAccess(_ cursor: inout Cursor, wanted: Bool) -> ValueID {
    let start = cursor.start
    var object = Self.unknown
    var index = Self.unknown
    var objectRange = Range32.empty
    cursor.forEachChild { child in
      switch child.field {
      case .object:
        objectRange = child.range
        object = visit(&child, wanted: wanted)
      case .index: index = visit(&child, wanted: true)
      default: break
      }
    }
    if case .text(let key) = facts.values[index] {
      if isEnvironment(objectRange) { readEnvironment(key, at: start) }
      return wanted ? value(.member(of: object, key), at: start) : Self.unknown
    }
    return wanted ? value(.index(of: object, by: index), at: start) : Self.unknown
  }

  mutating func call(_ cursor: inout Cursor, wanted: Bool) -> ValueID {
    var range = cursor.range
    var isAwaited = awaiting
    awaiting = false
    let given = wrappedName
    wrappedName = nil
    // Only what is misread has an arrow function without brackets for its callee.
    var arrow: ValueID?
    var isImport = false
    var isGlob = false
    var isTagged = false
    var isBase = false
    var awaitsResult = false
    var isOperand = false
    var callee = Self.unknown
    var list = Range32.empty
    cursor.forEachChild { child in
      switch child.field {
      case .function:
        isImport = child.kind == .import
        isGlob = text(child.range, is: "import.meta.glob")
        isBase = child.kind == .super
        if child.kind == .arrowFunction {
          arrow = visit(&child, wanted: true)
        } else if isBase {
          callee = thisClass.flatMap { facts.declarations[$0].heritage } ?? Self.unknown
        } else if child.kind == .unaryExpression {
          // `!isOwner<Row>(row)`, `void load<Row>()`: the same.
          isOperand = true
          child.forEachNamedChild { inner in
            range.start = inner.start
            callee = visit(&inner, wanted: true)
          }
        } else if !isImport {
          callee = visit(&child, wanted: true)
          // `await load<Row>(id)` is read as if the awaited function were called.
          if case .await(let inner) = facts.values[callee], child.kind != .parenthesizedExpression {
            (callee, isAwaited, awaitsResult) = (inner, true, true)
            range.start = facts.valueStarts[inner.index]
          }
        }
      case .arguments:
        isTagged = child.kind == .templateString
        if let arrow { return returnsTagged(arrow, &child) }
        list = arguments(&child, naming: isPlain(callee) ? given : nil)
      default: break
      }
    }
    if let arrow { return arrow }
    if isGlob { globCall(list, range) }
    if let module = moduleCall(callee: callee, isImport: isImport, arguments: list, range: range) {
      return module
    }
    var row = Call(callee: callee, range: range, function: function, statement: statement)
    row.arguments = list
    if isAwaited { row.flags.insert(.awaited) }
    if isTagged { row.flags.insert(.tagged) }
    if isBase { row.flags.insert(.base) }
    let id = facts.calls.append(row)
    guard wanted, !isOperand else { return Self.unknown }
    let result = value(.call(id), at: range.start)
    return awaitsResult ? value(.await(result), at: range.start) : result
  }

  /// `() => tag<Type>`…``, which the grammar reads as a template with a function for its tag: the function returns what
  /// the template gives.
  private mutating func returnsTagged(_ function: ValueID, _ template: inout Cursor) {
    guard case .declaration(let id) = facts.values[function] else { return }
    let end = template.end
    facts.declarations[id].range.end = end
    facts.declarations[id].body.end = end
    let outer = (scope, self.function)
    (scope, self.function) = (lastFunctionScope, id)
    let list = arguments(&template)
    (scope, self.function) = outer
    guard let place = facts.declarations[id].returns.indices.last else { return }
    let tag = facts.valueLists[place]
    let start = facts.valueStarts[tag.index]
    var row = Call(callee: tag, range: Range32(start, end), function: id, statement: statement)
    row.arguments = list
    row.flags.insert(.tagged)
    facts.valueLists[place] = value(.call(facts.calls.append(row)), at: start)
  }

  /// A function that is called by its name, or as a member of an import; methods of values take callbacks, they wrap nothing.
  private func isPlain(_ callee: ValueID) -> Bool {
    switch facts.values[callee] {
    case .global, .local, .imported: return true
    case .member(let object, _):
      switch facts.values[object] {
      case .global(let name):
        let first = facts.names[name].utf8.first ?? 0
        return first >= 65 && first <= 90
      case .imported: return true
      default: return false
      }
    default: return false
    }
  }

  /// - Parameter given: the name for a function that is the first argument.
  mutating func arguments(_ cursor: inout Cursor, naming given: (name: Name, at: UInt32)? = nil) -> Range32 {
    let mark = scratch.count
    if cursor.kind == .templateString {
      let text = template(&cursor, wanted: true)
      scratch.append(text)
      return takeList(from: mark)
    }
    cursor.forEachChild { child in
      guard child.isNamed, child.kind != .comment else { return }
      if let given, scratch.count == mark {
        let argument = namedValue(&child, name: given.name, at: given.at)
        if case .declaration(let id) = facts.values[argument] { facts.declarations[id].flags.insert(.kept) }
        scratch.append(argument)
      } else {
        scratch.append(visit(&child, wanted: true))
      }
    }
    return takeList(from: mark)
  }

  mutating func construction(_ cursor: inout Cursor, wanted: Bool) -> ValueID {
    let range = cursor.range
    awaiting = false
    var callee = Self.unknown
    var list = Range32.empty
    cursor.forEachChild { child in
      switch child.field {
      case .constructor: callee = visit(&child, wanted: true)
      case .arguments: list = arguments(&child)
      default: break
      }
    }
    var row = Call(callee: callee, range: range, function: function, statement: statement)
    row.arguments = list
    row.flags.insert(.new)
    urlConstruction(callee, list, range)
    let id = facts.calls.append(row)
    return wanted ? value(.new(id), at: range.start) : Self.unknown
  }

  mutating func awaited(_ cursor: inout Cursor, wanted: Bool) -> ValueID {
    let start = cursor.start
    if let statement { facts.statements[statement].hasAwait = true }
    awaiting = true
    var inner = Self.unknown
    cursor.forEachChild { child in
      if child.isNamed { inner = visit(&child, wanted: wanted) }
    }
    awaiting = false
    return wanted && inner != Self.unknown ? value(.await(inner), at: start) : inner
  }

  mutating func binary(_ cursor: inout Cursor, wanted: Bool) -> ValueID {
    let start = cursor.start
    let op = operation(of: &cursor)
    if op == .ampAmp { return guarded(&cursor, wanted: wanted) }
    if op == .otherToken { noteMisreadTag(&cursor) }
    guard wanted else {
      if op == .pipePipe {
        _ = tests(&cursor)
      } else {
        // Texts that something is compared with are kept: `["a", "b"].includes(x)`, `request.method === "POST"`.
        cursor.forEachChild { child in
          if child.isNamed { _ = visit(&child, wanted: child.kind == .string) }
        }
      }
      return Self.unknown
    }
    let mark = scratch.count
    var left = Self.unknown
    cursor.forEachChild { child in
      switch child.field {
      case .left: left = visit(&child, wanted: true)
      case .right:
        let right = visit(&child, wanted: true)
        if op == .plus, case .concat(let parts) = facts.values[left] {
          scratch.append(contentsOf: facts.valueLists[parts.indices])
        } else {
          scratch.append(left)
        }
        scratch.append(right)
      default: break
      }
    }
    switch op {
    case .plus: return value(.concat(takeList(from: mark)), at: start)
    case .pipePipe, .questionQuestion: return value(.either(takeList(from: mark)), at: start)
    default:
      scratch.removeSubrange(mark...)
      return Self.unknown
    }
  }

  /// `` await sql<Row>`…` `` is read as two comparisons, without an error.
  private mutating func noteMisreadTag(_ cursor: inout Cursor) {
    var isChain = false, isTemplate = false
    cursor.forEachChild { child in
      if child.field == .left { isChain = child.kind == .binaryExpression }
      if child.field == .right { isTemplate = child.kind == .templateString }
    }
    if isChain, isTemplate { isMisread = true }
  }

  /// `a && b`: comes to `b`, which is there only when `a` holds.
  private mutating func guarded(_ cursor: inout Cursor, wanted: Bool) -> ValueID {
    var result = Self.unknown
    var terms = TestTerms()
    cursor.forEachChild { child in
      if child.field == .left {
        terms = tests(&child)
      } else if child.field == .right {
        onlyWhen(terms.whenTrue, child.range)
        result = visit(&child, wanted: wanted)
      }
    }
    return result
  }

  mutating func ternary(_ cursor: inout Cursor, wanted: Bool) -> ValueID {
    let start = cursor.start
    let mark = scratch.count
    var terms = TestTerms()
    cursor.forEachChild { child in
      switch child.field {
      case .condition:
        // `url.startsWith("http") ? a : b` is decided where the text is known.
        if child.kind == .callExpression {
          let subject = visit(&child, wanted: true)
          terms = Self.term(TestTerm(subject: subject, literals: [], isNegated: false))
        } else {
          terms = tests(&child)
        }
      case .consequence, .alternative:
        onlyWhen(child.field == .consequence ? terms.whenTrue : terms.whenFalse, child.range)
        let branch = visit(&child, wanted: wanted)
        if wanted { scratch.append(branch) }
      default:
        if child.isNamed { _ = visit(&child, wanted: false) }
      }
    }
    guard wanted else { return Self.unknown }
    let result = value(.either(takeList(from: mark)), at: start)
    if let condition = condition(terms, of: result) { facts.conditions.append(condition) }
    return result
  }

  /// A value, its negation, or its comparison with one literal; `nil` for all else.
  private func condition(_ terms: TestTerms, of result: ValueID) -> Condition? {
    guard terms.whenTrue.count == 1, terms.whenFalse.count == 1, let term = terms.whenTrue.first,
      term.literals.count < 2, term.literals.first.map({ isLiteral($0) }) ?? true
    else { return nil }
    return Condition(value: result, subject: term.subject, literal: term.literals.first, isNegated: term.isNegated)
  }

  mutating func assignment(_ cursor: inout Cursor, wanted: Bool) -> ValueID {
    let start = cursor.start
    var target = Self.unknown
    var targetName: Name?
    var right = Self.unknown
    cursor.forEachChild { child in
      switch child.field {
      case .left:
        switch child.kind {
        case .identifier: targetName = name(child)
        case .memberExpression, .subscriptExpression: target = visit(&child, wanted: true)
        default: visitChildren(&child)
        }
      case .right: right = namedValue(&child, name: assignedName(target) ?? emptyName, at: start)
      default: break
      }
    }
    if let targetName {
      scopes.reassignments.append(ScopeTree.Reassignment(name: targetName, value: right, scope: scope))
    } else if target != Self.unknown {
      facts.assignments.append(Assignment(target: target, value: right, function: function, at: start))
      commonJSExport(target, right, at: start)
    }
    return right
  }

  /// The last name of `a.b.c = …`, which names a function on its right side.
  private func assignedName(_ target: ValueID) -> Name? {
    if case .member(_, let name) = facts.values[target] { name } else { nil }
  }
}
