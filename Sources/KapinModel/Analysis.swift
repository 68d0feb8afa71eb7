public import KapinBase

/// A capability that a product manager would name.
public struct Feature: Sendable {
  /// The rule's id; of a resource its plural, with hyphens. The same in every run.
  public var id: String
  public var rule: String
  public var title: String
  public var description: String
  /// 0 to 1: 1 − ∏(1 − weight) over the signals that matched.
  public var confidence: Double
  public var routes: [NodeID]
  public var components: [NodeID]
  public var tables: [NodeID]
  /// Pages and actions in the order in which people come to them, where links tell.
  public var steps: [NodeID] = []
  /// Packages with routes that it lives in, be it by shared packages.
  public var apps: [NodeID]
  /// Who uses it, by the guards of its routes.
  public var people: [String] = []
  /// What can be done there and what belongs to it, the best known first.
  public var capabilities: [Capability] = []
  /// What patterns captured, by name.
  public var captures: [String: NodeID] = [:]
  public var evidence: [Evidence]
  public var against: [Evidence]
  public init(id: String, rule: String) {
    self.id = id
    self.rule = rule
    title = ""
    description = ""
    confidence = 0
    routes = []
    components = []
    tables = []
    apps = []
    evidence = []
    against = []
  }
}

/// Something that people do with a feature, or that belongs to it, as paths, components and columns call it.
public struct Capability: Sendable {
  public var name: String
  public var place: Place
  /// The route, component or table that is called so.
  public var node: NodeID
  public init(name: String, place: Place, node: NodeID) {
    self.name = name
    self.place = place
    self.node = node
  }
}

public struct Evidence: Sendable, Hashable {
  public var place: Place
  public var rule: String
  public var says: String
  public var weight: Double
  public init(place: Place, rule: String, says: String, weight: Double) {
    self.place = place
    self.rule = rule
    self.says = says
    self.weight = weight
  }
}

public enum Verdict: String, Sendable, CaseIterable {
  case ready
  case needsEvent = "needs-event"
  case cannot
}

/// A number worth having, bound to what this product has.
public struct Metric: Sendable {
  public struct Role: Sendable {
    public var name: String
    public var table: String
    public var column: String
    public var place: Place
    public init(name: String, table: String, column: String, place: Place) {
      self.name = name
      self.table = table
      self.column = column
      self.place = place
    }
  }
  public var id: String
  public var rule: MetricRule
  public var feature: String
  public var title: String
  public var verdict: Verdict
  public var reason: String
  public var roles: [Role]
  /// The query with `$1` and `$2` as the period, and the form to paste with the last 30 days.
  public var sql: String?
  public var pasteableSQL: String?
  public var event: EventPlan?
  public var tables: [NodeID]
  public var evidence: [Evidence]
  public var caveats: [String]
  public init(
    id: String, rule: MetricRule, feature: String, title: String, verdict: Verdict, reason: String, roles: [Role],
    sql: String?, pasteableSQL: String?, event: EventPlan?, tables: [NodeID], evidence: [Evidence], caveats: [String]
  ) {
    self.id = id
    self.rule = rule
    self.feature = feature
    self.title = title
    self.verdict = verdict
    self.reason = reason
    self.roles = roles
    self.sql = sql
    self.pasteableSQL = pasteableSQL
    self.event = event
    self.tables = tables
    self.evidence = evidence
    self.caveats = caveats
  }
}

/// An event to capture: where, with which client, and what to write there.
public struct EventPlan: Sendable {
  public var name: String
  public var module: ModuleID
  public var place: Place
  public var insertion: Insertion
  public var statement: String
  /// Names to import into the module, unless it has them.
  public var importName: String?
  public var importFrom: ModuleID?
  public var importIsDefault: Bool
  public var actor: String?
  public var rule: String
  public var says: String
  public init(
    name: String, module: ModuleID, place: Place, insertion: Insertion, statement: String, importName: String?,
    importFrom: ModuleID?, importIsDefault: Bool, actor: String?, rule: String, says: String
  ) {
    self.name = name
    self.module = module
    self.place = place
    self.insertion = insertion
    self.statement = statement
    self.importName = importName
    self.importFrom = importFrom
    self.importIsDefault = importIsDefault
    self.actor = actor
    self.rule = rule
    self.says = says
  }
}

/// Where a statement goes.
public enum Insertion: Sendable {
  /// On the line after a statement, or before it.
  case after(Range32), before(Range32)
  /// The returned value is kept in a name, then the statement, then the return.
  case aroundReturn(Range32, name: String, awaits: Bool)
}

/// A text file to create, or text to append to one.
public struct FileAddition: Sendable {
  public var path: String
  public var text: String
  public var appends: Bool
  public init(path: String, text: String, appends: Bool) {
    self.path = path
    self.text = text
    self.appends = appends
  }
}

/// The table that events go to, made once for all of them.
public struct EventStore: Sendable {
  public var rule: String
  public var additions: [FileAddition]
  public var migration: String
  public var migrationPath: String
  public var apply: String
  public init(rule: String, additions: [FileAddition], migration: String, migrationPath: String, apply: String) {
    self.rule = rule
    self.additions = additions
    self.migration = migration
    self.migrationPath = migrationPath
    self.apply = apply
  }
}
