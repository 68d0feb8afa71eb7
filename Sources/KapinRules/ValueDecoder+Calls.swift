import KapinBase
import KapinModel

/// Which calls, and what of them.
extension ValueDecoder {
  /// `on` with `method`, or `call`.
  func call(_ clause: inout RuleFields) -> CallPattern {
    let on = clause.take("on").flatMap(pattern)
    let methods = context.texts(clause.take("method"), "`method`")
    let direct = clause.take("call").flatMap(pattern)
    let minimum = context.integer(clause.take("arguments"), "`arguments`") ?? 0
    if on == nil, direct == nil {
      context.problems.append(
        Diagnostic(.badRule, .error, "which calls? give `on` with `method`, or `call`", at: clause.place))
    }
    return CallPattern(on: on, methods: methods, call: direct, minimumArguments: minimum)
  }

  /// `{ arg: 0, key: url }`, a fixed text, or `result` for what the call gives.
  func argument(_ node: RuleNode?, otherwise: ArgumentPattern = ArgumentPattern()) -> ArgumentPattern {
    guard let node else { return otherwise }
    var pattern = ArgumentPattern()
    if let text = node.string {
      switch text {
      case "result": pattern.isResult = true
      case "self": pattern.isSelf = true
      default: pattern.constant = text
      }
      return pattern
    }
    guard var fields = RuleFields(node, in: context, what: "an argument") else { return otherwise }
    let position = fields.take("arg")
    if let number = position?.int {
      pattern.position = .index(number)
    } else if let word = position?.string {
      switch word {
      case "last": pattern.position = .last
      case "any": pattern.position = .any
      case "path": pattern.position = .path
      default: context.fail("`arg` is a number, `last`, `any` or `path`", at: position)
      }
    }
    pattern.of = context.choice(fields.take("of"), "`of`", ArgumentPattern.Of.self) ?? .call
    pattern.keys = keys(fields.take("key"), "`key`")
    pattern.fallback = context.text(fields.take("else"), "`else`")
    pattern.text = context.texts(fields.take("text"), "`text`")
    pattern.value = fields.take("is").flatMap(self.pattern)
    pattern.chain = context.text(fields.take("chain"), "`chain`")
    pattern.after = context.texts(fields.take("after"), "`after`")
    pattern.items = arguments(fields.take("items"))
    pattern.having = arguments(fields.take("having"))
    pattern.parameter = context.integer(fields.take("parameter"), "`parameter`")
    pattern.reaches = fields.take("reaches").flatMap(self.pattern).map { [$0] } ?? []
    if let returns = fields.take("returns") {
      pattern.returned = returns.bool ?? true
      pattern.returnedKey = returns.bool == nil ? context.text(returns, "`returns`") : nil
    }
    fields.finish(context)
    return pattern
  }

  func arguments(_ node: RuleNode?) -> [ArgumentPattern] {
    guard let node else { return [] }
    if let items = node.sequence { return items.map { argument($0) } }
    return [argument(node)]
  }

  /// `a.b`: the member `b` of the member `a`; `.` is the object itself.
  func keys(_ node: RuleNode?, _ what: String) -> [[String]] {
    context.texts(node, what).map { $0 == "." ? ["."] : $0.split(separator: ".").map(String.init) }
  }
}
