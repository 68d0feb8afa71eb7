import KapinBase
import KapinModel

/// Clauses that look at files, directives and elements instead of calls.
extension Finder {
  /// A module's path from its package on, cut up once for all rules.
  struct InnerPath {
    var text: String
    var parts: PathParts
  }

  /// `nil` for files that are tests by their name.
  func innerPath(_ id: ModuleID) -> InnerPath? {
    let module = graph.modules[id]
    guard !module.isTest || !isUnderTestFolder(module.path) else { return nil }
    let folder = graph.packages[module.package].folder
    let inner = folder.isEmpty ? module.path : String(module.path.utf8.dropFirst(folder.utf8.count + 1)) ?? module.path
    return InnerPath(text: inner, parts: PathParts(inner))
  }

  func files(_ id: ModuleID, _ path: InnerPath, _ rule: FinderRule) {
    for emit in rule.emits {
      switch emit {
      case .fileRoute(let route):
        if route.files.contains(where: { $0.matches(path.parts) }) { fileRoute(route, id, path.text, rule) }
      case .fileGuard(let guardian):
        if guardian.files.contains(where: { $0.matches(path.parts) }) { fileGuard(guardian, id, rule) }
      case .directiveRoute(let directive, let form, let method):
        directiveRoutes(directive, form, method, id, rule)
      default: break
      }
    }
  }

  /// A folder called `test` inside an app's routes is still a route; only files that are tests are not.
  private func isUnderTestFolder(_ path: String) -> Bool {
    Paths.last(path).contains(".test.") || Paths.last(path).contains(".spec.")
  }

  private func fileRoute(_ route: FileRoute, _ id: ModuleID, _ inner: String, _ rule: FinderRule) {
    guard !route.except.contains(where: { $0.matches(inner) }) else { return }
    guard let base = route.bases.first(where: { $0.isEmpty || Paths.isInside(inner, $0) }) else { return }
    guard route.requires.allSatisfy({ exports($0, id) }), !route.without.contains(where: { exports($0, id) }) else {
      return
    }
    let settings = settings(route.settings, graph.modules[id].package)
    var segments = String(inner.dropFirst(base.isEmpty ? 0 : base.count + 1)).split(separator: "/").map(String.init)
    guard let leaf = segments.popLast() else { return }
    var method = route.method
    if let extensions = settings.extensions, !extensions.contains(where: { leaf.hasSuffix("." + $0) }) { return }
    if !route.dropsLeaf {
      var stem = leaf.lastIndex(of: ".").map { String(leaf[..<$0]) } ?? leaf
      if let extensions = settings.extensions, let own = extensions.first(where: { leaf.hasSuffix("." + $0) }) {
        stem = String(leaf.dropLast(own.count + 1))
      }
      if let dot = stem.lastIndex(of: "."), let verb = route.suffixes[String(stem[stem.index(after: dot)...])] {
        method = verb
        stem = String(stem[..<dot])
      }
      if !route.indexNames.contains(stem) { segments.append(stem) }
    }
    guard var path = route.rewriting.apply(segments.joined(separator: "/")) else { return }
    path = RoutePath.join(settings.prefix + route.prefix, path)
    if !route.suffix.isEmpty { path = RoutePath.join(path, route.suffix) }
    let facts = graph.modules[id].facts
    if let pattern = route.path {
      let exported = follower.export(pattern[0], of: id)
      if let exported, case .value(let object) = follower.entity(exported) {
        var value: ValueRef? = object
        for key in pattern.dropFirst() { value = value.flatMap { follower.property($0, key) } }
        if let text = value.flatMap({ follower.text(follower.items($0)?.first ?? $0) }) {
          path = route.rewriting.apply(text) ?? path
        }
      }
    }
    if let name = route.actions {
      actions(name, route, path, id, rule)
      return
    }
    if route.exports.isEmpty {
      let names = route.handler.isEmpty ? ["default"] : route.handler
      if route.method == "ANY", let name = names.first {
        let byMethod = methods(of: name, id)
        for row in byMethod {
          add(file(route, row.method, path, row.handler, id, rule, at: row.at, wrappers: row.wrappers))
        }
        if !byMethod.isEmpty { return }
      }
      let handler = handler(names, id)
      let around = names.first.map { wrappers($0, id) } ?? []
      let isComponent = graph.modules[id].language.isComponentFile
      guard handler != nil || isComponent || !facts.exports.isEmpty else { return }
      if route.comparesMethod, method == "ANY", let handler {
        let compared = compared(by: handler)
        for (verb, apart) in compared {
          add(file(route, verb, path, handler, id, rule, at: 0, wrappers: around, apart: apart))
        }
        if !compared.isEmpty { return }
      }
      add(file(route, method, path, handler, id, rule, at: 0, wrappers: around))
    } else {
      let groups = Dictionary(grouping: route.exports, by: \.name)
      for (name, verb) in route.exports {
        if let group = groups[name], group.count > 1,
          !named(group.map(\.method), by: handler([name], id), name, id).contains(verb)
        {
          continue
        }
        guard let entity = follower.export(name, of: id), entity != follower.intern(.unknown) || exports(name, id)
        else {
          continue
        }
        let at = facts.exports.first { facts.names[$0.name] == name }?.at ?? 0
        let handler = handler([name], id) ?? symbol(entity) ?? variable(name, id)
        add(file(route, verb, path, handler, id, rule, at: at, wrappers: wrappers(name, id)))
      }
    }
  }

  /// What a call in the file says that the route passes: `definePage({ middleware: ["auth"] })`.
  private func guards(
    _ pattern: ValuePattern, _ argument: ArgumentPattern, _ id: ModuleID, _ rule: FinderRule
  ) -> [RouteGuard] {
    guard let index = program.finders.firstIndex(where: { $0.info.id == rule.info.id }) else { return [] }
    let facts = graph.modules[id].facts
    let clause = clause(ClauseRef(rule: index, emit: 0))
    return facts.calls.rows.indices.flatMap { row -> [RouteGuard] in
      let callee = follower.follow(ValueRef(id, facts.calls[CallID(row)].callee))
      guard matchers[index].matches(pattern, callee) else { return [] }
      return clause.select(argument, .call(CallSite(id, CallID(row)))).flatMap { clause.functions($0) }
    }
  }

  private func exports(_ name: String, _ id: ModuleID) -> Bool {
    if name.contains(".") { return handler([name], id) != nil }
    let facts = graph.modules[id].facts
    return facts.exports.contains { $0.form != .star && !$0.isType && facts.names[$0.name] == name }
  }

  /// Members of an exported object, each a route of the page: `/path?/name`.
  private func actions(_ name: String, _ route: FileRoute, _ path: String, _ id: ModuleID, _ rule: FinderRule) {
    guard let entity = follower.export(name, of: id), case .value(let object) = follower.entity(entity),
      let rows = follower.properties(object)
    else { return }
    for row in rows {
      let inner = symbol(follower.follow(row.value))
      let own = row.name == "default" ? path : path + "?/" + row.name
      add(
        .route(
          FoundRoute(
            form: route.form, method: route.method, path: own, framework: rule.info.id,
            package: graph.modules[id].package, owner: nil, handler: inner, guards: [],
            origin: Origin(place: graph.place(row.value.module, row.at), rule: rule.info.id, confidence: .exact))))
    }
  }

  private func file(
    _ route: FileRoute, _ method: String, _ path: String, _ handler: SymbolRef?, _ id: ModuleID, _ rule: FinderRule,
    at offset: UInt32, wrappers: [RouteGuard], apart: [Range32] = []
  ) -> Finding {
    var start = offset
    if let handler, handler.module == id, let declaration = handler.declaration, offset == 0 {
      start = graph.modules[id].facts.declarations[declaration].range.start
    }
    var found = FoundRoute(
      form: route.form, method: method, path: path, framework: rule.info.id,
      package: graph.modules[id].package, owner: nil, handler: handler ?? SymbolRef(id, nil), guards: [],
      origin: Origin(place: graph.place(id, start), rule: rule.info.id, confidence: .exact))
    found.loaders = route.loaders.compactMap { self.handler([$0], id) }
    found.isExport = true
    found.apart = apart
    for name in route.loaders { found.guards += self.wrappers(name, id) }
    found.locales = settings(route.settings, graph.modules[id].package).locales
    if let (call, argument) = route.guards { found.guards = guards(call, argument, id, rule) }
    if !route.inputs.isEmpty, let handler,
      let index = program.finders.firstIndex(where: { $0.info.id == rule.info.id })
    {
      found.inputs = clause(ClauseRef(rule: index, emit: 0)).read(route.inputs, by: handler)
    }
    found.guards += wrappers.filter { guardian in handler.map { guardian != .function($0) } ?? true }
    return .route(found)
  }

  private func directiveRoutes(
    _ directive: String, _ form: RouteForm, _ method: String, _ id: ModuleID, _ rule: FinderRule
  ) {
    let module = graph.modules[id]
    let facts = module.facts
    func action(_ name: Name, _ handler: SymbolRef?, _ guards: [RouteGuard], at offset: UInt32) {
      // An action is reached by its name, not by a path: the module's path keeps names apart.
      add(
        .route(
          FoundRoute(
            form: form, method: method, path: "/" + module.path + "#" + facts.names[name], framework: rule.info.id,
            package: module.package, owner: nil, handler: handler, guards: guards,
            origin: Origin(place: graph.place(id, offset), rule: rule.info.id, confidence: .exact))))
    }
    let wholeFile = facts.directives.contains { facts.names[$0] == directive }
    var exported: Set<DeclarationID> = []
    for row in wholeFile ? facts.exports : [] where row.form == .value && !row.isType {
      guard let value = row.value else { continue }
      let definition = follower.definition(ValueRef(id, value))
      guard definition.module == id else { continue }
      switch facts.values[definition.value] {
      case .declaration(let function): exported.insert(function)
      case .call:
        // `export const save = client.use(auth).action(async () => {})`
        let clause = clause(ClauseRef(rule: 0, emit: 0))
        action(row.name, clause.unit(definition), clause.wrappers(definition), at: row.at)
      default: break
      }
    }
    for (index, declaration) in facts.declarations.enumerated() {
      let own = declaration.directive.map { facts.names[$0] == directive } ?? false
      let isFunction = declaration.form == .function || declaration.form == .arrow
      guard isFunction, declaration.isNamed, own || exported.contains(DeclarationID(index)) else { continue }
      action(declaration.name, SymbolRef(id, DeclarationID(index)), [], at: declaration.nameAt)
    }
  }

}
