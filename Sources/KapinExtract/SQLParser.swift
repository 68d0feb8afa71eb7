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
    var found = (0..<Int(result.n_stmts)).compactMap { index -> (text: String, offset: Int)? in
      guard let statement = statements[index]?.pointee else { return nil }
      let start = Int(statement.stmt_location)
      // A length of 0 means the rest of the text.
      let length = Int(statement.stmt_len)
      let end = length == 0 ? bytes.count : min(bytes.count, start + length)
      guard start >= 0, start < end else { return nil }
      return (String(decoding: bytes[start..<end], as: UTF8.self), start)
    }
    // What follows a bracket that is never closed is no statement to the scanner: keep it for the parser to complain.
    let end = found.last.map { $0.offset + $0.text.utf8.count } ?? 0
    if bytes[end...].contains(where: { $0 > 32 && $0 != 59 }) {
      found.append((String(decoding: bytes[end...], as: UTF8.self), end))
    }
    return found
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
    // Comments alone are no statement.
    return .success(JSON.parse(String(cString: result.parse_tree))?["stmts"]?.items?.first?["stmt"] ?? .null)
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
