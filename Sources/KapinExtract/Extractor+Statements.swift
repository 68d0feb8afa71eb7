import KapinBase
import KapinModel
import KapinSyntax

/// Statements: declarations of variables, and the skeleton that says where an edit may go.
extension Extractor {
  func isStatement(_ kind: Kind) -> Bool {
    switch kind {
    case .statementBlock, .expressionStatement, .emptyStatement, .lexicalDeclaration, .variableDeclaration,
      .functionDeclaration, .generatorFunctionDeclaration, .classDeclaration, .abstractClassDeclaration,
      .interfaceDeclaration, .typeAliasDeclaration, .enumDeclaration, .importStatement, .exportStatement,
      .internalModule,
      .module, .ambientDeclaration, .functionSignature, .returnStatement, .throwStatement, .ifStatement, .elseClause,
      .forStatement, .forInStatement, .whileStatement, .doStatement, .tryStatement, .catchClause, .finallyClause,
      .switchStatement, .switchBody, .switchCase, .switchDefault, .breakStatement, .continueStatement,
      .labeledStatement,
      .withStatement, .debuggerStatement:
      true
    default: false
    }
  }

  /// Reads one statement; `inBlock` when another statement may stand after it.
  mutating func visitStatement(_ cursor: inout Cursor, inBlock: Bool, isExported: Bool = false) {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      _ = visit(&cursor, wanted: false)
      return
    }
    let kind = cursor.kind
    switch kind {
    case .comment, .emptyStatement, .functionSignature, .hashBangLine: return
    case .importStatement: importStatement(&cursor)
    case .exportStatement: exportStatement(&cursor)
    case .functionDeclaration, .generatorFunctionDeclaration: functionDeclaration(&cursor)
    case .classDeclaration, .abstractClassDeclaration: _ = classLike(&cursor, name: emptyName, bindsName: true)
    case .interfaceDeclaration: interface(&cursor, form: .interface)
    case .typeAliasDeclaration: interface(&cursor, form: .type)
    case .enumDeclaration: enumeration(&cursor)
    case .ambientDeclaration, .internalModule, .module: namespace(&cursor)
    case .expressionStatement where isNamespace(&cursor): namespace(&cursor)
    case .statementBlock: withStatement(.block, &cursor, inBlock) { my, cursor in my.block(&cursor) }
    case .lexicalDeclaration, .variableDeclaration:
      withStatement(.declaration, &cursor, inBlock) { my, cursor in my.variables(&cursor, kind, isExported) }
      countSemicolon(&cursor)
    case .expressionStatement:
      withStatement(.expression, &cursor, inBlock) { my, cursor in my.visitChildren(&cursor) }
      countSemicolon(&cursor)
      endRequire(cursor.end)
    case .returnStatement:
      withStatement(.return, &cursor, inBlock) { my, cursor in
        cursor.forEachChild { child in
          if child.isNamed, child.kind != .comment {
            let result = my.visit(&child, wanted: true)
            my.returned.append(result)
          }
        }
      }
      countSemicolon(&cursor)
    case .throwStatement: withStatement(.throw, &cursor, inBlock) { my, cursor in my.visitChildren(&cursor) }
    case .ifStatement: withStatement(.branch, &cursor, inBlock) { my, cursor in my.branch(&cursor) }
    case .forStatement, .forInStatement, .whileStatement, .doStatement:
      withStatement(.loop, &cursor, inBlock) { my, cursor in
        my.withScope(isFunction: false) { inner in
          if kind == .forInStatement { inner.loopHead(&cursor) } else { inner.visitChildren(&cursor) }
        }
      }
    case .tryStatement: withStatement(.try, &cursor, inBlock) { my, cursor in my.visitChildren(&cursor) }
    case .switchStatement: withStatement(.switch, &cursor, inBlock) { my, cursor in my.choice(&cursor) }
    case .switchCase, .switchDefault: _ = switchCase(&cursor)
    case .catchClause:
      withScope(isFunction: false) { my in
        cursor.forEachChild { child in
          if child.field == .parameter { my.pattern(&child, Self.unknown) }
          if child.field == .body { my.visitStatement(&child, inBlock: false) }
        }
      }
    case .elseClause, .finallyClause, .labeledStatement, .withStatement, .breakStatement, .continueStatement,
      .debuggerStatement, .switchBody:
      visitChildren(&cursor)
    case .error: visitChildren(&cursor)
    default: _ = visit(&cursor, wanted: false)
    }
  }

  private mutating func withStatement(
    _ form: Statement.Form, _ cursor: inout Cursor, _ inBlock: Bool, _ body: (inout Self, inout Cursor) -> Void
  ) {
    let outer = statement
    let id = facts.statements.append(
      Statement(form: form, range: cursor.range, parent: outer, function: function, inBlock: inBlock))
    statement = id
    body(&self, &cursor)
    statement = outer
    if let outer, facts.statements[id].hasAwait { facts.statements[outer].hasAwait = true }
  }

  private mutating func block(_ cursor: inout Cursor) {
    let end = cursor.end
    withScope(isFunction: false) { my in
      cursor.forEachChild { child in
        if child.isNamed { my.listed(&child, until: end) }
      }
    }
  }

  private mutating func countSemicolon(_ cursor: inout Cursor) {
    if source[Int(cursor.end) - 1] == 59 {
      facts.style.semicolons += 1
    } else {
      facts.style.statementsWithoutSemicolon += 1
    }
  }

  /// A top-level `require` statement ends the import block where the statement ends.
  mutating func endRequire(_ end: UInt32) {
    if pendingRequireEnd != nil { noteImportEnd(end) }
    pendingRequireEnd = nil
  }

  private mutating func variables(_ cursor: inout Cursor, _ kind: Kind, _ isExported: Bool) {
    let target = kind == .variableDeclaration ? scopes.functionScope(scope) : scope
    cursor.forEachChild { child in
      if child.kind == .variableDeclarator { variable(&child, in: target, isExported) }
    }
    endRequire(cursor.end)
  }

  private mutating func variable(_ cursor: inout Cursor, in target: UInt32, _ isExported: Bool) {
    var type: Name?
    var hasPattern = false
    var own = emptyName
    var start = cursor.start
    var result = Self.unknown
    var isEnvironmentRead = false
    var terms = TestTerms()
    let firstDeclaration = facts.declarations.count
    // The name comes first, the type next, the value last.
    cursor.forEachChild { child in
      switch child.field {
      case .name:
        if child.kind == .identifier {
          own = name(child)
          start = child.start
        } else {
          hasPattern = true
        }
      case .type: type = annotation(child)
      case .value:
        isEnvironmentRead = isEnvironment(child.range)
        // At the top level the variable itself is a symbol.
        if scope != 0, own != emptyName, child.kind == .callExpression { wrappedName = (own, start) }
        if own != emptyName, target != 0, let held = comparison(heldBy: &child) {
          terms = held
        } else {
          result = namedValue(&child, name: own, at: start)
        }
        wrappedName = nil
      default: break
      }
    }
    if hasPattern {
      let outer = scope
      scope = target
      let first = facts.bindings.count
      cursor.forEachChild { child in
        if child.field == .name { pattern(&child, result) }
      }
      scope = outer
      if isEnvironmentRead {
        for index in first..<facts.bindings.count {
          readEnvironment(facts.bindings[index].name, at: facts.bindings[index].at)
        }
      }
      return
    }
    let binding = bind(own, result, at: start, in: target)
    if !terms.whenTrue.isEmpty { comparisons[binding] = terms }
    if let statement, facts.statements[statement].binding == nil { facts.statements[statement].binding = binding }
    guard target == 0 else { return }
    // Top-level variables are symbols; a function takes the variable's name instead.
    if case .declaration(let id) = facts.values[result], id.index == firstDeclaration {
      facts.declarations[id].flags.insert(.topLevel)
      if isExported { facts.declarations[id].flags.insert(.exported) }
      facts.declarations[id].range = cursor.range
      if facts.declarations[id].type == nil { facts.declarations[id].type = type }
      return
    }
    var row = Declaration(name: own, form: .variable, parent: nil, range: cursor.range, nameAt: start)
    row.isNamed = true
    row.value = result
    row.type = type
    row.flags = isExported ? [.topLevel, .exported] : .topLevel
    let id = facts.declarations.append(row)
    // What the initialiser declares belongs to the variable.
    for index in firstDeclaration..<id.index where facts.declarations[index].parent == nil {
      facts.declarations[DeclarationID(index)].parent = id
    }
  }

  private mutating func loopHead(_ cursor: inout Cursor) {
    // `for (const x of list)`: an item of the list, whichever.
    let item = value(.unknown, at: cursor.start)
    var isOf = false
    cursor.forEachChild { child in
      guard child.isNamed else {
        if text(child.range, is: "of") { isOf = true }
        return
      }
      if child.field == .left {
        pattern(&child, item)
      } else if child.field == .right {
        let list = visit(&child, wanted: isOf)
        if isOf { facts.values[item] = .index(of: list, by: Self.unknown) }
      } else {
        _ = visit(&child, wanted: false)
      }
    }
  }

  private func isNamespace(_ cursor: inout Cursor) -> Bool {
    var found = false
    cursor.forEachChild { child in if child.kind == .internalModule { found = true } }
    return found
  }

  private static let typeKinds: Set<Kind> = [
    .interfaceDeclaration, .typeAliasDeclaration, .enumDeclaration, .classDeclaration, .abstractClassDeclaration,
  ]

  private mutating func ambientTypes(_ cursor: inout Cursor) {
    cursor.forEachChild { child in
      switch child.kind {
      case .interfaceDeclaration: interface(&child, form: .interface)
      case .statementBlock, .exportStatement: ambientTypes(&child)
      default: break
      }
    }
  }

  /// `namespace X { … }`, `declare module "x" { … }`, `declare global { … }`.
  private mutating func namespace(_ cursor: inout Cursor) {
    let isAmbient = cursor.kind == .ambientDeclaration
    cursor.forEachChild { child in
      if isAmbient, !Self.typeKinds.contains(child.kind) {
        // `declare const x`, `declare global { … }` name what exists elsewhere; what they say of types is kept.
        if child.kind == .module || child.kind == .statementBlock { ambientTypes(&child) }
      } else if child.kind == .statementBlock {
        block(&child)
      } else if child.kind == .internalModule || child.kind == .module {
        namespace(&child)
      } else if isStatement(child.kind) {
        visitStatement(&child, inBlock: false)
      }
    }
  }
}
