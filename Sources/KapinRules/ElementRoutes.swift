import KapinBase
import KapinModel

/// JSX elements that are routes: `<Route path="users" element={<Users />} />`.
extension Clause {
  func elements(_ route: ElementRoute, _ module: ModuleID) {
    let facts = finder.graph.modules[module].facts
    guard !facts.elements.isEmpty else { return }
    var isRoute = [Bool](repeating: false, count: facts.elements.count)
    for (index, row) in facts.elements.rows.enumerated() where row.tag != ValueID(UInt32(0)) {
      isRoute[index] = matcher.matches(route.element, follower.follow(ValueRef(module, row.tag)))
    }
    for (index, row) in facts.elements.rows.enumerated() where isRoute[index] {
      add(route, ElementID(index), row, module, isRoute)
    }
  }

  /// `<Router basename="/app">`
  func base(_ element: ValuePattern, _ name: String, _ module: ModuleID) {
    let facts = finder.graph.modules[module].facts
    for row in facts.elements.rows where row.tag != ValueID(UInt32(0)) {
      guard let value = attribute([name], row, module),
        matcher.matches(element, follower.follow(ValueRef(module, row.tag))),
        let prefix = paths(value).first.map({ RoutePath.withoutUnknownStart($0) }), !prefix.isEmpty
      else { continue }
      finder.add(.base(FoundBase(rule: rule.info.id, module: module, prefix: prefix)))
    }
  }

  private func attribute(_ names: [String], _ row: Element, _ module: ModuleID) -> ValueRef? {
    let facts = finder.graph.modules[module].facts
    for name in names {
      guard let wanted = facts.names.find(name) else { continue }
      if let found = facts.attributes[row.attributes.indices].first(where: { $0.name == wanted }) {
        return ValueRef(module, found.value)
      }
    }
    return nil
  }

  private func add(_ route: ElementRoute, _ id: ElementID, _ row: Element, _ module: ModuleID, _ isRoute: [Bool]) {
    let facts = finder.graph.modules[module].facts
    let own = attribute(route.path, row, module)
    let isIndex = route.index.flatMap { attribute([$0], row, module) } != nil
    guard own != nil || isIndex else { return }
    let children = facts.elements.rows.enumerated().filter { outer(ElementID($0.offset), facts, isRoute) == id }
      .map(\.element)
    // The path itself is shown by an index below it.
    if let name = route.index, children.contains(where: { attribute([name], $0, module) != nil }) { return }
    var handler = attribute(route.handler, row, module).flatMap { unit($0) }
    if handler == nil { handler = child(of: id, module, isRoute) }
    guard handler != nil || children.isEmpty else { return }
    if let own, let (element, items) = follower.loop(follower.follow(own)) {
      for item in items { looped(route, row, id, module, isRoute, own, element, item) }
      return
    }
    for text in own.map({ paths($0) }) ?? [""] {
      guard let path = fullPath(route, text, id, module, isRoute) else { continue }
      var found = FoundRoute(
        form: .page, method: "PAGE", path: path, framework: rule.info.id,
        package: finder.graph.modules[module].package, owner: nil, handler: handler, guards: [],
        origin: Origin(
          place: finder.graph.place(module, row.range.start), rule: rule.info.id,
          confidence: path.contains("{?}") ? .resolved : .exact))
      found.loaders = attribute(route.loaders, row, module).flatMap { unit($0) }.map { [$0] } ?? []
      found.site = SymbolRef(module, row.function)
      found.usesBase = true
      finder.add(.route(found))
      if text.hasSuffix("*"), let handler {
        // What the component below registers itself stands behind this path.
        finder.add(.scope(below(path, handler, found.site)))
      }
    }
  }

  /// `routes.map((route) => <Route path={route.path} element={<route.Page />} />)`
  private func looped(
    _ route: ElementRoute, _ row: Element, _ id: ElementID, _ module: ModuleID, _ isRoute: [Bool], _ path: ValueRef,
    _ element: EntityID, _ item: ValueRef
  ) {
    let value = follower.inLoop(follower.follow(path), element, item)
    guard case .value(let ref) = follower.entity(value), let text = follower.text(ref),
      let full = fullPath(route, text, id, module, isRoute)
    else { return }
    // The component stands in the item under a name that this element may hand to a wrapper.
    let handler =
      attribute(route.handler, row, module).flatMap { attribute -> SymbolRef? in
        let direct = follower.inLoop(follower.follow(attribute), element, item)
        return direct == follower.follow(attribute) ? nil : unit(direct)
      }
      ?? ["component", "element", "Component", "lazy"].lazy.compactMap { self.follower.property(item, $0) }
      .compactMap { self.unit($0) }.first
    let start = finder.graph.modules[item.module].facts.valueStarts[follower.literal(item).value.index]
    var found = FoundRoute(
      form: .page, method: "PAGE", path: full, framework: rule.info.id,
      package: finder.graph.modules[module].package, owner: nil, handler: handler, guards: [],
      origin: Origin(place: finder.graph.place(item.module, start), rule: rule.info.id, confidence: .resolved))
    found.site = SymbolRef(module, row.function)
    found.usesBase = true
    finder.add(.route(found))
    if text.hasSuffix("*"), let handler {
      finder.add(.scope(below(full, handler, found.site)))
    }
  }

  /// What a component registers itself stands below the path that shows it.
  func below(_ path: String, _ component: SymbolRef, _ site: SymbolRef?) -> FoundScope {
    var scope = FoundScope(function: component, prefix: String(path.prefix { $0 != "*" }), guards: [])
    scope.site = site ?? component
    return scope
  }

  private func outer(_ id: ElementID, _ facts: FrozenFacts, _ isRoute: [Bool]) -> ElementID? {
    guard isRoute[id.index] else { return nil }
    var parent = facts.elements[id].parent
    while let up = parent, !isRoute[up.index] { parent = facts.elements[up].parent }
    return parent
  }

  /// `<Route path="/x"><Page /></Route>`
  private func child(of id: ElementID, _ module: ModuleID, _ isRoute: [Bool]) -> SymbolRef? {
    let facts = finder.graph.modules[module].facts
    let routes = facts.elements.rows.enumerated().filter { $0.element.parent == id && isRoute[$0.offset] }
    for (index, row) in facts.elements.rows.enumerated()
    where row.parent == id && !isRoute[index] && row.tag != ValueID(UInt32(0)) {
      // What an attribute of a route below holds is that one's.
      guard !routes.contains(where: { $0.element.range.encloses(row.range) }) else { continue }
      if let found = unit(follower.follow(ValueRef(module, row.tag))) { return found }
    }
    return nil
  }

  private func fullPath(
    _ route: ElementRoute, _ text: String, _ id: ElementID, _ module: ModuleID, _ isRoute: [Bool]
  ) -> String? {
    guard let path = route.rewriting.apply(text) else { return nil }
    guard !text.hasPrefix("/") else { return path }
    let facts = finder.graph.modules[module].facts
    guard let parent = outer(id, facts, isRoute) else { return path }
    let above = attribute(route.path, facts.elements[parent], module).flatMap { paths($0).first } ?? ""
    let outerText = above.hasSuffix("/*") ? String(above.dropLast(2)) : above
    return fullPath(route, outerText, parent, module, isRoute).map { RoutePath.join($0, path) }
  }
}
