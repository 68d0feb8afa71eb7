import KapinBase
import KapinModel

/// Clauses about persisted record types: what declares them, what stands for them, what reads and writes them.
struct ModelDecoder {
  private let context: RuleContext
  private let values: ValueDecoder

  init(_ context: RuleContext, _ values: ValueDecoder) {
    self.context = context
    self.values = values
  }

  func model(_ clause: inout RuleFields) -> Emit? {
    guard let form = form(&clause) else { return nil }
    var model = ModelClause(form: form)
    model.name = values.arguments(clause.take("name"))
    model.staticMembers = context.texts(clause.take("static"), "`static`")
    model.through = clause.take("through").map { values.argument($0) }
    model.schema = clause.take("schema").map { values.argument($0) }
    if let columns = clause.take("columns") { model.columns = values.argument(columns) }
    model.fields = clause.take("fields").flatMap(values.pattern)
    model.isReceiver = context.flag(clause.take("receiver"), "`receiver`")
    model.isNamedByCall = context.flag(clause.take("named"), "`named`")
    model.reading = reading(&clause)
    if var naming = RuleFields(clause.take("naming"), in: context, what: "`naming`") {
      model.tableNaming = styles(naming.take("table"))
      model.columnNaming = styles(naming.take("columns"))
      naming.finish(context)
    }
    model.casing = casing(clause.take("casing"))
    model.provider = context.text(clause.take("provider"), "`provider`")
    model.providers = context.pairs(clause.take("providers"), "`providers`").map { ($0.key, $0.value) }
    model.always = context.pairs(clause.take("always"), "`always`").map { column($0.key, $0.value) }
    model.within = context.texts(clause.take("within"), "`within`")
    model.row = context.text(clause.take("row"), "`row`")
    if var members = RuleFields(clause.take("members"), in: context, what: "`members`") {
      model.members = ModelMemberPattern(
        schema: values.argument(members.take("schema")),
        statics: Set(context.texts(members.take("statics"), "`statics`")),
        methods: Set(context.texts(members.take("methods"), "`methods`")))
      members.finish(context)
    }
    return .model(model)
  }

  private func form(_ clause: inout RuleFields) -> ModelClause.Form? {
    if let decorator = clause.take("class") { return values.pattern(decorator).map { .decorated($0) } }
    if let base = clause.take("extends") { return values.pattern(base).map { .extending($0) } }
    if let names = clause.take("interface") { return .interface(context.texts(names, "`interface`")) }
    let object = clause.take("object").map { values.argument($0) }
    let leaf = clause.take("leaf").flatMap(values.pattern)
    let call = values.call(&clause)
    guard let object else { return .call(call) }
    guard let leaf else {
      context.problems.append(Diagnostic(.badRule, .error, "`object` needs `leaf`", at: clause.place))
      return nil
    }
    return .members(call, of: object, leaf: leaf)
  }

  private func reading(_ clause: inout RuleFields) -> ColumnReading {
    var reading = ColumnReading()
    for (maker, type) in context.pairs(clause.take("types"), "`types`") { reading.types[maker] = type }
    for (word, says) in context.pairs(clause.take("attributes"), "`attributes`") {
      let parts = says.split(separator: " ", maxSplits: 1)
      let role = String(parts.first ?? "")
      guard let known = ColumnAttribute.Role(rawValue: role) else {
        let all = ColumnAttribute.Role.allCases.map(\.rawValue)
        let help = Similarity.nearest(role, in: all).map { "did you mean `\($0)`?" }
        context.problems.append(
          Diagnostic(.badRule, .error, "an attribute cannot be `\(role)`", at: clause.place, help: help))
        continue
      }
      reading.attributes[word] = ColumnAttribute(role: known, constant: parts.count > 1 ? String(parts[1]) : nil)
    }
    reading.name = clause.take("column").map { values.argument($0) }
    for node in context.items(clause.take("enums"), "`enums`") {
      guard var fields = RuleFields(node, in: context, what: "an enum") else { continue }
      if let call = fields.take("call").flatMap(values.pattern) {
        reading.enums.append(
          (
            call, values.argument(fields.take("name")),
            values.argument(fields.take("values"), otherwise: ArgumentPattern(position: .index(1)))
          ))
      }
      fields.finish(context)
    }
    for node in context.items(clause.take("customs"), "`customs`") {
      guard var fields = RuleFields(node, in: context, what: "a custom type") else { continue }
      if let call = fields.take("call").flatMap(values.pattern) {
        reading.customs.append((call, values.argument(fields.take("type"))))
      }
      fields.finish(context)
    }
    if let nullable = clause.take("nullable") { reading.isNullable = context.flag(nullable, "`nullable`") }
    reading.needsType = context.flag(clause.take("strict"), "`strict`")
    return reading
  }

  private func styles(_ node: RuleNode?) -> [NameStyle] {
    guard let node else { return [] }
    return (node.sequence ?? [node]).compactMap { context.choice($0, "a style", NameStyle.self) }
  }

  private func casing(_ node: RuleNode?) -> CasingSetting? {
    guard var fields = RuleFields(node, in: context, what: "`casing`") else { return nil }
    let call = fields.take("call").flatMap(values.pattern)
    let option = context.text(fields.take("option"), "`option`")
    let styles = context.pairs(fields.take("styles"), "`styles`").compactMap { pair in
      NameStyle(rawValue: pair.value).map { (value: pair.key, style: $0) }
    }
    fields.finish(context)
    return call.map { CasingSetting(call: $0, option: option, styles: styles) }
  }

  /// `integer primary generated`.
  private func column(_ name: String, _ says: String) -> SchemaColumn {
    var words = says.split(separator: " ").map(String.init)
    var column = SchemaColumn(name: name, codeName: name, type: "", nullable: true, place: Place(""))
    while let last = words.last, ["primary", "generated", "required"].contains(last) {
      words.removeLast()
      switch last {
      case "primary":
        column.primary = true
        column.nullable = false
      case "generated": column.generated = true
      default: column.nullable = false
      }
    }
    column.type = words.joined(separator: " ")
    return column
  }

  func change(_ clause: inout RuleFields) -> Emit? {
    let step = context.choice(clause.take("step"), "`step`", ChangeClause.Step.self) ?? .create
    var change = ChangeClause(
      call: values.call(&clause), step: step, table: values.argument(clause.take("table")))
    change.column = clause.take("of").map { values.argument($0) }
    change.to = clause.take("to").map { values.argument($0) }
    change.columns = clause.take("columns").map { values.argument($0) }
    change.builder = clause.take("builder").map { values.argument($0) }
    change.text = clause.take("text").map { values.argument($0) }
    change.inside = context.texts(clause.take("inside"), "`inside`")
    change.outside = context.texts(clause.take("outside"), "`outside`")
    change.methods = builderSteps(clause.take("methods"), "`methods`", clause.place)
    change.chain = builderSteps(clause.take("chain"), "`chain`", clause.place)
    if let groups = RuleFields(clause.take("groups"), in: context, what: "`groups`") {
      for (key, node) in groups.node {
        change.groups[key.string ?? ""] = context.pairs(node, "`groups`").map { column($0.key, $0.value) }
      }
    }
    change.reading = reading(&clause)
    return .change(change)
  }

  private func builderSteps(_ node: RuleNode?, _ what: String, _ place: Place) -> [String: BuilderStep] {
    var found: [String: BuilderStep] = [:]
    for (name, says) in context.pairs(node, what) {
      if let known = BuilderStep(rawValue: says) {
        found[name] = known
      } else {
        let all = BuilderStep.allCases.map(\.rawValue)
        context.problems.append(
          Diagnostic(
            .badRule, .error, "a method of a builder cannot be `\(says)`", at: place,
            help: "valid: \(all.joined(separator: ", "))"))
      }
    }
    return found
  }

  func handle(_ clause: inout RuleFields) -> Emit? {
    if let types = clause.take("typed") { return .handle(HandleClause(form: .typed(context.texts(types, "`typed`")))) }
    let table = values.argument(clause.take("table"))
    return .handle(HandleClause(form: .call(values.call(&clause), table: table)))
  }

  func access(_ clause: inout RuleFields) -> Emit? {
    let table = clause.take("table")
    var verbs: [String: [AccessVerb]] = [:]
    let stated = clause.take("verbs")
    if let mapping = RuleFields(stated, in: context, what: "`verbs`") { verbs = self.verbs(mapping.node) }
    let verb = context.choice(clause.take("verb"), "`verb`", AccessVerb.self)
    // What stands for a table says itself which calls count.
    let isOpen =
      ["self", "row", "related"].contains(table?.string) && clause.node["on"] == nil && clause.node["call"] == nil
    var call =
      isOpen
      ? CallPattern(on: nil, methods: context.texts(clause.take("method"), "`method`"), call: nil, minimumArguments: 0)
      : values.call(&clause)
    if isOpen, call.methods.isEmpty { call.methods = Array(verbs.keys).sortedByBytes() }
    if call.methods.isEmpty, call.on != nil { call.methods = Array(verbs.keys).sortedByBytes() }
    let target: AccessPattern.Target
    switch table?.string {
    case "self": target = .receiver
    case "row": target = .row(context.texts(clause.take("given-by"), "`given-by`"))
    case "related": target = .related(context.texts(clause.take("given-by"), "`given-by`"))
    default: target = table.map { .argument(values.argument($0)) } ?? .member
    }
    var access = AccessPattern(call: call, target: target, verbs: verbs)
    access.verb = verb
    if let mapping = RuleFields(clause.take("then"), in: context, what: "`then`") {
      access.then = self.verbs(mapping.node)
    }
    if let mapping = RuleFields(clause.take("also"), in: context, what: "`also`") {
      access.also = self.verbs(mapping.node)
    }
    access.columns = values.arguments(clause.take("columns"))
    access.along = along(RuleFields(clause.take("along"), in: context, what: "`along`"))
    if let text = clause.take("named") { access.acceptsText = context.flag(text, "`named`") }
    return .access(access)
  }

  func relation(_ clause: inout RuleFields) -> Emit? {
    let form: RelationClause.Form
    if let names = clause.take("static") {
      form = .static(context.texts(names, "`static`"))
    } else if let fields = clause.take("fields") {
      guard let pattern = values.pattern(fields) else { return nil }
      form = .fields(pattern)
    } else {
      form = .call(values.call(&clause))
    }
    var relation = RelationClause(form: form)
    relation.owner = clause.take("owner").map { values.argument($0) }
    relation.members = clause.take("members").map { values.argument($0) }
    relation.name = values.arguments(clause.take("name"))
    relation.target = values.argument(clause.take("target"))
    relation.eager = values.arguments(clause.take("eager"))
    if case .call = form, relation.members == nil, relation.name.isEmpty {
      context.problems.append(
        Diagnostic(.badRule, .error, "what is the relation called? give `members` or `name`", at: clause.place))
    }
    return .relation(relation)
  }

  private func along(_ mapping: RuleFields?) -> AlongPattern? {
    guard var fields = mapping else { return nil }
    defer { fields.finish(context) }
    guard let value = fields.take("value") else {
      context.fail("`along` needs `value`: where the relations are named", at: nil)
      return nil
    }
    var pattern = AlongPattern(value: values.argument(value))
    pattern.through = Set(context.texts(fields.take("through"), "`through`"))
    if let mapping = RuleFields(fields.take("writes"), in: context, what: "`writes`") {
      pattern.writes = verbs(mapping.node)
    }
    pattern.tables = Set(context.texts(fields.take("tables"), "`tables`"))
    if let mapping = RuleFields(fields.take("links"), in: context, what: "`links`") {
      pattern.links = verbs(mapping.node)
    }
    pattern.isAliased = context.flag(fields.take("aliased"), "`aliased`")
    pattern.isChained = context.flag(fields.take("chained"), "`chained`")
    pattern.isEager = context.flag(fields.take("eager"), "`eager`")
    return pattern
  }

  private func verbs(_ node: RuleNode.Mapping) -> [String: [AccessVerb]] {
    var found: [String: [AccessVerb]] = [:]
    for (key, value) in node {
      guard let verb = context.choice(key, "a verb", AccessVerb.self) else { continue }
      for name in context.texts(value, "`verbs`") { found[name, default: []].append(verb) }
    }
    return found
  }
}
