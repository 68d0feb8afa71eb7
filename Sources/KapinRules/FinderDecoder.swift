import KapinBase
import KapinModel

/// Rules that find: kinds framework, schema, client, analytics.
struct FinderDecoder {
  private let context: RuleContext
  private let values: ValueDecoder

  init(_ context: RuleContext) {
    self.context = context
    values = ValueDecoder(context)
  }

  func decode(_ fields: inout RuleFields, _ info: RuleInfo) -> FinderRule {
    let when = condition(fields.take("when"), context)
    var named: [String: ValuePattern] = [:]
    let valuesNode = fields.take("values")
    if let mapping = RuleFields(valuesNode, in: context, what: "`values`") {
      values.names = Set(mapping.node.map { $0.key.string ?? "" })
      for (key, node) in mapping.node { named[key.string ?? ""] = values.pattern(node) }
    }
    let emits = context.items(fields.take("emit"), "`emit`").compactMap(emit)
    let capture = self.capture(fields.take("capture"))
    var rule = FinderRule(info: info, when: when, values: named, emits: emits, capture: capture)
    // What looks at the exports of packages only counts where they are.
    if rule.when.isEmpty { rule.when.dependencies = PatternRoots.packages(rule) }
    return rule
  }

  private static let clauses = [
    "route", "table", "entries", "controller", "modules", "mount", "expand", "base", "guard", "mark", "config",
    "components", "shape",
    "resolvers", "model", "handle", "change", "access", "relation", "runs", "sql", "request",
    "navigate", "proxy", "document", "event", "schema",
  ]

  private func emit(_ node: RuleNode) -> Emit? {
    guard let fields = RuleFields(node, in: context, what: "an entry of `emit`") else { return nil }
    guard fields.node.pairs.count == 1, let (key, body) = fields.node.pairs.first.map({ ($0.key, $0.value) }) else {
      context.fail(
        "an entry of `emit` has exactly one key", at: node, help: "one of: \(Self.clauses.joined(separator: ", "))")
      return nil
    }
    let name = key.string ?? ""
    guard var clause = RuleFields(body, in: context, what: "`\(name)`") else { return nil }
    let routes = RouteDecoder(context, values)
    let result: Emit?
    switch name {
    case "route": result = routes.route(&clause)
    case "table": result = routes.table(&clause)
    case "entries": result = routes.entries(&clause)
    case "controller": result = routes.controller(&clause)
    case "modules": result = routes.modules(&clause)
    case "mount": result = routes.mount(&clause)
    case "expand": result = routes.expand(&clause)
    case "base": result = routes.base(&clause)
    case "config": result = routes.config(&clause)
    case "shape": result = routes.shape(&clause)
    case "components": result = routes.components(&clause)
    case "resolvers": result = .resolvers(context.pairs(clause.take("roots"), "`roots`").map { ($0.key, $0.value) })
    case "mark":
      let form = context.choice(clause.take("type"), "`type`", RouteForm.self) ?? .webhook
      result = .mark(values.call(&clause), form: form)
    case "guard" where clause.node["files"] != nil:
      result = .fileGuard(
        FileGuard(
          files: context.globs(clause.take("files"), "`files`"),
          handler: context.texts(clause.take("handler"), "`handler`"),
          paths: values.keys(clause.take("paths"), "`paths`").first,
          form: context.choice(clause.take("type"), "`type`", RouteForm.self),
          isNamed: context.flag(clause.take("named"), "`named`")))
    case "guard": result = routes.guardian(&clause)
    case "model": result = ModelDecoder(context, values).model(&clause)
    case "change": result = ModelDecoder(context, values).change(&clause)
    case "handle": result = ModelDecoder(context, values).handle(&clause)
    case "access": result = ModelDecoder(context, values).access(&clause)
    case "relation": result = ModelDecoder(context, values).relation(&clause)
    case "runs":
      let call = values.call(&clause)
      let object = values.argument(clause.take("object"))
      result = .runs(
        RunsClause(call: call, object: object, members: context.texts(clause.take("members"), "`members`")))
    case "sql":
      let call = values.call(&clause)
      result = .query(
        call, text: values.argument(clause.take("text")), runs: context.texts(clause.take("runs"), "`runs`"))
    case "request", "navigate": result = request(&clause, navigates: name == "navigate")
    case "proxy": result = proxy(&clause)
    case "document": result = .document(values.call(&clause), document: values.argument(clause.take("document")))
    case "event":
      let call = values.call(&clause)
      let name = values.argument(clause.take("name"))
      let properties = clause.take("properties").map { values.argument($0) }
      result = .event(EventClause(call: call, name: name, properties: properties))
    case "schema" where clause.take("text") != nil:
      let language = context.choice(clause.take("language"), "`language`", SchemaLanguage.self) ?? .graphql
      let text = values.argument(clause.take("text"))
      result = .schemaText(values.call(&clause), text: text, language: language)
    case "schema":
      let language = context.choice(clause.take("language"), "`language`", SchemaLanguage.self)
      let files = context.globs(clause.take("files"), "`files`")
      let except = context.globs(clause.take("except"), "`except`")
      result = language.map { .schema($0, files: files, except: except) }
    default:
      let nearest = Similarity.nearest(name, in: Self.clauses).map { "did you mean `\($0)`?" }
      context.fail(
        "unknown clause `\(name)`", at: key, help: nearest ?? "one of: \(Self.clauses.joined(separator: ", "))")
      return nil
    }
    clause.finish(context)
    return result
  }

  private func request(_ clause: inout RuleFields, navigates: Bool) -> Emit? {
    if let attribute = context.text(clause.take("attribute"), "`attribute`") {
      let element = clause.take("element").flatMap(values.pattern)
      let tag = context.text(clause.take("tag"), "`tag`")
      if element == nil, tag == nil {
        context.problems.append(
          Diagnostic(.badRule, .error, "which element? give `element` or `tag`", at: clause.place))
      }
      return .link(element: element, tag: tag, attribute: attribute)
    }
    let call = values.call(&clause)
    let verb = clause.take("verb").map { values.argument($0) }
    let paths = clause.take("path").map { values.arguments($0) } ?? [ArgumentPattern()]
    let base = context.text(clause.take("base"), "`base`")
    var request = RequestClause(call: call, method: verb, path: paths, base: base, navigates: navigates)
    request.isRelative = context.flag(clause.take("relative"), "`relative`")
    return .request(request)
  }

  private func proxy(_ clause: inout RuleFields) -> Emit? {
    guard let root = clause.take("root").flatMap(values.pattern) else {
      context.problems.append(Diagnostic(.badRule, .error, "`root` is missing", at: clause.place))
      return nil
    }
    var calls: [String: String] = [:]
    if let mapping = RuleFields(clause.take("calls"), in: context, what: "`calls`") {
      for (key, value) in mapping.node {
        for name in context.texts(value, "`calls`") { calls[name] = key.string ?? "" }
      }
    }
    var proxy = ProxyClause(
      root: root, calls: calls, ignored: context.texts(clause.take("ignored"), "`ignored`"),
      joiner: context.text(clause.take("joiner"), "`joiner`") ?? "/")
    proxy.method = context.text(clause.take("verb"), "`verb`") ?? proxy.method
    proxy.contract = clause.take("contract").map { values.argument($0) }
    return .proxy(proxy)
  }

  private func capture(_ node: RuleNode?) -> CaptureTemplate? {
    guard var fields = RuleFields(node, in: context, what: "`capture`") else { return nil }
    let client = fields.take("client").flatMap(values.pattern)
    let statement = context.required(fields.take("statement"), "statement", in: fields)
    let schema = context.text(fields.take("schema"), "`schema`")
    let language = context.choice(fields.take("language"), "`language`", SchemaLanguage.self) ?? .sql
    let path = context.required(fields.take("migration"), "migration", in: fields)
    let apply = context.required(fields.take("apply"), "apply", in: fields)
    fields.finish(context)
    return client.map {
      CaptureTemplate(
        client: $0, statement: statement, schema: schema, schemaLanguage: language, migrationPath: path, apply: apply)
    }
  }
}

/// `when`: where a rule counts.
func condition(_ node: RuleNode?, _ context: RuleContext) -> RuleCondition {
  guard var when = RuleFields(node, in: context, what: "`when`") else { return RuleCondition() }
  let condition = RuleCondition(
    dependencies: context.texts(when.take("dependency"), "`dependency`").sortedByBytes(),
    files: context.texts(when.take("file"), "`file`"))
  when.finish(context)
  return condition
}
