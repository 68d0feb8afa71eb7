import KapinBase
import KapinModel

/// Rules of kind `feature`.
struct FeatureDecoder {
  private let context: RuleContext
  init(_ context: RuleContext) { self.context = context }

  /// Below it, half of the features were none (Docs/rules.md tells how that was measured).
  private static let usualThreshold = 0.7

  func decode(_ fields: inout RuleFields, _ info: RuleInfo) -> FeatureRule {
    var rule = FeatureRule(info: info)
    rule.each = context.choice(fields.take("each"), "`each`", FeatureRule.Each.self)
    rule.switches = context.texts(fields.take("switches"), "`switches`")
    rule.without = context.phrases(fields.take("without"), "`without`")
    rule.unlessKept = context.phrases(fields.take("unless-kept"), "`unless-kept`")
    rule.notUnder = context.phrases(fields.take("not-under"), "`not-under`")
    rule.unlessEntry = context.phrases(fields.take("unless-entry"), "`unless-entry`")
    rule.deeds = context.phrases(fields.take("deeds"), "`deeds`")
    rule.pagesNotUnder = context.phrases(fields.take("pages-not-under"), "`pages-not-under`")
    rule.looks = context.phrases(fields.take("looks"), "`looks`")
    rule.endings = context.phrases(fields.take("endings"), "`endings`")
    rule.beginnings = context.phrases(fields.take("beginnings"), "`beginnings`")
    rule.plain = context.phrases(fields.take("plain"), "`plain`")
    let conditions = ConditionDecoder(context, isForEach: rule.each != nil)
    let signals = context.items(fields.take("signals"), "`signals`")
    let against = context.items(fields.take("against"), "`against`")
    // Conditions first: their captures are what texts may name.
    let read = (signals + against).map { ($0, signalParts($0, conditions)) }
    let names = conditions.names
    rule.signals = read.prefix(signals.count).compactMap { signal($0.1, names) }
    rule.against = read.suffix(against.count).compactMap { signal($0.1, names) }
    rule.threshold = context.number(fields.take("threshold"), "`threshold`", in: 0...1) ?? Self.usualThreshold
    rule.implies = context.texts(fields.take("implies"), "`implies`")
    rule.excludes = context.texts(fields.take("excludes"), "`excludes`")
    rule.title = template(info.title, at: fields.node["title"], names)
    let description = fields.take("description")
    rule.description = template(
      context.required(description, "description", in: fields), at: description, names)
    if rule.signals.isEmpty {
      context.problems.append(
        Diagnostic(.badRule, .error, "a feature needs `signals`: what speaks for it", at: fields.place))
    }
    return rule
  }

  private struct Parts {
    var condition: GraphCondition
    var weight: Double
    var says: RuleNode?
    var line: Position
  }

  private func signalParts(_ node: RuleNode, _ conditions: ConditionDecoder) -> Parts? {
    guard var fields = RuleFields(node, in: context, what: "a signal") else { return nil }
    defer { fields.finish(context) }
    let weight = context.number(fields.take("weight"), "`weight`", in: 0...1) ?? 0.3
    let says = fields.take("says")
    _ = context.required(says, "says", in: fields)
    guard let (condition, line) = conditions.condition(&fields) else { return nil }
    return Parts(condition: condition, weight: weight, says: says, line: line)
  }

  private func signal(_ parts: Parts?, _ names: Set<String>) -> Signal? {
    guard let parts else { return nil }
    let says = template(parts.says?.string ?? "", at: parts.says, names)
    return Signal(condition: parts.condition, weight: parts.weight, says: says, line: parts.line)
  }

  private func template(_ text: String, at node: RuleNode?, _ names: Set<String>) -> Template {
    switch TemplateReader.read(text, names: names, what: "capture of this rule") {
    case .success(let template): return template
    case .failure(let problem):
      context.fail(problem.message, at: node, help: problem.help)
      return Template([])
    }
  }
}
