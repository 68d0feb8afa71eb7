import KapinBase
import KapinModel

/// Objects whose keys are paths or names of routes.
extension Clause {
  func entries(_ entries: RouteEntries, _ site: CallSite) {
    if let implementation = entries.implementation, matches(implementation.call, site) {
      for contract in select(implementation.contract, .call(site)) {
        for handlers in select(implementation.handlers, .call(site)) {
          finder.implementations[follower.literal(contract), default: []].append(handlers)
        }
      }
    }
    guard matches(entries.call, site) else { return }
    let owner = finder.value(of: site).map { follower.router(follower.follow($0)) }
    let prefix = entries.prefix.flatMap { text(of: $0, .call(site)) } ?? ""
    for object in select(entries.object, .call(site)) {
      let whole = finder.value(of: site).map { follower.literal($0) }
      finder.entryRoots.append(
        EntryRoot(clause: ref, object: object, owner: owner, prefix: prefix, site: site, whole: whole))
    }
  }

  struct EntryRoot {
    var clause: Finder.ClauseRef
    var object: ValueRef
    var owner: EntityID?
    var prefix: String
    var site: CallSite
    /// What an implementation names.
    var whole: ValueRef?
  }

  /// The objects that other ones hold: they are no roots.
  func nested(_ object: ValueRef, into found: inout Set<ValueRef>, depth: Int = 0) {
    guard depth < 12, let rows = follower.properties(object) else { return }
    for row in rows {
      let target = follower.literal(row.value)
      let inner = madeObject(of: row.value)
      guard follower.properties(inner) != nil, found.insert(target).inserted else { continue }
      nested(inner, into: &found, depth: depth + 1)
    }
  }

  /// Run when all implementations are known.
  func read(_ root: EntryRoot, _ entries: RouteEntries) {
    let handlers = root.whole.flatMap { finder.implementations[$0] } ?? []
    members(root.object, root, entries, path: root.prefix, handlers: handlers, depth: 0)
  }

  private func members(
    _ object: ValueRef, _ root: EntryRoot, _ entries: RouteEntries, path: String, handlers: [ValueRef], depth: Int
  ) {
    guard depth < 12, let rows = follower.properties(object) else { return }
    for row in rows {
      let inner = handlers.compactMap { follower.property($0, row.name) }
      if let router = entries.router, entries.requires == nil, let target = self.router(row.value, router) {
        var found = FoundMount(
          owner: root.owner, prefix: join(path, row.name, entries), target: target, guards: [],
          origin: origin(row.value.module, row.at))
        found.joiner = entries.rewriting.joiner
        finder.add(.mount(found))
      } else if entries.keysArePaths {
        keyed(row, root, entries)
      } else if let leaf = entries.leaf, let site = self.leaf(row.value, leaf) {
        add(row.name, site, row.value, root, entries, path)
      } else if let pattern = entries.path, let text = paths(of: pattern, .object(row.value))?.first,
        !select(pattern, .object(row.value)).isEmpty
      {
        contract(row.value, text, root, entries, path, inner, row.at)
      } else if entries.nests {
        let whole = follower.literal(row.value)
        let own = inner + (finder.implementations[whole] ?? [])
        // A router of the same kind inside: its object is the argument of its call.
        let nested = madeObject(of: row.value)
        let prefix =
          entries.leaf == nil ? path + (nestedPrefix(row.value, entries) ?? "") : join(path, row.name, entries)
        members(nested, root, entries, path: prefix, handlers: own, depth: depth + 1)
      }
    }
  }

  /// The object that a nested router is made from; an object itself.
  private func madeObject(of ref: ValueRef) -> ValueRef {
    let target = follower.literal(ref)
    let facts = finder.graph.modules[target.module].facts
    guard case .call(let call) = facts.values[target.value] else { return target }
    return facts.calls[call].arguments.indices.lazy.map { ValueRef(target.module, facts.valueLists[$0]) }
      .first { self.follower.properties($0) != nil } ?? target
  }

  private func nestedPrefix(_ ref: ValueRef, _ entries: RouteEntries) -> String? {
    let target = follower.literal(ref)
    guard let prefix = entries.prefix,
      case .call(let call) = finder.graph.modules[target.module].facts.values[target.value]
    else { return nil }
    return text(of: prefix, .call(CallSite(target.module, call)))
  }

  private func join(_ path: String, _ name: String, _ entries: RouteEntries) -> String {
    path.isEmpty ? name : path + entries.rewriting.joiner + name
  }

  private func origin(_ module: ModuleID, _ at: UInt32) -> Origin {
    Origin(place: finder.graph.place(module, at), rule: rule.info.id, confidence: .exact)
  }

  /// The router that a value is, or that a function which loads a module gives.
  private func router(_ ref: ValueRef, _ pattern: ValuePattern) -> EntityID? {
    let id = follower.follow(ref)
    if matcher.matches(pattern, id) { return follower.router(id) }
    let target = follower.literal(ref)
    let facts = finder.graph.modules[target.module].facts
    guard case .call(let call) = facts.values[target.value] else { return nil }
    for index in facts.calls[call].arguments.indices {
      guard let result = follower.returned(by: ValueRef(target.module, facts.valueLists[index])) else { continue }
      if matcher.matches(pattern, result) { return follower.router(result) }
      guard case .namespace(let module) = follower.entity(result) else { continue }
      for export in finder.graph.modules[module].facts.exports where export.form != .star {
        let name = finder.graph.text(export.name, in: module)
        if let value = follower.export(name, of: module), matcher.matches(pattern, value) {
          return follower.router(value)
        }
      }
    }
    return nil
  }

  /// The call that makes a leaf.
  private func leaf(_ ref: ValueRef, _ pattern: CallPattern) -> CallSite? {
    let target = follower.literal(ref)
    let facts = finder.graph.modules[target.module].facts
    guard case .call(let call) = facts.values[target.value] else { return nil }
    let site = CallSite(target.module, call)
    return matches(pattern, site) ? site : nil
  }

  private func add(
    _ name: String, _ site: CallSite, _ value: ValueRef, _ root: EntryRoot, _ entries: RouteEntries, _ path: String
  ) {
    if let wanted = entries.requires, select(wanted, .call(site)).isEmpty { return }
    var verb = "RPC"
    switch entries.verb {
    case .fixed(let text): verb = text
    case .method(let table):
      if case .member(_, let method) = facts(site).values[facts(site).calls[site.call].callee] {
        let text = facts(site).names[method]
        verb = table[text] ?? text.uppercased()
      }
    case .argument(let pattern): verb = text(of: pattern, .call(site))?.uppercased() ?? "ANY"
    }
    var text = join(path, name, entries)
    if let pattern = entries.path, let own = paths(of: pattern, .call(site))?.first { text = own }
    guard let route = entries.rewriting.apply(text) else { return }
    let guards = entries.guards.flatMap { chained in
      chains(chained, from: site).flatMap {
        select(ArgumentPattern(), .call($0)).flatMap { functions($0, external: true) }
      }
    }
    var found = FoundRoute(
      form: entries.form, method: verb, path: route, framework: rule.info.id,
      package: finder.graph.modules[root.site.module].package,
      owner: entries.requires == nil || entries.router == nil ? root.owner : nil,
      handler: select(entries.handler, .call(site)).first.flatMap { unit($0) }, guards: guards.reversed(),
      origin: origin(site, .exact))
    found.joiner = entries.rewriting.joiner
    found.usesBase = entries.form == .endpoint && entries.router != nil
    for (place, chained) in entries.inputs {
      for call in chains(chained, from: site) {
        if let schema = select(ArgumentPattern(), .call(call)).first { found.inputs += shape(schema, place) }
      }
    }
    finder.add(.route(found))
  }

  /// All calls by a name down the chain, also through the value that the chain starts from.
  private func chains(_ name: String, from site: CallSite) -> [CallSite] {
    var found: [CallSite] = []
    var current = site
    for _ in 0..<64 {
      let facts = facts(current)
      guard case .member(let object, let member) = facts.values[facts.calls[current.call].callee] else { break }
      if facts.names[member] == name { found.append(current) }
      let target = follower.literal(ValueRef(current.module, object))
      guard case .call(let inner) = finder.graph.modules[target.module].facts.values[target.value] else { break }
      current = CallSite(target.module, inner)
    }
    return found
  }

  /// A path as key: a handler, or an object of methods.
  private func keyed(
    _ row: (name: String, value: ValueRef, at: UInt32), _ root: EntryRoot, _ entries: RouteEntries
  ) {
    guard let path = entries.rewriting.apply(row.name) else { return }
    var handlers: [(method: String, value: ValueRef)] = [("ANY", row.value)]
    if let methods = follower.properties(row.value), !methods.isEmpty { handlers = methods.map { ($0.name, $0.value) } }
    for (method, value) in handlers {
      var found = FoundRoute(
        form: entries.form, method: method.uppercased(), path: path, framework: rule.info.id,
        package: finder.graph.modules[root.site.module].package, owner: nil, handler: unit(value), guards: [],
        origin: origin(row.value.module, row.at))
      found.site = from(root.site)
      finder.add(.route(found))
    }
  }

  /// An object that says path and method; another one holds its handler.
  private func contract(
    _ object: ValueRef, _ text: String, _ root: EntryRoot, _ entries: RouteEntries, _ prefix: String,
    _ handlers: [ValueRef], _ at: UInt32
  ) {
    guard let path = entries.rewriting.apply(prefix + "/" + text) else { return }
    var verb = "ANY"
    if case .argument(let pattern) = entries.verb {
      verb = self.text(of: pattern, .object(object))?.uppercased() ?? verb
    }
    let all = handlers + (finder.implementations[follower.literal(object)] ?? [])
    var found = FoundRoute(
      form: entries.form, method: verb, path: path, framework: rule.info.id,
      package: finder.graph.modules[root.site.module].package, owner: nil,
      handler: all.lazy.compactMap { self.unit($0) }.first, guards: [], origin: origin(object.module, at))
    for (place, key) in entries.inputs {
      if let schema = follower.property(object, key) { found.inputs += shape(schema, place) }
    }
    finder.add(.route(found))
  }

  // MARK: Modules with paths

  /// A tree of modules with paths, whose classes stand below them.
  func modules(_ tree: ModuleTree, _ site: CallSite) {
    guard matches(tree.call, site) else { return }
    for list in select(tree.list, .call(site)) { modules(tree, list, parent: nil, depth: 0) }
  }

  private func modules(_ tree: ModuleTree, _ list: ValueRef, parent: EntityID?, depth: Int) {
    guard depth < 10, let items = follower.items(list) else { return }
    for item in items {
      // A module without a path of its own may stand for itself.
      let prefix = text(of: tree.path, .object(item)) ?? "/"
      let named = select(tree.module, .object(item)).first ?? item
      var owner = parent
      if let module = classes(named) {
        let id = follower.intern(.instance(module))
        finder.add(
          .mount(
            FoundMount(
              owner: parent, prefix: prefix, target: id, guards: [], origin: origin(item.module, 0))))
        owner = id
        for member in members(of: module, tree) {
          finder.add(
            .mount(
              FoundMount(
                owner: id, prefix: "/", target: follower.intern(.instance(member)), guards: [],
                origin: origin(item.module, 0))))
        }
      }
      if let children = select(tree.children, .object(item)).first {
        modules(tree, children, parent: owner, depth: depth + 1)
      }
    }
  }

  private func members(of module: SymbolRef, _ tree: ModuleTree) -> [SymbolRef] {
    let facts = finder.graph.modules[module.module].facts
    return facts.decorators.filter { $0.target == module.declaration }.flatMap { decorator -> [SymbolRef] in
      guard case .call(let call) = facts.values[decorator.value],
        matcher.matches(tree.decorator, follower.follow(ValueRef(module.module, facts.calls[call].callee)))
      else { return [] }
      return select(tree.members, .call(CallSite(module.module, call))).flatMap { follower.items($0) ?? [] }
        .compactMap { classes($0) }
    }
  }
}

extension Clause {
  /// `{ Query: { user: … } }`: the functions that answer the fields of the root types.
  func resolvers(_ roots: [(root: String, method: String)], _ module: ModuleID) {
    let facts = finder.graph.modules[module].facts
    for (root, method) in roots {
      guard let name = facts.names.find(root) else { continue }
      for property in facts.properties where property.name == name && property.form != .spread {
        for row in follower.properties(ValueRef(module, property.value)) ?? [] {
          guard let handler = unit(row.value) else { continue }
          finder.add(
            .operation(
              FoundOperation(
                method: method, field: row.name, handler: handler, module: module, rule: rule.info.id)))
        }
      }
    }
  }
}
