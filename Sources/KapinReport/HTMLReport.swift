import KapinBase
package import KapinModel

/// report.html: one page without anything from outside, for product managers and developers.
package enum HTMLReport {
  /// - Parameter sources: for each root, where its files lie as seen from the page; used where the web has no address.
  package static func page(_ analysis: Analysis, sources: [String] = []) -> String {
    let links = HTMLLinks(analysis, sources)
    let traces = HTMLTraces(analysis.graph, links)
    let name = analysis.graph.code.inventory.roots.map(\.name).joined(separator: " + ")
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(escape(name)) · product metrics</title>
      <style>\(HTMLStyle.css)</style>
      </head>
      <body>
      <header>
      <p class="brand">KAPIN</p>
      <h1>\(escape(name))</h1>
      \(summary(analysis))
      <nav aria-label="Features">\(analysis.features.map { "<a href=\"#feature-\($0.id)\">\(escape($0.title))</a>" }.joined())<a href="#coverage">What was read</a></nav>
      </header>
      <main>
      \(analysis.features.map { feature($0, analysis, links, traces) }.joined(separator: "\n"))
      \(analysis.features.isEmpty ? "<p class=\"empty\">No feature that the rules know was found. “What was read” below says what KAPIN saw.</p>" : "")
      \(coverage(analysis))
      </main>
      <footer>Made by KAPIN \(EngineVersion.text). Every statement names its file, line and rule.</footer>
      <script>\(HTMLStyle.script)</script>
      </body>
      </html>

      """
  }

  static func escape(_ text: String) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): out += "&amp;".utf8
      case UInt8(ascii: "<"): out += "&lt;".utf8
      case UInt8(ascii: ">"): out += "&gt;".utf8
      case UInt8(ascii: "\""): out += "&quot;".utf8
      default: out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func summary(_ analysis: Analysis) -> String {
    let ready = analysis.metrics.count { $0.verdict == .ready }
    let events = analysis.metrics.count { $0.verdict == .needsEvent }
    func tile(_ number: Int, _ label: String) -> String {
      "<div class=\"tile\"><b>\(number)</b><span>\(label)</span></div>"
    }
    let routes = analysis.graph.nodes.count { $0.kind == .route }
    let tables = analysis.graph.nodes.count { $0.kind == .table }
    return "<div class=\"tiles\">"
      + tile(analysis.features.count, "features") + tile(ready, "metrics ready now")
      + tile(events, "metrics after one event")
      + tile(routes, "routes") + tile(tables, "tables") + "</div>" + proofLine(analysis)
  }

  private static func proofLine(_ analysis: Analysis) -> String {
    let proof = analysis.proof
    guard let database = proof.database else {
      return
        "<p class=\"proof warn\">Queries were not executed on this machine: \(escape(proof.notes.first?.message ?? "no database")).</p>"
    }
    let steps = proof.metrics.flatMap(\.steps) + proof.migrations + proof.patches.flatMap(\.steps)
    let failed = steps.count { !$0.passed }
    return failed == 0
      ? "<p class=\"proof ok\">All \(steps.count) checks passed: queries and migrations on \(escape(database)), patches by git.</p>"
      : "<p class=\"proof bad\">\(failed) of \(steps.count) checks failed; they are marked below.</p>"
  }

  private static func feature(
    _ feature: Feature, _ analysis: Analysis, _ links: HTMLLinks, _ traces: HTMLTraces
  ) -> String {
    let metrics = analysis.metrics.filter { $0.feature == feature.id }
    let percent = Int((feature.confidence * 100).rounded())
    func names(_ nodes: [NodeID]) -> String {
      let all = nodes.map { HTMLNames.short(analysis.graph.nodes[$0]) }
      let shown = all.prefix(12).map { "<code>\(escape($0))</code>" }.joined(separator: " ")
      return shown + (all.count > 12 ? " <span class=\"more\">and \(all.count - 12) more</span>" : "")
    }
    var facts = ""
    for (label, nodes) in [("Routes", feature.routes), ("Tables", feature.tables), ("Screens", feature.components)]
    where !nodes.isEmpty {
      facts += "<dt>\(label)</dt><dd>\(names(nodes))</dd>"
    }
    if !feature.capabilities.isEmpty {
      let all = feature.capabilities.prefix(16).map { row in
        links.link(row.place, "<span title=\"\(escape(row.place.description))\">\(escape(row.name))</span>")
      }
      facts += "<dt>With</dt><dd class=\"capabilities\">\(all.joined(separator: ", "))</dd>"
    }
    if !feature.steps.isEmpty {
      let steps = feature.steps.prefix(8).map { "<code>\(escape(HTMLNames.short(analysis.graph.nodes[$0])))</code>" }
      facts += "<dt>Steps</dt><dd>\(steps.joined(separator: " → "))</dd>"
    }
    if !feature.people.isEmpty {
      facts += "<dt>Used by</dt><dd>\(escape(feature.people.joined(separator: ", ")))</dd>"
    }
    return """
      <section class="feature" id="feature-\(feature.id)">
      <h2>\(escape(feature.title)) <span class="confidence" title="confidence">\(percent) %</span></h2>
      <p>\(escape(feature.description))</p>
      <dl class="facts">\(facts)</dl>
      \(traces.picture(feature))
      <details><summary>Why KAPIN says so</summary>\(evidence(feature.evidence, links))\(feature.against.isEmpty ? "" : "<p>Against it:</p>" + evidence(feature.against, links))</details>
      \(metrics.map { metric($0, analysis, links) }.joined(separator: "\n"))
      </section>
      """
  }

  private static func evidence(_ rows: [Evidence], _ links: HTMLLinks) -> String {
    let items = rows.map { "<li>\(inline($0.says)) \(links.link($0.place))</li>" }
    return "<ul class=\"evidence\">" + items.joined() + "</ul>"
  }

  /// Text with names between back quotes as code.
  private static func inline(_ text: String) -> String {
    let parts = escape(text).split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { return escape(text) }
    return parts.enumerated().map { $0.offset % 2 == 1 ? "<code>\($0.element)</code>" : String($0.element) }.joined()
  }

  private static func metric(_ metric: Metric, _ analysis: Analysis, _ places: HTMLLinks) -> String {
    let files = BundleFiles(metric, analysis)
    let mark =
      switch metric.verdict {
      case .ready: "<span class=\"mark ready\">ready</span>"
      case .needsEvent: "<span class=\"mark event\">needs an event</span>"
      case .cannot: "<span class=\"mark cannot\">not yet</span>"
      }
    var links = "<a href=\"\(files.guide)\">How to Apply</a>"
    for (label, path) in [("SQL", files.sql), ("Migration", files.migration), ("Patch", files.patch)] {
      if let path { links += "<a href=\"\(path)\">\(label)</a>" }
    }
    let steps = analysis.proof.metrics.first { $0.id == metric.id }?.steps ?? []
    let proven =
      steps.isEmpty
      ? ""
      : steps.allSatisfy(\.passed)
        ? "<span class=\"proven\">✓ executed</span>"
        : "<span class=\"failed\">✗ \(escape(steps.first { !$0.passed }?.detail ?? ""))</span>"
    let sql =
      metric.pasteableSQL.map {
        "<details><summary>SQL \(proven)</summary><button type=\"button\" class=\"copy\">Copy</button><pre><code>\(escape($0))</code></pre></details>"
      } ?? ""
    return """
      <article class="metric">
      <h3>\(escape(metric.rule.question)) \(mark)</h3>
      <p class="title">\(escape(metric.title)) · \(metric.rule.type.rawValue) per \(escape(metric.rule.grain))</p>
      <p>\(escape(metric.rule.decision))</p>
      <p class="reason">\(inline(sentence(metric.reason))).</p>
      \(metric.evidence.isEmpty ? "" : evidence(metric.evidence, places))
      \(sql)
      <p class="links">\(links)</p>
      </article>
      """
  }

  private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  private static func coverage(_ analysis: Analysis) -> String {
    let coverage = analysis.graph.coverage
    let unresolved = coverage.importsUnresolved.sorted { $0.key.rawValue.precedes($1.key.rawValue) }
      .map { "\($0.value) \($0.key.rawValue)" }.joined(separator: ", ")
    var skipped = ""
    for reason in SkippedFile.Reason.allCases {
      let count = coverage.skipped.count { $0.reason == reason }
      if count > 0 { skipped += "\(skipped.isEmpty ? "" : ", ")\(count) \(reason.rawValue)" }
    }
    let rows: [(String, String)] = [
      (
        "Files read",
        "\(coverage.filesParsed) of \(coverage.filesSeen)\(skipped.isEmpty ? "" : "; skipped: \(skipped)")"
      ),
      ("Files with syntax errors", "\(coverage.filesWithSyntaxErrors.count) (their healthy parts count)"),
      (
        "Imports",
        "\(coverage.importsResolved) resolved, \(coverage.importsExternal) external\(unresolved.isEmpty ? "" : ", unresolved: \(unresolved)")"
      ),
      ("Routes with unknown parts", "\(coverage.routesWithUnknownParts)"),
      ("Requests without a route here", "\(coverage.requestsWithoutRoute)"),
      ("Queries that could not be read", "\(coverage.queriesNotRead)"),
      ("Tables whose sources disagree", "\(coverage.schemaDisagreements.count)"),
    ]
    return "<section id=\"coverage\"><h2>What was read</h2><table>"
      + rows.map { "<tr><th scope=\"row\">\($0.0)</th><td>\(escape($0.1))</td></tr>" }.joined() + "</table>"
      + (analysis.graph.notes.isEmpty
        ? ""
        : "<details><summary>\(analysis.graph.notes.count) notes</summary><ul class=\"evidence\">"
          + analysis.graph.notes.prefix(200).map {
            "<li>\(escape($0.message)) <span class=\"at\">\(escape($0.place?.description ?? ""))</span></li>"
          }.joined() + "</ul></details>")
      + "</section>"
  }
}

/// Names of nodes as people write them.
package enum HTMLNames {
  package static func short(_ node: ProductNode) -> String {
    switch node.content {
    case .route(let route):
      route.form == .action
        ? route.path.split(separator: "#").last.map { "\($0)()" } ?? route.path
        : route.form == .page ? route.path : "\(route.method) \(route.path)"
    case .table(let table): table.table.name
    default: node.id.split(separator: "#").last.map(String.init) ?? node.id
    }
  }
}
