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
        for verb in compared { add(file(route, verb, path, handler, id, rule, at: 0, wrappers: around)) }
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
    at offset: UInt32, wrappers: [RouteGuard]
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

  func handler(_ names: [String], _ id: ModuleID) -> SymbolRef? {
    for name in names {
      // `default.fetch`: a member of what is exported.
      if let dot = name.firstIndex(of: ".") {
        if let entity = follower.export(String(name[..<dot]), of: id),
          let member = follower.member(entity, String(name[name.index(after: dot)...])), let found = symbol(member)
        {
          return found
        }
        continue
      }
      if let value = follower.definition(ofExport: name, in: id), let found = wrapped(value) { return found }
      if let entity = follower.export(name, of: id), let found = symbol(entity) { return found }
    }
    return nil
  }

  /// The function that a call wraps: `export const GET = withAuth(async () => {})`.
  private func wrapped(_ value: ValueRef) -> SymbolRef? {
    switch graph.modules[value.module].facts.values[value.value] {
    case .call, .member: break
    default: return nil
    }
    return clause(ClauseRef(rule: 0, emit: 0)).unit(value)
  }

  /// The variable that a file exports under its name.
  private func variable(_ name: String, _ id: ModuleID) -> SymbolRef? {
    let facts = graph.modules[id].facts
    return facts.declarations.rows.firstIndex {
      $0.form == .variable && $0.parent == nil && facts.names[$0.name] == name
    }.map { SymbolRef(id, DeclarationID($0)) }
  }

  /// The functions of the project around what a file exports under a name.
  private func wrappers(_ name: String, _ id: ModuleID) -> [RouteGuard] {
    follower.definition(ofExport: name, in: id).map { clause(ClauseRef(rule: 0, emit: 0)).wrappers($0) } ?? []
  }

  private static let methods: Set<String> = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]

  /// `export default byMethod({ GET: list, POST: create })`: a handler for each method.
  private func methods(of name: String, _ id: ModuleID) -> [(
    method: String, handler: SymbolRef?, at: UInt32, wrappers: [RouteGuard]
  )] {
    guard let value = follower.definition(ofExport: name, in: id) else { return [] }
    let facts = graph.modules[value.module].facts
    guard value.module == id, case .call(let call) = facts.values[value.value] else { return [] }
    for index in facts.calls[call].arguments.indices {
      guard let rows = follower.properties(ValueRef(id, facts.valueLists[index])), !rows.isEmpty,
        rows.allSatisfy({ Self.methods.contains($0.name.uppercased()) })
      else { continue }
      let clause = clause(ClauseRef(rule: 0, emit: 0))
      var around: [RouteGuard] = []
      if case .declaration(let wrapper) = follower.entity(follower.follow(ValueRef(id, facts.calls[call].callee))) {
        around = [.function(wrapper)]
      }
      return rows.map { row in
        (row.name.uppercased(), clause.unit(row.value), row.at, around + clause.wrappers(row.value))
      }
    }
    return []
  }

  /// The call that an export comes from: `export const { action } = make(options, handler)`.
  private func maker(of name: String, _ id: ModuleID) -> CallID? {
    let facts = graph.modules[id].facts
    guard var value = facts.exports.first(where: { facts.names[$0.name] == name })?.value else { return nil }
    for _ in 0..<6 {
      switch facts.values[value] {
      case .local(let binding): value = facts.bindings[binding].value
      case .member(let object, _): value = object
      case .call(let call): return call
      default: return nil
      }
    }
    return nil
  }

  /// Which of several methods the code of a handler names: `request.method === "POST"`, or an option of what made it.
  private func named(_ methods: [String], by handler: SymbolRef?, _ name: String, _ id: ModuleID) -> [String] {
    var ranges: [(module: ModuleID, range: Range32)] = []
    if let handler, let declaration = handler.declaration {
      ranges.append((handler.module, graph.modules[handler.module].facts.declarations[declaration].range))
    }
    if let call = maker(of: name, id) { ranges.append((id, graph.modules[id].facts.calls[call].range)) }
    let found = methods.filter { method in
      ranges.contains { module, range in
        let facts = graph.modules[module].facts
        guard let text = facts.names.find(method) else { return false }
        return facts.values.rows.enumerated().contains { index, value in
          value == .text(text) && range.start <= facts.valueStarts[index] && facts.valueStarts[index] < range.end
        }
      }
    }
    return found.isEmpty ? methods : found
  }

  /// The HTTP methods that a handler compares something with: `req.method === "POST"`, `switch (req.method)`. Texts that
  /// are members of objects or arguments of calls are requests of its own, not comparisons.
  private func compared(by handler: SymbolRef) -> [String] {
    guard let declaration = handler.declaration else { return [] }
    let facts = graph.modules[handler.module].facts
    let range = facts.declarations[declaration].range
    let wanted = Self.methods.compactMap { facts.names.find($0) }
    guard !wanted.isEmpty else { return [] }
    var used = Set(facts.properties.map(\.value))
    for call in facts.calls.rows { used.formUnion(facts.valueLists[call.arguments.indices]) }
    var found: Set<String> = []
    for (index, value) in facts.values.rows.enumerated() {
      guard case .text(let text) = value, wanted.contains(text), range.start <= facts.valueStarts[index],
        facts.valueStarts[index] < range.end, !used.contains(ValueID(UInt32(index)))
      else { continue }
      found.insert(facts.names[text])
    }
    return found.sortedByBytes()
  }

  /// The function behind an exported value; wrappers lead to what they wrap.
  func symbol(_ entity: EntityID) -> SymbolRef? {
    switch follower.entity(entity) {
    case .declaration(let ref): return ref
    case .value(let ref):
      let facts = graph.modules[ref.module].facts
      guard case .call(let call) = facts.values[ref.value] else { return nil }
      for index in facts.calls[call].arguments.indices.reversed() {
        if let found = symbol(follower.follow(ValueRef(ref.module, facts.valueLists[index]))) { return found }
      }
      return nil
    default: return nil
    }
  }

  private func directiveRoutes(
    _ directive: String, _ form: RouteForm, _ method: String, _ id: ModuleID, _ rule: FinderRule
  ) {
    let module = graph.modules[id]
    let facts = module.facts
    let wholeFile = facts.directives.contains { facts.names[$0] == directive }
    for (index, declaration) in facts.declarations.enumerated() {
      let own = declaration.directive.map { facts.names[$0] == directive } ?? false
      let isFunction = declaration.form == .function || declaration.form == .arrow
      guard isFunction, declaration.isNamed, own || (wholeFile && declaration.flags.contains(.exported)) else {
        continue
      }
      // An action is reached by its name, not by a path: the module's path keeps names apart.
      let path = "/" + module.path + "#" + facts.names[declaration.name]
      add(
        .route(
          FoundRoute(
            form: form, method: method, path: path, framework: rule.info.id, package: module.package, owner: nil,
            handler: SymbolRef(id, DeclarationID(index)), guards: [],
            origin: Origin(
              place: graph.place(id, declaration.nameAt), rule: rule.info.id, confidence: .exact))))
    }
  }

  // MARK: Elements

  func links(_ id: ModuleID, _ rule: FinderRule, _ matcher: PatternMatcher) {
    let module = graph.modules[id]
    guard !module.isTest, !module.facts.elements.isEmpty else { return }
    for emit in rule.emits {
      guard case .link(let pattern, let tag, let attributeName) = emit else { continue }
      let facts = module.facts
      guard let wanted = facts.names.find(attributeName) else { continue }
      let tagName = tag.flatMap { facts.names.find($0) }
      for element in facts.elements.rows {
        guard let attribute = element.attributes.indices.first(where: { facts.attributes[$0].name == wanted }) else {
          continue
        }
        let isTag = tagName != nil && element.tagName == tagName
        let isElement =
          pattern.map { element.tag.raw != 0 && matcher.matches($0, follower.follow(ValueRef(id, element.tag))) }
          ?? false
        guard isTag || isElement else { continue }
        let row = facts.attributes[attribute]
        let path = follower.fold(ValueRef(id, row.value))
        guard case .text(let start)? = path.parts.first, start.hasPrefix("/") else { continue }
        let method = facts.attributes[element.attributes.indices].first { facts.names[$0.name] == "method" }
          .flatMap { follower.fold(ValueRef(id, $0.value)).text?.uppercased() }
        add(
          .request(
            FoundRequest(
              from: SymbolRef(id, element.function), method: method ?? "GET", path: path,
              navigates: attributeName != "action",
              origin: Origin(
                place: graph.place(id, row.at), rule: rule.info.id,
                confidence: path.isComplete ? .exact : .resolved))))
      }
    }
  }

  // MARK: Clients

  func clients(_ id: ModuleID, _ rule: FinderRule, _ matcher: PatternMatcher) {
    let module = graph.modules[id]
    guard let capture = rule.capture, !module.isTest else { return }
    for binding in module.facts.bindings.rows where binding.isTopLevel {
      let entity = follower.follow(ValueRef(id, binding.value))
      guard let suffix = clientSuffix(entity, rule, capture, matcher) else { continue }
      var exported: String?
      for export in module.facts.exports where export.form != .star {
        guard let value = export.value, follower.follow(ValueRef(id, value)) == entity else { continue }
        exported = export.form == .commonJS ? "default" : module.facts.names[export.name]
        if exported != "default" { break }
      }
      let name = module.facts.names[binding.name] + suffix
      add(.client(FoundClient(rule: rule.info.id, module: id, localName: name, exportName: exported)))
    }
    // `export default { pool, query }`: a client without a name of its own is called after its file.
    for export in module.facts.exports where export.form == .value || export.form == .commonJS {
      guard let value = export.value, case .object = module.facts.values[value],
        let suffix = clientSuffix(follower.follow(ValueRef(id, value)), rule, capture, matcher)
      else { continue }
      let stem = Paths.last(module.path).split(separator: ".").first.map(String.init) ?? "client"
      let name = Words.camelCase(Words.split(stem)) + suffix
      add(.client(FoundClient(rule: rule.info.id, module: id, localName: name, exportName: "default")))
    }
  }

  /// What to write behind a name to get a client: nothing, `()` for a function that returns one, `.pool` for an
  /// object that holds one; `nil` when there is none.
  private func clientSuffix(
    _ entity: EntityID, _ rule: FinderRule, _ capture: CaptureTemplate, _ matcher: PatternMatcher
  ) -> String? {
    let key = ClientKey(rule: rule.info.id, entity: entity)
    if let known = clientSuffixes[key] { return known }
    let answer = findClientSuffix(entity, capture.client, matcher)
    clientSuffixes[key] = .some(answer)
    return answer
  }

  private func findClientSuffix(_ entity: EntityID, _ client: ValuePattern, _ matcher: PatternMatcher) -> String? {
    if matcher.matches(client, entity) { return "" }
    switch follower.entity(entity) {
    case .declaration(let function):
      guard let id = function.declaration else { return nil }
      let declaration = graph.modules[function.module].facts.declarations[id]
      guard declaration.parameters.isEmpty, !declaration.flags.contains(.async),
        let result = follower.result(of: function),
        matcher.matches(client, result)
      else { return nil }
      return "()"
    case .value(let ref):
      let facts = graph.modules[ref.module].facts
      guard case .object(let range) = facts.values[ref.value] else { return nil }
      for index in range.indices where facts.properties[index].form != .spread {
        let property = facts.properties[index]
        if matcher.matches(client, follower.follow(ValueRef(ref.module, property.value))) {
          return "." + facts.names[property.name]
        }
      }
      return nil
    default: return nil
    }
  }
}
