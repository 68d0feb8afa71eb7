import KapinBase
package import KapinModel

/// Fills the guide template (a rule file) for a metric.
package enum GuideText {
  package static func render(_ metric: Metric, _ analysis: Analysis, outputName: String) -> String {
    let files = BundleFiles(metric, analysis)
    let feature = analysis.features.first { $0.id == metric.feature }
    let store = metric.event.flatMap { event in analysis.stores.first { $0.rule == event.rule } }
    let proof = analysis.proof.metrics.first { $0.id == metric.id }?.steps ?? []
    var fields: [String: String] = [
      "title": metric.title, "question": metric.rule.question, "description": metric.rule.description,
      "decision": metric.rule.decision, "feature": feature?.title ?? metric.feature, "type": metric.rule.type.rawValue,
      "grain": metric.rule.grain, "verdict": verdict(metric.verdict), "reason": metric.reason, "out": outputName,
    ]
    if let pasteable = metric.pasteableSQL {
      fields["sql"] = "yes"
      fields["pasteable"] = pasteable.trimmed
      fields["sqlFile"] = files.sql
      fields["paramsFile"] = files.parameterisedSQL
      if files.parameterisedSQL != nil { fields["period"] = "yes" }
    }
    if let event = metric.event, let patch = files.patch {
      fields["migration"] = store?.migrationPath ?? "product_events"
      fields["storePatch"] = files.storePatch ?? patch
      fields["apply"] = store?.apply ?? ""
      fields["event"] = event.name
      fields["eventSays"] = event.says
      fields["eventPlace"] = event.place.description
      fields["patch"] = patch
      fields["diff"] = analysis.patches.first { $0.path == patch }?.text.trimmed
      fields["actor"] = event.actor
      fields["verify"] = verification(event)
    }
    if !metric.roles.isEmpty {
      fields["roles"] = metric.roles.map {
        "- \($0.name.replacing("_", with: " ")): `\($0.table).\($0.column)` (`\($0.place)`)"
      }.joined(separator: "\n")
    }
    if !metric.caveats.isEmpty { fields["caveats"] = metric.caveats.map { "- \($0)" }.joined(separator: "\n") }
    if !proof.isEmpty {
      fields["proof"] = proof.map {
        "- \($0.passed ? "✓" : "✗") \($0.name)\($0.detail.isEmpty ? "" : ": \($0.detail)")"
      }.joined(separator: "\n")
      fields["proof"]! += analysis.proof.database.map { "\n\nOn \($0)." } ?? ""
    }
    return analysis.program.guide.render { name, _ in fields[name] }
  }

  private static func verdict(_ verdict: Verdict) -> String {
    switch verdict {
    case .ready: "ready: the tables that exist answer it"
    case .needsEvent: "needs an event"
    case .cannot: "cannot be answered yet"
    }
  }

  private static func verification(_ event: EventPlan) -> String {
    """
    Use the feature once, then:

    ```sql
    SELECT name, actor_id, occurred_at FROM product_events WHERE name = '\(event.name)' ORDER BY id DESC LIMIT 1;
    ```

    One row with a time of the last minutes is what you want to see.
    """
  }
}

extension String {
  var trimmed: String {
    var text = Substring(self)
    while let last = text.last, last == "\n" || last == " " { text = text.dropLast() }
    return String(text)
  }
}
