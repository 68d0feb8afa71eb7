import KapinBase
import KapinModel

/// What must hold of the product graph, as feature rules say it.
final class ConditionDecoder {
  private let context: RuleContext
  private let isForEach: Bool
  /// What messages may name: what matched, captures, and the resource.
  private(set) var names: Set<String>

  init(_ context: RuleContext, isForEach: Bool) {
    self.context = context
    self.isForEach = isForEach
    names = isForEach ? ["name", "resource", "resources", "Resource", "Resources"] : ["name"]
  }

  private static let subjects = [
    "route", "table", "component", "symbol", "package", "env", "text", "call", "write", "event", "module", "menu",
    "kind", "document", "file", "column",
  ]
  private static let groups = ["all", "any", "not"]

  /// The one condition that a mapping states.
  func condition(_ fields: inout RuleFields) -> (GraphCondition, Position)? {
    var found: (GraphCondition, Position)?
    for name in Self.subjects + Self.groups {
      guard let body = fields.take(name) else { continue }
      let at = context.place(body).position ?? Position(line: 1, column: 1)
      guard found == nil else {
        context.fail("a signal has one condition", at: body, help: "put several under `all` or `any`")
        return nil
      }
      guard let condition = condition(name, body) else { return nil }
      found = (condition, at)
    }
    if found == nil {
      context.problems.append(
        Diagnostic(
          .badRule, .error, "a signal needs one of: \((Self.subjects + Self.groups).joined(separator: ", "))",
          at: fields.place))
    }
    return found
  }

  private func condition(_ name: String, _ body: RuleNode) -> GraphCondition? {
    switch name {
    case "all", "any":
      let inner = context.items(body, "`\(name)`").compactMap(condition)
      guard !inner.isEmpty else { return nil }
      if name == "any" { return .any(inner) }
      let isPositive = inner.contains { if case .not = $0 { false } else { true } }
      if !isPositive { context.fail("`all` needs something that is there", at: body, help: "not only `not`") }
      return .all(inner)
    case "not": return condition(body).map { .not($0) }
    default: return pattern(name, body).map { .node($0) }
    }
  }

  private func condition(_ node: RuleNode) -> GraphCondition? {
    guard var fields = RuleFields(node, in: context, what: "a condition") else { return nil }
    defer { fields.finish(context) }
    return condition(&fields)?.0
  }

  private func phrases(_ node: RuleNode?, _ what: String) -> [[String]] {
    context.texts(node, what).map { text -> [String] in
      guard isForEach, text.contains("$resource") else { return Words.split(text) }
      return text.split(separator: " ").flatMap { $0 == "$resource" ? ["$resource"] : Words.split(String($0)) }
    }.filter { !$0.isEmpty }
  }

  private func pattern(_ name: String, _ body: RuleNode) -> NodePattern? {
    let at = context.place(body).position ?? Position(line: 1, column: 1)
    if name == "package", body.mapping == nil {
      let names = context.texts(body, "`package`").map { [$0] }
      return NodePattern(subject: .package, words: names, without: [], line: at)
    }
    guard var fields = RuleFields(body, in: context, what: "the signal `\(name)`") else { return nil }
    defer { fields.finish(context) }
    if name == "call" {
      let package = context.required(fields.take("package"), "package", in: fields)
      let paths = context.texts(fields.take("named"), "`named`").map { [$0] }
      return NodePattern(subject: .call(package: package), words: paths, without: [], line: at)
    }
    if name == "package" {
      let names = context.texts(fields.take("named"), "`named`").map { [$0] }
      var pattern = NodePattern(subject: .package, words: names, without: [], line: at)
      finish(&pattern, &fields)
      return pattern
    }
    let words = phrases(fields.take("words"), "`words`")
    let exact = phrases(fields.take("named"), "`named`")
    let ends = phrases(fields.take("ends"), "`ends`")
    if [words, exact, ends].filter({ !$0.isEmpty }).count > 1 {
      context.fail("`words`, `named` and `ends` exclude each other", at: body)
    }
    var pattern = NodePattern(
      subject: subject(name, &fields), words: words + exact + ends,
      without: phrases(fields.take("without"), "`without`"), line: at)
    pattern.isExact = !exact.isEmpty
    pattern.isEnd = !ends.isEmpty
    relations(&pattern, &fields)
    finish(&pattern, &fields)
    if pattern.words.isEmpty, pattern.relations.isEmpty, name != "route" {
      context.fail("`\(name)` needs `words`, `named` or `ends`", at: body)
    }
    return pattern
  }

  private func finish(_ pattern: inout NodePattern, _ fields: inout RuleFields) {
    let count = fields.take("count")
    pattern.count = context.integer(count, "`count`") ?? 1
    if pattern.count < 1 { context.fail("`count` is 1 or more", at: count, help: "`not` says that nothing is there") }
    let capture = fields.take("as")
    pattern.capture = context.text(capture, "`as`")
    if let name = pattern.capture { names.insert(name) }
  }

  private func subject(_ name: String, _ fields: inout RuleFields) -> NodePattern.Subject {
    switch name {
    case "route":
      let methods = context.texts(fields.take("method"), "`method`")
      let forms = context.choices(fields.take("type"), "`type`", RouteForm.self)
      return .route(methods: methods, forms: forms)
    case "table": return .table(columns: phrases(fields.take("columns"), "`columns`"))
    case "write":
      let verbs = context.choices(fields.take("verb"), "`verb`", AccessVerb.self)
      return .write(verbs: verbs.isEmpty ? [.create] : verbs)
    case "component": return .component
    case "symbol": return .symbol
    case "env": return .environment
    case "event": return .event
    case "module": return .module
    case "menu":
      return .menu(leadsThere: context.flag(fields.take("leads-there"), "`leads-there`"))
    case "column": return .column
    case "kind": return .kind
    case "document": return .document
    case "file": return .file
    default: return .text
    }
  }

  // MARK: Relations

  private static let targets: [RelationPattern.Form: String] = [
    .reads: "table", .writes: "table", .references: "table", .calls: "symbol", .guards: "symbol", .emits: "event",
    .uses: "env", .renders: "component", .requests: "route", .navigates: "route",
  ]

  private func relations(_ pattern: inout NodePattern, _ fields: inout RuleFields) {
    for form in RelationPattern.Form.allCases {
      if let body = fields.take(form.rawValue), let relation = relation(form, body, isNegated: false) {
        pattern.relations.append(relation)
      }
    }
    guard let body = fields.take("lacks"), var inner = RuleFields(body, in: context, what: "`lacks`") else { return }
    for form in RelationPattern.Form.allCases {
      if let body = inner.take(form.rawValue), let relation = relation(form, body, isNegated: true) {
        pattern.relations.append(relation)
      }
    }
    inner.finish(context)
  }

  private func relation(_ form: RelationPattern.Form, _ body: RuleNode, isNegated: Bool) -> RelationPattern? {
    func made(_ target: NodePattern?, verbs: [AccessVerb] = []) -> RelationPattern {
      RelationPattern(form: form, verbs: verbs, target: target, isNegated: isNegated)
    }
    if body.string == "any" { return made(nil) }
    switch form {
    case .imports:
      let names = context.texts(body, "`imports`").map { [$0] }
      let at = context.place(body).position ?? Position(line: 1, column: 1)
      return made(NodePattern(subject: .package, words: names, without: [], line: at))
    case .reachableFrom:
      guard var fields = RuleFields(body, in: context, what: "`reachable-from`") else { return nil }
      defer { fields.finish(context) }
      guard let (condition, _) = condition(&fields) else { return nil }
      guard case .node(let pattern) = condition else {
        context.fail("`reachable-from` names one thing", at: body)
        return nil
      }
      return made(pattern)
    case .calls where body.mapping?["package"] != nil: return pattern("call", body).map { made($0) }
    case .writes:
      // The verbs are the relation's, not the table's.
      guard var fields = RuleFields(body, in: context, what: "`writes`") else { return nil }
      let verbs = context.choices(fields.take("verb"), "`verb`", AccessVerb.self)
      var target = NodePattern(
        subject: .table(columns: phrases(fields.take("columns"), "`columns`")),
        words: phrases(fields.take("words"), "`words`"), without: phrases(fields.take("without"), "`without`"),
        line: context.place(body).position ?? Position(line: 1, column: 1))
      target.capture = context.text(fields.take("as"), "`as`")
      if let name = target.capture { names.insert(name) }
      fields.finish(context)
      return made(target, verbs: verbs)
    default:
      guard let name = Self.targets[form] else { return nil }
      guard body.mapping != nil else {
        context.fail(
          "`\(form.rawValue)` is a mapping, or `any`", at: body,
          help: "that there is none is said by `lacks: { \(form.rawValue): any }`")
        return nil
      }
      return pattern(name, body).map { made($0) }
    }
  }
}
