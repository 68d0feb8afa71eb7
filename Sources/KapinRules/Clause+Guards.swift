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
    if let wanted = clause.requires, select(wanted, subject).isEmpty { return }
    if let pattern = clause.name {
      guard let name = text(of: pattern, subject),
        let symbol = select(clause.functions, subject).first.flatMap({ made($0) })
      else { return }
      finder.add(
        .guardName(
          FoundGuardName(
            rule: rule.info.id, package: finder.graph.modules[site.module].package, name: name, symbol: symbol)))
      return
    }
    let prefixes = select(clause.prefix, subject)
    let functions = select(clause.functions, subject)
    let guards = functions.flatMap { ref -> [RouteGuard] in
      // A router among the arguments is mounted, it guards nothing.
      if let on = clause.call.on, matcher.matches(on, follower.follow(ref)) || isMounted(ref) { return [] }
      let isPrefix = functions.count > 1 && prefixes.contains(ref)
      return self.functions(ref, external: clause.isPackageWide, unresolved: !isPrefix)
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
        finder.add(
          .guardian(FoundGuard(owner: owner, prefix: "/", guards: guards, site: from(site), origin: anywhere)))
      }
      return
    }
    let path = paths(of: clause.prefix, subject)?.first.map { RoutePath.withoutUnknownStart($0) }
    guard !clause.isPackageWide else { return packageWide(clause, path, guards, site) }
    guard let owner = owner(site, clause.call) else { return }
    // `/admin/*` is everything below `/admin`.
    var text = path.map { RoutePath.normalize($0) } ?? "/"
    if text.hasSuffix("/*rest") { text = RoutePath.normalize(String(text.dropLast(6))) }
    finder.add(
      .guardian(
        FoundGuard(owner: owner, prefix: text, guards: guards, site: from(site), origin: origin(site, .exact))))
  }

  /// What a clause of the rule mounts: `router.routes()`, or what stands for a router that is registered elsewhere.
  private func isMounted(_ ref: ValueRef) -> Bool {
    rule.emits.contains { emit in
      if case .mount(let mount) = emit, let target = mount.target.value {
        return matcher.matches(target, follower.follow(ref)) || !askedRouters(ref, target).isEmpty
      }
      return false
    }
  }

  /// A function, or the one that makes it.
  private func made(_ ref: ValueRef) -> SymbolRef? {
    functions(ref).lazy.compactMap { if case .function(let symbol) = $0 { symbol } else { nil } }.first
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
  ///
  /// - Parameters:
  ///   - external: whether functions of packages count too.
  ///   - unresolved: whether references that lead to nothing known count, by their words.
  func functions(_ given: ValueRef, external: Bool = false, unresolved: Bool = false) -> [RouteGuard] {
    var ref = bound(given) ?? given
    if case .spread(let inner) = finder.graph.modules[ref.module].facts.values[ref.value] {
      ref = ValueRef(ref.module, inner)
      ref = bound(ref) ?? ref
    }
    if let items = follower.items(ref) {
      return items.flatMap { functions($0, external: external, unresolved: unresolved) }
    }
    let facts = finder.graph.modules[ref.module].facts
    if case .call(let call) = facts.values[ref.value], let made = packaged(ref) {
      if let found = unit(ValueRef(ref.module, facts.calls[call].callee)) { return [.function(found)] }
      // What a package makes stands for itself, or for the function of the project that it wraps.
      for index in facts.calls[call].arguments.indices {
        let argument = ValueRef(ref.module, facts.valueLists[index])
        if case .declaration = facts.values[argument.value] { continue }
        if case .declaration(let symbol) = follower.entity(follower.follow(argument)) { return [.function(symbol)] }
      }
      return external ? [made] : []
    }
    if let found = unit(ref) { return [.function(found)] }
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
    if namesGuards, let name = follower.text(ref), !name.isEmpty, !name.contains("/") {
      // `auth:admin` is the guard `auth` with an option.
      return [.named(String(name.prefix { $0 != ":" }))]
    }
    if let name = decoration(ref) { return [.named(name)] }
    if let made = packaged(ref) { return external ? [made] : [] }
    guard unresolved, follower.loop(follower.follow(ref)) == nil, paths(ref).isEmpty, registered(ref).isEmpty else {
      return []
    }
    return words(ref, depth: 0).map { [.unresolved(ref.module, name: $0)] } ?? []
  }

  /// A reference as it is written: `ctx.auth.isPermitted`.
  private func words(_ ref: ValueRef, depth: Int) -> String? {
    guard depth < 6 else { return nil }
    let facts = finder.graph.modules[ref.module].facts
    switch facts.values[ref.value] {
    case .member(let object, let name):
      return words(ValueRef(ref.module, object), depth: depth + 1).map { $0 + "." + facts.names[name] }
    case .local(let binding): return facts.names[facts.bindings[binding].name]
    case .global(let name): return facts.names[name]
    case .this: return "this"
    case .call(let call): return words(ValueRef(ref.module, facts.calls[call].callee), depth: depth + 1)
    default: return nil
    }
  }

  /// Whether the rule says where guards get their names.
  private var namesGuards: Bool {
    rule.emits.contains { emit in
      switch emit {
      case .guardian(let guardian): guardian.names != nil || guardian.name != nil
      case .fileGuard(let guardian): guardian.isNamed
      default: false
      }
    }
  }

  /// A member that the product adds to a router: `app.verifySession`, or what it gives.
  private func decoration(_ ref: ValueRef) -> String? {
    let facts = finder.graph.modules[ref.module].facts
    var value = ref
    if case .call(let call) = facts.values[ref.value] { value = ValueRef(ref.module, facts.calls[call].callee) }
    guard case .member(let object, let name) = follower.entity(follower.follow(value)) else { return nil }
    let isRouter = rule.emits.contains { emit in
      if case .guardian(let guardian) = emit, guardian.name != nil, let on = guardian.call.on {
        return matcher.matches(on, object)
      }
      return false
    }
    return isRouter ? finder.graph.names[name] : nil
  }

  /// What a package makes or exports, by the names in the code.
  private func packaged(_ ref: ValueRef) -> RouteGuard? {
    let facts = finder.graph.modules[ref.module].facts
    var value = ref
    switch facts.values[ref.value] {
    case .call(let call), .new(let call): value = ValueRef(ref.module, facts.calls[call].callee)
    default: break
    }
    var id = follower.follow(value), names: [String] = []
    for _ in 0..<6 {
      switch follower.entity(id) {
      case .member(let object, let name):
        names.insert(finder.graph.names[name], at: 0)
        id = object
      case .export(let package, let name):
        let exported = finder.graph.names[name]
        let all = (exported == "default" ? [] : [exported]) + names
        let specifier = finder.graph.names[package]
        return .external(package: specifier, name: all.isEmpty ? specifier : all.joined(separator: "."))
      case .package(let package):
        let specifier = finder.graph.names[package]
        return .external(package: specifier, name: names.isEmpty ? specifier : names.joined(separator: "."))
      case .value(let inner):
        guard let callee = follower.callee(of: inner) else { return nil }
        id = callee
      default: return nil
      }
    }
    return nil
  }
}
