import KapinBase
import KapinModel
import KapinSyntax

extension Extractor {
  /// Reads a node and all below it. The value of an expression is made only when it is wanted.
  mutating func visit(_ cursor: inout Cursor, wanted: Bool) -> ValueID {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.depthLimit {
      if facts.notes.last?.id != .tooDeep {
        facts.notes.append(FactNote(.tooDeep, "nested deeper than \(Self.depthLimit) levels", at: cursor.start))
      }
      return Self.unknown
    }
    switch cursor.kind {
    // Nothing in them
    case .comment, .otherToken, .typeAnnotation, .typeArguments, .typeParameters, .regex, .genericType, .objectType,
      .unionType, .predefinedType, .typeIdentifier, .literalType, .arrayType, .propertyIdentifier, .metaProperty,
      .emptyStatement, .statementIdentifier, .stringFragment:
      return Self.unknown
    // Names and literals
    case .identifier, .shorthandPropertyIdentifier:
      return wanted ? reference(name(cursor), at: cursor.start) : Self.unknown
    // `super.x` is a member of what the class extends.
    case .super: return wanted ? thisClass.flatMap { facts.declarations[$0].heritage } ?? Self.unknown : Self.unknown
    case .this:
      guard wanted, let owner = thisClass ?? thisFunction else { return Self.unknown }
      return value(.this(owner), at: cursor.start)
    case .string: return stringValue(&cursor, wanted: wanted)
    case .templateString: return template(&cursor, wanted: wanted)
    case .number: return wanted ? value(.number(name(cursor)), at: cursor.start) : Self.unknown
    case .true: return wanted ? value(.bool(true), at: cursor.start) : Self.unknown
    case .false: return wanted ? value(.bool(false), at: cursor.start) : Self.unknown
    case .null, .undefined: return wanted ? value(.null, at: cursor.start) : Self.unknown
    // Expressions
    case .object: return object(&cursor)
    case .array: return array(&cursor)
    case .callExpression: return call(&cursor, wanted: wanted)
    case .newExpression: return construction(&cursor, wanted: wanted)
    case .memberExpression: return member(&cursor, wanted: wanted)
    case .subscriptExpression: return subscriptAccess(&cursor, wanted: wanted)
    case .awaitExpression: return awaited(&cursor, wanted: wanted)
    case .binaryExpression: return binary(&cursor, wanted: wanted)
    case .ternaryExpression: return ternary(&cursor, wanted: wanted)
    case .assignmentExpression: return assignment(&cursor, wanted: wanted)
    case .spreadElement: return spread(&cursor, wanted: wanted)
    case .parenthesizedExpression, .asExpression, .satisfiesExpression, .nonNullExpression, .typeAssertion,
      .instantiationExpression:
      return inner(&cursor, wanted: wanted)
    case .sequenceExpression: return lastChild(&cursor, wanted: wanted)
    // Functions and classes
    case .functionExpression, .generatorFunction, .arrowFunction: return functionExpression(&cursor)
    case .class: return classExpression(&cursor)
    // JSX
    case .jsxElement, .jsxSelfClosingElement: return jsx(&cursor)
    case .jsxExpression: return jsxExpression(&cursor, wanted: wanted)
    case .jsxText:
      screenText(&cursor)
      return Self.unknown
    default:
      if isStatement(cursor.kind) {
        visitStatement(&cursor, inBlock: false)
      } else {
        visitChildren(&cursor)
      }
      return Self.unknown
    }
  }

  mutating func visitChildren(_ cursor: inout Cursor) {
    cursor.forEachChild { child in
      if child.isNamed { _ = visit(&child, wanted: false) }
    }
  }

  /// The value of the first expression inside parentheses, a cast or a non-null mark.
  private mutating func inner(_ cursor: inout Cursor, wanted: Bool) -> ValueID {
    var result = Self.unknown
    var seen = false
    cursor.forEachChild { child in
      guard child.isNamed, child.kind != .comment, child.kind != .typeArguments else { return }
      // `<Type>value` holds its type first, `value as Type` last.
      if !seen {
        result = visit(&child, wanted: wanted)
        seen = true
      }
    }
    return result
  }

  private mutating func lastChild(_ cursor: inout Cursor, wanted: Bool) -> ValueID {
    var result = Self.unknown
    cursor.forEachChild { child in
      if child.isNamed { result = visit(&child, wanted: wanted) }
    }
    return result
  }
}
