import KapinBase
import KapinModel
import KapinSyntax

/// JSX elements, their attributes, and words on the screen.
extension Extractor {
  mutating func jsx(_ cursor: inout Cursor) -> ValueID {
    let start = cursor.start
    awaiting = false
    let id = facts.elements.append(
      Element(tag: Self.unknown, tagName: emptyName, parent: element, function: function, range: cursor.range))
    if cursor.kind == .jsxSelfClosingElement {
      opening(&cursor, of: id)
    } else {
      let outer = element
      cursor.forEachChild { child in
        switch child.kind {
        case .jsxOpeningElement: opening(&child, of: id)
        case .jsxClosingElement: break
        default:
          element = id
          if child.isNamed { _ = visit(&child, wanted: false) }
          element = outer
        }
      }
    }
    return value(.element(id), at: start)
  }

  private mutating func opening(_ cursor: inout Cursor, of id: ElementID) {
    let mark = scratchAttributes.count
    cursor.forEachChild { child in
      if child.field == .name {
        facts.elements[id].tagName = name(child)
        facts.elements[id].tag = tag(&child)
      } else if child.kind == .jsxAttribute {
        attribute(&child)
      } else if child.kind == .jsxExpression {
        let inner = jsxExpression(&child, wanted: true)
        scratchAttributes.append(Attribute(name: emptyName, value: inner, at: child.start))
      }
    }
    let first = facts.attributes.count
    facts.attributes.append(contentsOf: scratchAttributes[mark...])
    scratchAttributes.removeSubrange(mark...)
    facts.elements[id].attributes = Range32(first, facts.attributes.count)
  }

  /// A capitalised or dotted tag refers to a value, a lower-case one is an element of the platform.
  private mutating func tag(_ cursor: inout Cursor) -> ValueID {
    if cursor.kind == .identifier {
      let first = source[Int(cursor.start)]
      let isPlatform = first >= 97 && first <= 122
      return isPlatform ? Self.unknown : reference(name(cursor), at: cursor.start)
    }
    return visit(&cursor, wanted: true)
  }

  private mutating func attribute(_ cursor: inout Cursor) {
    var row = Attribute(name: emptyName, value: Self.unknown, at: cursor.start)
    var seenName = false
    cursor.forEachChild { child in
      if !seenName, child.isNamed {
        row.name = name(child)
        seenName = true
      } else if child.kind == .string {
        row.value = value(.text(stringName(&child)), at: child.start)
      } else if child.kind == .jsxExpression {
        row.value = jsxExpression(&child, wanted: true)
      } else if child.isNamed {
        row.value = visit(&child, wanted: true)
      }
    }
    scratchAttributes.append(row)
  }

  mutating func jsxExpression(_ cursor: inout Cursor, wanted: Bool) -> ValueID {
    var result = Self.unknown
    cursor.forEachChild { child in
      guard child.isNamed, child.kind != .comment else { return }
      if !wanted, child.kind == .string, let element {
        let text = stringName(&child)
        facts.texts.append(ScreenText(text: text, element: element, at: child.start))
      } else {
        result = visit(&child, wanted: wanted)
      }
    }
    return result
  }

  mutating func screenText(_ cursor: inout Cursor) {
    guard let element else { return }
    var range = cursor.range
    while range.start < range.end, source[Int(range.start)] <= 32 { range.start += 1 }
    while range.end > range.start, source[Int(range.end) - 1] <= 32 { range.end -= 1 }
    guard range.count > 1 else { return }
    range.end = min(range.end, range.start + 200)
    facts.texts.append(ScreenText(text: name(range), element: element, at: range.start))
  }
}
