import KapinBase
import KapinModel

/// Reads value patterns: `web.Router`, `{ call: … }`, a list of alternatives, the name of another value.
final class ValueDecoder {
  let context: RuleContext
  var names: Set<String> = []

  init(_ context: RuleContext) { self.context = context }

  private static let forms = [
    "call", "new", "member", "callback", "typed", "global", "mounted", "function", "called", "any", "of", "argument",
    "parameter",
  ]

  func pattern(_ node: RuleNode) -> ValuePattern? {
    if let text = node.string { return reference(text, node) }
    if let items = node.sequence { return .any(items.compactMap(pattern)) }
    guard var fields = RuleFields(node, in: context, what: "a value") else { return nil }
    defer { fields.finish(context) }
    if let inner = fields.take("call") { return pattern(inner).map { .call($0) } }
    if let inner = fields.take("new") { return pattern(inner).map { .new($0) } }
    if let inner = fields.take("any") { return pattern(inner) }
    if let name = fields.take("global") { return context.text(name, "`global`").map { .global($0) } }
    if let function = fields.take("function") {
      if let text = function.string, ["true", "false"].contains(text) { return text == "true" ? .function([]) : nil }
      return .function(context.texts(function, "`function`"))
    }
    if let anything = fields.take("anything") { return context.flag(anything, "`anything`") ? .anything : nil }
    if let property = fields.take("property") {
      let parameter = context.integer(fields.take("parameter"), "`parameter`") ?? 0
      return .memberParameter(
        member: context.text(property, "`property`") ?? "", beside: context.texts(fields.take("beside"), "`beside`"),
        parameter: parameter)
    }
    if let mounted = fields.take("mounted") { return context.flag(mounted, "`mounted`") ? .mounted : nil }
    if let names = fields.take("called") { return .called(context.texts(names, "`called`")) }
    if let types = fields.take("typed") { return .typed(context.texts(types, "`typed`")) }
    if let member = fields.take("member") {
      let all = context.texts(member, "`member`")
      guard let owner = fields.take("of").flatMap(pattern) else {
        context.fail("`member` needs `of`", at: node)
        return nil
      }
      return .member(all == ["*"] ? [] : all, of: owner)
    }
    if let call = fields.take("callback") {
      let argument = context.integer(fields.take("argument"), "`argument`") ?? 0
      let parameter = context.integer(fields.take("parameter"), "`parameter`") ?? 0
      return pattern(call).map { .callback(call: $0, argument: argument, parameter: parameter) }
    }
    context.fail("a value is one of: \(Self.forms.prefix(10).joined(separator: ", "))", at: node)
    return nil
  }

  /// `name` of this rule, or `package.export`; the last dot divides, so `some.package.Server` is `Server` of `some.package`.
  private func reference(_ text: String, _ node: RuleNode) -> ValuePattern? {
    if names.contains(text) { return .named(text) }
    guard let dot = text.lastIndex(of: "."), dot != text.startIndex else {
      let nearest = Similarity.nearest(text, in: Array(names).sortedByBytes()).map { "did you mean `\($0)`?" }
      context.fail("`\(text)` is neither a value of this rule nor `package.export`", at: node, help: nearest)
      return nil
    }
    return .export(package: String(text[..<dot]), name: String(text[text.index(after: dot)...]))
  }
}
