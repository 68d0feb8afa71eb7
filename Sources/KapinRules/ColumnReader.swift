import KapinBase
import KapinModel

/// Reads how code describes a column: a call with a chain behind it, an object of options, decorators with such, or the
/// bare name of a type.
struct ColumnReader {
  let clause: Clause
  let reading: ColumnReading

  /// What the description says, before it becomes a column.
  struct Description {
    /// The function or type that it starts with.
    var maker: String?
    var arguments: [ValueRef] = []
    var attributes: [(attribute: ColumnAttribute, argument: ValueRef?)] = []
    var options: [String: ValueRef] = [:]
    /// The type in the database of a type of the product's own.
    var custom: String?
    var enumName: String?
    var enumValues: [String] = []
    var isArray = false
    /// What the code's annotation says, for descriptions without a type.
    var annotation: String?
  }

  var follower: any ValueFollowing { clause.follower }
  var graph: CodeGraph { clause.finder.graph }

  /// A column, what it refers to, and whether the code says its name in the database.
  typealias Found = (column: SchemaColumn, references: ModelReference?, isNamed: Bool)

  /// A member of an object of columns.
  func column(_ key: String, _ value: ValueRef, at place: Place) -> Found? {
    var description = Description()
    describe(value, &description, depth: 0)
    return build(key, description, place)
  }

  /// A field of a class with the decorators on it.
  func column(_ key: String, decorators: [(name: String, subject: Subject)], annotation: String?, at place: Place)
    -> Found?
  {
    var description = Description()
    description.annotation = annotation
    for (name, subject) in decorators {
      let arguments = if case .call(let site) = subject { self.arguments(site) } else { [ValueRef]() }
      if let attribute = reading.attributes[name] {
        // A relation to another model, the name of its column.
        description.attributes.append((attribute, arguments.first))
      } else if description.maker == nil, reading.types[name] != nil {
        description.maker = name
      }
      for argument in arguments { self.argument(argument, &description) }
    }
    return build(key, description, place)
  }

  /// A column that a builder's method adds: `table.string("email").notNullable()`.
  func column(built site: CallSite, then: [CallSite], at place: Place) -> Found? {
    var description = Description()
    let facts = graph.modules[site.module].facts
    guard case .member(_, let name) = facts.values[facts.calls[site.call].callee] else { return nil }
    for call in then {
      guard case .member(_, let word) = facts.values[facts.calls[call.call].callee] else { continue }
      modifier(facts.names[word], arguments(call), &description)
    }
    maker(facts.names[name], arguments(site), &description, 0)
    guard var found = build("", description, place) else { return nil }
    if found.column.name.isEmpty {
      // `table.increments()`: a key without a name is called `id`; another column without one cannot be told.
      guard found.column.primary else { return nil }
      found.column.name = "id"
      found.column.codeName = "id"
    }
    return found
  }

  /// A column whose name, type and completing function a call gets: `addColumn("email", "text", (c) => c.notNull())`.
  func column(stated site: CallSite, at place: Place) -> Found? {
    let arguments = arguments(site)
    guard arguments.count > 1, let name = follower.text(arguments[0]) else { return nil }
    var description = Description()
    if let type = typeText(arguments[1]) {
      description.maker = type
      if reading.types[type] == nil { description.custom = type }
    }
    if arguments.count > 2, case .declaration(let symbol) = follower.entity(follower.follow(arguments[2])),
      let id = symbol.declaration
    {
      let facts = graph.modules[symbol.module].facts
      let range = facts.declarations[id].range
      for (index, call) in facts.calls.rows.enumerated() where range.encloses(call.range) {
        guard case .member(_, let word) = facts.values[call.callee] else { continue }
        modifier(facts.names[word], self.arguments(CallSite(symbol.module, CallID(index))), &description)
      }
    }
    return build(name, description, place)
  }

  /// `"text"`, or the text of a template that a call gets: `` sql`citext` ``.
  private func typeText(_ ref: ValueRef) -> String? {
    if let text = follower.text(ref) { return text }
    let target = follower.literal(ref)
    guard case .call(let call) = graph.modules[target.module].facts.values[target.value] else { return nil }
    return arguments(CallSite(target.module, call)).first.flatMap { follower.text($0) }
  }

  private func arguments(_ site: CallSite) -> [ValueRef] {
    let facts = graph.modules[site.module].facts
    return facts.calls[site.call].arguments.indices.map { ValueRef(site.module, facts.valueLists[$0]) }
  }

  /// An argument of a decorator or maker: options, or the type itself.
  private func argument(_ ref: ValueRef, _ description: inout Description) {
    let target = follower.literal(ref)
    switch graph.modules[target.module].facts.values[target.value] {
    case .object: options(target, &description, depth: 1)
    case .text(let text):
      let name = graph.modules[target.module].facts.names[text]
      if reading.types[name] != nil { description.maker = name }
    case .declaration:
      // `() => Number`
      if let result = follower.returned(by: target), let name = name(result), reading.types[name] != nil {
        description.maker = name
      }
    default:
      if let name = name(follower.follow(ref)), reading.types[name] != nil { description.maker = name }
    }
  }

  private func options(_ object: ValueRef, _ description: inout Description, depth: Int) {
    for (key, value, _) in follower.properties(object) ?? [] {
      if description.options[key] == nil { description.options[key] = value }
      guard let attribute = reading.attributes[key] else { continue }
      switch attribute.role {
      case .type where attribute.constant != nil: description.attributes.append((attribute, value))
      case .type: describe(value, &description, depth: depth + 1)
      case .item:
        description.isArray = true
        describe(value, &description, depth: depth + 1)
      default: description.attributes.append((attribute, value))
      }
    }
  }

  private func describe(_ ref: ValueRef, _ description: inout Description, depth: Int) {
    guard depth < 24 else { return }
    let id = follower.follow(ref)
    guard case .value(let target) = follower.entity(id) else {
      if case .declaration(let symbol) = follower.entity(id), values(of: symbol, &description) { return }
      if description.maker == nil { description.maker = name(id) }
      return
    }
    let facts = graph.modules[target.module].facts
    switch facts.values[target.value] {
    case .call(let call), .new(let call): self.call(CallSite(target.module, call), &description, depth)
    case .object(let range):
      // A document in the document: none of its members describes a column.
      let words = facts.properties[range.indices].map { facts.names[$0.name] }
      if !words.contains(where: { reading.attributes[$0] != nil }), reading.types["Object"] != nil {
        description.maker = "Object"
      } else {
        options(target, &description, depth: depth)
      }
    case .list(let range):
      description.isArray = true
      if let first = range.indices.first {
        describe(ValueRef(target.module, facts.valueLists[first]), &description, depth: depth + 1)
      }
    case .text(let text): if description.maker == nil { description.maker = facts.names[text] }
    case .declaration:
      // `type: () => String`
      if description.maker == nil { description.maker = follower.returned(by: target).flatMap { name($0) } }
    default: break
    }
  }

  private func call(_ site: CallSite, _ description: inout Description, _ depth: Int) {
    let facts = graph.modules[site.module].facts
    let row = facts.calls[site.call]
    let arguments = row.arguments.indices.map { ValueRef(site.module, facts.valueLists[$0]) }
    let callee = follower.follow(ValueRef(site.module, row.callee))
    if let type = customType(callee) {
      description.custom = type
      description.maker = description.maker ?? type
      description.arguments = arguments
      return
    }
    if let made = enumType(callee) {
      description.maker = made.name
      description.enumName = made.name
      description.enumValues = made.values
      description.arguments = arguments
      return
    }
    if case .member(let object, let name) = facts.values[row.callee] {
      let word = facts.names[name]
      let receiver = follower.literal(ValueRef(site.module, object))
      switch graph.modules[receiver.module].facts.values[receiver.value] {
      case .call where reading.types[word] == nil || isChain(receiver):
        modifier(word, arguments, &description)
        describe(receiver, &description, depth: depth + 1)
        return
      default: break
      }
      maker(word, arguments, &description, depth)
      return
    }
    if let name = name(callee) { maker(name, arguments, &description, depth) }
  }

  /// Whether a call is itself the description of a column, so that what is called on it changes that column.
  private func isChain(_ ref: ValueRef) -> Bool {
    guard let callee = follower.callee(of: ref) else { return false }
    switch follower.entity(callee) {
    case .export(_, let name), .member(_, let name): return reading.types[graph.names[name]] != nil
    default: return true
    }
  }

  private func modifier(_ word: String, _ arguments: [ValueRef], _ description: inout Description) {
    guard let attribute = reading.attributes[word] else { return }
    switch attribute.role {
    case .array: description.isArray = true
    default: description.attributes.append((attribute, arguments.first))
    }
  }

  private func maker(_ word: String, _ arguments: [ValueRef], _ description: inout Description, _ depth: Int) {
    if let attribute = reading.attributes[word] {
      // `v.optional(v.string())`: a wrapper around another description.
      switch attribute.role {
      case .array, .item: description.isArray = true
      case .references, .relation, .values: if description.maker == nil { description.maker = word }
      default: break
      }
      if attribute.role == .values, arguments.count > 1 {
        description.enumValues = arguments.compactMap { follower.text($0) }
      }
      description.attributes.append((attribute, arguments.first))
      let wraps =
        attribute.role == .nullable || attribute.role == .array || attribute.role == .item
        || attribute.role == .default
      if wraps, let first = arguments.first { describe(first, &description, depth: depth + 1) }
      return
    }
    if description.maker == nil || reading.types[word] != nil {
      description.maker = word
      description.arguments = arguments
    }
    for argument in arguments {
      let target = follower.literal(argument)
      if case .object = graph.modules[target.module].facts.values[target.value] {
        options(target, &description, depth: depth + 1)
      }
    }
  }

  // MARK: Enums and types of the product's own

  private func customType(_ callee: EntityID) -> String? {
    guard !reading.customs.isEmpty, case .value(let made) = follower.entity(callee),
      let maker = follower.callee(of: made),
      case .call(let call) = graph.modules[made.module].facts.values[made.value]
    else { return nil }
    let site = CallSite(made.module, call)
    for (pattern, type) in reading.customs where clause.matcher.matches(pattern, maker) {
      return clause.text(of: type, .call(site)) ?? "text"
    }
    return nil
  }

  private func enumType(_ callee: EntityID) -> (name: String, values: [String])? {
    guard case .value(let made) = follower.entity(callee), let maker = follower.callee(of: made) else { return nil }
    guard case .call(let call) = graph.modules[made.module].facts.values[made.value] else { return nil }
    let site = CallSite(made.module, call)
    for (pattern, name, values) in reading.enums where clause.matcher.matches(pattern, maker) {
      return (clause.text(of: name, .call(site)) ?? "enum", texts(clause.select(values, .call(site)).first))
    }
    return nil
  }

  /// The values of an enum of the language.
  private func values(of symbol: SymbolRef, _ description: inout Description) -> Bool {
    guard let id = symbol.declaration else { return false }
    let row = graph.modules[symbol.module].facts.declarations[id]
    guard row.form == .enum, let value = row.value else { return false }
    description.enumValues = texts(ValueRef(symbol.module, value))
    return true
  }

  /// The texts of a list, or of an object's members.
  func texts(_ ref: ValueRef?) -> [String] {
    guard let ref else { return [] }
    if case .declaration(let symbol) = follower.entity(follower.follow(ref)) {
      var description = Description()
      return values(of: symbol, &description) ? description.enumValues : []
    }
    if let items = follower.items(ref) { return items.compactMap { follower.text($0) } }
    return (follower.properties(ref) ?? []).compactMap { follower.text($0.value) }
  }
}
