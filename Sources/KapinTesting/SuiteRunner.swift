import KapinBase
import KapinEngine
package import KapinModel
import KapinProduct
package import KapinRules
import KapinRun

/// Runs a rule's suite: what is expected must be found, and what is found must be expected.
package enum SuiteRunner {
  package struct Outcome: Sendable {
    package var test: Suite.Test
    package var missing: [Suite.Expectation]
    package var unexpected: [Suite.Expectation]
    package var found: [Suite.Expectation]
    package var passed: Bool { missing.isEmpty && unexpected.isEmpty }
  }

  package static func run(_ suite: Suite, _ program: RuleProgram) -> [Outcome] {
    suite.tests.map { run($0, suite.ruleID, program) }
  }

  package static func run(_ test: Suite.Test, _ rule: String, _ program: RuleProgram) -> Outcome {
    let files = Dictionary(test.files.map { ($0.path, $0.text) }, uniquingKeysWith: { _, b in b })
    let analysis = AnalysisRun([MemoryTree(files)], program, RunControl(jobs: 1), proves: false).run()
    let found = SuiteFindings.of(rule, analysis)
    let expected = Set(test.expectations), actual = Set(found)
    return Outcome(
      test: test, missing: test.expectations.filter { !actual.contains($0) },
      unexpected: found.filter { !expected.contains($0) }, found: found)
  }

  /// The suite's text with expectations replaced by what was found.
  package static func updated(_ suite: Suite, _ outcomes: [Outcome]) -> String {
    var lines = suite.lines
    // From the end, because `expect` blocks change the number of lines.
    for outcome in outcomes.reversed() {
      var rest = outcome.found
      for file in outcome.test.files where file.takesComments {
        let count = file.text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
        for offset in 0..<count {
          let texts = rest.filter { $0.path == file.path && $0.line == offset + 1 }.map(\.text)
          let code = SuiteReader.split(lines[file.firstLine + offset]).code
          lines[file.firstLine + offset] =
            texts.isEmpty ? code : "\(code) \(SuiteReader.mark) \(texts.joined(separator: " | "))"
        }
        rest.removeAll { $0.path == file.path }
      }
      let block = rest.map(\.description)
      if let range = outcome.test.expectLines {
        if block.isEmpty {
          // The fence goes too, and one empty line in front of it.
          let start = range.lowerBound - 1
          lines.removeSubrange(start...range.upperBound)
          if start > 0, start < lines.count, lines[start - 1].isEmpty, lines[start].isEmpty { lines.remove(at: start) }
        } else {
          lines.replaceSubrange(range, with: block)
        }
      } else if !block.isEmpty, let last = outcome.test.files.last {
        let end = last.firstLine + last.text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
        lines.insert(contentsOf: ["", "```expect"] + block + ["```"], at: end + 1)
      }
    }
    return lines.joined(separator: "\n")
  }
}

/// What one rule says about a repository, as lines of a suite.
package enum SuiteFindings {
  /// Whether a rule says how a library describes what routes take.
  private static func describesShapes(_ rule: String, _ program: RuleProgram) -> Bool {
    program.finders.first { $0.info.id == rule }?.emits.contains { if case .shape = $0 { true } else { false } }
      ?? false
  }

  /// What a rule says that routes are.
  private static func marks(_ rule: String, _ program: RuleProgram) -> Set<RouteForm> {
    let emits = program.finders.first { $0.info.id == rule }?.emits ?? []
    return Set(emits.compactMap { if case .mark(_, let form) = $0 { form } else { nil } })
  }

  private static func inputs(_ route: Route, _ add: (String) -> Void) {
    for input in route.parameters where input.place != .path {
      let type = input.type.map { ": \($0)" } ?? ""
      add("\(input.place.rawValue) \(input.name)\(input.required ? "" : "?")\(type) of \(route.method) \(route.path)")
    }
  }

  /// ` by <name>` when a named symbol handles the route.
  private static func handler(of node: ProductNode, _ graph: ProductGraph) -> String {
    guard let id = graph.node(id: node.id),
      let edge = graph.edges.last(where: { $0.kind == .handles && $0.from == id })
    else { return "" }
    let target = graph.nodes[edge.to].id
    guard let mark = target.firstIndex(of: "#"), !target[mark...].hasPrefix("#<") else { return "" }
    return " by " + target[target.index(after: mark)...]
  }

  /// ` (email, name)`: what an edge lists under a key.
  private static func texts(_ key: String, _ edge: ProductEdge) -> String {
    for case (key, .texts(let all)) in edge.fields where !all.isEmpty { return " (\(all.joined(separator: ", ")))" }
    return ""
  }

  package static func of(_ rule: String, _ analysis: Analysis) -> [Suite.Expectation] {
    var found: [Suite.Expectation] = []
    func add(_ place: Place?, _ text: String) {
      let row = Suite.Expectation(path: place?.path, line: place?.position?.line, text: text)
      if !found.contains(row) { found.append(row) }
    }
    let graph = analysis.graph
    for node in graph.nodes where node.origin?.rule == rule {
      switch node.content {
      case .route(let route):
        add(node.origin?.place, "route \(route.method) \(route.path)" + handler(of: node, graph))
        if !route.locales.isEmpty {
          add(
            node.origin?.place,
            "locales \(route.locales.joined(separator: ", ")) of \(route.method) \(route.path)")
        }
        if let host = route.host { add(node.origin?.place, "host \(host) of \(route.method) \(route.path)") }
        inputs(route) { add(node.origin?.place, $0) }
      case .table(let table):
        let columns = table.table.columns.map { "\($0.name)\($0.nullable ? "?" : "") \($0.type)" }
        let provider = table.provider.map { " [\($0)]" } ?? ""
        add(
          node.origin?.place,
          "table \(table.table.name)\(provider)" + (columns.isEmpty ? "" : ": \(columns.joined(separator: ", "))"))
      default: break
      }
    }
    for node in graph.nodes {
      if case .symbol(let symbol, true) = node.content, graph.componentFrameworks[symbol.module] == rule {
        add(node.origin?.place, "component \(node.id.split(separator: "#").last ?? "")")
      }
    }
    if describesShapes(rule, analysis.program) {
      for node in graph.nodes {
        if case .route(let route) = node.content { inputs(route) { add(node.origin?.place, $0) } }
      }
    }
    for form in marks(rule, analysis.program) {
      for node in graph.nodes {
        if case .route(let route) = node.content, route.form == form {
          add(node.origin?.place, "\(form.rawValue) \(route.method) \(route.path)")
        }
      }
    }
    // Of what is written in several ways at once, the ways.
    var written: [Write: Set<String>] = [:]
    for edge in graph.edges where edge.kind == .writes {
      if let verb = edge.text("verb") { written[Write(edge), default: []].insert(verb) }
    }
    for edge in graph.edges where edge.rule == rule {
      let target = graph.nodes[edge.to]
      switch edge.kind {
      case .reads, .writes:
        let verbs = edge.kind == .writes ? written[Write(edge), default: []] : []
        let by = verbs.count > 1 ? " by \(verbs.sortedByBytes().joined(separator: " and "))" : ""
        add(
          edge.at, "\(edge.kind.rawValue) \(target.id.split(separator: ":").last ?? "")\(texts("columns", edge))\(by)")
      case .emits:
        add(edge.at, "emits \(target.id.drop { $0 != ":" }.dropFirst())\(texts("properties", edge))")
      case .requests, .navigates:
        if case .route(let route) = target.content {
          add(edge.at, "\(edge.kind.rawValue) \(route.method) \(route.path)")
        }
      case .calls: add(edge.at, "calls \(target.id.split(separator: "#").last ?? "")")
      case .triggers: add(edge.at, "triggers \(target.id.split(separator: "#").last ?? "")")
      case .renders: add(edge.at, "renders \(target.id.drop { $0 != ":" }.dropFirst())")
      case .imports: add(edge.at, "import \(target.id.drop { $0 != ":" }.dropFirst())")
      case .guards:
        if case .route(let route) = graph.nodes[edge.from].content {
          let name = edge.text("name") ?? String(target.id.split(separator: "#").last ?? "")
          add(edge.at, "guard \(name) of \(route.method) \(route.path)")
        }
      default: break
      }
    }
    let isForEach = analysis.program.features.contains { $0.info.id == rule && $0.each != nil }
    let capture = analysis.program.finders.first { $0.info.id == rule }?.capture
    for client in graph.clients where client.rule == rule {
      let schema = capture?.schema == nil ? "" : " with a schema"
      add(
        Place(graph.code.modules[client.module].path, line: 1, column: 1),
        "stores events by \(client.localName) (\(capture?.schemaLanguage.rawValue ?? "")\(schema))")
    }
    for feature in analysis.features where feature.rule == rule {
      add(nil, "feature \(feature.id)" + (isForEach ? ": \(feature.title)" : ""))
      if isForEach {
        for capability in feature.capabilities { add(nil, "capability \(feature.id): \(capability.name)") }
      }
      for (name, node) in feature.captures.sorted(by: { $0.key.precedes($1.key) }) {
        add(nil, "capture \(name) \(graph.nodes[node].id)")
      }
      for evidence in feature.evidence { add(evidence.place, evidence.says) }
      for evidence in feature.against { add(evidence.place, "against: \(evidence.says)") }
    }
    for metric in analysis.metrics where metric.id == rule {
      let roles = metric.roles.map { " \($0.name)=\($0.table).\($0.column)" }.joined()
      add(nil, "metric \(metric.id) \(metric.verdict.rawValue)\(roles)")
      if let event = metric.event { add(event.place, "event \(event.name) by \(event.actor ?? "nobody")") }
    }
    if let people = analysis.program.people.first(where: { $0.info.id == rule }) {
      for (group, routes) in FeatureSurroundings(graph, [people]).routes() {
        for route in routes { add(nil, "people \(group): \(route)") }
      }
    }
    if let generated = analysis.program.generated.first(where: { $0.id == rule }) {
      for module in graph.code.modules where generated.isProse(module.path) { add(nil, "prose \(module.path)") }
      for row in ProductTranslations(graph, [generated]).all {
        add(nil, "translation \(row.place.path):\(row.place.position?.line ?? 0) \(row.text)")
      }
      if !generated.documents.isEmpty {
        for item in graph.documented { add(item.place, "lists \(item.lead)") }
      }
      for package in ProductSites(graph, [generated]).packages.sorted() {
        add(nil, "site \(graph.code.packages[package].folder)")
      }
      for file in graph.coverage.skipped where file.reason == .generated { add(nil, "generated \(file.path)") }
    }
    return found
  }
}

/// A place that writes a table.
private struct Write: Hashable {
  var at: String
  var from: NodeID
  var to: NodeID
  init(_ edge: ProductEdge) {
    at = edge.at?.description ?? ""
    (from, to) = (edge.from, edge.to)
  }
}
