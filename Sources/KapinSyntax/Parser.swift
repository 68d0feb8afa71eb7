internal import CTreeSitter
package import KapinBase

/// A tree-sitter parser; one per thread.
package struct Parser: ~Copyable {
  private let parser: OpaquePointer
  private var language: Language?

  package init() { parser = ts_parser_new() }

  deinit { ts_parser_delete(parser) }

  /// Parses UTF-8 source. `nil` when the time budget in microseconds was used up or the grammar does not load.
  package mutating func parse(
    _ source: UnsafeRawBufferPointer, as wanted: Language, budgetMicroseconds: UInt64 = 0
  ) -> Tree? {
    if language != wanted {
      guard ts_parser_set_language(parser, wanted.pointer) else { return nil }
      language = wanted
    }
    ts_parser_set_timeout_micros(parser, budgetMicroseconds)
    let text = source.bindMemory(to: CChar.self).baseAddress
    guard let tree = ts_parser_parse_string(parser, nil, text, UInt32(source.count)) else {
      ts_parser_reset(parser)
      return nil
    }
    return Tree(tree, wanted)
  }
}

/// A syntax tree. It does not keep the source alive: both live inside the closure that made them.
package struct Tree: ~Copyable {
  private let tree: OpaquePointer
  package let language: Language

  fileprivate init(_ tree: OpaquePointer, _ language: Language) {
    self.tree = tree
    self.language = language
  }

  deinit { ts_tree_delete(tree) }

  /// Whether the tree has ERROR or MISSING nodes.
  package var hasError: Bool { ts_node_has_error(ts_tree_root_node(tree)) }

  package func withCursor<R>(_ body: (inout Cursor) -> R) -> R {
    var cursor = Cursor(ts_tree_root_node(tree), language.tables)
    return body(&cursor)
  }
}

/// A position in a tree; moving it is the cheapest way to read one.
///
/// Architecture invariant: no other module names a tree-sitter type. A function that gets a cursor leaves it where
/// it was.
package struct Cursor: ~Copyable {
  private var cursor: TSTreeCursor
  private let tables: GrammarTables
  private var node: TSNode

  fileprivate init(_ root: TSNode, _ tables: GrammarTables) {
    cursor = ts_tree_cursor_new(root)
    node = root
    self.tables = tables
  }

  deinit {
    var cursor = cursor
    ts_tree_cursor_delete(&cursor)
  }

  package var kind: Kind {
    let symbol = Int(ts_node_symbol(node))
    return symbol < tables.kinds.count ? tables.kinds[symbol] : .error
  }
  package var field: Field { tables.fields[Int(withUnsafePointer(to: cursor) { ts_tree_cursor_current_field_id($0) })] }
  package var start: UInt32 { ts_node_start_byte(node) }
  package var end: UInt32 { ts_node_end_byte(node) }
  package var range: Range32 { Range32(start, end) }
  package var isNamed: Bool { ts_node_is_named(node) }
  package var isMissing: Bool { ts_node_is_missing(node) }
  package var hasError: Bool { ts_node_has_error(node) }
  package var childCount: Int { Int(ts_node_child_count(node)) }
  /// The grammar's own name of the node, for tools that print trees.
  package var typeName: String { String(cString: ts_node_type(node)) }

  @discardableResult
  package mutating func firstChild() -> Bool {
    guard ts_tree_cursor_goto_first_child(&cursor) else { return false }
    node = ts_tree_cursor_current_node(&cursor)
    return true
  }

  @discardableResult
  package mutating func nextSibling() -> Bool {
    guard ts_tree_cursor_goto_next_sibling(&cursor) else { return false }
    node = ts_tree_cursor_current_node(&cursor)
    return true
  }

  package mutating func parent() {
    guard ts_tree_cursor_goto_parent(&cursor) else { return }
    node = ts_tree_cursor_current_node(&cursor)
  }

  /// Visits each child in order.
  @inline(__always)
  package mutating func forEachChild(_ body: (inout Cursor) -> Void) {
    guard firstChild() else { return }
    repeat { body(&self) } while nextSibling()
    parent()
  }
}
