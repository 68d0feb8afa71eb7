import KapinBase
import KapinModel
import KapinSyntax

/// Strings, templates, objects and arrays.
extension Extractor {
  mutating func stringValue(_ cursor: inout Cursor, wanted: Bool) -> ValueID {
    if source[Int(cursor.start)] == 39 { facts.style.singleQuotes += 1 } else { facts.style.doubleQuotes += 1 }
    guard wanted else { return Self.unknown }
    let name = stringName(&cursor)
    return value(.text(name), at: cursor.start)
  }

  /// The string's content without quotes, escapes resolved.
  mutating func stringName(_ cursor: inout Cursor) -> Name {
    let range = cursor.range
    guard range.count >= 2 else { return emptyName }
    let inside = Range32(range.start + 1, range.end - 1)
    if source[inside.indices].contains(92) { return facts.names.intern(unescape(inside)) }
    return name(inside)
  }

  /// The text of `\n`, `\u{1F600}` and kin (ECMAScript, "String Literals").
  func unescape(_ range: Range32) -> String {
    let raw = source[range.indices]
    var out: [UInt8] = []
    var index = raw.startIndex
    while index < raw.endIndex {
      let byte = raw[index]
      index += 1
      guard byte == 92, index < raw.endIndex else {
        out.append(byte)
        continue
      }
      let escape = raw[index]
      index += 1
      switch escape {
      case UInt8(ascii: "n"): out.append(10)
      case UInt8(ascii: "t"): out.append(9)
      case UInt8(ascii: "r"): out.append(13)
      case 10: break
      case UInt8(ascii: "x"): appendScalar(hex: raw[index..<min(index + 2, raw.endIndex)], &out, &index)
      case UInt8(ascii: "u"):
        if index < raw.endIndex, raw[index] == 123, let close = raw[index...].firstIndex(of: 125) {
          index += 1
          appendScalar(hex: raw[index..<close], &out, &index)
          index = close + 1
        } else {
          appendScalar(hex: raw[index..<min(index + 4, raw.endIndex)], &out, &index)
        }
      default: out.append(escape)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private func appendScalar(hex: Slice<UnsafeRawBufferPointer>, _ out: inout [UInt8], _ index: inout Int) {
    index = hex.endIndex
    let scalar = UInt32(String(decoding: hex, as: UTF8.self), radix: 16).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
    out.append(contentsOf: String(Character(scalar)).utf8)
  }

  mutating func template(_ cursor: inout Cursor, wanted: Bool) -> ValueID {
    let start = cursor.start
    let mark = scratch.count
    var plain = true
    // Some grammar versions leave the literal parts out of the tree: take them from between the substitutions.
    var textStart = start + 1
    let end = cursor.end
    cursor.forEachChild { child in
      guard child.kind == .templateSubstitution else { return }
      plain = false
      if wanted, child.start > textStart { pushText(Range32(textStart, child.start)) }
      textStart = child.end
      var part = Self.unknown
      child.forEachChild { expression in
        if expression.isNamed { part = visit(&expression, wanted: wanted) }
      }
      if wanted { scratch.append(part) }
    }
    guard wanted else { return Self.unknown }
    if end > textStart, end - 1 > textStart { pushText(Range32(textStart, end - 1)) }
    if plain {
      scratch.removeSubrange(mark...)
      guard end >= start + 2 else { return Self.unknown }
      let inside = Range32(start + 1, end - 1)
      let text = source[inside.indices].contains(92) ? facts.names.intern(unescape(inside)) : name(inside)
      return value(.text(text), at: start)
    }
    return value(.concat(takeList(from: mark)), at: start)
  }

  private mutating func pushText(_ range: Range32) {
    let text = source[range.indices].contains(92) ? facts.names.intern(unescape(range)) : name(range)
    scratch.append(value(.text(text), at: range.start))
  }

  mutating func object(_ cursor: inout Cursor) -> ValueID {
    let start = cursor.start
    let mark = scratchProperties.count
    cursor.forEachChild { child in
      switch child.kind {
      case .pair: pair(&child)
      case .shorthandPropertyIdentifier:
        let name = name(child)
        let property = Property(
          name: name, value: reference(name, at: child.start), at: child.start, form: .shorthand)
        scratchProperties.append(property)
      case .methodDefinition:
        let declaration = method(&child)
        let property = Property(
          name: facts.declarations[declaration].name, value: value(.declaration(declaration), at: child.start),
          at: child.start, form: .method)
        scratchProperties.append(property)
      case .spreadElement:
        let inner = spread(&child, wanted: true)
        scratchProperties.append(Property(name: emptyName, value: inner, at: child.start, form: .spread))
      default:
        if child.isNamed { _ = visit(&child, wanted: false) }
      }
    }
    let first = facts.properties.count
    facts.properties.append(contentsOf: scratchProperties[mark...])
    scratchProperties.removeSubrange(mark...)
    return value(.object(Range32(first, facts.properties.count)), at: start)
  }

  private mutating func pair(_ cursor: inout Cursor) {
    var property = Property(name: emptyName, value: Self.unknown, at: cursor.start, form: .plain)
    cursor.forEachChild { child in
      switch child.field {
      case .key: property.name = propertyName(&child, &property.form)
      case .value: property.value = namedValue(&child, name: property.name, at: property.at)
      default: break
      }
    }
    scratchProperties.append(property)
  }

  /// The name of a property key; computed keys keep their text when it is a string.
  mutating func propertyName(_ cursor: inout Cursor, _ form: inout Property.Form) -> Name {
    switch cursor.kind {
    case .string: return stringName(&cursor)
    case .computedPropertyName:
      form = .computed
      var found = emptyName
      cursor.forEachChild { child in
        if child.kind == .string {
          found = stringName(&child)
        } else if child.isNamed {
          _ = visit(&child, wanted: false)
        }
      }
      return found
    default: return name(cursor)
    }
  }

  mutating func array(_ cursor: inout Cursor) -> ValueID {
    let start = cursor.start
    let mark = scratch.count
    cursor.forEachChild { child in
      if child.isNamed, child.kind != .comment {
        let item = visit(&child, wanted: true)
        scratch.append(item)
      }
    }
    return value(.list(takeList(from: mark)), at: start)
  }

  mutating func spread(_ cursor: inout Cursor, wanted: Bool) -> ValueID {
    let start = cursor.start
    var inner = Self.unknown
    cursor.forEachChild { child in
      if child.isNamed { inner = visit(&child, wanted: wanted) }
    }
    return wanted ? value(.spread(inner), at: start) : Self.unknown
  }
}
