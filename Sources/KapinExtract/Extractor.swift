internal import KapinBase
package import KapinModel
package import KapinSyntax

/// The memory that files are read into, one after another.
struct ExtractionBuffers {
  var facts = FileFacts()
  var scopes = ScopeTree()

  mutating func reset() {
    facts.reset()
    scopes.reset()
  }
}

/// Turns one source file into `FileFacts` in one walk of its tree.
///
/// Each construct has its own file (`Extractor+….swift`); all hang off `visit`, which dispatches by kind. It must not
/// know about any other file, nor about any framework.
package struct Extractor: ~Copyable {
  let source: UnsafeRawBufferPointer
  private var buffers: ExtractionBuffers
  var facts: FileFacts {
    _read { yield buffers.facts }
    _modify { yield &buffers.facts }
  }

  // Where the walk is.
  var scopes: ScopeTree {
    _read { yield buffers.scopes }
    _modify { yield &buffers.scopes }
  }
  var scope: UInt32 = 0
  /// That of the function that was read last.
  var lastFunctionScope: UInt32 = 0
  var function: DeclarationID?
  var statement: StatementID?
  var element: ElementID?
  var thisClass: DeclarationID?
  /// Outside classes, the function whose `this` it is.
  var thisFunction: DeclarationID?
  var depth = 0
  var awaiting = false
  /// What holds after the last `if`, because its branch leaves.
  var exitTerms: [TestTerm] = []
  /// What variables say that hold a comparison: `const isNew = kind === "new"`.
  var comparisons: [BindingID: TestTerms] = [:]
  /// The name for the function that the next call wraps: `const Row = memo(() => …)` inside a function.
  var wrappedName: (name: Name, at: UInt32)?
  /// The grammar read something as what it is not, without an error: the file is read again with that bridged.
  var isMisread = false
  var pendingDecorators: [DecoratorMark] = []
  /// Set between a top-level `require` and the end of its statement.
  var pendingRequireEnd: UInt32?
  let moduleBinding: Name
  let exportsBinding: Name
  let requireName: Name
  let constructorName: Name
  let emptyName: Name
  let defaultName: Name
  let starName: Name

  // Stacks for lists whose length is not known before the walk.
  var scratch: [ValueID] = []
  var returned: [ValueID] = []
  var scratchProperties: [Property] = []
  var scratchAttributes: [Attribute] = []

  /// Deeper nesting than this is noted and not read: no hand writes it.
  static let depthLimit = 1_500

  private init(_ source: UnsafeRawBufferPointer, _ buffers: consuming ExtractionBuffers) {
    self.source = source
    buffers.reset()
    emptyName = buffers.facts.names.intern("")
    defaultName = buffers.facts.names.intern("default")
    starName = buffers.facts.names.intern("*")
    moduleBinding = buffers.facts.names.intern("module")
    exportsBinding = buffers.facts.names.intern("exports")
    requireName = buffers.facts.names.intern("require")
    constructorName = buffers.facts.names.intern("constructor")
    buffers.facts.values.append(.unknown)
    buffers.facts.valueStarts.append(0)
    self.buffers = buffers
  }

  /// Reads one file of source code; for callers that read few.
  package static func extract(
    _ source: UnsafeRawBufferPointer, as language: Language, with parser: inout Parser
  ) -> FileFacts {
    var buffers = ExtractionBuffers()
    return extract(source, as: language, with: &parser, &buffers)
  }

  /// Reads one file of source code. Parser and buffers are the caller's, one a thread.
  static func extract(
    _ source: UnsafeRawBufferPointer, as language: Language, with parser: inout Parser,
    _ buffers: inout ExtractionBuffers
  ) -> FileFacts {
    var source = source
    if source.count >= 3, source[0] == 0xEF, source[1] == 0xBB, source[2] == 0xBF {
      source = UnsafeRawBufferPointer(rebasing: source.dropFirst(3))
    }
    guard let tree = parser.parse(source, as: language, budgetMicroseconds: parseBudget) else {
      var facts = FileFacts()
      facts.lines = LineTable(source)
      facts.hasSyntaxErrors = true
      facts.values.append(.unknown)
      facts.valueStarts.append(0)
      facts.notes.append(FactNote(.syntaxError, "parsing took longer than 20 seconds; the file was left out", at: 0))
      return facts
    }
    if tree.hasError, let facts = repaired(source, as: language, instead: tree, with: &parser, &buffers) {
      return facts
    }
    let facts = read(source, tree, &buffers)
    // `f<typeof import("x")>(y)` is read as a comparison, without an error.
    if facts.misread { return repaired(source, as: language, instead: tree, with: &parser, &buffers) ?? facts.facts }
    return facts.facts
  }

  private static let parseBudget: UInt64 = 20_000_000

  private static func read(
    _ source: UnsafeRawBufferPointer, _ tree: borrowing Tree, _ buffers: inout ExtractionBuffers,
    typeImports: [Range<Int>] = []
  ) -> (facts: FileFacts, misread: Bool) {
    var own = ExtractionBuffers()
    swap(&own, &buffers)
    var extractor = Extractor(source, own)
    tree.withCursor { cursor in extractor.program(&cursor) }
    extractor.facts.hasSyntaxErrors = tree.hasError
    for range in typeImports {
      let specifier = extractor.name(Range32(range.lowerBound, range.upperBound))
      extractor.facts.imports.append(
        Import(specifier: specifier, form: .type, at: UInt32(range.lowerBound), end: UInt32(range.upperBound)))
    }
    extractor.typeImports(tree)
    extractor.finish()
    let facts = extractor.facts.compacted()
    let isMisread = extractor.isMisread
    buffers = extractor.buffers
    return (facts, isMisread)
  }

  /// What the file says when the gaps of the grammar are bridged, if that leaves fewer errors.
  private static func repaired(
    _ source: UnsafeRawBufferPointer, as language: Language, instead tree: borrowing Tree, with parser: inout Parser,
    _ buffers: inout ExtractionBuffers
  ) -> FileFacts? {
    guard let (bytes, typeImports) = GrammarGaps.rewrite(source) else { return nil }
    return bytes.withUnsafeBytes { rewritten in
      guard let better = parser.parse(rewritten, as: language, budgetMicroseconds: parseBudget),
        better.errorCount < max(1, tree.errorCount)
      else { return nil }
      return read(source, better, &buffers, typeImports: typeImports).facts
    }
  }

  private mutating func program(_ cursor: inout Cursor) {
    facts.lines.read(source)
    var inPrologue = true
    cursor.forEachChild { child in
      let kind = child.kind
      if inPrologue {
        inPrologue = prologue(&child, kind)
        if inPrologue { facts.style.prologueEnd = child.end }
      }
      if child.isNamed { visitStatement(&child, inBlock: true) }
    }
  }

  /// Hash-bang lines, leading comments and directives; `false` at the first other node.
  private mutating func prologue(_ cursor: inout Cursor, _ kind: Kind) -> Bool {
    switch kind {
    case .comment, .hashBangLine: return true
    case .expressionStatement:
      guard let directive = directive(&cursor) else { return false }
      facts.directives.append(directive)
      return true
    default: return false
    }
  }

  /// The text of a statement that is only a string, such as `"use strict"`.
  mutating func directive(_ cursor: inout Cursor) -> Name? {
    var found: Name?
    cursor.forEachChild { child in
      if child.kind == .string { found = stringName(&child) } else if child.isNamed { found = nil }
    }
    return found
  }

  private mutating func finish() {
    for pending in scopes.pending {
      let name: Name
      if case .global(let global) = facts.values[pending.value] { name = global } else { continue }
      if let binding = scopes.resolve(name, from: pending.scope) { facts.values[pending.value] = .local(binding) }
    }
    for reassignment in scopes.reassignments {
      guard let binding = scopes.resolve(reassignment.name, from: reassignment.scope) else { continue }
      facts.bindings[binding].isReassigned = true
      let old = facts.bindings[binding].value
      facts.bindings[binding].value =
        facts.values[old] == .unknown ? reassignment.value : either(old, reassignment.value)
    }
    for id in facts.declarations.ids where facts.declarations[id].isNamed {
      let text = UnsafeRawBufferPointer(rebasing: source[facts.declarations[id].range.indices])
      facts.declarations[id].hash = ContentHash(text).low
    }
    var decisive = comparisons.isEmpty ? facts.tests : facts.tests.flatMap { compared($0) }
    decisive.removeAll { !decides($0) }
    facts.tests = decisive
    facts.style.indentation = Indentation.guess(source)
    facts.style.hasCarriageReturns = Indentation.hasCarriageReturns(source)
  }

  /// What a test of a variable that holds a comparison says of what is compared.
  private mutating func compared(_ test: Test) -> [Test] {
    guard test.literals.isEmpty, case .local(let binding) = facts.values[test.subject],
      !facts.bindings[binding].isReassigned, let terms = comparisons[binding]
    else { return [test] }
    return (test.isNegated ? terms.whenFalse : terms.whenTrue).map { row($0, test.range) }
  }

  /// Only tests of parameters and of constants, and comparisons with texts, say something to those who look at one file's
  /// calls.
  private func decides(_ test: Test) -> Bool {
    if test.literals.isEmpty, isConstant(test.subject) { return true }
    if test.literals.indices.contains(where: {
      if case .text = facts.values[facts.valueLists[$0]] { true } else { false }
    }) {
      return true
    }
    var value = test.subject
    for _ in 0..<8 {
      switch facts.values[value] {
      case .parameter: return true
      case .member(let object, _): value = object
      case .local(let binding):
        guard !facts.bindings[binding].isReassigned else { return false }
        value = facts.bindings[binding].value
      default: return false
      }
    }
    return false
  }

  /// A name of the top level that stands for one value as long as the product runs.
  private func isConstant(_ id: ValueID) -> Bool {
    guard case .local(let binding) = facts.values[id], !facts.bindings[binding].isReassigned else { return false }
    if facts.bindings[binding].isTopLevel { return true }
    if case .imported = facts.values[facts.bindings[binding].value] { return true }
    return false
  }

  private mutating func either(_ a: ValueID, _ b: ValueID) -> ValueID {
    let start = facts.valueLists.count
    facts.valueLists.append(a)
    facts.valueLists.append(b)
    return value(.either(Range32(start, start + 2)), at: facts.valueStarts[a.index])
  }

  // MARK: Small tools that every construct uses

  static var unknown: ValueID { ValueID(UInt32(0)) }

  mutating func value(_ value: Value, at start: UInt32) -> ValueID {
    facts.valueStarts.append(start)
    return facts.values.append(value)
  }

  mutating func name(_ range: Range32) -> Name {
    facts.names.intern(UnsafeRawBufferPointer(rebasing: source[range.indices]))
  }

  mutating func name(_ cursor: borrowing Cursor) -> Name { name(cursor.range) }

  /// Whether the bytes of a range are this text.
  func text(_ range: Range32, is wanted: StaticString) -> Bool {
    guard range.count == wanted.utf8CodeUnitCount else { return false }
    return wanted.withUTF8Buffer { source[range.indices].elementsEqual($0) }
  }

  /// Moves what was pushed on `scratch` since the mark to the value lists.
  mutating func takeList(from mark: Int) -> Range32 {
    let start = facts.valueLists.count
    facts.valueLists.append(contentsOf: scratch[mark...])
    scratch.removeSubrange(mark...)
    return Range32(start, facts.valueLists.count)
  }

  mutating func reference(_ name: Name, at start: UInt32) -> ValueID {
    let id = value(.global(name), at: start)
    scopes.pending.append(ScopeTree.Pending(value: id, scope: scope))
    return id
  }

  mutating func bind(_ name: Name, _ value: ValueID, at start: UInt32, in target: UInt32? = nil) -> BindingID {
    let target = target ?? scope
    let id = facts.bindings.append(
      Binding(
        name: name, value: value, at: start, isTopLevel: target == 0, isReassigned: false, function: function))
    scopes.bind(name, id, in: target)
    return id
  }

  mutating func withScope(isFunction: Bool, _ body: (inout Self) -> Void) {
    let outer = scope
    scope = scopes.open(inside: outer, isFunction: isFunction)
    body(&self)
    scopes.close(scope)
    if isFunction { lastFunctionScope = scope }
    scope = outer
  }
}
