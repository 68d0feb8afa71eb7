import KapinBase
import KapinModel

/// Elements that lead to pages, and clients that a module has.
extension Finder {
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
