import KapinBase
import KapinModel

/// What routes take: schemas that are handed to them, and members of the request that handlers read.
extension Clause {
  func inputs(_ route: CallRoute, _ handler: SymbolRef?, _ site: CallSite) -> [RouteInput] {
    var found: [RouteInput] = []
    for input in route.inputs {
      if let schema = input.schema {
        for ref in select(schema, .call(site)) { found.add(contentsOf: shape(ref, input.place)) }
      }
      if let validator = input.validator { found.add(contentsOf: validated(validator, input, site)) }
    }
    if let handler { found.add(contentsOf: read(route.inputs, by: handler)) }
    return found
  }

  /// `zValidator("query", schema)` among the arguments.
  private func validated(_ pattern: ValuePattern, _ input: InputPattern, _ site: CallSite) -> [RouteInput] {
    let facts = facts(site)
    return facts.calls[site.call].arguments.indices.flatMap { index -> [RouteInput] in
      let target = follower.literal(ValueRef(site.module, facts.valueLists[index]))
      let inner = finder.graph.modules[target.module].facts
      guard case .call(let call) = inner.values[target.value],
        matcher.matches(pattern, follower.follow(ValueRef(target.module, inner.calls[call].callee)))
      else { return [] }
      let subject = Subject.call(CallSite(target.module, call))
      var position = 0
      if let wanted = input.target {
        guard text(of: ArgumentPattern(), subject) == wanted else { return [] }
        position = 1
      }
      return select(ArgumentPattern(position: .index(position)), subject).flatMap { shape($0, input.place) }
    }
  }

  // MARK: Shapes

  /// The members that a schema describes: a call of a schema library, or a JSON Schema.
  func shape(_ ref: ValueRef, _ place: InputPattern.Place) -> [RouteInput] {
    let target = follower.literal(ref)
    if let properties = follower.property(target, "properties").flatMap({ follower.properties($0) }),
      case .object = finder.graph.modules[target.module].facts.values[target.value]
    {
      let required =
        follower.property(target, "required").flatMap { follower.items($0) }?
        .compactMap { follower.text($0) } ?? []
      return properties.map { row in
        let type = follower.property(row.value, "type").flatMap { follower.text($0) }
        return RouteInput(
          place: place, name: row.name, type: type == "integer" ? "number" : type, required: required.contains(row.name)
        )
      }
    }
    for (clause, shape) in finder.shapes {
      if let found = clause.members(target, shape, place, depth: 0) { return found }
    }
    return []
  }

  private func members(
    _ ref: ValueRef, _ shape: ShapeClause, _ place: InputPattern.Place, depth: Int
  ) -> [RouteInput]? {
    guard depth < 12 else { return nil }
    let target = follower.literal(ref)
    let facts = finder.graph.modules[target.module].facts
    guard case .call(let call) = facts.values[target.value] else { return nil }
    let site = CallSite(target.module, call)
    if matcher.matches(shape.call, follower.follow(ValueRef(target.module, facts.calls[call].callee))) {
      guard let object = select(shape.members, .call(site)).first, let rows = follower.properties(object) else {
        return nil
      }
      return rows.map { input($0.name, $0.value, shape, place) }
    }
    // `object.extend({ … })`, `object.partial()`: what the chain starts with, and what is added.
    guard case .member(let object, let name) = facts.values[facts.calls[call].callee],
      var found = members(ValueRef(target.module, object), shape, place, depth: depth + 1)
    else { return nil }
    let method = facts.names[name]
    let arguments = facts.calls[call].arguments.indices.map { ValueRef(target.module, facts.valueLists[$0]) }
    if method == "partial" { for index in found.indices { found[index].required = false } }
    if let keys = arguments.first.flatMap({ follower.properties($0) }) {
      switch method {
      case "pick": found = found.filter { row in keys.contains { $0.name == row.name } }
      case "omit": found = found.filter { row in !keys.contains { $0.name == row.name } }
      case "extend", "augment", "safeExtend": found += keys.map { input($0.name, $0.value, shape, place) }
      default: break
      }
    } else if method == "merge" || method == "and" || method == "extend",
      let other = arguments.first.flatMap({ members($0, shape, place, depth: depth + 1) })
    {
      found += other
    }
    return found
  }

  private func input(
    _ name: String, _ value: ValueRef, _ shape: ShapeClause, _ place: InputPattern.Place
  ) -> RouteInput {
    var names: [String] = []
    var current = value
    for _ in 0..<24 {
      let target = follower.literal(current)
      let facts = finder.graph.modules[target.module].facts
      guard case .call(let call) = facts.values[target.value] else { break }
      switch facts.values[facts.calls[call].callee] {
      case .member(let object, let method):
        names.append(facts.names[method])
        current = ValueRef(target.module, object)
        continue
      default: names.append(called(facts.calls[call].callee, in: target.module))
      }
      break
    }
    let isOptional = names.contains { shape.optional.contains($0) }
    return RouteInput(
      place: place, name: name, type: names.reversed().lazy.compactMap { shape.types[$0] }.first, required: !isOptional)
  }

  private func called(_ callee: ValueID, in module: ModuleID) -> String {
    switch follower.entity(follower.follow(ValueRef(module, callee))) {
    case .export(_, let name), .member(_, let name), .global(let name): finder.graph.names[name]
    default: ""
    }
  }
}

extension [RouteInput] {
  /// What is not known yet, by place and name.
  mutating func add(contentsOf rows: [RouteInput]) {
    for row in rows where !contains(where: { $0.place == row.place && $0.name == row.name }) { append(row) }
  }
}
