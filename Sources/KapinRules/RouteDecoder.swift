import KapinBase
import KapinModel

/// The clauses about routes.
struct RouteDecoder {
  let context: RuleContext
  let values: ValueDecoder

  init(_ context: RuleContext, _ values: ValueDecoder) {
    self.context = context
    self.values = values
  }

  // MARK: Parts that clauses share

  func form(_ clause: inout RuleFields, otherwise: RouteForm) -> RouteForm {
    context.choice(clause.take("type"), "`type`", RouteForm.self) ?? otherwise
  }

  /// `verb: GET`, `verb: { arg: 0, key: method }`, or `verbs: { all: ANY }` for the name of the method.
  func verb(_ clause: inout RuleFields) -> VerbPattern? {
    let table = Dictionary(context.pairs(clause.take("verbs"), "`verbs`"), uniquingKeysWith: { a, _ in a })
    guard let node = clause.take("verb") else { return table.isEmpty ? nil : .method(table) }
    if let text = node.string { return .fixed(text) }
    return .argument(values.argument(node))
  }

  func rewriting(_ clause: inout RuleFields) -> PathRewriting {
    var rewriting = PathRewriting()
    rewriting.separators = context.text(clause.take("separators"), "`separators`") ?? ""
    rewriting.joiner = context.text(clause.take("joiner"), "`joiner`") ?? "/"
    rewriting.segments = segments(clause.take("segments"))
    rewriting.last = segments(clause.take("last"))
    return rewriting
  }

  private func segments(_ node: RuleNode?) -> [SegmentRewrite] {
    guard let mapping = RuleFields(node, in: context, what: "`segments`") else { return [] }
    return mapping.node.map { key, value in
      var pattern = key.string ?? ""
      let isInner = pattern.hasPrefix("~")
      if isInner { pattern.removeFirst() }
      let text = value.string ?? ""
      return SegmentRewrite(
        parts: pattern.replacing("\\*", with: "\u{0}").split(separator: "*", omittingEmptySubsequences: false).map {
          String($0).replacing("\u{0}", with: "*")
        },
        result: text == "skip" ? nil : text, isInner: isInner)
    }
  }

  func optional(_ node: RuleNode?) -> ArgumentPattern? { node.map { values.argument($0) } }

  // MARK: Routes

  func route(_ clause: inout RuleFields) -> Emit? {
    if let directive = context.text(clause.take("directive"), "`directive`") {
      let method = context.text(clause.take("verb"), "`verb`") ?? "ACTION"
      return .directiveRoute(directive: directive, form: form(&clause, otherwise: .action), method: method)
    }
    if let files = clause.take("files") { return fileRoute(files, &clause) }
    if let element = clause.take("element") { return elementRoute(element, &clause) }
    let call = values.call(&clause)
    var route = CallRoute(
      call: call, verb: verb(&clause) ?? .method([:]), path: values.argument(clause.take("path")),
      handler: values.argument(clause.take("handler"), otherwise: ArgumentPattern(position: .last)),
      form: form(&clause, otherwise: .endpoint))
    route.guards = values.arguments(clause.take("guards"))
    route.methods = optional(clause.take("methods"))
    route.requires = optional(clause.take("requires"))
    if let owner = context.text(clause.take("owner"), "`owner`") {
      if owner != "result" { context.fail("`owner` can only be `result`", at: nil) }
      route.ownsResult = true
    }
    route.naming = context.choice(clause.take("named"), "`named`", CallRoute.Naming.self)
    route.rewriting = rewriting(&clause)
    route.except = context.texts(clause.take("except"), "`except`")
    route.actions = context.pairs(clause.take("actions"), "`actions`").map { name, text in
      let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
      return (name, parts.first ?? "GET", parts.count > 1 ? parts[1] : "")
    }.flatMap { row in row.1.split(separator: "|").map { (row.0, String($0), row.2) } }
    route.folders = context.texts(clause.take("folders"), "`folders`")
    route.only = optional(clause.take("only"))
    route.never = optional(clause.take("never"))
    route.inputs = inputs(clause.take("inputs"))
    return .callRoute(route)
  }

  /// `query: { schema: { arg: 1 } }`, or a list of such for one place.
  private func inputs(_ node: RuleNode?) -> [InputPattern] {
    guard let mapping = RuleFields(node, in: context, what: "`inputs`") else { return [] }
    return mapping.node.flatMap { key, value -> [InputPattern] in
      guard let place = context.choice(key, "a place", InputPattern.Place.self) else { return [] }
      return (value.sequence ?? [value]).compactMap { input($0, place) }
    }
  }

  private func input(_ node: RuleNode, _ place: InputPattern.Place) -> InputPattern? {
    guard var fields = RuleFields(node, in: context, what: "an input") else { return nil }
    var input = InputPattern(place: place)
    input.schema = optional(fields.take("schema"))
    input.validator = fields.take("validator").flatMap(values.pattern)
    input.target = context.text(fields.take("target"), "`target`")
    input.parameter = context.integer(fields.take("parameter"), "`parameter`")
    input.member = context.texts(fields.take("member"), "`member`")
    input.call = fields.take("call").flatMap(values.pattern)
    input.result = context.texts(fields.take("result"), "`result`")
    input.reads = context.texts(fields.take("reads"), "`reads`")
    fields.finish(context)
    return input
  }

  private func fileRoute(_ files: RuleNode, _ clause: inout RuleFields) -> Emit {
    let form = form(&clause, otherwise: .endpoint)
    var route = FileRoute(
      files: context.globs(files, "`files`"), form: form,
      method: context.text(clause.take("verb"), "`verb`") ?? (form == .page ? "PAGE" : "ANY"))
    route.except = context.globs(clause.take("except"), "`except`")
    route.bases = context.texts(clause.take("base"), "`base`")
    if route.bases.isEmpty { route.bases = [""] }
    route.dropsLeaf = context.text(clause.take("leaf"), "`leaf`") == "drop"
    route.indexNames = context.texts(clause.take("index"), "`index`")
    route.rewriting = rewriting(&clause)
    route.prefix = context.text(clause.take("prefix"), "`prefix`") ?? ""
    route.suffix = context.text(clause.take("suffix"), "`suffix`") ?? ""
    let exports = clause.take("exports")
    route.exports =
      exports?.mapping != nil
      ? context.pairs(exports, "`exports`").flatMap { name, methods in
        methods.split(separator: " ").map { (name, String($0)) }
      }
      : context.texts(exports, "`exports`").map { ($0, $0) }
    route.suffixes = Dictionary(context.pairs(clause.take("suffixes"), "`suffixes`"), uniquingKeysWith: { a, _ in a })
    route.handler = context.texts(clause.take("handler"), "`handler`")
    route.loaders = context.texts(clause.take("loader"), "`loader`")
    if var guards = RuleFields(clause.take("guards"), in: context, what: "`guards` of files") {
      let argument = values.argument(guards.take("argument"))
      route.guards = guards.take("call").flatMap(values.pattern).map { ($0, argument) }
      guards.finish(context)
    }
    route.inputs = inputs(clause.take("inputs"))
    route.comparesMethod = context.flag(clause.take("compared"), "`compared`")
    route.requires = context.texts(clause.take("requires"), "`requires`")
    route.without = context.texts(clause.take("without"), "`without`")
    route.path = context.text(clause.take("path"), "`path`")?.split(separator: ".").map(String.init)
    route.actions = context.text(clause.take("members"), "`members`")
    if var settings = RuleFields(clause.take("settings"), in: context, what: "`settings`") {
      route.settings.files = context.globs(settings.take("files"), "`files`")
      route.settings.prefix = values.keys(settings.take("prefix"), "`prefix`")
      route.settings.extensions = values.keys(settings.take("extensions"), "`extensions`").first ?? []
      route.settings.locales = values.keys(settings.take("locales"), "`locales`").first ?? []
      route.settings.usual = context.texts(settings.take("usual"), "`usual`")
      settings.finish(context)
    }
    return .fileRoute(route)
  }

  private func elementRoute(_ element: RuleNode, _ clause: inout RuleFields) -> Emit? {
    guard let pattern = values.pattern(element) else { return nil }
    var route = ElementRoute(
      element: pattern, path: context.texts(clause.take("path"), "`path`"),
      handler: context.texts(clause.take("handler"), "`handler`"))
    route.index = context.text(clause.take("index"), "`index`")
    route.loaders = context.texts(clause.take("loader"), "`loader`")
    route.rewriting = rewriting(&clause)
    return .elementRoute(route)
  }

  // MARK: Lists and objects

  func table(_ clause: inout RuleFields) -> Emit? {
    let form = form(&clause, otherwise: .page)
    var table = RouteTable(
      path: values.argument(clause.take("path")), handler: values.argument(clause.take("handler")),
      verb: verb(&clause) ?? .fixed(form == .page ? "PAGE" : "ANY"), form: form)
    for node in context.items(clause.take("lists"), "`lists`") {
      guard var fields = RuleFields(node, in: context, what: "a list") else { continue }
      let call = values.call(&fields)
      table.calls.append((call, values.argument(fields.take("list")), optional(fields.take("prefix"))))
      fields.finish(context)
    }
    table.files = context.globs(clause.take("files"), "`files`")
    table.member = values.keys(clause.take("member"), "`member`").first ?? []
    table.types = context.texts(clause.take("types"), "`types`")
    table.children = optional(clause.take("children"))
    table.index = optional(clause.take("index"))
    table.guards = values.arguments(clause.take("guards"))
    table.loaders = values.arguments(clause.take("loader"))
    for node in context.items(clause.take("items"), "`items`") {
      guard var fields = RuleFields(node, in: context, what: "an item") else { continue }
      guard let call = fields.take("call").flatMap(values.pattern) else { continue }
      table.items.append(
        TableItem(
          call: call, path: optional(fields.take("path")), handler: optional(fields.take("handler")),
          children: optional(fields.take("children"))))
      fields.finish(context)
    }
    table.rewriting = rewriting(&clause)
    return .table(table)
  }

  func entries(_ clause: inout RuleFields) -> Emit? {
    let call = values.call(&clause)
    var entries = RouteEntries(
      call: call, object: values.argument(clause.take("object")), verb: verb(&clause) ?? .fixed("RPC"),
      form: form(&clause, otherwise: .rpc))
    entries.router = clause.take("router").flatMap(values.pattern)
    if var leaf = RuleFields(clause.take("leaf"), in: context, what: "`leaf`") {
      entries.leaf = values.call(&leaf)
      leaf.finish(context)
    }
    entries.requires = optional(clause.take("requires"))
    entries.path = optional(clause.take("path"))
    entries.handler = values.argument(clause.take("handler"), otherwise: ArgumentPattern(position: .last))
    entries.guards = context.texts(clause.take("guards"), "`guards`")
    entries.inputs = context.pairs(clause.take("inputs"), "`inputs`").compactMap { key, value in
      InputPattern.Place(rawValue: key).map { ($0, value) }
    }
    switch context.text(clause.take("keys"), "`keys`") {
    case "paths"?: entries.keysArePaths = true
    case "names"?, nil: break
    case let other?: context.fail("`keys` is `names` or `paths`, not `\(other)`", at: nil)
    }
    entries.nests = context.flag(clause.take("nests"), "`nests`")
    entries.prefix = optional(clause.take("prefix"))
    if var fields = RuleFields(clause.take("implementation"), in: context, what: "`implementation`") {
      let call = values.call(&fields)
      let contract = values.argument(fields.take("contract"))
      let handlers = values.argument(fields.take("handlers"), otherwise: ArgumentPattern(position: .index(1)))
      entries.implementation = (call, contract, handlers)
      fields.finish(context)
    }
    entries.rewriting = rewriting(&clause)
    return .entries(entries)
  }

  // MARK: Classes

  func controller(_ clause: inout RuleFields) -> Emit? {
    let type = clause.take("class").flatMap(values.pattern)
    guard let routes = clause.take("routes").flatMap(values.pattern) else {
      context.problems.append(Diagnostic(.badRule, .error, "`routes` is missing", at: clause.place))
      return nil
    }
    let path = clause.take("path")
    var controller = ControllerRoute(
      type: type, routes: routes, verb: verb(&clause) ?? .method([:]),
      path: values.argument(path, otherwise: ArgumentPattern(position: .index(0), fallback: "/")),
      form: form(&clause, otherwise: .endpoint))
    controller.prefix = optional(clause.take("prefix"))
    controller.version = optional(clause.take("version"))
    controller.host = optional(clause.take("host"))
    controller.methodVersion = clause.take("versions").flatMap(values.pattern)
    controller.namesPath = context.text(clause.take("name"), "`name`") == "path"
    controller.guards = clause.take("guards").map { $0.sequence ?? [$0] }.map { $0.compactMap(values.pattern) } ?? []
    if let mapping = RuleFields(clause.take("inputs"), in: context, what: "`inputs`") {
      for (key, node) in mapping.node {
        guard let place = context.choice(key, "a place", InputPattern.Place.self), let pattern = values.pattern(node)
        else { continue }
        controller.inputs.append((place, pattern))
      }
    }
    controller.rewriting = rewriting(&clause)
    return .controller(controller)
  }

  func modules(_ clause: inout RuleFields) -> Emit? {
    let call = values.call(&clause)
    guard let decorator = clause.take("decorator").flatMap(values.pattern) else {
      context.problems.append(Diagnostic(.badRule, .error, "`decorator` is missing", at: clause.place))
      return nil
    }
    return .modules(
      ModuleTree(
        call: call, list: values.argument(clause.take("list")), path: values.argument(clause.take("path")),
        module: values.argument(clause.take("module")), children: values.argument(clause.take("children")),
        decorator: decorator, members: values.argument(clause.take("members"))))
  }

  // MARK: Configurations and schemas

  func config(_ clause: inout RuleFields) -> Emit? {
    func keys(_ key: String, _ clause: inout RuleFields) -> [String] {
      context.text(clause.take(key), "`\(key)`")?.split(separator: ".").map(String.init) ?? []
    }
    var route = ConfigRoute(
      files: context.texts(clause.take("files"), "`files`"), at: keys("at", &clause),
      form: form(&clause, otherwise: .endpoint))
    route.path = keys("path", &clause)
    route.verb = keys("verb", &clause)
    route.method = context.text(clause.take("method"), "`method`") ?? "ANY"
    route.name = context.integer(clause.take("name"), "`name`")
    route.rewriting = rewriting(&clause)
    route.handler = keys("handler", &clause)
    return .configRoute(route)
  }

  func components(_ clause: inout RuleFields) -> Emit? {
    if let interface = context.text(clause.take("interface"), "`interface`") {
      return .components(.interface(interface))
    }
    if let markup = clause.take("markup") { return .components(.markup(context.texts(markup, "`markup`"))) }
    if let folders = clause.take("folders") {
      let prefix = context.text(clause.take("prefix"), "`prefix`") ?? ""
      return .components(.folders(context.globs(folders, "`folders`"), prefix: prefix))
    }
    if let type = clause.take("class") {
      guard let pattern = values.pattern(type) else { return nil }
      return .components(
        .decorated(
          type: pattern, selector: values.argument(clause.take("selector")),
          template: values.argument(clause.take("template")), file: values.argument(clause.take("file"))))
    }
    let call = values.call(&clause)
    return .components(
      .call(
        call, name: values.argument(clause.take("name")),
        component: values.argument(clause.take("component"), otherwise: ArgumentPattern(position: .index(1)))))
  }

  func shape(_ clause: inout RuleFields) -> Emit? {
    guard let call = clause.take("call").flatMap(values.pattern) else {
      context.problems.append(Diagnostic(.badRule, .error, "`call` is missing", at: clause.place))
      return nil
    }
    var types: [String: String] = [:]
    if let mapping = RuleFields(clause.take("types"), in: context, what: "`types`") {
      for (key, node) in mapping.node {
        for name in context.texts(node, "`types`") { types[name] = key.string ?? "" }
      }
    }
    return .shape(
      ShapeClause(
        call: call, members: values.argument(clause.take("members")), types: types,
        optional: context.texts(clause.take("optional"), "`optional`")))
  }
}
