import KapinBase
import KapinModel

/// Routes that configuration files list.
extension Finder {
  func configRoutes(_ files: [ConfigFile]) {
    for file in files {
      for rule in program.finders {
        for case .configRoute(let route) in rule.emits where route.files.contains(Paths.last(file.path)) {
          walk(file.value, route.at[...], keys: [], around: [], route, file, rule)
        }
      }
    }
  }

  private func walk(
    _ value: ConfigValue, _ at: ArraySlice<String>, keys: [String], around: [ConfigValue], _ route: ConfigRoute,
    _ file: ConfigFile, _ rule: FinderRule
  ) {
    guard let key = at.first else { return add(value, keys, around, route, file, rule) }
    let rest = at.dropFirst()
    if key == "*" {
      switch value {
      case .object(let rows):
        for row in rows { walk(row.value, rest, keys: keys + [row.key], around: around + [value], route, file, rule) }
      case .list(let items):
        for item in items { walk(item, rest, keys: keys + [""], around: around + [value], route, file, rule) }
      case .text: break
      }
    } else if let inner = value[key] {
      walk(inner, rest, keys: keys + [key], around: around + [value], route, file, rule)
    }
  }

  private func add(
    _ entry: ConfigValue, _ keys: [String], _ around: [ConfigValue], _ route: ConfigRoute, _ file: ConfigFile,
    _ rule: FinderRule
  ) {
    var method = route.method
    var path: String?
    if let text = entry.text, route.name == nil {
      // `GET /orders`
      let words = text.split(separator: " ").map(String.init)
      path = words.last
      if words.count > 1 { method = words[0] }
    } else {
      path = descend(entry, route.path)?.text
      if !route.verb.isEmpty, let verb = descend(entry, route.verb)?.text { method = verb }
    }
    if let name = route.name, keys.indices.contains(name) { path = keys[name] }
    guard let path, let own = route.rewriting.apply(path) else { return }
    // The handler may stand at the entry or around it.
    let named =
      route.handler.isEmpty
      ? nil : (around + [entry]).reversed().lazy.compactMap { self.descend($0, route.handler)?.text }.first
    method = method.uppercased() == "*" ? "ANY" : method.uppercased()
    add(
      .route(
        FoundRoute(
          form: route.form, method: method, path: own, framework: rule.info.id, package: file.package, owner: nil,
          handler: named.flatMap { handler($0, beside: file.path) }, guards: [],
          origin: Origin(
            place: Place(file.path, line: entry.line ?? 1, column: 1), rule: rule.info.id, confidence: .exact))))
  }

  private func descend(_ value: ConfigValue, _ keys: [String]) -> ConfigValue? {
    var current: ConfigValue? = value
    for key in keys { current = current?[key] }
    return current
  }

  /// `src/orders.list`: the export `list` of the module `src/orders`.
  private func handler(_ text: String, beside config: String) -> SymbolRef? {
    guard let dot = text.lastIndex(of: "."),
      let stem = Paths.normalize(Paths.join(Paths.folder(config), String(text[..<dot])))
    else { return nil }
    for ending in ["ts", "js", "mts", "mjs", "cjs", "tsx"] {
      guard let file = graph.inventory.paths.file(stem + "." + ending), let module = graph.moduleOfFile[file.index],
        let entity = follower.export(String(text[text.index(after: dot)...]), of: module)
      else { continue }
      return symbol(entity) ?? SymbolRef(module, nil)
    }
    return nil
  }
}
