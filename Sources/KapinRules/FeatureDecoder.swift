import KapinBase
import KapinModel
import Yams

/// Rules of kind `feature`.
struct FeatureDecoder {
  private let context: RuleContext
  init(_ context: RuleContext) { self.context = context }

  func decode(_ fields: inout RuleFields, _ info: RuleInfo) -> FeatureRule {
    let description = context.required(fields.take("description"), "description", in: fields)
    let signals = context.items(fields.take("signals"), "`signals`").compactMap(signal)
    let against = context.items(fields.take("against"), "`against`").compactMap(signal)
    let threshold = context.number(fields.take("threshold"), "`threshold`", in: 0...1) ?? 0.6
    return FeatureRule(info: info, description: description, signals: signals, against: against, threshold: threshold)
  }

  private static let subjects = ["route", "table", "component", "symbol", "package", "env", "text", "call", "write"]

  private func signal(_ node: Node) -> Signal? {
    guard var fields = RuleFields(node, in: context, what: "a signal") else { return nil }
    defer { fields.finish(context) }
    let weight = context.number(fields.take("weight"), "`weight`", in: 0...1) ?? 0.3
    let says = context.required(fields.take("says"), "says", in: fields)
    for name in Self.subjects {
      guard let body = fields.take(name) else { continue }
      let at = context.place(body).position ?? Position(line: 1, column: 1)
      if name == "package" {
        return Signal(
          subject: .package, words: context.texts(body, "`package`").map { [$0] }, without: [], isExact: true,
          weight: weight, says: says, line: at)
      }
      guard var inner = RuleFields(body, in: context, what: "the signal `\(name)`") else { return nil }
      defer { inner.finish(context) }
      if name == "call" {
        let package = context.required(inner.take("package"), "package", in: inner)
        let paths = context.texts(inner.take("named"), "`named`").map { [$0] }
        return Signal(
          subject: .call(package: package), words: paths, without: [], isExact: true, weight: weight, says: says,
          line: at)
      }
      var isExact = false
      var words = context.phrases(inner.take("words"), "`words`")
      let exact = context.phrases(inner.take("named"), "`named`")
      if !exact.isEmpty {
        words = exact
        isExact = true
      }
      if words.isEmpty { context.fail("`\(name)` needs `words` or `named`", at: body) }
      let without = context.phrases(inner.take("without"), "`without`")
      let subject: Signal.Subject
      switch name {
      case "route":
        let methods = context.texts(inner.take("method"), "`method`")
        let forms = context.texts(inner.take("type"), "`type`").compactMap { RouteForm(rawValue: $0) }
        subject = .route(methods: methods, forms: forms)
      case "table": subject = .table(columns: context.phrases(inner.take("columns"), "`columns`"))
      case "write":
        let verbs = context.texts(inner.take("verb"), "`verb`").compactMap { AccessVerb(rawValue: $0) }
        subject = .write(verbs: verbs.isEmpty ? [.create] : verbs)
      case "component": subject = .component
      case "symbol": subject = .symbol
      case "env": subject = .environment
      default: subject = .text
      }
      return Signal(
        subject: subject, words: words, without: without, isExact: isExact, weight: weight, says: says, line: at)
    }
    context.fail("a signal needs one of: \(Self.subjects.joined(separator: ", "))", at: node)
    return nil
  }
}
