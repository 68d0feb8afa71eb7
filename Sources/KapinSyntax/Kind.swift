/// The node kinds that extraction distinguishes, the same numbers for every grammar.
public enum Kind: UInt8, Sendable, CaseIterable {
  case otherNamed, otherToken
  // Structure
  case program, error, comment, hashBangLine, statementBlock, expressionStatement, emptyStatement, lexicalDeclaration
  case variableDeclaration, variableDeclarator, functionDeclaration, generatorFunctionDeclaration
  case functionExpression, generatorFunction, arrowFunction, methodDefinition, classDeclaration, `class`
  case abstractClassDeclaration, classBody, classHeritage, extendsClause, implementsClause, extendsTypeClause
  case fieldDefinition, publicFieldDefinition, classStaticBlock, abstractMethodSignature, methodSignature
  case functionSignature, interfaceDeclaration, interfaceBody, objectType, propertySignature, typeAliasDeclaration
  case enumDeclaration, enumBody, enumAssignment, internalModule, module, ambientDeclaration
  case importStatement, importClause, namedImports, importSpecifier, namespaceImport, importRequireClause, importAlias
  case exportStatement, exportClause, exportSpecifier, namespaceExport
  // Statements
  case returnStatement, throwStatement, ifStatement, elseClause, forStatement, forInStatement, whileStatement
  case doStatement, tryStatement, catchClause, finallyClause, switchStatement, switchBody, switchCase, switchDefault
  case breakStatement, continueStatement, labeledStatement, withStatement, debuggerStatement
  // Expressions
  case callExpression, newExpression, memberExpression, subscriptExpression, assignmentExpression
  case augmentedAssignmentExpression, awaitExpression, yieldExpression, binaryExpression, unaryExpression
  case updateExpression, ternaryExpression, sequenceExpression, parenthesizedExpression, asExpression
  case satisfiesExpression, nonNullExpression, typeAssertion, instantiationExpression, arguments, `import`
  case identifier, propertyIdentifier, privatePropertyIdentifier, shorthandPropertyIdentifier
  case shorthandPropertyIdentifierPattern, statementIdentifier, typeIdentifier, nestedIdentifier, this, `super`
  case string, stringFragment, escapeSequence, templateString, templateSubstitution, number, `true`, `false`
  case null, undefined, regex, metaProperty
  case object, pair, spreadElement, array, computedPropertyName, methodDefinitionSignature
  case objectPattern, arrayPattern, pairPattern, restPattern, assignmentPattern, objectAssignmentPattern
  case formalParameters, requiredParameter, optionalParameter
  case decorator, typeAnnotation, typeArguments, typeParameters, genericType, predefinedType, typeQuery
  case arrayType, unionType, literalType, nestedTypeIdentifier, readonlyType, parenthesizedType
  // JSX
  case jsxElement, jsxSelfClosingElement, jsxOpeningElement, jsxClosingElement, jsxAttribute, jsxExpression
  case jsxText, jsxNamespaceName, htmlCharacterReference
  // JSON
  case document
  // Tokens
  case asyncKeyword, awaitKeyword, staticKeyword, getKeyword, setKeyword, defaultKeyword, typeKeyword, typeofKeyword
  case constKeyword, letKeyword, varKeyword, star, plus, optionalChain, pipePipe, ampAmp, questionQuestion, equals
  case semicolon, strictEqual, looseEqual, strictUnequal, looseUnequal, exclamation, readonlyKeyword, abstractKeyword,
    exportKeyword, inKeyword, openBrace, closeBrace

  /// The text of an anonymous token, `nil` for named nodes.
  var token: String? {
    switch self {
    case .asyncKeyword: "async"
    case .awaitKeyword: "await"
    case .staticKeyword: "static"
    case .getKeyword: "get"
    case .setKeyword: "set"
    case .defaultKeyword: "default"
    case .typeKeyword: "type"
    case .typeofKeyword: "typeof"
    case .constKeyword: "const"
    case .letKeyword: "let"
    case .varKeyword: "var"
    case .star: "*"
    case .plus: "+"
    case .pipePipe: "||"
    case .ampAmp: "&&"
    case .questionQuestion: "??"
    case .equals: "="
    case .strictEqual: "==="
    case .looseEqual: "=="
    case .strictUnequal: "!=="
    case .looseUnequal: "!="
    case .exclamation: "!"
    case .semicolon: ";"
    case .readonlyKeyword: "readonly"
    case .abstractKeyword: "abstract"
    case .exportKeyword: "export"
    case .inKeyword: "in"
    case .openBrace: "{"
    case .closeBrace: "}"
    default: nil
    }
  }

  /// The grammar's name of a named node: the case name in snake case.
  var grammarName: String {
    switch self {
    case .error: "ERROR"
    default: snakeCase(String(describing: self))
    }
  }
}

/// The fields of nodes that extraction reads.
public enum Field: UInt8, Sendable, CaseIterable {
  case none
  case name, value, body, function, arguments, constructor, object, property, index, left, right, condition
  case consequence, alternative, source, declaration, alias, parameters, parameter, pattern, type, returnType
  case decorator, key, `operator`, argument, initializer, increment, handler, finalizer, attribute, openTag, closeTag
  case typeArguments, label, kind

  var grammarName: String { snakeCase(String(describing: self)) }
}

private func snakeCase(_ camel: String) -> String {
  var out = ""
  for character in camel {
    if character.isUppercase { out += "_" + character.lowercased() } else { out.append(character) }
  }
  return out
}
