import KapinBase
import KapinModel
import KapinReport

/// What `kapin analyze` prints.
enum Summary {
  static func text(_ analysis: Analysis, output: String) -> String {
    let graph = analysis.graph
    var lines: [String] = []
    let roots = graph.code.inventory.roots.map(\.name).joined(separator: " + ")
    let routes = graph.nodes.count { $0.kind == .route }
    let tables = graph.nodes.count { $0.kind == .table }
    lines.append("\(roots): \(graph.code.modules.count) modules, \(routes) routes, \(tables) tables")
    for feature in analysis.features {
      lines.append("")
      lines.append("\(feature.title)  (\(Int((feature.confidence * 100).rounded())) % sure)")
      if let first = feature.evidence.first { lines.append("  because \(first.says), \(first.place)") }
      if !feature.capabilities.isEmpty {
        lines.append("  with \(feature.capabilities.prefix(6).map { $0.name.lowercased() }.joined(separator: ", "))")
      }
      for metric in analysis.metrics where metric.feature == feature.id {
        let mark =
          switch metric.verdict {
          case .ready: "●"
          case .needsEvent: "○"
          case .cannot: "·"
          }
        let executed =
          analysis.proof.metrics.first { $0.id == metric.id }.map { $0.steps.allSatisfy(\.passed) ? "  ✓" : "  ✗" }
          ?? ""
        lines.append("  \(mark) \(metric.rule.question)\(executed)")
        lines.append("      \(metric.reason)")
      }
    }
    if analysis.features.isEmpty { lines.append("No feature that the rules know was found.") }
    lines.append("")
    lines.append(
      "● ready now   ○ after one event   · not yet   \(analysis.proof.database.map { "✓ executed on \($0)" } ?? "nothing was executed")"
    )
    lines.append(coverage(graph.coverage))
    lines.append("Open \(output)/report.html; every metric has its guide in \(output)/guides.")
    return lines.joined(separator: "\n")
  }

  private static func coverage(_ coverage: Coverage) -> String {
    let unresolved = coverage.importsUnresolved.values.reduce(0, +)
    let imports = coverage.importsResolved + coverage.importsExternal + unresolved
    let share = imports == 0 ? 100 : (imports - unresolved) * 1000 / imports
    return
      "Read \(coverage.filesParsed) of \(coverage.filesSeen) files, \(coverage.filesWithSyntaxErrors.count) with syntax errors; "
      + "\(share / 10).\(share % 10) % of \(imports) imports resolved."
  }
}

/// What `kapin analyze --json` prints.
enum JSONSummary {
  static func text(_ analysis: Analysis) -> String {
    func list(_ document: JSONText, _ key: String) -> JSONText? {
      if case .object(let members) = document, let value = members[key] { value } else { nil }
    }
    return JSONText.object([
      "kapin": .text("analysis"), "version": .int(1), "features": list(ProductWire.features(analysis), "features"),
      "metrics": list(ProductWire.metrics(analysis), "metrics"), "proven": .bool(analysis.proof.holds),
    ]).line()
  }
}
