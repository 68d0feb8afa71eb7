import KapinBase
import KapinModel

/// Reads how code describes a column: a call with a chain behind it, an object of options, decorators with such, or the
/// bare name of a type.
struct ColumnReader {
  let clause: Clause
  let reading: ColumnReading

  /// What the description says, before it becomes a column.
  private struct Description {
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

  private var follower: any ValueFollowing { clause.follower }
  private var graph: CodeGraph { clause.finder.graph }

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
    return build("", description, place)
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
  private func texts(_ ref: ValueRef?) -> [String] {
    guard let ref else { return [] }
    if case .declaration(let symbol) = follower.entity(follower.follow(ref)) {
      var description = Description()
      return values(of: symbol, &description) ? description.enumValues : []
    }
    if let items = follower.items(ref) { return items.compactMap { follower.text($0) } }
    return (follower.properties(ref) ?? []).compactMap { follower.text($0.value) }
  }

  // MARK: The column

  private func name(_ id: EntityID) -> String? {
    switch follower.entity(id) {
    case .export(_, let name), .member(_, let name), .global(let name): return graph.names[name]
    case .declaration(let symbol):
      return symbol.declaration.map {
        graph.modules[symbol.module].facts.names[graph.modules[symbol.module].facts.declarations[$0].name]
      }
    default: return nil
    }
  }

  private func build(_ key: String, _ description: Description, _ place: Place) -> Found? {
    var column = SchemaColumn(
      name: key, codeName: key, type: "", nullable: reading.isNullable, place: place)
    var reference: ModelReference?
    var isNamed = false
    if let custom = description.custom {
      column.type = custom
    } else if let stated = description.maker.flatMap({ reading.types[$0] }) {
      type(stated, &column, description)
    } else if let annotation = description.annotation, let stated = reading.types[Self.plain(annotation)] {
      type(stated, &column, description)
    } else if reading.needsType, description.enumValues.isEmpty,
      !description.attributes.contains(where: { [.relation, .references, .values].contains($0.attribute.role) })
    {
      return nil
    }
    if let maker = description.maker, reading.attributes[maker]?.role == .ignored { return nil }
    if let annotation = description.annotation, annotation.contains("null") { column.nullable = true }
    if let name = reading.name, description.enumName != nil || description.maker != nil,
      case .index(let index) = name.position, index < description.arguments.count,
      let text = follower.text(description.arguments[index]), !text.isEmpty
    {
      column.name = text
      isNamed = true
    }
    var isNullStated = false
    var key: String?
    for (attribute, argument) in description.attributes {
      let flag = argument.flatMap { self.flag($0) }
      switch attribute.role {
      case .name, .join:
        if let text = name(argument) {
          column.name = text
          isNamed = true
        }
      case .required:
        column.nullable = flag == false
        isNullStated = true
      case .nullable:
        column.nullable = flag != false
        isNullStated = true
      case .primary: column.primary = flag != false
      case .unique: column.unique = flag != false
      case .generated: column.generated = flag != false
      case .default:
        column.defaultValue = attribute.constant ?? argument.flatMap { literal($0) } ?? column.defaultValue
      case .values: if let argument, column.enumValues.isEmpty { column.enumValues = texts(argument) }
      case .references, .relation:
        if let found = self.reference(argument) { reference = found }
        if attribute.role == .relation { column.hasNamedType = true }
      case .table:
        if let text = argument.flatMap({ follower.text($0) }) {
          reference = ModelReference(table: .name(text), column: reference?.column ?? key)
        }
      case .key:
        guard let text = argument.flatMap({ follower.text($0) }) else { break }
        let parts = text.split(separator: ".").map(String.init)
        key = parts.last
        if parts.count > 1 { reference = ModelReference(table: .name(parts[0]), column: key) }
        if let known = reference { reference = ModelReference(table: known.table, column: key) }
      case .ignored: if flag != false { return nil }
      case .array: column.type += column.type.hasSuffix("[]") ? "" : "[]"
      case .type: if let constant = attribute.constant, flag == true { column.type = constant }
      case .item, .changes: break
      }
    }
    if !description.enumValues.isEmpty { column.enumValues = description.enumValues }
    if column.type.isEmpty, !column.enumValues.isEmpty {
      column.type = description.enumName.map { "\"\($0)\"" } ?? "text"
    }
    if column.type.isEmpty { column.type = description.maker?.lowercased() ?? (reference == nil ? "text" : "") }
    if description.isArray, !column.type.hasSuffix("[]") { column.type += "[]" }
    if column.primary, !isNullStated { column.nullable = false }
    return (column, reference, isNamed)
  }

  /// `varchar({length}) unique`: a type with holes for options, and words that hold for all columns of it.
  private func type(_ stated: String, _ column: inout SchemaColumn, _ description: Description) {
    var type = stated
    while let space = type.lastIndex(of: " ") {
      switch type[type.index(after: space)...] {
      case "generated": column.generated = true
      case "required": column.nullable = false
      case "primary":
        column.primary = true
        column.nullable = false
      default:
        column.type = type
        return sized(&column, description)
      }
      type = String(type[..<space])
    }
    column.type = type
    sized(&column, description)
  }

  /// The numbers of the description in the place of a type's holes; without them, the brackets go.
  private func sized(_ column: inout SchemaColumn, _ description: Description) {
    var type = column.type
    if let open = type.firstIndex(of: "("), let close = type.lastIndex(of: ")") {
      let holes = type[type.index(after: open)..<close].split(separator: ",").map {
        $0.trimmingPrefix { $0 == " " || $0 == "{" }.prefix { $0 != "}" }
      }
      let numbers = holes.map { hole -> String? in
        let value =
          Int(hole).map { $0 < description.arguments.count ? description.arguments[$0] : nil }
          ?? description.options[String(hole)]
        return value.flatMap { follower.text($0) }.flatMap { Int($0) == nil ? nil : $0 }
      }
      let known = numbers.prefix { $0 != nil }.compactMap { $0 }
      type =
        type[..<open] + (known.isEmpty ? "" : "(\(known.joined(separator: ",")))") + type[type.index(after: close)...]
    }
    column.type = type
  }

  /// `string | null` → `string`.
  private static func plain(_ annotation: String) -> String {
    let parts = annotation.split(separator: "|").map { $0.trimmingPrefix { $0 == " " } }.map {
      String($0.reversed().drop { $0 == " " }.reversed())
    }
    return parts.first { $0 != "null" && $0 != "undefined" } ?? annotation
  }

  private func flag(_ ref: ValueRef) -> Bool? {
    let target = follower.literal(ref)
    switch graph.modules[target.module].facts.values[target.value] {
    case .bool(let flag): return flag
    case .list(let range):
      // `required: [true, "a message"]`
      return range.indices.first.flatMap {
        self.flag(ValueRef(target.module, graph.modules[target.module].facts.valueLists[$0]))
      }
    default: return nil
    }
  }

  private func name(_ ref: ValueRef?) -> String? {
    guard let ref else { return nil }
    if let text = follower.text(ref), !text.isEmpty { return text }
    return follower.property(ref, "name").flatMap { follower.text($0) }
  }

  /// A default as SQL, when it is a literal.
  private func literal(_ ref: ValueRef) -> String? {
    let target = follower.literal(ref)
    let facts = graph.modules[target.module].facts
    switch facts.values[target.value] {
    case .bool(let flag): return flag ? "true" : "false"
    case .number(let digits): return facts.names[digits]
    case .text(let text):
      return "'\(facts.names[text].split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
    case .call(let call) where facts.calls[call].flags.contains(.tagged):
      // sql`now()`
      return follower.argument(0, of: CallSite(target.module, call)).flatMap { follower.text($0) }
    default: return nil
    }
  }

  // MARK: References

  /// `() => users.id`, `() => User`, `User`, `"User"`, `{ model: "users", key: "id" }`.
  private func reference(_ ref: ValueRef?) -> ModelReference? {
    guard let ref else { return nil }
    var id = follower.follow(ref)
    if case .declaration(let function) = follower.entity(id), let declaration = function.declaration {
      let facts = graph.modules[function.module].facts
      let row = facts.declarations[declaration]
      if row.form != .class {
        guard let value = row.returns.indices.first.map({ facts.valueLists[$0] }) else { return nil }
        return target(ValueRef(function.module, value))
      }
    }
    if case .value(let value) = follower.entity(id) {
      switch graph.modules[value.module].facts.values[value.value] {
      case .text: return follower.text(value).map { ModelReference(table: .codeName($0), column: nil) }
      case .object:
        guard let model = ["model", "entity", "table"].lazy.compactMap({ self.follower.property(value, $0) }).first
        else { return nil }
        var found = reference(model)
        found?.column = follower.property(value, "key").flatMap { follower.text($0) }
        return found
      case .list(let range):
        return range.indices.first.flatMap {
          self.reference(ValueRef(value.module, graph.modules[value.module].facts.valueLists[$0]))
        }
      default: break
      }
    }
    id = follower.router(id)
    return ModelReference(table: .model(id), column: nil)
  }

  /// What the function of a reference gives: a model, or a column of one.
  private func target(_ ref: ValueRef) -> ModelReference? {
    let facts = graph.modules[ref.module].facts
    if case .member(let object, let name) = facts.values[ref.value] {
      return ModelReference(table: .model(follower.follow(ValueRef(ref.module, object))), column: facts.names[name])
    }
    return reference(ref)
  }
}
