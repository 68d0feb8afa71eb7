internal import CTreeSitter
public import KapinBase

/// A tree-sitter parser; one per thread.
public struct Parser: ~Copyable {
  private let parser: OpaquePointer

  public init() { parser = kapin_parser_new() }

  deinit { kapin_parser_delete(parser) }

  /// Parses UTF-8 source. `nil` when the time budget in microseconds was used up or the grammar does not load.
  public mutating func parse(
    _ source: UnsafeRawBufferPointer, as language: Language, budgetMicroseconds: UInt64 = 0
  ) -> Tree? {
    kapin_parse(parser, language.pointer, source.baseAddress, UInt32(source.count), budgetMicroseconds)
      .map { Tree($0, language) }
  }
}

/// A syntax tree. It does not keep the source alive: both live inside the closure that made them.
public struct Tree: ~Copyable {
  private let tree: OpaquePointer
  public let language: Language

  fileprivate init(_ tree: OpaquePointer, _ language: Language) {
    self.tree = tree
    self.language = language
  }

  deinit { kapin_tree_delete(tree) }

  /// Whether the tree has ERROR or MISSING nodes.
  public var hasError: Bool { kapin_tree_has_error(tree) }

  /// Whether a place lies in code that means something: in no string, template or text of markup. In JavaScript comments
  /// count, because types are written there (TypeScript documentation, "JSDoc Reference").
  public func isCode(at offset: UInt32) -> Bool { kapin_tree_is_code(tree, offset, language == .javascript) }

  /// How many ERROR and MISSING nodes the tree has.
  public var errorCount: Int { hasError ? withCursor { Self.errors(&$0, depth: 0) } : 0 }

  private static func errors(_ cursor: inout Cursor, depth: Int) -> Int {
    guard depth < 1_000, cursor.hasError || cursor.isMissing else { return 0 }
    var found = cursor.kind == .error || cursor.isMissing ? 1 : 0
    cursor.forEachChild { child in found += errors(&child, depth: depth + 1) }
    return found
  }

  public func withCursor<R>(_ body: (inout Cursor) -> R) -> R {
    var cursor = Cursor(tree, language.grammar)
    return body(&cursor)
  }
}

/// A position in a tree; moving it is the cheapest way to read one.
///
/// Architecture invariant: no other module names a tree-sitter type. A function that gets a cursor leaves it where
/// it was.
public struct Cursor: ~Copyable {
  private var cursor = KapinCursor()

  fileprivate init(_ tree: OpaquePointer, _ grammar: UnsafePointer<KapinGrammar>) {
    kapin_cursor_open(&cursor, tree, grammar)
  }

  deinit {
    var cursor = cursor
    kapin_cursor_close(&cursor)
  }

  @inline(__always) public var kind: Kind { unsafeBitCast(cursor.kind, to: Kind.self) }
  public var field: Field { unsafeBitCast(withUnsafePointer(to: cursor) { kapin_cursor_field($0) }, to: Field.self) }
  @inline(__always) public var start: UInt32 { cursor.start }
  @inline(__always) public var end: UInt32 { cursor.end }
  @inline(__always) public var range: Range32 { Range32(cursor.start, cursor.end) }
  @inline(__always) public var isNamed: Bool { cursor.named }
  public var isMissing: Bool { withUnsafePointer(to: cursor) { kapin_cursor_missing($0) } }
  public var hasError: Bool { withUnsafePointer(to: cursor) { kapin_cursor_has_error($0) } }
  /// The grammar's own name of the node, for tools that print trees.
  public var typeName: String { String(cString: withUnsafePointer(to: cursor) { kapin_cursor_type($0) }) }

  /// Visits each child in order.
  @inline(__always)
  public mutating func forEachChild(_ body: (inout Cursor) -> Void) {
    guard kapin_cursor_first(&cursor) else { return }
    repeat { body(&self) } while kapin_cursor_next(&cursor)
    kapin_cursor_parent(&cursor)
  }

  /// Visits each child that is no mere token, in order.
  @inline(__always)
  public mutating func forEachNamedChild(_ body: (inout Cursor) -> Void) {
    guard kapin_cursor_first_named(&cursor) else { return }
    repeat { body(&self) } while kapin_cursor_next_named(&cursor)
    kapin_cursor_parent(&cursor)
  }
}
