import KapinBase

public enum MetricType: String, Sendable, CaseIterable {
  case count, ratio, sum, average, distribution, funnel, retention
}

/// A question about a feature, and the ways to answer it, best first.
public struct MetricRule: Sendable {
  public var info: RuleInfo
  public var feature: String
  public var question: String
  public var description: String
  public var decision: String
  public var type: MetricType
  public var grain: String
  public var caveats: [String]
  public var sources: [MetricSource]
  public init(
    info: RuleInfo, feature: String, question: String, description: String, decision: String, type: MetricType,
    grain: String, caveats: [String], sources: [MetricSource]
  ) {
    self.info = info
    self.feature = feature
    self.question = question
    self.description = description
    self.decision = decision
    self.type = type
    self.grain = grain
    self.caveats = caveats
    self.sources = sources
  }
}

public struct MetricSource: Sendable {
  public var tables: [(name: String, pattern: TablePattern)]
  public var roles: [(name: String, pattern: RolePattern)]
  public var event: EventPattern?
  public var sql: Template
  public init(
    tables: [(name: String, pattern: TablePattern)], roles: [(name: String, pattern: RolePattern)],
    event: EventPattern?,
    sql: Template
  ) {
    self.tables = tables
    self.roles = roles
    self.event = event
    self.sql = sql
  }
}

public struct TablePattern: Sendable {
  public var words: [[String]]
  public var without: [[String]]
  /// The table that the feature's rule captured under this name, instead of words.
  public var capture: String?
  public init(words: [[String]], without: [[String]]) {
    self.words = words
    self.without = without
  }
}

public struct RolePattern: Sendable {
  public enum Shape: String, Sendable, CaseIterable { case time, number, text, boolean, any }
  public enum Choice: Sendable {
    case words([[String]])
    case primaryKey
    /// A column that references the table of another name, or a table with these words.
    case reference(table: String?, words: [[String]])
  }
  public var table: String
  public var choices: [Choice]
  public var shape: Shape
  public var isOptional: Bool
  public init(table: String, choices: [Choice], shape: Shape, isOptional: Bool) {
    self.table = table
    self.choices = choices
    self.shape = shape
    self.isOptional = isOptional
  }
}

/// Code that creates, updates or deletes rows of a table.
public struct WritePattern: Sendable {
  public var table: TablePattern
  public var verbs: [AccessVerb]
  /// Phrases of which one written column must have one.
  public var columns: [[String]]
  /// Phrases of which the name of the function around it, or a route that it answers, must have one.
  public var inside: [[String]]
  public init(table: TablePattern, verbs: [AccessVerb], columns: [[String]], inside: [[String]]) {
    self.table = table
    self.verbs = verbs
    self.columns = columns
    self.inside = inside
  }
}

/// A fact that the code does not store yet, and where it happens.
public struct EventPattern: Sendable {
  public enum Anchor: Sendable {
    /// After a row of a table is written.
    case write(WritePattern)
    /// In a function that does all of these, itself or by what it calls, after the last of them.
    case together([WritePattern])
    /// In the handler of such a route.
    case route(words: [[String]], without: [[String]], methods: [String], forms: [RouteForm])
    /// In a function of such a name.
    case function(words: [[String]])
    /// In a handler that calls such a function of a package.
    case call(package: String, names: [String])
  }
  /// object + past-tense verb, in snake case: `checkout_started`.
  public var name: String
  public var anchors: [Anchor]
  /// Phrases that name the acting person in code.
  public var actors: [[String]]
  public init(name: String, anchors: [Anchor], actors: [[String]]) {
    self.name = name
    self.anchors = anchors
    self.actors = actors
  }
}

/// Text with placeholders, checked when the rule is loaded.
///
/// `{role}` a column, `{role.time}` the column as `timestamptz`, `{role.within}` the condition that it lies in the
/// asked period, `{table}` a table with its alias, `{events}` and `{event}` for events; `{#role}…{/role}` only when the
/// role is bound, `{^role}…{/role}` only when it isn't.
public struct Template: Sendable {
  public indirect enum Part: Sendable {
    case text(String)
    case value(name: String, form: String?)
    case section(name: String, present: Bool, [Part])
  }
  public var parts: [Part]
  public init(_ parts: [Part]) { self.parts = parts }

  public func render(_ lookup: (_ name: String, _ form: String?) -> String?) -> String {
    Self.render(parts, lookup)
  }

  private static func render(_ parts: [Part], _ lookup: (String, String?) -> String?) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .value(let name, let form): lookup(name, form) ?? ""
      case .section(let name, let present, let inner):
        (lookup(name, nil) != nil) == present ? render(inner, lookup) : ""
      }
    }.joined()
  }
}
