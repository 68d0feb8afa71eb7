import KapinBase
import KapinModel

/// Functions that a schema gives to its models and their rows: `schema.statics.byName = function () { … }`.
struct ModelMembers {
  /// The model that is `this` in a function, or whose row is.
  private(set) var models: [SymbolRef: EntityID] = [:]
  private(set) var rows: [SymbolRef: EntityID] = [:]
  /// By the table, because several calls may stand for one model.
  private var statics: [String: [String: SymbolRef]] = [:]
  private var methods: [String: [String: SymbolRef]] = [:]
  private(set) var names: Set<String> = []
  var modelOfSchema: [EntityID: EntityID] = [:]

  var isEmpty: Bool { names.isEmpty }

  mutating func add(_ function: SymbolRef, _ name: String, of model: FoundModel, isStatic: Bool) {
    names.insert(name)
    if isStatic {
      models[function] = model.entity
      statics[model.table.name, default: [:]][name] = function
    } else {
      rows[function] = model.entity
      methods[model.table.name, default: [:]][name] = function
    }
  }

  func function(_ name: String, of table: String, isStatic: Bool) -> SymbolRef? {
    (isStatic ? statics : methods)[table]?[name]
  }
}

extension Clause {
  /// What the schema of a model gives to it, by assignments, by calls, and by the schema's options.
  func members(_ pattern: ModelMemberPattern, of model: EntityID, _ site: CallSite) {
    for given in select(pattern.schema, .call(site)) {
      let schema = follower.follow(given)
      guard case .value(let made) = follower.entity(schema) else { continue }
      if finder.modelMembers.modelOfSchema[schema] == nil { finder.modelMembers.modelOfSchema[schema] = model }
      options(pattern, of: model, made)
      for module in Set([made.module, site.module]).sorted(by: { $0.index < $1.index }) {
        assigned(pattern, to: schema, of: model, in: module)
        called(pattern, on: schema, of: model, in: module)
      }
    }
  }

  private func kind(_ name: String, _ pattern: ModelMemberPattern) -> Bool? {
    pattern.statics.contains(name) ? true : pattern.methods.contains(name) ? false : nil
  }

  private func add(_ ref: ValueRef, _ name: String, of model: EntityID, isStatic: Bool) {
    guard case .declaration(let function) = follower.entity(follower.follow(ref)),
      let model = finder.foundModels.first(where: { $0.entity == model })
    else { return }
    finder.modelMembers.add(function, name, of: model, isStatic: isStatic)
  }

  private func options(_ pattern: ModelMemberPattern, of model: EntityID, _ made: ValueRef) {
    let facts = finder.graph.modules[made.module].facts
    let call: CallID
    switch facts.values[made.value] {
    case .call(let id), .new(let id): call = id
    default: return
    }
    for index in facts.calls[call].arguments.indices {
      for member in follower.properties(ValueRef(made.module, facts.valueLists[index])) ?? [] {
        guard let isStatic = kind(member.name, pattern) else { continue }
        for inner in follower.properties(member.value) ?? [] {
          add(inner.value, inner.name, of: model, isStatic: isStatic)
        }
      }
    }
  }

  /// `schema.statics.byName = function () { … }`
  private func assigned(_ pattern: ModelMemberPattern, to schema: EntityID, of model: EntityID, in module: ModuleID) {
    let facts = finder.graph.modules[module].facts
    for row in facts.assignments {
      guard case .member(let group, let name) = facts.values[row.target],
        case .member(let owner, let kind) = facts.values[group],
        let isStatic = self.kind(facts.names[kind], pattern),
        follower.follow(ValueRef(module, owner)) == schema
      else { continue }
      add(ValueRef(module, row.value), facts.names[name], of: model, isStatic: isStatic)
    }
  }

  /// `schema.static("byName", function () { … })`, `schema.methods({ … })`
  private func called(_ pattern: ModelMemberPattern, on schema: EntityID, of model: EntityID, in module: ModuleID) {
    let facts = finder.graph.modules[module].facts
    for (index, call) in facts.calls.rows.enumerated() {
      guard case .member(let owner, let kind) = facts.values[call.callee],
        let isStatic = self.kind(facts.names[kind], pattern),
        follower.follow(ValueRef(module, owner)) == schema
      else { continue }
      let site = CallSite(module, CallID(index))
      guard let first = follower.argument(0, of: site) else { continue }
      if let name = follower.text(first), let function = follower.argument(1, of: site) {
        add(function, name, of: model, isStatic: isStatic)
      }
      for inner in follower.properties(first) ?? [] { add(inner.value, inner.name, of: model, isStatic: isStatic) }
    }
  }
}

extension Finder {
  /// Calls of what schemas gave to models and rows.
  func findMemberCalls() {
    guard !modelMembers.isEmpty else { return }
    let rows = program.finders.indices.map { index in
      program.finders[index].emits.enumerated().compactMap { position, emit -> (ClauseRef, [String])? in
        guard case .access(let access) = emit, case .row(let methods) = access.target else { return nil }
        return (ClauseRef(rule: index, emit: position), methods)
      }
    }
    for module in graph.modules.ids where !graph.modules[module].isTest && !stop() {
      let facts = graph.modules[module].facts
      for (index, call) in facts.calls.rows.enumerated() {
        guard case .member(let object, let member) = facts.values[call.callee] else { continue }
        let name = facts.names[member]
        guard modelMembers.names.contains(name),
          let target = target(of: name, on: ValueRef(module, object), rows)
        else { continue }
        add(.call(FoundCall(from: SymbolRef(module, call.function), to: target, site: CallSite(module, CallID(index)))))
      }
    }
  }

  private func target(_ name: String, of model: EntityID, isStatic: Bool) -> SymbolRef? {
    foundModels.first { $0.entity == model }.flatMap {
      modelMembers.function(name, of: $0.table.name, isStatic: isStatic)
    }
  }

  private func target(of name: String, on object: ValueRef, _ rows: [[(ClauseRef, [String])]]) -> SymbolRef? {
    let id = follower.follow(object)
    for rule in program.finders.indices where !rows[rule].isEmpty {
      if let model = modelIn(id, rule: rule), let found = target(name, of: model, isStatic: true) { return found }
      for (ref, methods) in rows[rule] {
        if case .model(let model)? = clause(ref).model(ofRow: id, methods, depth: 0),
          let found = target(name, of: model, isStatic: false)
        {
          return found
        }
      }
    }
    return nil
  }
}
