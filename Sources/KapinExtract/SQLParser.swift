internal import CPgQuery
import KapinBase
import KapinSyntax

/// PostgreSQL's own parser (libpg_query): text → statements as JSON trees.
enum SQLParser {
  struct Statement {
    var tree: JSON
    /// The byte offset of the statement's text; places in the tree count from here.
    var offset: Int
  }

  struct Failure: Error {
    var message: String
    var offset: Int
  }

  /// Splits at the semicolons of statements: strings, comments and dollar quotes are respected.
  static func split(_ sql: String) -> [(text: String, offset: Int)] {
    let result = pg_query_split_with_scanner(sql)
    defer { pg_query_free_split_result(result) }
    guard result.error == nil, let statements = result.stmts else { return [(sql, 0)] }
    let bytes = Array(sql.utf8)
    return (0..<Int(result.n_stmts)).compactMap { index in
      guard let statement = statements[index]?.pointee else { return nil }
      let start = Int(statement.stmt_location)
      let end = min(bytes.count, start + Int(statement.stmt_len))
      guard start >= 0, start < end else { return nil }
      return (String(decoding: bytes[start..<end], as: UTF8.self), start)
    }
  }

  /// Parses one statement.
  static func parse(_ text: String) -> Result<JSON, Failure> {
    let result = pg_query_parse(text)
    defer { pg_query_free_parse_result(result) }
    if let error = result.error {
      let failure = Failure(
        message: String(cString: error.pointee.message), offset: max(0, Int(error.pointee.cursorpos) - 1))
      return .failure(failure)
    }
    guard let tree = JSON.parse(String(cString: result.parse_tree)),
      let statement = tree["stmts"]?.items?.first?["stmt"]
    else { return .failure(Failure(message: "empty statement", offset: 0)) }
    return .success(statement)
  }
}

extension JSON {
  /// The text of a `String` node of the parse tree.
  var sqlName: String? { self["String"]?["sval"]?.text }

  /// The only member of a one-key object: a node and its type.
  var node: (type: String, body: JSON)? {
    guard let member = members?.first else { return nil }
    return (member.key, member.value)
  }

  /// `schema.name` of a `RangeVar`; the default schema left out.
  var relationName: String? {
    guard let name = self["relname"]?.text else { return nil }
    guard let schema = self["schemaname"]?.text, schema != "public" else { return name }
    return "\(schema).\(name)"
  }
}
