import KapinBase
package import KapinModel
import KapinProduct

/// Answers "why" and "why not" about routes, features and metrics.
package enum Explanation {
  package struct Answer: Sendable {
    /// Whether the product has it.
    package var isThere: Bool
    package var lines: [String]
  }

  package static func route(_ wanted: String, _ analysis: Analysis) -> Answer {
    let graph = analysis.graph
    let parts = wanted.split(separator: " ", maxSplits: 1).map(String.init)
    let method = parts.count == 2 ? parts[0].uppercased() : nil
    let path = parts.last ?? wanted
    var lines: [String] = []
    var names: [String] = []
    for id in graph.nodes.ids {
      guard case .route(let route) = graph.nodes[id].content else { continue }
      names.append("\(route.method) \(route.path)")
      guard route.path == path, method == nil || route.method == method || route.method == "ANY" else { continue }
      let origin = graph.nodes[id].origin
      lines.append("\(route.method) \(route.path) is a route (\(route.form.rawValue)):")
      lines.append(
        "  rule \(origin?.rule ?? "") says so at \(origin?.place.description ?? "") (\(origin?.confidence.rawValue ?? ""))"
      )
      for edge in graph.edges where edge.from == id && (edge.kind == .guards || edge.kind == .handles) {
        let target = graph.nodes[edge.to]
        let verb = edge.kind == .guards ? "guarded by" : "handled by"
        lines.append(
          "  \(verb) \(target.id.split(separator: ":", maxSplits: 1).last ?? "") at \(target.origin?.place.description ?? "")"
        )
      }
      for edge in graph.edges where edge.to == id && (edge.kind == .requests || edge.kind == .navigates) {
        lines.append("  \(edge.kind.rawValue.dropLast())ed from \(edge.at?.description ?? "")")
      }
    }
    if !lines.isEmpty { return Answer(isThere: true, lines: lines) }
    lines.append("\(wanted) is no route that a rule finds.")
    let near =
      names.filter { $0.hasSuffix(" " + path) }
      + names.sortedByBytes().filter {
        Similarity.distance($0, wanted) <= max(3, wanted.count / 4)
      }
    for name in near.prefix(5) { lines.append("  near to it: \(name)") }
    lines.append("  why a rule does not match a line: kapin explain RULE --at FILE:LINE")
    return Answer(isThere: false, lines: lines)
  }

  package static func feature(_ id: String, _ analysis: Analysis) -> Answer? {
    guard let rule = analysis.program.features.first(where: { $0.info.id == id && $0.each == nil }) else {
      return noun(id, analysis)
    }
    let finder = FeatureFinder(analysis.graph, analysis.program)
    let feature = finder.judge(rule)
    let isThere = feature.confidence >= rule.threshold
    let verb = isThere ? "is" : "is not"
    let head =
      "\(rule.info.title) \(verb) a feature: confidence \(feature.confidence), threshold \(rule.threshold) [\(rule.info.place)]"
    return Answer(isThere: isThere, lines: [head] + finder.explain(rule))
  }

  /// A feature that is special to the product, by its id; why not, when signals of a noun found something and not enough.
  private static func noun(_ id: String, _ analysis: Analysis) -> Answer? {
    let finder = FeatureFinder(analysis.graph, analysis.program)
    let rules = analysis.program.features.filter { $0.each != nil }
    let known = analysis.features.first { feature in feature.id == id && rules.contains { $0.info.id == feature.rule } }
    for rule in rules where known.map({ $0.rule == rule.info.id }) ?? (rule.each == .resource) {
      let lines = finder.explain(rule, resource: id)
      guard known != nil || lines.contains(where: { $0.hasPrefix("  + for") }) else { continue }
      let head =
        known.map { "\($0.title) is a feature: confidence \($0.confidence), threshold \(rule.threshold)" }
        ?? "\(id) is no feature of its own: not enough speaks for it (threshold \(rule.threshold)), or a rule has it already"
      return Answer(isThere: known != nil, lines: ["\(head) [\(rule.info.place)]"] + lines)
    }
    return nil
  }

  package static func metric(_ id: String, _ analysis: Analysis) -> Answer? {
    guard let rule = analysis.program.metrics.first(where: { $0.info.id == id }) else { return nil }
    let feature =
      analysis.features.first { $0.id == rule.feature }
      ?? analysis.program.features.first { $0.info.id == rule.feature }.map {
        FeatureFinder(analysis.graph, analysis.program).judge($0)
      }
    let clauses = feature.map { MetricBinder(analysis.graph, analysis.program).explain(rule, $0) } ?? []
    guard let metric = analysis.metrics.first(where: { $0.id == id }) else {
      let head =
        "\(rule.info.title) is not offered: its feature `\(rule.feature)` was not found. kapin explain \(rule.feature) says why."
      return Answer(isThere: false, lines: [head] + clauses)
    }
    let lines = ["\(metric.title): \(metric.verdict.rawValue) [\(rule.info.place)]", "  \(metric.reason)"] + clauses
    return Answer(isThere: metric.verdict != .cannot, lines: lines)
  }
}
