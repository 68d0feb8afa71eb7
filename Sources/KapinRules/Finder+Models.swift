import KapinBase
import KapinModel

/// The models of the project: found before all else, because accesses are told by them.
extension Finder {
  func findModels() {
    let table = ClauseTable(program, graph.names, used: used) { if case .model = $0 { true } else { false } }
    let clauses = program.finders.indices.filter { used[$0] }.flatMap { rule in
      program.finders[rule].emits.enumerated().compactMap { position, emit -> (ref: ClauseRef, model: ModelClause)? in
        guard case .model(let model) = emit else { return nil }
        return (ClauseRef(rule: rule, emit: position), model)
      }
    }
    for module in graph.modules.ids where !stop() && !graph.modules[module].isTest {
      let own = clauses.filter { active[module.index][$0.ref.rule] }
      guard !own.isEmpty else { continue }
      for (ref, model) in own { clause(ref).models(model, module) }
      calls(module, table)
    }
  }

  /// Remembers a model; the first clause that finds it has it.
  func isNew(_ model: FoundModel) -> Bool {
    guard modelRule[model.entity] == nil,
      let rule = program.finders.firstIndex(where: { $0.info.id == model.origin.rule })
    else { return false }
    modelRule[model.entity] = rule
    foundModels.append(model)
    return true
  }

  /// The names that code has for the models of a rule.
  func modelNames(rule: Int) -> Set<String> {
    if let known = modelNameMemo[rule] { return known }
    let names = Set(foundModels.filter { modelRule[$0.entity] == rule }.map(\.table.codeName))
    modelNameMemo[rule] = names
    return names
  }

  /// Values that stand for one another in a circle end here.
  private static let deepestModel = 12

  /// The model that a value is, or is an instance of, by a rule.
  func modelIn(_ id: EntityID, rule: Int, depth: Int = 0) -> EntityID? {
    guard depth < Self.deepestModel else { return nil }
    switch follower.entity(id) {
    case .instance(let type):
      // `this` in a function that a schema gives to a model
      if let own = modelMembers.models[type] { return model(own, rule) }
      return model(follower.intern(.declaration(type)), rule)
    case .inherited(let inner, _): return modelIn(inner, rule: rule, depth: depth + 1)
    case .value(let ref):
      if let known = model(id, rule) { return known }
      // `new User()`, `User.scope("x")` and such stand for the model too.
      let facts = graph.modules[ref.module].facts
      switch facts.values[ref.value] {
      case .either(let range):
        // `models.User || model("User", schema)`
        return range.indices.lazy.compactMap { index -> EntityID? in
          let one = self.follower.follow(ValueRef(ref.module, facts.valueLists[index]))
          return one == id ? nil : self.modelIn(one, rule: rule, depth: depth + 1)
        }.first
      case .new(let call): return model(follower.follow(ValueRef(ref.module, facts.calls[call].callee)), rule)
      case .call(let call):
        let start = chainStart(id)
        if start != id { return modelIn(start, rule: rule, depth: depth + 1) }
        if let made = made(by: ref, rule) { return made }
        if let given = statedModel(follower.follow(ValueRef(ref.module, facts.calls[call].callee)), rule) {
          return given
        }
        // `alias(users, "manager")`
        guard let first = follower.argument(0, of: CallSite(ref.module, call)),
          case .export = follower.entity(follower.follow(ValueRef(ref.module, facts.calls[call].callee)))
        else { return nil }
        return model(follower.follow(first), rule)
      case .parameter: return statedModel(id, rule)
      default: return nil
      }
    default: return model(id, rule) ?? statedModel(id, rule)
    }
  }

  /// The model in a stated type that names one class as a value: `private user: Handed<typeof User>`.
  private func statedModel(_ id: EntityID, _ rule: Int) -> EntityID? {
    switch follower.entity(id) {
    case .member, .parameter, .callback, .value: break
    default: return nil
    }
    guard let (type, module) = follower.declaredType(of: id) else { return nil }
    guard let query = type.firstRange(of: "typeof ") else { return nil }
    let rest = type[query.upperBound...].drop { $0.isWhitespace }
    let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
    guard rest.firstRange(of: "typeof ") == nil, let found = follower.topLevel(String(name), in: module) else {
      return nil
    }
    return model(found, rule)
  }

  /// `try { return db.model("User"); } catch { return compile(db); }`: any of the results.
  private func made(by call: ValueRef, _ rule: Int) -> EntityID? {
    guard let callee = follower.callee(of: call), case .declaration(let maker) = follower.entity(callee),
      let id = maker.declaration
    else { return nil }
    let facts = graph.modules[maker.module].facts
    let row = facts.declarations[id]
    guard row.form != .class, row.returns.count > 1, row.returns.count <= 4 else { return nil }
    return row.returns.indices.lazy.compactMap { index -> EntityID? in
      self.model(self.follower.follow(ValueRef(maker.module, facts.valueLists[index])), rule)
    }.first
  }

  /// What is known of the model that a value is.
  func model(_ id: EntityID, rule: Int) -> FoundModel? {
    modelIn(id, rule: rule).flatMap { entity in foundModels.first { $0.entity == entity } }
  }

  /// `table("users", …).withPolicies()`: what is called on a call where it stands gives the same thing.
  func chainStart(_ id: EntityID) -> EntityID {
    guard case .value(let ref) = follower.entity(id) else { return id }
    let facts = graph.modules[ref.module].facts
    var value = ref.value
    while case .call(let call) = facts.values[value],
      case .member(let object, _) = facts.values[facts.calls[call].callee], case .call = facts.values[object]
    {
      value = object
    }
    return value == ref.value ? id : follower.follow(ValueRef(ref.module, value))
  }

  private func model(_ id: EntityID, _ rule: Int) -> EntityID? {
    modelRule[id] == rule ? id : nil
  }

  func laterParts(_ module: ModuleID) -> LaterParts {
    if let known = later[module] { return known }
    let found = LaterParts(graph.modules[module].facts)
    later[module] = found
    return found
  }
}
