import KapinBase
import KapinModel
import KapinSyntax

/// Classes with their members, interfaces, types, enums and decorators.
extension Extractor {
  /// A decorator before its target is known.
  struct DecoratorMark {
    var value: ValueID
    var at: UInt32
  }

  mutating func decorator(_ cursor: inout Cursor) -> DecoratorMark {
    let start = cursor.start
    var result = Self.unknown
    cursor.forEachChild { child in
      if child.isNamed { result = visit(&child, wanted: true) }
    }
    if case .call(let call) = facts.values[result] { facts.calls[call].flags.insert(.decorator) }
    return DecoratorMark(value: result, at: start)
  }

  private mutating func takeDecorators(for target: DeclarationID) {
    for mark in pendingDecorators {
      facts.decorators.append(Decorator(target: target, value: mark.value, at: mark.at))
    }
    pendingDecorators.removeAll(keepingCapacity: true)
  }

  mutating func classExpression(_ cursor: inout Cursor) -> ValueID {
    let start = cursor.start
    return value(.declaration(classLike(&cursor, name: emptyName)), at: start)
  }

  mutating func classLike(_ cursor: inout Cursor, name given: Name, bindsName: Bool = false) -> DeclarationID {
    let id = declare(.class, given, range: cursor.range, nameAt: cursor.start)
    takeDecorators(for: id)
    let outer = (function, thisClass)
    cursor.forEachChild { child in
      switch child.kind {
      case .decorator:
        let mark = decorator(&child)
        facts.decorators.append(Decorator(target: id, value: mark.value, at: mark.at))
      case .abstractKeyword: facts.declarations[id].flags.insert(.abstract)
      case .classHeritage:
        facts.declarations[id].heritage = heritage(&child)
        child.forEachChild { clause in
          if clause.kind == .implementsClause { implements(&clause, by: id) }
        }
      case .classBody:
        function = id
        thisClass = id
        withScope(isFunction: false) { my in my.members(&child) }
        (function, thisClass) = outer
      default:
        guard child.field == .name else { break }
        let own = name(child)
        if given == emptyName {
          facts.declarations[id].name = own
          facts.declarations[id].isNamed = true
          facts.declarations[id].nameAt = child.start
        }
        if bindsName { _ = bind(own, value(.declaration(id), at: child.start), at: child.start) }
      }
    }
    return id
  }

  private mutating func heritage(_ cursor: inout Cursor) -> ValueID? {
    var result: ValueID?
    cursor.forEachChild { child in
      if child.kind == .extendsClause {
        child.forEachChild { part in
          if part.field == .value { result = visit(&part, wanted: true) }
        }
      } else if child.isNamed, child.kind != .implementsClause, result == nil {
        result = visit(&child, wanted: true)
      }
    }
    return result
  }

  /// `implements Store, Reader<User>`: their names.
  private mutating func implements(_ cursor: inout Cursor, by id: DeclarationID) {
    cursor.forEachNamedChild { child in
      if child.kind == .typeIdentifier {
        facts.implementations.append(Implementation(type: id, of: name(child)))
      } else if child.kind == .genericType {
        child.forEachNamedChild { part in
          if part.kind == .typeIdentifier { facts.implementations.append(Implementation(type: id, of: name(part))) }
        }
      }
    }
  }

  private mutating func members(_ cursor: inout Cursor) {
    let outer = pendingDecorators
    pendingDecorators = []
    cursor.forEachChild { child in
      switch child.kind {
      case .decorator: pendingDecorators.append(decorator(&child))
      case .methodDefinition: takeDecorators(for: method(&child))
      case .fieldDefinition, .publicFieldDefinition: field(&child)
      case .classStaticBlock: visitChildren(&child)
      case .abstractMethodSignature, .methodSignature: takeDecorators(for: signature(&child))
      default: if child.isNamed { visitChildren(&child) }
      }
    }
    pendingDecorators = outer
  }

  mutating func method(_ cursor: inout Cursor) -> DeclarationID {
    functionLike(&cursor, form: .method, name: emptyName, nameAt: cursor.start)
  }

  private mutating func signature(_ cursor: inout Cursor) -> DeclarationID {
    let id = declare(.signature, emptyName, range: cursor.range, nameAt: cursor.start)
    nameMember(&cursor, id)
    return id
  }

  private mutating func nameMember(_ cursor: inout Cursor, _ id: DeclarationID) {
    cursor.forEachChild { child in
      var form = Property.Form.plain
      if child.field == .name || child.field == .property {
        facts.declarations[id].name = propertyName(&child, &form)
        facts.declarations[id].isNamed = true
        facts.declarations[id].nameAt = child.start
      }
      if child.field == .type || child.field == .returnType { facts.declarations[id].type = annotation(child) }
      if !child.isNamed, text(child.range, is: "?") { facts.declarations[id].flags.insert(.optional) }
      if child.kind == .staticKeyword { facts.declarations[id].flags.insert(.static) }
    }
  }

  private mutating func field(_ cursor: inout Cursor) {
    let id = declare(.field, emptyName, range: cursor.range, nameAt: cursor.start)
    let outer = pendingDecorators
    pendingDecorators = []
    nameMember(&cursor, id)
    cursor.forEachChild { child in
      if child.kind == .decorator {
        let mark = decorator(&child)
        facts.decorators.append(Decorator(target: id, value: mark.value, at: mark.at))
      }
      if child.field == .value {
        let own = facts.declarations[id]
        let result = namedValue(&child, name: own.name, at: own.nameAt)
        facts.declarations[id].value = result
      }
    }
    pendingDecorators = outer
    takeDecorators(for: id)
  }

  mutating func interface(_ cursor: inout Cursor, form: Declaration.Form) {
    let id = declare(form, emptyName, range: cursor.range, nameAt: cursor.start)
    let outer = function
    cursor.forEachChild { child in
      if child.field == .name {
        facts.declarations[id].name = name(child)
        facts.declarations[id].isNamed = true
        facts.declarations[id].nameAt = child.start
      } else if child.field == .body || child.field == .value {
        function = id
        typeMembers(&child)
        function = outer
        if form == .type { facts.declarations[id].type = annotation(child) }
      }
    }
  }

  private mutating func typeMembers(_ cursor: inout Cursor) {
    guard cursor.kind == .interfaceBody || cursor.kind == .objectType else { return }
    cursor.forEachChild { child in
      guard child.kind == .propertySignature || child.kind == .methodSignature else { return }
      let id = declare(
        child.kind == .propertySignature ? .field : .signature, emptyName, range: child.range, nameAt: child.start)
      nameMember(&child, id)
      // `Tables: { users: { Row: { id: string } } }`
      let outer = function
      child.forEachChild { part in
        guard part.field == .type else { return }
        part.forEachNamedChild { type in
          guard type.kind == .objectType, depth < Self.typeDepthLimit else { return }
          depth += 1
          function = id
          typeMembers(&type)
          function = outer
          depth -= 1
        }
      }
    }
  }

  private static let typeDepthLimit = 40

  mutating func enumeration(_ cursor: inout Cursor) {
    let start = cursor.start
    let id = declare(.enum, emptyName, range: cursor.range, nameAt: start)
    let mark = scratchProperties.count
    var next = 0
    cursor.forEachChild { child in
      if child.field == .name {
        facts.declarations[id].name = name(child)
        facts.declarations[id].isNamed = true
        facts.declarations[id].nameAt = child.start
        _ = bind(facts.declarations[id].name, value(.declaration(id), at: child.start), at: child.start)
      } else if child.kind == .enumBody {
        child.forEachChild { member in enumMember(&member, &next) }
      }
    }
    let first = facts.properties.count
    facts.properties.append(contentsOf: scratchProperties[mark...])
    scratchProperties.removeSubrange(mark...)
    facts.declarations[id].value = value(.object(Range32(first, facts.properties.count)), at: start)
  }

  private mutating func enumMember(_ cursor: inout Cursor, _ next: inout Int) {
    var form = Property.Form.plain
    switch cursor.kind {
    case .enumAssignment:
      var key = emptyName
      var result = Self.unknown
      cursor.forEachChild { part in
        if part.field == .name { key = propertyName(&part, &form) }
        if part.field == .value { result = visit(&part, wanted: true) }
      }
      if case .number(let digits) = facts.values[result], let number = Int(facts.names[digits]) { next = number + 1 }
      scratchProperties.append(Property(name: key, value: result, at: cursor.start, form: .plain))
    case .propertyIdentifier, .string, .computedPropertyName:
      let key = propertyName(&cursor, &form)
      let number = value(.number(facts.names.intern(String(next))), at: cursor.start)
      next += 1
      scratchProperties.append(Property(name: key, value: number, at: cursor.start, form: .plain))
    default: break
    }
  }
}
