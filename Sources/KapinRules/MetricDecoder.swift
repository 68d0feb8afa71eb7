import KapinBase
import KapinModel

/// Rules of kind `metric`.
struct MetricDecoder {
  private let context: RuleContext
  init(_ context: RuleContext) { self.context = context }

  func decode(_ fields: inout RuleFields, _ info: RuleInfo) -> MetricRule {
    let feature = context.required(fields.take("feature"), "feature", in: fields)
    let question = context.required(fields.take("question"), "question", in: fields)
    let description = context.required(fields.take("description"), "description", in: fields)
    let decision = context.required(fields.take("decision"), "decision", in: fields)
    let type = context.choice(fields.take("type"), "`type`", MetricType.self) ?? .count
    let grain = context.text(fields.take("grain"), "`grain`") ?? "day"
    let caveats = context.texts(fields.take("caveats"), "`caveats`")
    let sources = context.items(fields.take("sources"), "`sources`").compactMap(source)
    if sources.isEmpty {
      context.problems.append(Diagnostic(.badRule, .error, "`sources` is missing", at: fields.place))
    }
    return MetricRule(
      info: info, feature: feature, question: question, description: description, decision: decision, type: type,
      grain: grain, caveats: caveats, sources: sources)
  }

  private func source(_ node: RuleNode) -> MetricSource? {
    guard var fields = RuleFields(node, in: context, what: "a source") else { return nil }
    defer { fields.finish(context) }
    var tables: [(name: String, pattern: TablePattern)] = []
    if let mapping = RuleFields(fields.take("tables"), in: context, what: "`tables`") {
      for (key, value) in mapping.node {
        if let pattern = table(value) { tables.append((key.string ?? "", pattern)) }
      }
    }
    var roles: [(name: String, pattern: RolePattern)] = []
    if let mapping = RuleFields(fields.take("roles"), in: context, what: "`roles`") {
      for (key, value) in mapping.node {
        if let pattern = role(value, tables.map(\.name)) { roles.append((key.string ?? "", pattern)) }
      }
    }
    let event = event(fields.take("event"))
    let sqlNode = fields.take("sql")
    let text = context.required(sqlNode, "sql", in: fields)
    var names = Set(tables.map(\.name) + roles.map(\.name))
    if event != nil { names.formUnion(["events", "event", "occurred_at", "actor"]) }
    let template: Template
    switch TemplateReader.read(text, names: names) {
    case .success(let read): template = read
    case .failure(let problem):
      context.fail(problem.message, at: sqlNode, help: problem.help)
      return nil
    }
    return MetricSource(tables: tables, roles: roles, event: event, sql: template)
  }

  private func table(_ node: RuleNode) -> TablePattern? {
    guard var fields = RuleFields(node, in: context, what: "a table") else { return nil }
    defer { fields.finish(context) }
    let words = context.phrases(fields.take("words"), "`words`")
    var pattern = TablePattern(words: words, without: context.phrases(fields.take("without"), "`without`"))
    pattern.capture = context.text(fields.take("capture"), "`capture`")
    if words.isEmpty == (pattern.capture == nil) { context.fail("a table needs `words`, or `capture`", at: node) }
    return pattern
  }

  private func role(_ node: RuleNode, _ tables: [String]) -> RolePattern? {
    guard var fields = RuleFields(node, in: context, what: "a role") else { return nil }
    defer { fields.finish(context) }
    let ofNode = fields.take("of")
    let table = context.text(ofNode, "`of`") ?? tables.first ?? ""
    if !tables.contains(table) {
      context.fail("there is no table `\(table)` in this source", at: ofNode ?? node)
    }
    var choices: [RolePattern.Choice] = []
    let column = fields.take("column")
    if context.texts(column, "`column`") == ["primary"] {
      choices.append(.primaryKey)
    } else if column != nil {
      choices.append(.words(context.phrases(column, "`column`")))
    }
    if let target = fields.take("references") {
      if let name = target.string, tables.contains(name) {
        choices.insert(.reference(table: name, words: []), at: 0)
      } else {
        choices.insert(.reference(table: nil, words: context.phrases(target, "`references`")), at: 0)
      }
    }
    if choices.isEmpty { context.fail("a role needs `column` or `references`", at: node) }
    let shape = context.choice(fields.take("type"), "`type`", RolePattern.Shape.self) ?? .any
    let isOptional = context.text(fields.take("optional"), "`optional`") == "true"
    return RolePattern(table: table, choices: choices, shape: shape, isOptional: isOptional)
  }

  private func write(_ node: RuleNode) -> WritePattern? {
    guard var fields = RuleFields(node, in: context, what: "`write`") else { return nil }
    defer { fields.finish(context) }
    let words = context.phrases(fields.take("words"), "`words`")
    let without = context.phrases(fields.take("without"), "`without`")
    let verbs = context.texts(fields.take("verb"), "`verb`").compactMap { AccessVerb(rawValue: $0) }
    return WritePattern(
      table: TablePattern(words: words, without: without), verbs: verbs.isEmpty ? [.create] : verbs,
      columns: context.phrases(fields.take("columns"), "`columns`"), inside: context.phrases(fields.take("in"), "`in`"))
  }

  private func event(_ node: RuleNode?) -> EventPattern? {
    guard var fields = RuleFields(node, in: context, what: "an event") else { return nil }
    defer { fields.finish(context) }
    let name = context.required(fields.take("name"), "name", in: fields)
    var actors = context.phrases(fields.take("actor"), "`actor`")
    if actors.isEmpty {
      actors = [
        ["session", "user", "id"], ["user", "id"], ["account", "id"], ["member", "id"], ["session", "user", "email"],
      ]
    }
    var anchors: [EventPattern.Anchor] = []
    for item in context.items(fields.take("at"), "`at`") {
      guard var anchor = RuleFields(item, in: context, what: "an anchor") else { continue }
      if let body = anchor.take("write"), let write = write(body) { anchors.append(.write(write)) }
      if let body = anchor.take("together") {
        let writes = context.items(body, "`together`").compactMap { write($0) }
        if writes.count < 2 { context.fail("`together` needs at least two writes", at: body) }
        anchors.append(.together(writes))
      }
      if let body = anchor.take("route"), var inner = RuleFields(body, in: context, what: "the anchor `route`") {
        let forms = context.texts(inner.take("type"), "`type`").compactMap { RouteForm(rawValue: $0) }
        anchors.append(
          .route(
            words: context.phrases(inner.take("words"), "`words`"),
            without: context.phrases(inner.take("without"), "`without`"),
            methods: context.texts(inner.take("method"), "`method`"), forms: forms))
        inner.finish(context)
      }
      if let body = anchor.take("function"), var inner = RuleFields(body, in: context, what: "`function`") {
        anchors.append(.function(words: context.phrases(inner.take("named"), "`named`")))
        inner.finish(context)
      }
      if let body = anchor.take("call"), var inner = RuleFields(body, in: context, what: "`call`") {
        let package = context.required(inner.take("package"), "package", in: inner)
        anchors.append(.call(package: package, names: context.texts(inner.take("named"), "`named`")))
        inner.finish(context)
      }
      anchor.finish(context)
    }
    if anchors.isEmpty { context.fail("an event needs `at`: where it happens", at: node) }
    return EventPattern(name: name, anchors: anchors, actors: actors)
  }
}
