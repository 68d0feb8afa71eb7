import KapinBase
package import KapinModel

/// Binds metric rules to the tables, columns and code of a product.
package struct MetricBinder {
  let graph: ProductGraph
  let program: RuleProgram
  let tables: [(id: NodeID, node: TableNode)]
  let planner: EventPlanner

  package init(_ graph: ProductGraph, _ program: RuleProgram) {
    self.graph = graph
    self.program = program
    tables = graph.nodes.ids.compactMap { id in
      if case .table(let table) = graph.nodes[id].content { (id, table) } else { nil }
    }
    planner = EventPlanner(graph, program)
  }

  /// One metric a rule of the features that were found, in the order of features; what can be used first stands first.
  package func bind(_ features: [Feature]) -> [Metric] {
    let order = Dictionary(uniqueKeysWithValues: Verdict.allCases.enumerated().map { ($0.element, $0.offset) })
    return features.flatMap { feature in
      program.metrics.filter { $0.feature == feature.id }.map { bind($0, feature) }
        .sortedByBytes { "\(order[$0.verdict] ?? 9) \($0.id)" }
    }
  }

  package func bind(_ rule: MetricRule, _ feature: Feature) -> Metric {
    var reasons: [String] = []
    // What tables can answer needs no event, so it comes first whatever the order in the rule.
    for source in rule.sources where source.event == nil {
      switch TableBinding.find(source, in: self, of: feature) {
      case .success(let binding): return ready(rule, feature, source, binding)
      case .failure(let miss): reasons.append(miss.reason)
      }
    }
    for source in rule.sources {
      guard let event = source.event else { continue }
      switch TableBinding.find(source, in: self, of: feature) {
      case .failure(let miss): reasons.append(miss.reason)
      case .success(let binding):
        switch planner.plan(event, feature) {
        case .success(let plan): return needsEvent(rule, feature, source, binding, plan, reasons)
        case .failure(let miss): reasons.append(miss.reason)
        }
      }
    }
    return metric(rule, feature, .cannot, Self.joined(reasons), source: nil, binding: nil, event: nil)
  }

  /// Each reason once, at most three.
  private static func joined(_ reasons: [String]) -> String {
    var unique: [String] = []
    func core(_ reason: String) -> Substring {
      reason.firstRange(of: " (like").map { reason[..<$0.lowerBound] } ?? reason[...]
    }
    for reason in reasons where !unique.contains(where: { core($0) == core(reason) }) { unique.append(reason) }
    return unique.prefix(3).joined(separator: "; ")
  }

  private func ready(
    _ rule: MetricRule, _ feature: Feature, _ source: MetricSource, _ binding: TableBinding
  ) -> Metric {
    let names = binding.tables.map { "`\($0.node.table.name)`" }.joined(separator: " and ")
    return metric(
      rule, feature, .ready, "answered from \(names); nothing has to be captured", source: source, binding: binding,
      event: nil)
  }

  private func needsEvent(
    _ rule: MetricRule, _ feature: Feature, _ source: MetricSource, _ binding: TableBinding, _ plan: EventPlan,
    _ reasons: [String]
  ) -> Metric {
    let why = reasons.isEmpty ? "" : " (\(Self.joined(reasons)))"
    return metric(
      rule, feature, .needsEvent, "the product does not store this yet\(why); the event `\(plan.name)` does",
      source: source, binding: binding, event: plan)
  }

  private func metric(
    _ rule: MetricRule, _ feature: Feature, _ verdict: Verdict, _ reason: String, source: MetricSource?,
    binding: TableBinding?, event: EventPlan?
  ) -> Metric {
    var caveats = rule.caveats
    if let provider = binding?.tables.compactMap(\.node.provider).first(where: { $0 != "postgresql" }) {
      caveats.append(
        "The product's database is \(provider). The query is PostgreSQL and was executed there: run it on a PostgreSQL copy or translate it."
      )
    }
    if let event, event.actor == nil {
      caveats.append("The acting person is not known where the event is captured; `actor_id` stays empty there.")
    }
    let roles = binding.map { binding in
      binding.roles.map {
        Metric.Role(name: $0.name, table: $0.table, column: $0.column.name, place: $0.column.place)
      }
    }
    let evidence = binding.map { binding in
      binding.tables.map {
        Evidence(
          place: $0.node.table.place, rule: rule.info.id,
          says: "table `\($0.node.table.name)` has what the question asks for",
          weight: 1)
      }
    }
    return Metric(
      id: rule.info.id, rule: rule, feature: feature.id, title: rule.info.title, verdict: verdict, reason: reason,
      roles: roles ?? [],
      sql: source.map { SQLText.render($0.sql, binding, event, period: .parameters) },
      pasteableSQL: source.map { SQLText.render($0.sql, binding, event, period: .lastThirtyDays) },
      event: event, tables: binding?.tables.map(\.id) ?? [],
      evidence: (evidence ?? [])
        + (event.map { [Evidence(place: $0.place, rule: $0.rule, says: $0.says, weight: 1)] } ?? []),
      caveats: caveats)
  }
}

/// Why something could not be bound, in words for the report.
package struct BindingMiss: Error {
  package var reason: String
}
