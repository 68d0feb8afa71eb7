import KapinBase
import KapinModel

/// What a description comes to: the column, and what it refers to.
extension ColumnReader {
  func name(_ id: EntityID) -> String? {
    switch follower.entity(id) {
    case .export(_, let name), .member(_, let name), .global(let name): return graph.names[name]
    case .declaration(let symbol):
      return symbol.declaration.map {
        graph.modules[symbol.module].facts.names[graph.modules[symbol.module].facts.declarations[$0].name]
      }
    default: return nil
    }
  }

  func build(_ key: String, _ description: Description, _ place: Place) -> Found? {
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
    return ModelReference(table: .model(clause.finder.chainStart(id)), column: nil)
  }

  /// What the function of a reference gives: a model, or a column of one.
  private func target(_ ref: ValueRef) -> ModelReference? {
    let facts = graph.modules[ref.module].facts
    if case .member(let object, let name) = facts.values[ref.value] {
      let model = clause.finder.chainStart(follower.follow(ValueRef(ref.module, object)))
      return ModelReference(table: .model(model), column: facts.names[name])
    }
    return reference(ref)
  }
}
