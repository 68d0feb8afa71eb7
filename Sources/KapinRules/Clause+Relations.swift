import KapinBase
import KapinModel

/// Relations between models that code states, with the names under which queries ask for them.
extension Clause {
  /// `relations(users, ({ many }) => ({ posts: many(posts) }))`, `User.hasMany(Post, { as: "posts" })`.
  func relation(_ relation: RelationClause, _ site: CallSite) {
    guard case .call(let pattern) = relation.form, matches(pattern, site) else { return }
    let facts = facts(site)
    let owner: EntityID?
    if let argument = relation.owner {
      owner = select(argument, .call(site)).first.flatMap { finder.modelIn(follower.follow($0), rule: ref.rule) }
    } else if case .member(let object, _) = facts.values[facts.calls[site.call].callee] {
      let on = follower.follow(ValueRef(site.module, object))
      // A schema stands for the model that is made of it.
      owner = finder.modelIn(on, rule: ref.rule) ?? finder.modelMembers.modelOfSchema[on]
    } else {
      owner = nil
    }
    guard let owner else {
      say("it is about no model of this rule")
      return
    }
    if let members = relation.members {
      for object in select(members, .call(site)) { add(relation, owner, members: object) }
    } else if let name = relation.name.lazy.compactMap({ self.text(of: $0, .call(site)) }).first {
      add(owner, name, select(relation.target, .call(site)).first)
    }
  }

  /// Static members and decorated fields of the classes of a module.
  func relations(_ relation: RelationClause, _ module: ModuleID) {
    let facts = finder.graph.modules[module].facts
    switch relation.form {
    case .static(let names):
      for (type, members) in follower.members(of: module).sorted(by: { $0.key.index < $1.key.index }) {
        guard let owner = finder.modelIn(follower.intern(.declaration(SymbolRef(module, type))), rule: ref.rule) else {
          continue
        }
        for member in members where names.contains(facts.names[facts.declarations[member].name]) {
          let row = facts.declarations[member]
          guard let value = row.value ?? row.returns.indices.first.map({ facts.valueLists[$0] }) else { continue }
          let stated = ValueRef(module, value)
          add(relation, owner, members: onlyResult(of: stated) ?? stated)
        }
      }
    case .fields(let pattern):
      for decorator in facts.decorators {
        let row = facts.declarations[decorator.target]
        guard row.form == .field, let type = row.parent, let subject = self.decorator(decorator, pattern, module),
          let owner = finder.modelIn(follower.intern(.declaration(SymbolRef(module, type))), rule: ref.rule)
        else { continue }
        let isEager = relation.eager.contains { select($0, subject).contains { isTrue($0) } }
        add(owner, facts.names[row.name], select(relation.target, subject).first, isEager: isEager)
      }
    case .call: break
    }
  }

  private func add(_ relation: RelationClause, _ owner: EntityID, members object: ValueRef) {
    for member in follower.properties(object) ?? [] {
      let value = follower.literal(member.value)
      let subject: Subject
      if case .call(let call) = finder.graph.modules[value.module].facts.values[value.value] {
        subject = .call(CallSite(value.module, call))
      } else {
        subject = .object(value)
      }
      add(owner, member.name, select(relation.target, subject).first)
    }
  }

  private func isTrue(_ ref: ValueRef) -> Bool {
    let literal = follower.literal(ref)
    if case .bool(true) = finder.graph.modules[literal.module].facts.values[literal.value] { return true }
    return false
  }

  private func add(_ owner: EntityID, _ name: String, _ target: ValueRef?, isEager: Bool = false) {
    guard let target else { return }
    if let model = finder.modelIn(follower.follow(target), rule: ref.rule) {
      finder.add(.relation(FoundRelation(owner: owner, name: name, target: .model(model), isEager: isEager)))
    } else if let text = follower.text(target) {
      finder.add(.relation(FoundRelation(owner: owner, name: name, target: .codeName(text), isEager: isEager)))
    }
  }
}
