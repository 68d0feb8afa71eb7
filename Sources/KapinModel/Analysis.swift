package import KapinBase

/// A capability that a product manager would name.
package struct Feature: Sendable {
  package var id: String
  package var title: String
  package var description: String
  /// 0 to 1: 1 − ∏(1 − weight) over the signals that matched.
  package var confidence: Double
  package var routes: [NodeID]
  package var components: [NodeID]
  package var tables: [NodeID]
  package var apps: [NodeID]
  package var evidence: [Evidence]
  package var against: [Evidence]
  package init(
    id: String, title: String, description: String, confidence: Double, routes: [NodeID], components: [NodeID],
    tables: [NodeID], apps: [NodeID], evidence: [Evidence], against: [Evidence]
  ) {
    self.id = id
    self.title = title
    self.description = description
    self.confidence = confidence
    self.routes = routes
    self.components = components
    self.tables = tables
    self.apps = apps
    self.evidence = evidence
    self.against = against
  }
}

package struct Evidence: Sendable, Hashable {
  package var place: Place
  package var rule: String
  package var says: String
  package var weight: Double
  package init(place: Place, rule: String, says: String, weight: Double) {
    self.place = place
    self.rule = rule
    self.says = says
    self.weight = weight
  }
}

package enum Verdict: String, Sendable, CaseIterable {
  case ready
  case needsEvent = "needs-event"
  case cannot
}

/// A number worth having, bound to what this product has.
package struct Metric: Sendable {
  package struct Role: Sendable {
    package var name: String
    package var table: String
    package var column: String
    package var place: Place
    package init(name: String, table: String, column: String, place: Place) {
      self.name = name
      self.table = table
      self.column = column
      self.place = place
    }
  }
  package var id: String
  package var rule: MetricRule
  package var feature: String
  package var title: String
  package var verdict: Verdict
  package var reason: String
  package var roles: [Role]
  /// The query with `$1` and `$2` as the period, and the form to paste with the last 30 days.
  package var sql: String?
  package var pasteableSQL: String?
  package var event: EventPlan?
  package var tables: [NodeID]
  package var evidence: [Evidence]
  package var caveats: [String]
  package init(
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
package struct EventPlan: Sendable {
  package var name: String
  package var module: ModuleID
  package var place: Place
  package var insertion: Insertion
  package var statement: String
  /// Names to import into the module, unless it has them.
  package var importName: String?
  package var importFrom: ModuleID?
  package var importIsDefault: Bool
  package var actor: String?
  package var rule: String
  package var says: String
  package init(
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
package enum Insertion: Sendable {
  /// On the line after a statement, or before it.
  case after(Range32), before(Range32)
  /// The returned value is kept in a name, then the statement, then the return.
  case aroundReturn(Range32, name: String, awaits: Bool)
}

/// A text file to create, or text to append to one.
package struct FileAddition: Sendable {
  package var path: String
  package var text: String
  package var appends: Bool
  package init(path: String, text: String, appends: Bool) {
    self.path = path
    self.text = text
    self.appends = appends
  }
}

/// The table that events go to, made once for all of them.
package struct EventStore: Sendable {
  package var rule: String
  package var additions: [FileAddition]
  package var migration: String
  package var migrationPath: String
  package var apply: String
  package init(rule: String, additions: [FileAddition], migration: String, migrationPath: String, apply: String) {
    self.rule = rule
    self.additions = additions
    self.migration = migration
    self.migrationPath = migrationPath
    self.apply = apply
  }
}
