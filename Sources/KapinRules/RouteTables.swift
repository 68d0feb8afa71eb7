import KapinBase
import KapinModel

/// Route objects in lists: found in calls and annotated values, walked when all modules were looked at.
///
/// A list that another list holds (children, spreads, lazily loaded lists) is no list of its own.
final class RouteTables {
  struct Root: Hashable {
    var clause: Finder.ClauseRef
    var list: ValueRef
    var owner: EntityID?
    var site: SymbolRef
    var isCalled = false
    var prefix = ""
  }

  private let finder: Finder
  private var roots: [Root] = []
  private var seen: [ValueRef: Int] = [:]
  /// Lists by the module that they stand in, for modules that are loaded as a whole.
  private var byModule: [ModuleID: [Root]] = [:]

  init(_ finder: Finder) { self.finder = finder }

  func add(_ root: Root) {
    if let known = seen[root.list] {
      // A call says where the list counts; its type does not.
      if root.isCalled, !roots[known].isCalled { roots[known] = root }
      return
    }
    seen[root.list] = roots.count
    roots.append(root)
    byModule[root.list.module, default: []].append(root)
  }

  func run() {
    var nested: Set<ValueRef> = []
    for root in roots {
      guard let walk = walk(root) else { continue }
      walk.emits = false
      walk.list(root.list, prefix: "", guards: [], depth: 0)
      nested.formUnion(walk.nested)
    }
    for root in roots where !nested.contains(root.list) {
      walk(root)?.list(root.list, prefix: "", guards: [], depth: 0)
    }
  }

  private func walk(_ root: Root) -> TableWalk? {
    guard case .table(let table) = finder.program.finders[root.clause.rule].emits[root.clause.emit] else { return nil }
    return TableWalk(finder.clause(root.clause), table, root, lists: byModule)
  }
}

/// One walk through a list of route objects.
final class TableWalk {
  private let clause: Clause
  private let table: RouteTable
  private let root: RouteTables.Root
  private let lists: [ModuleID: [RouteTables.Root]]
  var emits = true
  private(set) var nested: Set<ValueRef> = []
  private var open: Set<ValueRef> = []

  init(_ clause: Clause, _ table: RouteTable, _ root: RouteTables.Root, lists: [ModuleID: [RouteTables.Root]]) {
    self.clause = clause
    self.table = table
    self.root = root
    self.lists = lists
  }

  private var follower: any ValueFollowing { clause.follower }

  func list(_ ref: ValueRef, prefix: String, guards: [RouteGuard], depth: Int) {
    let target = follower.literal(ref)
    guard depth < 24, open.insert(target).inserted else { return }
    defer { open.remove(target) }
    if depth > 0 { nested.insert(target) }
    guard let items = rows(target) else { return }
    for item in items { self.item(item, prefix, guards, depth) }
  }

  /// The items of a list; one object alone is a list of one. Lists that are spread into it belong to it.
  private func rows(_ ref: ValueRef, depth: Int = 0) -> [ValueRef]? {
    guard depth < 8 else { return nil }
    let facts = clause.finder.graph.modules[ref.module].facts
    guard case .list(let range) = facts.values[ref.value] else {
      if case .object = facts.values[ref.value] { return [ref] }
      return follower.items(ref) ?? helped(ref, depth)
    }
    return range.indices.flatMap { index -> [ValueRef] in
      let item = ValueRef(ref.module, facts.valueLists[index])
      guard case .spread(let inner) = facts.values[item.value] else { return [item] }
      let target = follower.literal(ValueRef(ref.module, inner))
      nested.insert(target)
      if case .call = clause.finder.graph.modules[target.module].facts.values[target.value] { return [target] }
      return rows(target, depth: depth + 1) ?? []
    }
  }

  /// The lists that a helper puts together or keeps: `compact(a, b)`, `remember(() => [a, b])`.
  private func helped(_ ref: ValueRef, _ depth: Int) -> [ValueRef]? {
    let facts = clause.finder.graph.modules[ref.module].facts
    guard case .call(let call) = facts.values[ref.value],
      !table.items.contains(where: { item in
        follower.callee(of: ref).map { clause.matcher.matches(item.call, $0) } ?? false
      })
    else { return nil }
    if let first = facts.calls[call].arguments.indices.first,
      case .declaration = facts.values[facts.valueLists[first]]
    {
      guard let result = follower.returned(by: ValueRef(ref.module, facts.valueLists[first])),
        case .value(let made) = follower.entity(result)
      else { return nil }
      nested.insert(made)
      return rows(made, depth: depth + 1)
    }
    let found = facts.calls[call].arguments.indices.flatMap { index -> [ValueRef] in
      var argument = ValueRef(ref.module, facts.valueLists[index])
      if case .spread(let inner) = facts.values[argument.value] { argument = ValueRef(ref.module, inner) }
      let target = follower.literal(argument)
      switch clause.finder.graph.modules[target.module].facts.values[target.value] {
      case .object: return [target]
      case .list, .either: return rows(target, depth: depth + 1) ?? []
      default: return []
      }
    }
    return found.isEmpty ? nil : found
  }

  private func item(_ ref: ValueRef, _ prefix: String, _ guards: [RouteGuard], _ depth: Int) {
    let target = follower.literal(ref)
    let facts = clause.finder.graph.modules[target.module].facts
    switch facts.values[target.value] {
    case .object:
      if target != root.list { nested.insert(target) }
      object(target, prefix, guards, depth)
    case .list: list(target, prefix: prefix, guards: guards, depth: depth + 1)
    case .call(let call): self.call(CallSite(target.module, call), target, prefix, guards, depth)
    default: break
    }
  }

  /// `route("x", "./x.tsx", [...])`
  private func call(_ site: CallSite, _ ref: ValueRef, _ prefix: String, _ guards: [RouteGuard], _ depth: Int) {
    guard let callee = follower.callee(of: ref),
      let item = table.items.first(where: { clause.matcher.matches($0.call, callee) })
    else {
      if let items = follower.items(ref) { for item in items { self.item(item, prefix, guards, depth + 1) } }
      return
    }
    let text = item.path.flatMap { clause.paths(of: $0, .call(site))?.first }
    guard let path = join(prefix, text) else { return }
    let children = item.children.flatMap { clause.select($0, .call(site)).last }
    let hasList = children.map { follower.items($0) != nil } ?? false
    if let pattern = item.handler, let handler = clause.select(pattern, .call(site)).first, !hasList || text != nil {
      emit(path, handler: unit(handler), guards, [], at: clause.origin(site, .exact), site.module)
    }
    if let children, hasList { list(children, prefix: path, guards: guards, depth: depth + 1) }
  }

  private func object(_ ref: ValueRef, _ prefix: String, _ guards: [RouteGuard], _ depth: Int) {
    let texts = clause.select(table.path, .object(ref)).isEmpty ? nil : clause.paths(of: table.path, .object(ref))
    let own = guards + table.guards.flatMap { clause.select($0, .object(ref)).flatMap { clause.functions($0) } }
    let children = table.children.flatMap { clause.select($0, .object(ref)).first }
    let handlerRef = clause.select(table.handler, .object(ref)).first
    let isIndex = table.index.map { !clause.select($0, .object(ref)).isEmpty } ?? false
    let places: [String?] = texts.map { $0.isEmpty ? [nil] : $0.map(Optional.some) } ?? [nil]
    for text in places {
      guard let path = join(prefix, text) else { continue }
      let hasOwnPath = text != nil || isIndex
      if hasOwnPath, handlerRef != nil || table.form != .page, !(children.map { hasIndex($0) } ?? false) {
        let loaders = table.loaders.flatMap { clause.select($0, .object(ref)).compactMap { clause.unit($0) } }
        emit(
          path, handler: handlerRef.flatMap(unit), own, loaders, at: origin(ref), ref.module, object: ref)
      }
      if let children { descend(children, path, own, depth) }
    }
  }

  private func descend(_ children: ValueRef, _ path: String, _ guards: [RouteGuard], _ depth: Int) {
    if follower.items(children) != nil {
      list(children, prefix: path, guards: guards, depth: depth + 1)
      return
    }
    // A function that loads the list, or a module that holds lists.
    guard let result = follower.returned(by: children) ?? Optional(follower.follow(children)) else { return }
    switch follower.entity(result) {
    case .value(let ref): list(ref, prefix: path, guards: guards, depth: depth + 1)
    case .namespace(let module):
      if let value = follower.export("default", of: module), case .value(let ref) = follower.entity(value) {
        list(ref, prefix: path, guards: guards, depth: depth + 1)
      }
    case .declaration(let symbol): holders(symbol.module, path, guards, depth)
    default: break
    }
  }

  /// A class that is loaded: its lists stand in its module, or in one that the module imports.
  private func holders(_ module: ModuleID, _ path: String, _ guards: [RouteGuard], _ depth: Int) {
    var found = lists[module] ?? []
    if found.isEmpty {
      for case .module(let other) in clause.finder.graph.modules[module].targets { found += lists[other] ?? [] }
    }
    for root in found where root.clause.rule == self.root.clause.rule {
      list(root.list, prefix: path, guards: guards, depth: depth + 1)
    }
  }

  /// Whether the path itself is shown by a child.
  private func hasIndex(_ children: ValueRef, depth: Int = 0) -> Bool {
    guard depth < 8, let items = follower.items(children) else { return false }
    return items.contains { item in
      let target = follower.literal(item)
      if let index = table.index, !clause.select(index, .object(target)).isEmpty { return true }
      guard !clause.select(table.path, .object(target)).isEmpty else {
        return table.children.flatMap { clause.select($0, .object(target)).first }.map {
          hasIndex($0, depth: depth + 1)
        }
          ?? false
      }
      return clause.text(of: table.path, .object(target)) == ""
    }
  }

  private func unit(_ ref: ValueRef) -> SymbolRef? {
    if let found = clause.unit(ref) { return found }
    // A file, by its path from the module.
    guard let text = follower.text(ref),
      let path = Paths.normalize(
        Paths.join(Paths.folder(clause.finder.graph.modules[ref.module].path), text)),
      let file = clause.finder.graph.inventory.paths.file(path),
      let module = clause.finder.graph.moduleOfFile[file.index]
    else { return nil }
    return follower.export("default", of: module).flatMap { clause.unit($0) } ?? SymbolRef(module, nil)
  }

  /// A child's path that starts with a slash stands alone.
  private func join(_ outer: String, _ text: String?) -> String? {
    // What stands below a path with a rest stands in the place of the rest.
    let prefix = outer.hasSuffix("/*rest") && text != nil ? String(outer.dropLast(6)) : outer
    guard let text else { return prefix }
    guard let path = table.rewriting.apply(text) else { return nil }
    if text.hasPrefix("/"), root.owner == nil, !prefix.isEmpty, path.hasPrefix(prefix) { return path }
    return text.hasPrefix("/") && !prefix.isEmpty && root.owner == nil ? path : RoutePath.join(prefix, path)
  }

  private func origin(_ ref: ValueRef) -> Origin {
    let graph = clause.finder.graph
    let start = graph.modules[ref.module].facts.valueStarts[ref.value.index]
    return Origin(place: graph.place(ref.module, start), rule: clause.rule.info.id, confidence: .exact)
  }

  private func emit(
    _ path: String, handler: SymbolRef?, _ guards: [RouteGuard], _ loaders: [SymbolRef], at origin: Origin,
    _ module: ModuleID, object: ValueRef? = nil
  ) {
    guard emits else { return }
    let path = root.prefix.isEmpty ? path : RoutePath.join(root.prefix, path)
    var verbs = ["PAGE"]
    switch table.verb {
    case .fixed(let verb): verbs = [verb]
    case .argument(let pattern):
      if let object { verbs = clause.texts(of: pattern, .object(object)).map { $0.uppercased() } }
    case .method: break
    }
    for verb in verbs.isEmpty ? ["ANY"] : verbs {
      var found = FoundRoute(
        form: table.form, method: verb == "*" ? "ANY" : verb, path: RoutePath.normalize(path),
        framework: clause.rule.info.id,
        package: clause.finder.graph.modules[module].package, owner: root.owner, handler: handler, guards: guards,
        origin: origin)
      if path.contains("{?}") { found.origin.confidence = .resolved }
      found.loaders = loaders
      found.usesBase = table.form == .page
      found.site = root.site
      clause.finder.add(.route(found))
      if table.form == .page, path.hasSuffix("/*rest"), let handler {
        clause.finder.add(.scope(clause.below(path, handler, root.site)))
      }
    }
  }
}

extension Clause {
  /// A call that gets a list of routes.
  func tableRoot(_ table: RouteTable, _ site: CallSite) {
    for (call, list, prefix) in table.calls where matches(call, site) {
      let start = prefix.flatMap { paths(of: $0, .call(site))?.first }.map { RoutePath.withoutUnknownStart($0) } ?? ""
      for ref in select(list, .call(site)) {
        finder.tables.add(
          RouteTables.Root(
            clause: self.ref, list: follower.literal(ref), owner: call.on == nil ? nil : owner(site, call),
            site: from(site), isCalled: true, prefix: start))
      }
    }
  }

  /// Variables whose annotated type says that they are lists of routes.
  func typedTables(_ table: RouteTable, _ module: ModuleID) {
    if !table.files.isEmpty, let path = finder.innerPath(module),
      table.files.contains(where: { $0.matches(path.parts) }),
      let exported = finder.exportedObject(module)
    {
      var list: ValueRef? = exported
      for key in table.member { list = list.flatMap { follower.property($0, key) } }
      if let value = list, let result = follower.returned(by: value), case .value(let made) = follower.entity(result) {
        list = made
      }
      if let list {
        // Lists by name: `{ beforeFiles: […], afterFiles: […] }`
        let all = table.member.isEmpty ? nil : follower.properties(list)?.map(\.value)
        for one in all ?? [list] {
          finder.tables.add(
            RouteTables.Root(clause: ref, list: follower.literal(one), owner: nil, site: SymbolRef(module, nil)))
        }
      }
    }
    guard !table.types.isEmpty else { return }
    let facts = finder.graph.modules[module].facts
    for (index, row) in facts.declarations.rows.enumerated() where row.form == .variable || row.form == .field {
      guard let type = row.type, let value = row.value, finder.types.has(table.types, facts.names[type], in: module)
      else {
        continue
      }
      finder.tables.add(
        RouteTables.Root(
          clause: ref, list: follower.literal(ValueRef(module, value)), owner: nil,
          site: SymbolRef(module, DeclarationID(index))))
    }
  }
}
