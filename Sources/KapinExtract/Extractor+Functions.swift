import KapinBase
import KapinModel
import KapinSyntax

/// Functions, their parameters and patterns.
extension Extractor {
  /// An expression that takes the name of what it is assigned to: `const save = async () => …`.
  mutating func namedValue(_ cursor: inout Cursor, name: Name, at nameAt: UInt32) -> ValueID {
    switch cursor.kind {
    case .arrowFunction, .functionExpression, .generatorFunction:
      let start = cursor.start
      let id = functionLike(
        &cursor, form: cursor.kind == .arrowFunction ? .arrow : .function, name: name, nameAt: nameAt)
      return value(.declaration(id), at: start)
    case .class:
      let start = cursor.start
      return value(.declaration(classLike(&cursor, name: name)), at: start)
    default: return visit(&cursor, wanted: true)
    }
  }

  mutating func functionExpression(_ cursor: inout Cursor) -> ValueID {
    let start = cursor.start
    let form: Declaration.Form = cursor.kind == .arrowFunction ? .arrow : .function
    let id = functionLike(&cursor, form: form, name: emptyName, nameAt: start)
    return value(.declaration(id), at: start)
  }

  mutating func functionDeclaration(_ cursor: inout Cursor) {
    let start = cursor.start
    // The name is bound around the function, before its body is read.
    _ = functionLike(&cursor, form: .function, name: emptyName, nameAt: start, bindsName: true)
  }

  /// Any function with parameters and a body; leaves the cursor on it.
  mutating func functionLike(
    _ cursor: inout Cursor, form: Declaration.Form, name given: Name, nameAt: UInt32, bindsName: Bool = false
  ) -> DeclarationID {
    let id = declare(form, given, range: cursor.range, nameAt: nameAt)
    awaiting = false
    let outer = (function, statement, element)
    let outerThis = thisFunction
    if form != .arrow { thisFunction = id }
    defer { thisFunction = outerThis }
    let mark = returned.count
    withScope(isFunction: true) { my in
      my.function = id
      my.statement = nil
      my.element = nil
      var index: UInt16 = 0
      var rows: [Parameter] = []
      var typeParameters: [Name] = []
      cursor.forEachChild { child in
        switch child.kind {
        case .asyncKeyword: my.facts.declarations[id].flags.insert(.async)
        case .star: my.facts.declarations[id].flags.insert(.generator)
        case .staticKeyword: my.facts.declarations[id].flags.insert(.static)
        case .abstractKeyword: my.facts.declarations[id].flags.insert(.abstract)
        case .getKeyword: my.facts.declarations[id].form = .getter
        case .setKeyword: my.facts.declarations[id].form = .setter
        case .formalParameters: my.parameters(&child, of: id, &rows, &index)
        case .typeParameters: typeParameters = my.typeParameters(&child)
        default:
          switch child.field {
          case .name: my.functionName(&child, id, given: given, bindsName: bindsName)
          case .parameter: my.parameter(&child, of: id, &rows, &index)
          case .returnType: my.facts.declarations[id].type = my.annotation(child)
          case .body: my.body(&child, of: id)
          default: break
          }
        }
      }
      let first = my.facts.parameters.count
      my.facts.parameters.append(contentsOf: rows)
      my.facts.declarations[id].parameters = Range32(first, first + rows.count)
      if !typeParameters.isEmpty { my.passThrough(id, rows, typeParameters) }
    }
    let start = facts.valueLists.count
    facts.valueLists.append(contentsOf: returned[mark...])
    returned.removeSubrange(mark...)
    facts.declarations[id].returns = Range32(start, facts.valueLists.count)
    (function, statement, element) = outer
    return id
  }

  private mutating func typeParameters(_ cursor: inout Cursor) -> [Name] {
    var found: [Name] = []
    cursor.forEachNamedChild { child in
      child.forEachNamedChild { part in
        if part.field == .name { found.append(name(part)) }
      }
    }
    return found
  }

  /// A function whose result has the type of one of its type parameters returns the argument of that type, or what
  /// the argument makes: it can have no such value from elsewhere.
  private mutating func passThrough(_ id: DeclarationID, _ rows: [Parameter], _ typeParameters: [Name]) {
    guard let result = facts.declarations[id].type, typeParameters.contains(where: { names(result, $0) }) else {
      return
    }
    for (position, row) in rows.enumerated() {
      guard let type = row.type else { continue }
      if type == result {
        facts.declarations[id].passes = UInt16(position)
      } else if facts.names[type] == "() => " + facts.names[result] {
        facts.declarations[id].passes = UInt16(position)
        facts.declarations[id].flags.insert(.callsPassed)
      }
    }
  }

  /// `T`, or `Promise<T>`.
  private func names(_ type: Name, _ parameter: Name) -> Bool {
    type == parameter || facts.names[type] == "Promise<" + facts.names[parameter] + ">"
  }

  private mutating func functionName(_ cursor: inout Cursor, _ id: DeclarationID, given: Name, bindsName: Bool) {
    var form = Property.Form.plain
    let own = propertyName(&cursor, &form)
    if given == emptyName || bindsName {
      facts.declarations[id].name = own
      facts.declarations[id].isNamed = own != emptyName
      facts.declarations[id].nameAt = cursor.start
      facts.declarations[id].range.start = min(facts.declarations[id].range.start, cursor.start)
    }
    if facts.declarations[id].form == .method, own == constructorName { facts.declarations[id].form = .constructor }
    guard bindsName || facts.declarations[id].form == .function else { return }
    let target = bindsName ? scopes.parent(of: scope) : scope
    let saved = function
    if bindsName { function = facts.declarations[id].parent }
    _ = bind(own, value(.declaration(id), at: cursor.start), at: cursor.start, in: target)
    function = saved
  }

  mutating func declare(_ form: Declaration.Form, _ name: Name, range: Range32, nameAt: UInt32) -> DeclarationID {
    var row = Declaration(name: name, form: form, parent: function, range: range, nameAt: nameAt)
    row.isNamed = name != emptyName
    if scope == 0 { row.flags.insert(.topLevel) }
    return facts.declarations.append(row)
  }

  private mutating func parameters(
    _ cursor: inout Cursor, of id: DeclarationID, _ rows: inout [Parameter], _ index: inout UInt16
  ) {
    cursor.forEachChild { child in
      guard child.isNamed, child.kind != .comment, child.kind != .decorator else { return }
      parameter(&child, of: id, &rows, &index)
    }
  }

  private mutating func parameter(
    _ cursor: inout Cursor, of id: DeclarationID, _ rows: inout [Parameter], _ index: inout UInt16
  ) {
    let start = cursor.start
    let source = value(.parameter(of: id, index), at: start)
    index &+= 1
    var row = Parameter(name: emptyName, type: nil, at: start)
    if cursor.kind == .identifier {
      row.name = name(cursor)
      _ = bind(row.name, source, at: start)
    } else if cursor.kind == .requiredParameter || cursor.kind == .optionalParameter {
      var isProperty = false
      cursor.forEachChild { child in
        switch child.field {
        case .pattern:
          if child.kind == .identifier { row.name = name(child) }
          row.isRest = child.kind == .restPattern
          if row.isRest { rest(&child, source, of: id, from: index &- 1) } else { pattern(&child, source) }
        case .type: row.type = annotation(child)
        case .value:
          let fallback = visit(&child, wanted: true)
          row.fallback = fallback == Self.unknown ? nil : fallback
          if fallback == Self.unknown, row.name != emptyName {
            facts.fallbacks.append(Fallback(binding: BindingID(facts.bindings.count - 1), value: fallback))
          }
        default:
          if child.kind == .decorator {
            let mark = decorator(&child)
            facts.decorators.append(Decorator(target: id, value: mark.value, at: mark.at))
          } else if child.kind == .readonlyKeyword || text(child.range, is: "private")
            || text(child.range, is: "public")
            || text(child.range, is: "protected")
          {
            isProperty = true
          }
        }
      }
      if isProperty, row.name != emptyName {
        let outer = function
        function = facts.declarations[id].parent
        let field = declare(.field, row.name, range: cursor.range, nameAt: start)
        function = outer
        facts.declarations[field].type = row.type
        facts.declarations[field].value = source
      }
    } else if cursor.kind == .restPattern {
      row.isRest = true
      rest(&cursor, source, of: id, from: index &- 1)
    } else {
      pattern(&cursor, source)
    }
    rows.append(row)
  }

  /// `...[router, options]`: each item is the parameter at its place.
  private mutating func rest(_ cursor: inout Cursor, _ source: ValueID, of id: DeclarationID, from first: UInt16) {
    cursor.forEachChild { child in
      guard child.kind == .arrayPattern else {
        if child.isNamed { pattern(&child, source) }
        return
      }
      var index = first
      child.forEachChild { item in
        if item.isNamed {
          pattern(&item, value(.parameter(of: id, index), at: item.start))
        } else if text(item.range, is: ",") {
          index &+= 1
        }
      }
    }
  }

  private mutating func body(_ cursor: inout Cursor, of id: DeclarationID) {
    facts.declarations[id].body = cursor.range
    let end = cursor.end
    if cursor.kind == .statementBlock {
      var first = true
      cursor.forEachChild { child in
        guard child.isNamed else { return }
        if first, child.kind == .expressionStatement { facts.declarations[id].directive = directive(&child) }
        if child.kind != .comment { first = false }
        listed(&child, until: end)
      }
    } else {
      facts.declarations[id].flags.insert(.expressionBody)
      let result = visit(&cursor, wanted: true)
      returned.append(result)
    }
  }

  /// The annotated type as written, without the colon, cut at 120 bytes.
  mutating func annotation(_ cursor: borrowing Cursor) -> Name {
    var range = cursor.range
    while range.start < range.end, source[Int(range.start)] == 58 || source[Int(range.start)] == 32 { range.start += 1 }
    range.end = min(range.end, range.start + 120)
    return name(range)
  }

  /// Binds the names of a pattern to parts of a value.
  mutating func pattern(_ cursor: inout Cursor, _ source: ValueID) {
    switch cursor.kind {
    case .identifier, .shorthandPropertyIdentifierPattern:
      _ = bind(name(cursor), source, at: cursor.start)
    case .objectPattern:
      cursor.forEachChild { child in
        if child.isNamed, child.kind != .comment { objectPatternPart(&child, source) }
      }
    case .arrayPattern:
      var index = 0
      cursor.forEachChild { child in
        if child.isNamed {
          let key = value(.number(facts.names.intern(String(index))), at: child.start)
          pattern(&child, value(.index(of: source, by: key), at: child.start))
        } else if text(child.range, is: ",") {
          index += 1
        }
      }
    case .assignmentPattern, .objectAssignmentPattern:
      let first = facts.bindings.count
      cursor.forEachChild { child in
        if child.field == .left { pattern(&child, source) }
        if child.field == .right { fallback(&child, for: first) }
      }
    case .restPattern:
      cursor.forEachChild { child in
        if child.isNamed { pattern(&child, Self.unknown) }
      }
    default: break
    }
  }

  /// What the only name that a pattern bound is where there is nothing for it.
  private mutating func fallback(_ cursor: inout Cursor, for first: Int) {
    let value = visit(&cursor, wanted: true)
    if facts.bindings.count == first + 1 {
      facts.fallbacks.append(Fallback(binding: BindingID(first), value: value))
    }
  }

  private mutating func objectPatternPart(_ cursor: inout Cursor, _ source: ValueID) {
    switch cursor.kind {
    case .shorthandPropertyIdentifierPattern:
      let key = name(cursor)
      _ = bind(key, value(.member(of: source, key), at: cursor.start), at: cursor.start)
    case .pairPattern:
      var key = emptyName
      var form = Property.Form.plain
      cursor.forEachChild { child in
        if child.field == .key { key = propertyName(&child, &form) }
        if child.field == .value { pattern(&child, value(.member(of: source, key), at: child.start)) }
      }
    case .objectAssignmentPattern:
      let first = facts.bindings.count
      cursor.forEachChild { child in
        if child.field == .left { objectPatternPart(&child, source) }
        if child.field == .right { fallback(&child, for: first) }
      }
    default: pattern(&cursor, source)
    }
  }
}
