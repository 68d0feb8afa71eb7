package import KapinModel

extension MetricBinder {
  /// Source by source: which table and column each clause looked for, and what it found or where it stopped.
  package func explain(_ rule: MetricRule, _ feature: Feature) -> [String] {
    rule.sources.enumerated().flatMap { index, source -> [String] in
      let head = source.event.map { "needs the event \($0.name)" } ?? "answers from tables"
      return ["  source \(index + 1), which \(head):"] + tableLines(source, feature) + eventLines(source, feature)
    }
  }

  private func tableLines(_ source: MetricSource, _ feature: Feature) -> [String] {
    var lines: [String] = []
    for (alias, pattern) in source.tables {
      let found = candidates(pattern, feature)
      let looked =
        pattern.capture.map { "the table captured as \($0)" }
        ?? "a table that ends in \(pattern.words.map { "“\($0.joined(separator: " "))”" }.joined(separator: ", "))"
      guard let first = found.first else {
        lines.append("    – \(alias): nothing found; looked for \(looked)")
        continue
      }
      lines.append("    + \(alias): \(first.node.table.name) at \(first.node.table.place); looked for \(looked)")
      for (name, role) in source.roles where role.table == alias {
        let table = TableBinding.Table(alias: alias, id: first.id, node: first.node)
        var binding = TableBinding()
        binding.tables = [table]
        if let column = binding.column(role, table) {
          lines.append("      + \(name): \(column.name) \(column.type) at \(column.place)")
        } else {
          let optional = role.isOptional ? ", which may be missing" : ""
          lines.append("      – \(name): no column for \(TableBinding.wanted(name, role))\(optional)")
        }
      }
    }
    return lines
  }

  private func eventLines(_ source: MetricSource, _ feature: Feature) -> [String] {
    guard let event = source.event else { return [] }
    switch planner.plan(event, feature) {
    case .success(let plan): return ["    + event \(event.name) at \(plan.place): \(plan.says)"]
    case .failure(let miss): return ["    – event \(event.name): \(miss.reason)"]
    }
  }
}
