import KapinBase
import KapinModel

/// The key `documents`: where a product's documentation lists its features.
enum DocumentDecoder {
  static func decode(_ fields: inout RuleFields, _ context: RuleContext) -> DocumentRule {
    var rule = DocumentRule()
    guard let body = fields.take("documents"), var inner = RuleFields(body, in: context, what: "`documents`") else {
      return rule
    }
    rule.files = context.globs(inner.take("files"), "`files`")
    rule.pages = context.globs(inner.take("pages"), "`pages`")
    rule.under = context.phrases(inner.take("under"), "`under`")
    rule.without = context.phrases(inner.take("without"), "`without`")
    inner.finish(context)
    if rule.files.isEmpty != rule.under.isEmpty {
      context.fail(
        "`files` and `under` belong together", at: body,
        help: "files: the documents; under: the headings of their lists")
    }
    return rule
  }
}
