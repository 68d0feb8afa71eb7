/// A line and a column as editors count them: both from 1, columns in UTF-16 units.
public struct Position: Hashable, Comparable, Sendable {
  public var line: Int
  public var column: Int
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public static func < (a: Position, b: Position) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

/// A place in a file of the analysed repository or of a rule directory.
public struct Place: Hashable, Sendable, CustomStringConvertible {
  public var path: String
  public var position: Position?
  public init(_ path: String, _ position: Position? = nil) {
    self.path = path
    self.position = position
  }
  public init(_ path: String, line: Int, column: Int) {
    self.init(path, Position(line: line, column: column))
  }
  /// `path:line:column`, or the path alone.
  public var description: String {
    guard let position else { return path }
    return "\(path):\(position.line):\(position.column)"
  }
}

/// Every kind of message that KAPIN can give, with its help; the order is the order in the documentation.
public enum DiagnosticID: String, Sendable, CaseIterable {
  case syntaxError = "syntax-error"
  case tooDeep = "too-deep"
  case skippedFile = "skipped-file"
  case unreadable = "unreadable"
  case badConfig = "bad-config"
  case unsupportedSQL = "unsupported-sql"
  case schemaDisagrees = "schema-disagrees"
  case unusedRouter = "unused-router"
  case duplicatePackage = "duplicate-package"
  case badRule = "bad-rule"
  case stoppedEarly = "stopped-early"
  case unprovable = "unprovable"
  case foreignSnapshot = "foreign-snapshot"
}

/// A message about the input, with a place and, where one is known, the next step.
public struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
  public enum Severity: String, Sendable { case note, warning, error }

  public var id: DiagnosticID
  public var severity: Severity
  public var message: String
  public var place: Place?
  public var help: String?

  public init(
    _ id: DiagnosticID, _ severity: Severity = .warning, _ message: String, at place: Place? = nil,
    help: String? = nil
  ) {
    self.id = id
    self.severity = severity
    self.message = message
    self.place = place
    self.help = help
  }

  public var description: String {
    let head = place.map { "\($0): " } ?? ""
    let tail = help.map { "\n  help: \($0)" } ?? ""
    return "\(head)\(severity.rawValue): \(message) [\(id.rawValue)]\(tail)"
  }
}
