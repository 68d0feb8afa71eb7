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
    guard let base = route.bases.first(where: { Paths.isInside(inner, $0) }) else { return }
    var segments = String(inner.dropFirst(base.isEmpty ? 0 : base.count + 1)).split(separator: "/").map(String.init)
    guard let leaf = segments.popLast() else { return }
    if !route.dropsLeaf {
      let stem = leaf.lastIndex(of: ".").map { String(leaf[..<$0]) } ?? leaf
      if !route.indexNames.contains(stem) { segments.append(stem) }
    }
    var parts: [String] = []
    for segment in segments {
      guard let rewritten = rewrite(segment, route.segments) else { return }
      if !rewritten.isEmpty { parts.append(rewritten) }
    }
    let path = RoutePath.join(route.prefix, parts.joined(separator: "/"))
    let facts = graph.modules[id].facts
    if route.exports.isEmpty {
      let handler = handler(route.handler.isEmpty ? ["default"] : route.handler, id)
      guard handler != nil || route.form != .page || !facts.exports.isEmpty else { return }
      add(file(route, route.method, path, handler, id, rule, at: 0))
    } else {
      for name in route.exports {
        guard let entity = follower.export(name, of: id) else { continue }
        let at = facts.exports.first { facts.names[$0.name] == name }?.at ?? 0
        add(file(route, name, path, symbol(entity), id, rule, at: at))
      }
    }
  }

  private func file(
    _ route: FileRoute, _ method: String, _ path: String, _ handler: SymbolRef?, _ id: ModuleID, _ rule: FinderRule,
    at offset: UInt32
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
    return .route(found)
  }

  private func rewrite(_ segment: String, _ rewrites: [SegmentRewrite]) -> String? {
    for rewrite in rewrites {
      guard segment.hasPrefix(rewrite.before), segment.hasSuffix(rewrite.after),
        segment.utf8.count >= rewrite.before.utf8.count + rewrite.after.utf8.count
      else { continue }
      let capture = segment.dropFirst(rewrite.before.count).dropLast(rewrite.after.count)
      return rewrite.result.map { result in
        guard let hole = result.firstRange(of: "{}") else { return result }
        return String(result[..<hole.lowerBound]) + capture + result[hole.upperBound...]
      }
    }
    return segment
  }

  private func handler(_ names: [String], _ id: ModuleID) -> SymbolRef? {
    for name in names {
      if let entity = follower.export(name, of: id), let found = symbol(entity) { return found }
    }
    return nil
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
