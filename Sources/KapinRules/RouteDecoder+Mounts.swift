import KapinModel

/// Clauses about where routers stand and what requests pass.
extension RouteDecoder {
  func mount(_ clause: inout RuleFields) -> Emit? {
    var mount = MountClause(
      call: values.call(&clause),
      prefix: values.argument(clause.take("prefix"), otherwise: ArgumentPattern(position: .index(0), fallback: "/")),
      target: values.argument(clause.take("target"), otherwise: ArgumentPattern(position: .any)))
    mount.owner = optional(clause.take("owner"))
    mount.parts = clause.take("parts").flatMap(values.pattern)
    mount.isScope = context.flag(clause.take("scope"), "`scope`")
    mount.guards = values.arguments(clause.take("guards"))
    mount.rewriting = rewriting(&clause)
    return .mount(mount)
  }

  func guardian(_ clause: inout RuleFields) -> Emit? {
    var guardian = GuardClause(
      call: values.call(&clause),
      prefix: values.argument(clause.take("prefix"), otherwise: ArgumentPattern(position: .index(0), fallback: "/")),
      functions: values.argument(clause.take("functions"), otherwise: ArgumentPattern(position: .any)))
    guardian.list = optional(clause.take("list"))
    guardian.owner = optional(clause.take("owner"))
    guardian.name = optional(clause.take("name"))
    guardian.requires = optional(clause.take("requires"))
    guardian.names = optional(clause.take("names"))
    switch context.text(clause.take("scope"), "`scope`") {
    case "package"?: guardian.isPackageWide = true
    case "written"?:
      guardian.isPackageWide = true
      guardian.isWritten = true
    case nil: break
    case let other?: context.fail("`scope` is `package` or `written`, not `\(other)`", at: nil)
    }
    return .guardian(guardian)
  }

  func expand(_ clause: inout RuleFields) -> Emit? {
    var expand = ExpandClause(call: values.call(&clause), folder: values.argument(clause.take("folder")))
    expand.prefix = optional(clause.take("prefix"))
    expand.plugin = optional(clause.take("plugin"))
    expand.parameter = context.integer(clause.take("parameter"), "`parameter`") ?? 0
    let exports = context.texts(clause.take("exports"), "`exports`")
    if !exports.isEmpty { expand.exports = exports }
    expand.rewriting = rewriting(&clause)
    return .expand(expand)
  }

  func base(_ clause: inout RuleFields) -> Emit? {
    if let element = clause.take("element") {
      guard let pattern = values.pattern(element) else { return nil }
      return .baseElement(pattern, attribute: context.text(clause.take("attribute"), "`attribute`") ?? "")
    }
    var base = BaseClause(
      call: values.call(&clause), prefix: values.argument(clause.take("prefix"), otherwise: constant("")))
    base.except = optional(clause.take("except"))
    base.version = optional(clause.take("version"))
    base.requires = optional(clause.take("requires"))
    base.defaultVersion = optional(clause.take("default"))
    base.isOneOfSeveral = context.flag(clause.take("several"), "`several`")
    return .base(base)
  }

  private func constant(_ text: String) -> ArgumentPattern {
    var pattern = ArgumentPattern()
    pattern.constant = text
    return pattern
  }
}
