import KapinBase
import KapinModel

/// What requests pass before they reach a handler.
extension Clause {
  func guardian(_ clause: GuardClause, _ site: CallSite) {
    guard matches(clause.call, site) else { return }
    if let names = clause.names {
      for row in select(names, .call(site)).first.flatMap({ follower.properties($0) }) ?? [] {
        guard let symbol = unit(row.value) else { continue }
        finder.add(
          .guardName(
            FoundGuardName(
              rule: rule.info.id, package: finder.graph.modules[site.module].package, name: row.name, symbol: symbol)))
      }
      return
    }
    if let list = clause.list {
      for item in select(list, .call(site)).first.flatMap({ follower.items($0) }) ?? [] {
        add(clause, .object(item), site)
      }
      return
    }
    add(clause, .call(site), site)
  }

  private func add(_ clause: GuardClause, _ subject: Subject, _ site: CallSite) {
    let guards = select(clause.functions, subject).flatMap { ref -> [RouteGuard] in
      // A router among the arguments is mounted, it guards nothing.
      if let on = clause.call.on, matcher.matches(on, follower.follow(ref)) { return [] }
      return self.functions(ref)
    }
    guard !guards.isEmpty else { return }
    let owners = clause.owner.map { entities($0, subject) }?.filter { id in
      if case .declaration = follower.entity(id) { true } else { false }
    }
    if let owners, !owners.isEmpty {
      // Where it stands says nothing about the order.
      var anywhere = origin(site, .exact)
      anywhere.place.position = nil
      for owner in owners {
        finder.add(.guardian(FoundGuard(owner: owner, prefix: "/", guards: guards, origin: anywhere)))
      }
      return
    }
    let path = paths(of: clause.prefix, subject)?.first
    guard !clause.isPackageWide else { return packageWide(clause, path, guards, site) }
    guard let owner = owner(site, clause.call) else { return }
    // `/admin/*` is everything below `/admin`.
    var text = path.map { RoutePath.normalize($0) } ?? "/"
    if text.hasSuffix("/*rest") { text = RoutePath.normalize(String(text.dropLast(6))) }
    finder.add(.guardian(FoundGuard(owner: owner, prefix: text, guards: guards, origin: origin(site, .exact))))
  }

  private func packageWide(_ clause: GuardClause, _ path: String?, _ guards: [RouteGuard], _ site: CallSite) {
    var included: [String] = [], excluded: [String] = []
    if let path {
      if clause.isWritten { included = [path] } else { Finder.matcher(path, &included, &excluded) }
    }
    for passes in guards {
      var found = FoundPackageGuard(
        rule: rule.info.id, package: finder.graph.modules[site.module].package, passes: passes, included: included,
        excluded: excluded)
      found.isWritten = clause.isWritten
      finder.add(.packageGuard(found))
    }
  }

  /// The functions behind a value: itself, each of a list, or what makes them; a text is a guard's name.
  func functions(_ ref: ValueRef) -> [RouteGuard] {
    if let items = follower.items(ref) { return items.flatMap { functions($0) } }
    if let found = unit(ref) { return [.function(found)] }
    let facts = finder.graph.modules[ref.module].facts
    if case .new(let call) = facts.values[ref.value] {
      let type = follower.follow(ValueRef(ref.module, facts.calls[call].callee))
      if case .declaration(let owner) = follower.entity(type) { return [.function(owner)] }
    }
    if case .call(let call) = facts.values[ref.value] {
      // `authorize("admin")`: the function that makes the guard stands for it.
      let callee = ValueRef(ref.module, facts.calls[call].callee)
      if case .declaration(let maker) = follower.entity(follower.follow(callee)) { return [.function(maker)] }
      // `middleware.auth()`: a member of an object of guards.
      if let found = unit(callee) { return [.function(found)] }
    }
    if let name = follower.text(ref), !name.isEmpty, !name.contains("/") {
      // `auth:admin` is the guard `auth` with an option.
      return [.named(String(name.prefix { $0 != ":" }))]
    }
    return []
  }
}
