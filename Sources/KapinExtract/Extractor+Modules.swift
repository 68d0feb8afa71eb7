import KapinBase
import KapinModel
import KapinSyntax

/// Imports and exports, ECMAScript and CommonJS.
extension Extractor {
  mutating func importStatement(_ cursor: inout Cursor) {
    let range = cursor.range
    facts.style.usesImport = true
    noteImportEnd(range.end)
    var source: Name?
    var isType = false
    var hasClause = false
    var isRequire = false
    cursor.forEachChild { child in
      switch child.kind {
      case .typeKeyword, .typeofKeyword: isType = true
      case .importClause: hasClause = true
      case .importRequireClause: isRequire = true
      case .string: source = stringName(&child)
      default: break
      }
      if child.kind == .string { countQuote(child.start) }
    }
    if isRequire {
      cursor.forEachChild { child in
        if child.kind == .importRequireClause { importRequire(&child, range) }
      }
      return
    }
    guard let source else { return }
    let form: Import.Form = isType ? .type : hasClause ? .static : .sideEffect
    let id = facts.imports.append(Import(specifier: source, form: form, at: range.start, end: range.end))
    cursor.forEachChild { child in
      if child.kind == .importClause { importClause(&child, id) }
    }
  }

  mutating func noteImportEnd(_ end: UInt32) {
    if function == nil { facts.style.importsEnd = max(facts.style.importsEnd, end) }
  }

  mutating func countQuote(_ start: UInt32) {
    if source[Int(start)] == 39 { facts.style.singleQuotes += 1 } else { facts.style.doubleQuotes += 1 }
  }

  private mutating func importRequire(_ cursor: inout Cursor, _ range: Range32) {
    var local: (Name, UInt32)?
    var source: Name?
    cursor.forEachChild { child in
      if child.kind == .identifier { local = (name(child), child.start) }
      if child.kind == .string { source = stringName(&child) }
    }
    guard let local, let source else { return }
    let id = facts.imports.append(Import(specifier: source, form: .require, at: range.start, end: range.end))
    _ = bind(local.0, value(.imported(id, starName), at: local.1), at: local.1)
  }

  private mutating func importClause(_ cursor: inout Cursor, _ id: ImportID) {
    cursor.forEachChild { child in
      switch child.kind {
      case .identifier: bindImport(name(child), defaultName, id, at: child.start)
      case .namespaceImport:
        child.forEachChild { part in
          if part.kind == .identifier { bindImport(name(part), starName, id, at: part.start) }
        }
      case .namedImports:
        child.forEachChild { specifier in
          guard specifier.kind == .importSpecifier else { return }
          var imported = emptyName
          var local: (Name, UInt32)?
          specifier.forEachChild { part in
            if part.field == .name {
              imported = part.kind == .string ? stringName(&part) : name(part)
              if local == nil { local = (imported, part.start) }
            }
            if part.field == .alias { local = (name(part), part.start) }
          }
          if let local { bindImport(local.0, imported, id, at: local.1) }
        }
      default: break
      }
    }
  }

  private mutating func bindImport(_ local: Name, _ imported: Name, _ id: ImportID, at start: UInt32) {
    _ = bind(local, value(.imported(id, imported), at: start), at: start)
  }

  /// `require("x")`, `import("x")`: an import whose value is the other module.
  mutating func moduleCall(callee: ValueID, isImport: Bool, arguments: Range32, range: Range32) -> ValueID? {
    guard let first = arguments.indices.first else { return nil }
    var isRequire = false
    switch facts.values[callee] {
    case .global(let name): isRequire = name == requireName
    case .member(let object, let name):
      if case .global(let owner) = facts.values[object] {
        memberCall(owner, name, facts.valueLists[first], range)
      }
    default: break
    }
    guard isImport || isRequire else { return nil }
    guard let (specifier, isPattern) = specifier(facts.valueLists[first]) else { return nil }
    if isPattern {
      let id = facts.imports.append(Import(specifier: specifier, form: .glob, at: range.start, end: range.end))
      return value(.imported(id, starName), at: range.start)
    }
    if isRequire {
      facts.style.usesRequire = true
      if function == nil { pendingRequireEnd = range.end }
    }
    if isImport, follows("typeof", range.start) { isMisread = true }
    let id = facts.imports.append(
      Import(specifier: specifier, form: isImport ? .dynamic : .require, at: range.start, end: range.end))
    return value(.imported(id, starName), at: range.start)
  }

  /// The text of a specifier: a literal, a constant of the file, or a pattern for a template with holes.
  private mutating func specifier(_ id: ValueID) -> (name: Name, isPattern: Bool)? {
    switch facts.values[id] {
    case .text(let text): return (text, false)
    case .global(let name):
      guard let binding = scopes.resolve(name, from: scope), !facts.bindings[binding].isReassigned,
        case .text(let text) = facts.values[facts.bindings[binding].value]
      else { return nil }
      return (text, false)
    case .concat(let parts):
      var pattern = ""
      for index in parts.indices {
        if case .text(let text) = facts.values[facts.valueLists[index]] {
          pattern += facts.names[text]
        } else if !pattern.hasSuffix("*") {
          pattern += "*"
        }
      }
      // A pattern that starts with a hole, or has no folder of its own, could be anything.
      guard !pattern.hasPrefix("*"), pattern.prefix(while: { $0 != "*" }).contains("/") else { return nil }
      return (facts.names.intern(pattern), true)
    default: return nil
    }
  }

  private static let mocks: Set<String> = [
    "mock", "doMock", "unmock", "dontMock", "unstable_mockModule", "requireActual", "requireMock", "importActual",
    "importMock",
  ]

  /// `require.resolve("x")`, `require.context("./dir")`, and the calls by which tests replace a module.
  private mutating func memberCall(_ owner: Name, _ name: Name, _ argument: ValueID, _ range: Range32) {
    guard case .text(let specifier) = facts.values[argument] else { return }
    let member = facts.names[name]
    if owner == requireName, member == "context" {
      let pattern = facts.names.intern(facts.names[specifier] + "/**/*")
      facts.imports.append(Import(specifier: pattern, form: .glob, at: range.start, end: range.end))
    } else if owner == requireName ? member == "resolve" : Self.mocks.contains(member) {
      // A sentence is no module.
      guard !facts.names[specifier].contains(" ") else { return }
      facts.imports.append(Import(specifier: specifier, form: .require, at: range.start, end: range.end))
    }
  }

  /// `import.meta.glob("./x/*.ts")`, with one pattern or a list.
  mutating func globCall(_ arguments: Range32, _ range: Range32) {
    guard let first = arguments.indices.first else { return }
    var patterns = [facts.valueLists[first]]
    if case .list(let items) = facts.values[patterns[0]] { patterns = Array(facts.valueLists[items.indices]) }
    for pattern in patterns {
      guard case .text(let text) = facts.values[pattern], !facts.names[text].hasPrefix("!") else { continue }
      facts.imports.append(Import(specifier: text, form: .glob, at: range.start, end: range.end))
    }
  }

  /// `new URL("./x", import.meta.url)`.
  mutating func urlConstruction(_ callee: ValueID, _ arguments: Range32, _ range: Range32) {
    guard arguments.count == 2, case .global(let name) = facts.values[callee], facts.names[name] == "URL",
      case .text(let specifier) = facts.values[facts.valueLists[Int(arguments.start)]],
      case .member(Self.unknown, let member) = facts.values[facts.valueLists[Int(arguments.start) + 1]],
      facts.names[member] == "url"
    else { return }
    facts.imports.append(Import(specifier: specifier, form: .asset, at: range.start, end: range.end))
  }

  /// `import("x")` inside types, which the walk passes over: found by its text.
  mutating func typeImports(_ tree: borrowing Tree) {
    var position = 0
    while let start = firstOffset(of: "import(", in: source, from: position) {
      position = start + 7
      var open = position
      while open < source.count, source[open] <= 32 { open += 1 }
      guard open < source.count, source[open] == 34 || source[open] == 39 else { continue }
      var end = open + 1
      while end < source.count, source[end] != source[open], source[end] != 10 { end += 1 }
      guard end < source.count, source[end] == source[open], tree.isCode(at: UInt32(start)),
        !facts.imports.contains(where: { Int($0.at) <= start && start < Int($0.end) && $0.form != .reexport })
      else { continue }
      let specifier = name(Range32(open + 1, end))
      facts.imports.append(Import(specifier: specifier, form: .type, at: UInt32(start), end: UInt32(end + 1)))
      position = end
    }
  }

  private func follows(_ word: String, _ start: UInt32) -> Bool {
    var end = Int(start)
    while end > 0, source[end - 1] <= 32 { end -= 1 }
    let first = end - word.utf8.count
    return first >= 0 && source[first..<end].elementsEqual(word.utf8)
  }

  mutating func exportStatement(_ cursor: inout Cursor) {
    let start = cursor.start
    var shape = ExportShape()
    cursor.forEachChild { child in
      switch child.kind {
      case .defaultKeyword: shape.isDefault = true
      case .typeKeyword: shape.isType = true
      case .star: shape.isStar = true
      case .equals: shape.isAssignment = true
      case .string:
        if child.field == .source {
          shape.source = stringName(&child)
          countQuote(child.start)
        }
      case .namespaceExport:
        child.forEachChild { part in
          if part.isNamed { shape.namespace = part.kind == .string ? stringName(&part) : name(part) }
        }
      default: break
      }
    }
    var importID: ImportID?
    if let source = shape.source {
      importID = facts.imports.append(
        Import(specifier: source, form: shape.isType ? .type : .reexport, at: start, end: cursor.end))
    }
    if let importID {
      if let namespace = shape.namespace {
        add(.namespace, namespace, starName, source: importID, at: start)
      } else if shape.isStar {
        add(.star, starName, starName, source: importID, at: start)
      }
    }
    cursor.forEachChild { child in
      switch child.kind {
      case .exportClause: exportClause(&child, importID, isType: shape.isType)
      case .decorator: pendingDecorators.append(decorator(&child))
      default:
        if child.field == .declaration {
          exportedDeclaration(&child, isDefault: shape.isDefault)
        } else if child.field == .value || (child.isNamed && (shape.isDefault || shape.isAssignment)) {
          guard child.kind != .string || shape.source == nil else { return }
          let result = namedValue(&child, name: defaultName, at: child.start)
          if case .declaration(let id) = facts.values[result] {
            facts.declarations[id].flags.insert([.exported, .default])
          }
          facts.exports.append(
            Export(
              form: shape.isAssignment ? .commonJS : .value, name: defaultName, original: defaultName, value: result,
              source: nil, at: start))
        }
      }
    }
  }

  private struct ExportShape {
    var isDefault = false
    var isType = false
    var isStar = false
    var isAssignment = false
    var source: Name?
    var namespace: Name?
  }

  private mutating func add(_ form: Export.Form, _ name: Name, _ original: Name, source: ImportID, at start: UInt32) {
    facts.exports.append(
      Export(form: form, name: name, original: original, value: nil, source: source, at: start))
  }

  private mutating func exportClause(_ cursor: inout Cursor, _ source: ImportID?, isType: Bool) {
    cursor.forEachChild { specifier in
      guard specifier.kind == .exportSpecifier else { return }
      let start = specifier.start
      var original: Name?
      var exported: Name?
      specifier.forEachChild { part in
        let text = part.kind == .string ? stringName(&part) : name(part)
        if part.field == .name { original = text }
        if part.field == .alias { exported = text }
      }
      guard let original else { return }
      let local = source == nil ? reference(original, at: start) : nil
      facts.exports.append(
        Export(
          form: source == nil ? .value : .reexport, name: exported ?? original, original: original, value: local,
          source: source, at: start, isType: isType))
    }
  }

  private mutating func exportedDeclaration(_ cursor: inout Cursor, isDefault: Bool) {
    let start = cursor.start
    let firstBinding = facts.bindings.count
    let firstDeclaration = facts.declarations.count
    visitStatement(&cursor, inBlock: true, isExported: true)
    if facts.declarations.count > firstDeclaration {
      facts.declarations[DeclarationID(firstDeclaration)].flags.insert(isDefault ? [.exported, .default] : .exported)
    }
    if isDefault {
      guard facts.declarations.count > firstDeclaration else { return }
      let result = value(.declaration(DeclarationID(firstDeclaration)), at: start)
      facts.exports.append(
        Export(form: .value, name: defaultName, original: defaultName, value: result, source: nil, at: start))
      return
    }
    for index in firstBinding..<facts.bindings.count where facts.bindings[index].isTopLevel {
      let binding = facts.bindings[index]
      let result = value(.local(BindingID(index)), at: binding.at)
      facts.exports.append(
        Export(form: .value, name: binding.name, original: binding.name, value: result, source: nil, at: binding.at))
      markExported(binding.value)
    }
    let isType: Set<Declaration.Form> = [.interface, .type]
    if facts.declarations.count > firstDeclaration, isType.contains(facts.declarations[firstDeclaration].form) {
      let declaration = facts.declarations[firstDeclaration]
      let result = value(.declaration(DeclarationID(firstDeclaration)), at: start)
      facts.exports.append(
        Export(
          form: .value, name: declaration.name, original: declaration.name, value: result, source: nil, at: start,
          isType: true))
    }
  }

  private mutating func markExported(_ value: ValueID) {
    if case .declaration(let id) = facts.values[value] { facts.declarations[id].flags.insert(.exported) }
  }

  /// `module.exports = x`, `module.exports.a = x`, `exports.a = x`.
  mutating func commonJSExport(_ target: ValueID, _ right: ValueID, at start: UInt32) {
    guard case .member(let object, let property) = facts.values[target] else { return }
    if case .global(let global) = facts.values[object] {
      if global == moduleBinding, property == exportsBinding {
        facts.exports.append(
          Export(form: .commonJS, name: defaultName, original: defaultName, value: right, source: nil, at: start))
      } else if global == exportsBinding {
        facts.exports.append(
          Export(form: .value, name: property, original: property, value: right, source: nil, at: start))
      }
    } else if case .member(let inner, let middle) = facts.values[object], middle == exportsBinding,
      case .global(let global) = facts.values[inner], global == moduleBinding
    {
      facts.exports.append(
        Export(form: .value, name: property, original: property, value: right, source: nil, at: start))
    }
  }
}
