import KapinBase
import KapinModel
import Yams

/// Rules that find: kinds framework, schema, client, analytics.
struct FinderDecoder {
  private let context: RuleContext
  private let values: ValueDecoder

  init(_ context: RuleContext) {
    self.context = context
    values = ValueDecoder(context)
  }

  func decode(_ fields: inout RuleFields, _ info: RuleInfo) -> FinderRule {
    var dependencies: [String] = []
    if var when = RuleFields(fields.take("when"), in: context, what: "`when`") {
      dependencies = context.texts(when.take("dependency"), "`dependency`")
      when.finish(context)
    }
    var named: [String: ValuePattern] = [:]
    let valuesNode = fields.take("values")
    if let mapping = RuleFields(valuesNode, in: context, what: "`values`") {
      values.names = Set(mapping.node.map { $0.key.string ?? "" })
      for (key, node) in mapping.node { named[key.string ?? ""] = values.pattern(node) }
    }
    let emits = context.items(fields.take("emit"), "`emit`").compactMap(emit)
    let capture = self.capture(fields.take("capture"))
    return FinderRule(info: info, dependencies: dependencies, values: named, emits: emits, capture: capture)
  }

  private static let clauses = ["route", "mount", "guard", "access", "sql", "request", "navigate", "schema"]

  private func emit(_ node: Node) -> Emit? {
    guard let fields = RuleFields(node, in: context, what: "an entry of `emit`") else { return nil }
    guard fields.node.count == 1, let (key, body) = fields.node.first.map({ ($0.key, $0.value) }) else {
      context.fail(
        "an entry of `emit` has exactly one key", at: node, help: "one of: \(Self.clauses.joined(separator: ", "))")
      return nil
    }
    let name = key.string ?? ""
    guard var clause = RuleFields(body, in: context, what: "`\(name)`") else { return nil }
    let result: Emit?
    switch name {
    case "route": result = route(&clause)
    case "mount":
      result = .mount(
        call(&clause),
        prefix: argument(clause.take("prefix"), otherwise: ArgumentPattern(position: .index(0), fallback: "/")),
        target: argument(clause.take("target"), otherwise: ArgumentPattern(position: .any)))
    case "guard":
      result = .guardian(
        call(&clause),
        prefix: argument(clause.take("prefix"), otherwise: ArgumentPattern(position: .index(0), fallback: "/")))
    case "access": result = access(&clause)
    case "sql":
      result = .query(
        call(&clause), text: argument(clause.take("text"), otherwise: ArgumentPattern(position: .index(0))))
    case "request", "navigate": result = request(&clause, navigates: name == "navigate")
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

  private func call(_ clause: inout RuleFields) -> CallPattern {
    let on = clause.take("on").flatMap(values.pattern)
    let methods = context.texts(clause.take("method"), "`method`")
    let direct = clause.take("call").flatMap(values.pattern)
    let minimum = context.integer(clause.take("arguments"), "`arguments`") ?? 0
    if on == nil, direct == nil {
      context.problems.append(
        Diagnostic(.badRule, .error, "which calls? give `on` with `method`, or `call`", at: clause.place))
    }
    return CallPattern(on: on, methods: methods, call: direct, minimumArguments: minimum)
  }

  private func argument(_ node: Node?, otherwise: ArgumentPattern) -> ArgumentPattern {
    guard let node else { return otherwise }
    guard var fields = RuleFields(node, in: context, what: "an argument") else { return otherwise }
    var pattern = ArgumentPattern(position: .index(0))
    let position = fields.take("arg")
    if let number = position?.int {
      pattern.position = .index(number)
    } else if let word = position?.string {
      switch word {
      case "last": pattern.position = .last
      case "any": pattern.position = .any
      default: context.fail("`arg` is a number, `last` or `any`", at: position)
      }
    }
    pattern.key = context.text(fields.take("key"), "`key`")
    pattern.fallback = context.text(fields.take("else"), "`else`")
    pattern.value = fields.take("is").flatMap(values.pattern)
    pattern.chain = context.text(fields.take("chain"), "`chain`")
    fields.finish(context)
    return pattern
  }

  private func route(_ clause: inout RuleFields) -> Emit? {
    let form = context.choice(clause.take("type"), "`type`", RouteForm.self) ?? .endpoint
    if let directive = context.text(clause.take("directive"), "`directive`") {
      let method = context.text(clause.take("verb"), "`verb`") ?? "ACTION"
      return .directiveRoute(directive: directive, form: form, method: method)
    }
    if let files = clause.take("files") { return fileRoute(files, &clause, form) }
    let call = call(&clause)
    var verbs: [String: String] = [:]
    if let mapping = RuleFields(clause.take("verbs"), in: context, what: "`verbs`") {
      for (key, value) in mapping.node { verbs[key.string ?? ""] = value.string ?? "" }
    }
    return .callRoute(
      CallRoute(
        call: call, verbs: verbs, verb: context.text(clause.take("verb"), "`verb`"),
        path: argument(clause.take("path"), otherwise: ArgumentPattern(position: .index(0))),
        handler: argument(clause.take("handler"), otherwise: ArgumentPattern(position: .last)), form: form))
  }

  private func fileRoute(_ files: Node, _ clause: inout RuleFields, _ form: RouteForm) -> Emit {
    var segments: [SegmentRewrite] = []
    if let mapping = RuleFields(clause.take("segments"), in: context, what: "`segments`") {
      for (key, value) in mapping.node {
        let pattern = key.string ?? ""
        guard let star = pattern.firstIndex(of: "*") else {
          context.fail("a segment pattern has one `*`", at: key)
          continue
        }
        let text = value.string ?? ""
        segments.append(
          SegmentRewrite(
            before: String(pattern[..<star]), after: String(pattern[pattern.index(after: star)...]),
            result: text == "skip" ? nil : text))
      }
    }
    let leaf = context.text(clause.take("leaf"), "`leaf`") ?? "keep"
    return .fileRoute(
      FileRoute(
        files: context.globs(files, "`files`"), except: context.globs(clause.take("except"), "`except`"),
        bases: context.texts(clause.take("base"), "`base`"), dropsLeaf: leaf == "drop",
        indexNames: context.texts(clause.take("index"), "`index`"), segments: segments,
        prefix: context.text(clause.take("prefix"), "`prefix`") ?? "",
        exports: context.texts(clause.take("exports"), "`exports`"), form: form,
        method: context.text(clause.take("verb"), "`verb`") ?? (form == .page ? "PAGE" : "ANY"),
        handler: context.texts(clause.take("handler"), "`handler`"),
        loaders: context.texts(clause.take("loader"), "`loader`")))
  }

  private func access(_ clause: inout RuleFields) -> Emit? {
    guard let on = clause.take("on").flatMap(values.pattern) else {
      context.problems.append(Diagnostic(.badRule, .error, "`on` is missing", at: clause.place))
      return nil
    }
    var verbs: [String: AccessVerb] = [:]
    if let mapping = RuleFields(clause.take("verbs"), in: context, what: "`verbs`") {
      for (key, value) in mapping.node {
        guard let verb = context.choice(key, "a verb", AccessVerb.self) else { continue }
        for name in context.texts(value, "`verbs`") { verbs[name] = verb }
      }
    }
    return .access(AccessPattern(on: on, verbs: verbs))
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
    let call = call(&clause)
    let verb = clause.take("verb").map { argument($0, otherwise: ArgumentPattern(position: .index(1))) }
    let path = argument(clause.take("path"), otherwise: ArgumentPattern(position: .index(0)))
    let base = context.text(clause.take("base"), "`base`")
    return .request(call, method: verb, path: path, base: base, navigates: navigates)
  }

  private func capture(_ node: Node?) -> CaptureTemplate? {
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
