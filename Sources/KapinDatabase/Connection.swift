internal import CPostgres
import Glibc

/// What PostgreSQL said when it refused.
package struct DatabaseError: Error, Sendable, CustomStringConvertible {
  /// The five-character code ("PostgreSQL Error Codes"), if the server sent one.
  package var code: String?
  package var message: String
  package var description: String { code.map { "[\($0)] \(message)" } ?? message }
}

/// A blocking connection to PostgreSQL through libpq; one owner, closed when it goes away.
package struct Connection: ~Copyable {
  private let handle: OpaquePointer

  /// - Parameter parameters: key words of libpq ("Database Connection Control Functions").
  package init(_ parameters: [String: String]) throws(DatabaseError) {
    let text = parameters.sorted { $0.key < $1.key }
      .map { "\($0.key)='\($0.value.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'" }.joined(
        separator: " ")
    handle = try Self.open(text)
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
  }

  deinit { PQfinish(handle) }

  private static func open(_ text: String) throws(DatabaseError) -> OpaquePointer {
    guard let handle = PQconnectdb(text) else { throw DatabaseError(code: nil, message: "out of memory") }
    guard PQstatus(handle) == CONNECTION_OK else {
      let message = String(cString: PQerrorMessage(handle))
      PQfinish(handle)
      throw DatabaseError(code: nil, message: message)
    }
    return handle
  }

  /// Runs one or several statements without parameters.
  package borrowing func execute(_ sql: String) throws(DatabaseError) {
    try finish(PQexec(handle, sql))
  }

  /// Runs one statement with text parameters; rows of text, `nil` for NULL.
  @discardableResult
  package borrowing func query(_ sql: String, _ parameters: [String?] = []) throws(DatabaseError) -> [[String?]] {
    let texts = parameters.map { $0.map { strdup($0) } ?? nil }
    defer { for text in texts { free(text) } }
    let pointers: [UnsafePointer<CChar>?] = texts.map { $0.map { UnsafePointer($0) } }
    let result = PQexecParams(handle, sql, Int32(parameters.count), nil, pointers, nil, nil, 0)
    defer { PQclear(result) }
    try check(result)
    let columns = PQnfields(result)
    return (0..<PQntuples(result)).map { row in
      (0..<columns).map { column in
        PQgetisnull(result, row, column) == 1 ? nil : String(cString: PQgetvalue(result, row, column))
      }
    }
  }

  private borrowing func finish(_ result: OpaquePointer?) throws(DatabaseError) {
    defer { PQclear(result) }
    try check(result)
  }

  private borrowing func check(_ result: OpaquePointer?) throws(DatabaseError) {
    let status = PQresultStatus(result)
    if status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY { return }
    // 'C' and 'M' are PG_DIAG_SQLSTATE and PG_DIAG_MESSAGE_PRIMARY.
    let code = PQresultErrorField(result, 67).map { String(cString: $0) }
    let message = PQresultErrorField(result, 77).map { String(cString: $0) } ?? String(cString: PQerrorMessage(handle))
    throw DatabaseError(code: code, message: message)
  }
}
