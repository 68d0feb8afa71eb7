import KapinBase
import KapinModel

/// Persisted record types that code declares.
extension Clause {
  /// A call that declares one: `table("users", { … })`.
  func model(_ model: ModelClause, _ site: CallSite) {
    switch model.form {
    case .call(let pattern):
      guard matches(pattern, site) else { return }
      if model.fields != nil {
        // A model is made of the class that the call gets.
        guard
          case .declaration(let symbol)? = follower.argument(0, of: site).map({ follower.entity(follower.follow($0)) })
        else { return say("it gets no class") }
        return type(model, symbol, .call(site))
      }
      let value = finder.value(of: site)
      guard model.isReceiver || value != nil else { return }
      var entity = value.map { follower.follow($0) } ?? follower.intern(.unknown)
      let names = self.names(model, .call(site))
      let codeName = self.codeName(of: site, names)
      if model.isReceiver {
        guard case .member(let object, _) = facts(site).values[facts(site).calls[site.call].callee] else { return }
        entity = extending(object, site) ?? follower.follow(ValueRef(site.module, object))
        if case .instance(let type) = follower.entity(entity) { entity = follower.intern(.declaration(type)) }
      }
      let own = model.isReceiver ? name(of: entity) : nil
      add(
        model, entity, stated: names.first, codeName: own ?? (model.isNamedByCall ? names.first : nil) ?? codeName,
        .call(site), site.module, origin(site, .exact))
      if let members = model.members { self.members(members, of: entity, site) }
    case .members(let pattern, let object, let leaf):
      guard matches(pattern, site), let ref = select(object, .call(site)).first else { return }
      for (key, value, at) in follower.properties(ref) ?? [] {
        guard let maker = call(making: value, leaf) else { continue }
        let origin = Origin(
          place: finder.graph.place(value.module, at), rule: rule.info.id, confidence: .exact)
        add(model, follower.follow(value), stated: key, codeName: key, .call(maker), value.module, origin)
      }
    default: break
    }
  }

  /// `super.init(…)`: the class that the call stands in, not the one that it extends.
  private func extending(_ object: ValueID, _ site: CallSite) -> EntityID? {
    let facts = facts(site)
    var current = facts.calls[site.call].function
    while let id = current {
      if facts.declarations[id].form == .class {
        return facts.declarations[id].heritage == object
          ? follower.intern(.declaration(SymbolRef(site.module, id))) : nil
      }
      current = facts.declarations[id].parent
    }
    return nil
  }

  /// The call of the pattern in the chain that makes a value.
  private func call(making ref: ValueRef, _ pattern: ValuePattern) -> CallSite? {
    var target = follower.literal(ref)
    for _ in 0..<24 {
      let facts = finder.graph.modules[target.module].facts
      guard case .call(let call) = facts.values[target.value] else { return nil }
      if let callee = follower.callee(of: target), matcher.matches(pattern, callee) {
        return CallSite(target.module, call)
      }
      guard case .member(let object, _) = facts.values[facts.calls[call].callee] else { return nil }
      target = follower.literal(ValueRef(target.module, object))
    }
    return nil
  }

  /// Classes and interfaces of a module.
  func models(_ model: ModelClause, _ module: ModuleID) {
    let facts = finder.graph.modules[module].facts
    switch model.form {
    case .decorated(let pattern):
      for decorator in facts.decorators where facts.declarations[decorator.target].form == .class {
        guard let subject = self.decorator(decorator, pattern, module) else { continue }
        let symbol = SymbolRef(module, decorator.target)
        type(model, symbol, subject)
      }
    case .extending(let pattern):
      for (index, row) in facts.declarations.rows.enumerated() {
        guard row.form == .class, let heritage = row.heritage,
          extends(ValueRef(module, heritage), pattern, depth: 0)
        else { continue }
        type(model, SymbolRef(module, DeclarationID(index)), nil)
      }
    case .interface(let names):
      for (index, row) in facts.declarations.rows.enumerated()
      where (row.form == .interface || row.form == .type) && names.contains(facts.names[row.name]) {
        interface(model, SymbolRef(module, DeclarationID(index)))
      }
    case .call, .members: break
    }
  }

  private func extends(_ ref: ValueRef, _ pattern: ValuePattern, depth: Int) -> Bool {
    let id = follower.follow(ref)
    if matcher.matches(pattern, id) { return true }
    guard depth < 8 else { return false }
    var base = id
    // `extends Mixin(Model)`
    if case .value(let made) = follower.entity(id), let callee = follower.callee(of: made) {
      if case .call(let call) = finder.graph.modules[made.module].facts.values[made.value],
        let first = follower.argument(0, of: CallSite(made.module, call)), extends(first, pattern, depth: depth + 1)
      {
        return true
      }
      base = callee
    }
    guard case .declaration(let symbol) = follower.entity(base), let type = symbol.declaration,
      let heritage = finder.graph.modules[symbol.module].facts.declarations[type].heritage
    else { return false }
    return extends(ValueRef(symbol.module, heritage), pattern, depth: depth + 1)
  }

  private func type(_ model: ModelClause, _ symbol: SymbolRef, _ subject: Subject?) {
    let module = finder.graph.modules[symbol.module].facts
    guard let id = symbol.declaration, !module.declarations[id].flags.contains(.abstract) else { return }
    var stated = subject.map { names(model, $0) } ?? []
    for name in model.staticMembers {
      guard
        let member = follower.members(of: symbol.module)[id]?.first(where: {
          module.names[module.declarations[$0].name] == name
        })
      else { continue }
      let row = module.declarations[member]
      let value = row.value ?? row.returns.indices.first.map { module.valueLists[$0] }
      if let text = value.flatMap({ follower.text(ValueRef(symbol.module, $0)) }) { stated.append(text) }
    }
    // A class of another kind that happens to extend the base has no table.
    if subject == nil, !model.staticMembers.isEmpty, stated.isEmpty { return }
    add(
      model, follower.intern(.declaration(symbol)), stated: stated.first,
      codeName: module.names[module.declarations[id].name],
      subject, symbol.module, origin(symbol))
  }

  // MARK: The table

  private func names(_ model: ModelClause, _ subject: Subject) -> [String] {
    model.name.compactMap { pattern in
      guard let text = text(of: pattern, subject), !text.isEmpty else { return nil }
      return model.through.flatMap { through(select($0, subject).first, text) } ?? text
    }
  }

  /// What a function of one parameter gives for a text: (name) => `prefix_${name}`.
  private func through(_ function: ValueRef?, _ text: String) -> String? {
    guard let function, case .declaration(let symbol) = follower.entity(follower.follow(function)),
      let id = symbol.declaration
    else { return nil }
    let facts = finder.graph.modules[symbol.module].facts
    guard let value = facts.declarations[id].returns.indices.first.map({ facts.valueLists[$0] }) else { return nil }
    let folded = follower.fold(ValueRef(symbol.module, value))
    guard folded.parts.filter({ $0 == .hole }).count == 1 else { return folded.text }
    return folded.joined(hole: text)
  }

  /// The variable, or member of an object, that holds what the call gives.
  private func codeName(of site: CallSite, _ stated: [String]) -> String {
    let facts = facts(site)
    guard let value = finder.value(of: site) else { return stated.first ?? "" }
    let id = follower.follow(value)
    for row in facts.bindings.rows where row.isTopLevel {
      if follower.follow(ValueRef(site.module, row.value)) == id || begins(row.value, with: value.value, facts) {
        return facts.names[row.name]
      }
    }
    for row in facts.bindings.rows where !row.isTopLevel && row.value == value.value { return facts.names[row.name] }
    for row in facts.properties where row.form == .plain && row.value == value.value { return facts.names[row.name] }
    return stated.first ?? ""
  }

  /// Whether a chain of calls is made on what a call gives: `table("users", …).withPolicies()`.
  private func begins(_ chain: ValueID, with call: ValueID, _ facts: FrozenFacts) -> Bool {
    var current = chain
    for _ in 0..<8 {
      guard case .call(let next) = facts.values[current],
        case .member(let object, _) = facts.values[facts.calls[next].callee]
      else { return false }
      if object == call { return true }
      current = object
    }
    return false
  }

  private func name(of id: EntityID) -> String? {
    guard case .declaration(let symbol) = follower.entity(id), let type = symbol.declaration else { return nil }
    let facts = finder.graph.modules[symbol.module].facts
    return facts.names[facts.declarations[type].name]
  }

  private func add(
    _ model: ModelClause, _ entity: EntityID, stated: String?, codeName: String, _ subject: Subject?,
    _ module: ModuleID,
    _ origin: Origin
  ) {
    guard stated != nil || !codeName.isEmpty else { return }
    var name = stated ?? model.tableNaming.reduce(codeName) { $1.apply($0) }
    // A name that is the model's is not the table's; one that an option says is.
    if model.isNamedByCall, let stated, stated == subject.flatMap({ text(of: model.name[model.name.count - 1], $0) }) {
      name = model.tableNaming.reduce(stated) { $1.apply($0) }
    }
    if let schema = model.schema.flatMap({ pattern in subject.flatMap { text(of: pattern, $0) } }), schema != "public" {
      name = schema + "." + name
    }
    var columns: [ColumnReader.Found] = []
    let reader = ColumnReader(clause: self, reading: model.reading)
    if model.fields == nil, let subject, let stated = select(model.columns, subject).first,
      let object = self.object(stated)
    {
      for (key, value, at) in follower.properties(object) ?? [] {
        let place = finder.graph.place(value.module, at)
        if let found = reader.column(key, value, at: place) { columns.append(found) }
      }
      // An object of plain texts describes no table; what a call makes of one may.
      let members = follower.properties(object) ?? []
      if model.reading.needsType, columns.isEmpty, !members.isEmpty, follower.definition(stated) == object,
        members.allSatisfy({ follower.text($0.value) != nil })
      {
        return
      }
    }
    if case .declaration(let symbol) = follower.entity(entity) { columns += fields(model, reader, symbol, depth: 0) }
    let styles = casing(model) ?? model.columnNaming
    var table = SchemaTable(name: name, codeName: codeName, columns: [], place: origin.place)
    table.end = origin.end
    var references: [(column: String, to: ModelReference)] = []
    for (column, reference, isNamed) in columns {
      var column = column
      if !isNamed { column.name = styles.reduce(column.codeName) { $1.apply($0) } }
      guard !table.columns.contains(where: { $0.name == column.name }) else { continue }
      if let reference { references.append((column.name, reference)) }
      table.columns.append(column)
    }
    for column in model.always where !table.columns.contains(where: { $0.codeName == column.codeName }) {
      // A key of its own makes the usual one needless.
      if column.primary, table.columns.contains(where: \.primary) { continue }
      var column = column
      column.name = styles.reduce(column.codeName) { $1.apply($0) }
      column.place = origin.place
      table.columns.append(column)
    }
    finder.add(
      .model(
        FoundModel(
          entity: entity, module: module, table: table, references: references,
          provider: provider(model, subject), styles: styles, origin: origin)))
  }

  /// The object of columns: itself, what a function gives, or the first object in a call (`new Schema({ … })`).
  private func object(_ ref: ValueRef, depth: Int = 0) -> ValueRef? {
    guard depth < 6 else { return nil }
    let target = follower.literal(ref)
    let facts = finder.graph.modules[target.module].facts
    switch facts.values[target.value] {
    case .object: return target
    case .call(let call), .new(let call):
      for index in facts.calls[call].arguments.indices {
        if let found = object(ValueRef(target.module, facts.valueLists[index]), depth: depth + 1) { return found }
      }
      return nil
    default:
      guard let result = follower.returned(by: ref), case .value(let value) = follower.entity(result) else {
        return nil
      }
      return object(value, depth: depth + 1)
    }
  }

  func casing(_ model: ModelClause) -> [NameStyle]? {
    guard let setting = model.casing else { return nil }
    if let known = finder.casings[ref] { return known }
    let found = finder.graph.modules.ids.lazy.filter { !self.finder.graph.modules[$0].isTest }
      .compactMap { self.style(setting, in: $0) }.first.map { [$0] }
    finder.casings[ref] = .some(found)
    return found
  }

  /// What a module says of the option: a text, `true`, or the class that it makes. Without an option, the call itself.
  private func style(_ setting: CasingSetting, in module: ModuleID) -> NameStyle? {
    let facts = finder.graph.modules[module].facts
    let way = setting.option?.split(separator: ".").map(String.init) ?? []
    if let last = way.last, facts.names.find(last) == nil { return nil }
    for (index, call) in facts.calls.rows.enumerated() {
      let callee = follower.follow(ValueRef(module, call.callee))
      guard matcher.matches(setting.call, callee) else { continue }
      if way.isEmpty {
        let name = words(callee).last
        if let style = setting.styles.first(where: { $0.value == name }) { return style.style }
        continue
      }
      let site = CallSite(module, CallID(index))
      for position in 0..<call.arguments.count {
        guard let argument = follower.argument(position, of: site),
          let value = way.reduce(argument, { object, key in object.flatMap { follower.property($0, key) } })
        else { continue }
        let said = says(value)
        if let style = setting.styles.first(where: { said.contains($0.value) }) { return style.style }
      }
    }
    return nil
  }

  /// A text, `true`, or the class of what is made; of a list what each of its items says.
  private func says(_ value: ValueRef) -> [String] {
    let facts = finder.graph.modules[value.module].facts
    switch facts.values[value.value] {
    case .bool(true): return ["true"]
    case .list(let range): return range.indices.flatMap { says(ValueRef(value.module, facts.valueLists[$0])) }
    default: return [follower.text(value) ?? words(follower.follow(value)).last].compactMap { $0 }
    }
  }

  private func provider(_ model: ModelClause, _ subject: Subject?) -> String? {
    guard case .call(let site)? = subject, !model.providers.isEmpty else { return model.provider }
    let words = words(follower.follow(ValueRef(site.module, facts(site).calls[site.call].callee)))
    return model.providers.first { row in words.contains { $0.contains(row.part) } }?.provider ?? model.provider
  }

  /// Package and names that a value comes from, through calls and members.
  private func words(_ id: EntityID, depth: Int = 0) -> [String] {
    guard depth < 8 else { return [] }
    let graph = finder.graph
    switch follower.entity(id) {
    case .export(let package, let name): return [graph.names[package], graph.names[name]]
    case .package(let name), .global(let name): return [graph.names[name]]
    case .member(let object, let name): return words(object, depth: depth + 1) + [graph.names[name]]
    case .value(let made): return follower.callee(of: made).map { words($0, depth: depth + 1) } ?? []
    case .declaration: return name(of: id).map { [$0] } ?? []
    default: return []
    }
  }

  // MARK: Classes

  /// The decorated fields of a class and of those that it extends.
  private func fields(_ model: ModelClause, _ reader: ColumnReader, _ symbol: SymbolRef, depth: Int)
    -> [ColumnReader.Found]
  {
    guard let pattern = model.fields, let id = symbol.declaration, depth < 8 else { return [] }
    let facts = finder.graph.modules[symbol.module].facts
    var found: [ColumnReader.Found] = []
    if let heritage = facts.declarations[id].heritage,
      case .declaration(let parent) = follower.entity(follower.follow(ValueRef(symbol.module, heritage))),
      parent != symbol
    {
      found += fields(model, reader, parent, depth: depth + 1)
    }
    for member in follower.members(of: symbol.module)[id] ?? [] {
      let row = facts.declarations[member]
      guard row.form == .field || row.form == .getter else { continue }
      let decorators = facts.decorators.filter { $0.target == member }
      let columns = decorators.filter { self.decorator($0, pattern, symbol.module) != nil }
      guard !columns.isEmpty else { continue }
      // What another package says of the field (its documentation) is no option of the column.
      let packages = Set(columns.map { decoratorPackage($0, symbol.module) })
      let named = decorators.compactMap { row -> (name: String, subject: Subject)? in
        let name = decoratorName(row, symbol.module)
        guard !name.isEmpty, packages.contains(decoratorPackage(row, symbol.module)) else { return nil }
        if case .call(let call) = facts.values[row.value] { return (name, .call(CallSite(symbol.module, call))) }
        return (name, .object(ValueRef(symbol.module, row.value)))
      }
      let annotation = row.type.map { facts.names[$0] }
      if let column = reader.column(
        facts.names[row.name], decorators: named, annotation: annotation,
        at: finder.graph.place(symbol.module, row.nameAt))
      {
        found.append(column)
      }
    }
    return found
  }
}
