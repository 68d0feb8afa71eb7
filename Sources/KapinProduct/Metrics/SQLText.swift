import KapinBase
import KapinModel

/// Renders a metric's SQL template over bound tables and columns.
enum SQLText {
  /// The period that a query asks about, half-open.
  enum Period {
    /// `$1` and `$2`, as `timestamptz`.
    case parameters
    case lastThirtyDays

    var start: String { self == .parameters ? "$1::timestamptz" : "(now() - interval '30 days')" }
    var end: String { self == .parameters ? "$2::timestamptz" : "now()" }
  }

  static func render(_ template: Template, _ binding: TableBinding?, _ event: EventPlan?, period: Period) -> String {
    let text = template.render { name, form in
      if let event {
        switch name {
        case "events": return "\(EventTable.name) AS e"
        case "event": return literal(event.name)
        case "occurred_at": return time("e.occurred_at", "timestamptz", form, period)
        case "actor": return "e.actor_id"
        default: break
        }
      }
      if let table = binding?.tables.first(where: { $0.alias == name }) {
        return "\(identifier(table.node.table.name)) AS \(name)"
      }
      if let role = binding?.roles.first(where: { $0.name == name }) {
        return time("\(role.alias).\(quote(role.column.name))", role.column.type, form, period)
      }
      return nil
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
    return lines.filter { !$0.isEmpty }.joined(separator: "\n") + ";\n"
  }

  private static func time(_ column: String, _ type: String, _ form: String?, _ period: Period) -> String {
    let type = type.lowercased()
    let hasZone = type.hasPrefix("timestamptz") || type.contains("with time zone")
    let isDate = type.hasPrefix("date")
    switch form {
    case "time":
      if hasZone { return column }
      return isDate ? "(\(column)::timestamp AT TIME ZONE 'UTC')" : "(\(column) AT TIME ZONE 'UTC')"
    case "within":
      if hasZone { return "(\(column) >= \(period.start) AND \(column) < \(period.end))" }
      if isDate { return "(\(column) >= \(period.start)::date AND \(column) < \(period.end)::date)" }
      return "(\(column) >= \(period.start) AT TIME ZONE 'UTC' AND \(column) < \(period.end) AT TIME ZONE 'UTC')"
    default: return column
    }
  }

  /// Always in double quotes: names may be in mixed case or key words.
  static func quote(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }

  static func identifier(_ name: String) -> String {
    name.split(separator: ".").map { quote(String($0)) }.joined(separator: ".")
  }

  static func literal(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
}

/// The table that captured events go to.
package enum EventTable {
  package static let name = "product_events"

  /// PostgreSQL; safe to run again.
  package static let migration = """
    -- Facts about how the product is used; written by the application, read by metric queries.
    CREATE TABLE IF NOT EXISTS "product_events" (
      "id" bigserial PRIMARY KEY,
      "name" text NOT NULL,
      "actor_id" text,
      "occurred_at" timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
      "properties" jsonb NOT NULL DEFAULT '{}'
    );
    CREATE INDEX IF NOT EXISTS "product_events_name_occurred_at_idx" ON "product_events" ("name", "occurred_at");

    """

  package static let rollback = "DROP TABLE IF EXISTS \"product_events\";\n"
}
