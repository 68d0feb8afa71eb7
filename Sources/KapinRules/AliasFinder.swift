import KapinBase
package import KapinModel

/// Reads aliases from the facts of configuration files, as alias rules say; only what is literal counts.
package enum AliasFinder {
  /// - Parameters:
  ///   - sources: path and facts of each source file.
  ///   - manifests: folder and manifest of each package.
  package static func find(
    _ rules: [AliasRule], sources: [(path: String, facts: FileFacts)], manifests: [(folder: String, manifest: Manifest)]
  ) -> [ImportAlias] {
    var found: [ImportAlias] = []
    for rule in rules {
      for (folder, manifest) in manifests + [("", Manifest())] where !rule.fixed.isEmpty {
        guard
          rule.dependencies.isEmpty || manifest.dependencies.contains(where: { rule.dependencies.contains($0.name) })
        else { continue }
        for (name, targets) in rule.fixed {
          let paths = targets.compactMap { Paths.normalize(Paths.join(folder, $0)) }
          found.append(ImportAlias(scope: folder, pattern: name, isExact: false, targets: paths, rule: rule.info.id))
        }
      }
    }
    let readers = rules.filter { !$0.files.isEmpty }
    guard !readers.isEmpty else { return found }
    var packages = ByteKeyed<Bool>()
    packages[""] = true
    for (folder, _) in manifests { packages[folder] = true }
    for (path, facts) in sources {
      // Configuration files lie in the folder of their package, or in a folder of it.
      let folder = Paths.folder(path)
      guard let scope = [folder, Paths.folder(folder)].first(where: { packages[$0] != nil }) else { continue }
      let inner = PathParts(scope.isEmpty ? path : String(path.dropFirst(scope.count + 1)))
      for rule in readers where rule.files.contains(where: { $0.matches(inner) }) {
        for keys in rule.keys { read(keys, facts, folder, scope, rule.info.id, &found) }
      }
    }
    return found
  }

  private static func read(
    _ keys: [String], _ facts: FileFacts, _ folder: String, _ scope: String, _ rule: String,
    _ found: inout [ImportAlias]
  ) {
    for property in facts.properties where facts.names[property.name] == keys[0] {
      guard let value = descend(keys.dropFirst(), property.value, facts) else { continue }
      for (name, target) in entries(value, facts) {
        guard let alias = alias(name, target, folder, scope, rule),
          !found.contains(where: { $0.scope == scope && $0.pattern == alias.pattern })
        else { continue }
        found.append(alias)
      }
    }
  }

  private static func descend(_ keys: ArraySlice<String>, _ id: ValueID, _ facts: FileFacts) -> ValueID? {
    let id = plain(id, facts)
    guard let key = keys.first else { return id }
    guard case .object(let range) = facts.values[id],
      let property = facts.properties[range.indices].last(where: { facts.names[$0.name] == key })
    else { return nil }
    return descend(keys.dropFirst(), property.value, facts)
  }

  /// A constant of the file is its value.
  private static func plain(_ id: ValueID, _ facts: FileFacts) -> ValueID {
    if case .local(let binding) = facts.values[id] { facts.bindings[binding].value } else { id }
  }

  private static func entries(_ id: ValueID, _ facts: FileFacts) -> [(name: String, target: String)] {
    switch facts.values[id] {
    case .object(let range):
      return facts.properties[range.indices].compactMap { property in
        property.form == .spread ? nil : path(property.value, facts).map { (facts.names[property.name], $0) }
      }
    case .list(let range):
      return facts.valueLists[range.indices].compactMap { item in
        guard case .object(let members) = facts.values[item] else { return nil }
        func member(_ name: String) -> String? {
          facts.properties[members.indices].last { facts.names[$0.name] == name }.flatMap { path($0.value, facts) }
        }
        guard let name = member("find"), let target = member("replacement") else { return nil }
        return (name, target)
      }
    default: return []
    }
  }

  /// The path that a value spells: a text, the texts of a call's arguments (`join(__dirname, "src")`), an address
  /// (`new URL("./src", import.meta.url)`), a template whose hole is the folder.
  private static func path(_ id: ValueID, _ facts: FileFacts, depth: Int = 0) -> String? {
    guard depth < 6 else { return nil }
    switch facts.values[plain(id, facts)] {
    case .text(let text): return facts.names[text]
    case .concat(let parts):
      let texts = facts.valueLists[parts.indices].compactMap { part -> String? in
        if case .text(let text) = facts.values[part] { facts.names[text] } else { nil }
      }
      return texts.isEmpty ? nil : "." + (texts.joined().hasPrefix("/") ? "" : "/") + texts.joined()
    case .call(let call), .new(let call):
      let texts = facts.valueLists[facts.calls[call].arguments.indices].compactMap { path($0, facts, depth: depth + 1) }
      return texts.isEmpty ? nil : texts.joined(separator: "/")
    case .member(let object, _): return path(object, facts, depth: depth + 1)
    case .list(let items): return facts.valueLists[items.indices].first.flatMap { path($0, facts, depth: depth + 1) }
    default: return nil
    }
  }

  private static func alias(
    _ name: String, _ target: String, _ folder: String, _ scope: String, _ rule: String
  ) -> ImportAlias? {
    var pattern = name
    var path = target.replacing("<rootDir>", with: ".")
    var isExact = false
    if pattern.hasPrefix("^") {
      // A regular expression with one capture at its end; other ones are no plain alias.
      pattern = String(pattern.dropFirst()).replacing("\\/", with: "/").replacing("\\.", with: ".")
      if pattern.hasSuffix("$") { pattern = String(pattern.dropLast()) }
      for capture in ["(.*)", "(.+)"] { pattern = pattern.replacing(capture, with: "*") }
      path = path.replacing("$1", with: "*")
      isExact = !pattern.contains("*")
    } else if pattern.hasSuffix("$") {
      pattern = String(pattern.dropLast())
      isExact = true
    }
    guard !pattern.isEmpty, !pattern.hasPrefix("."), !pattern.contains(where: { "\\()[]|+^".contains($0) }) else {
      return nil
    }
    // A bundler reads `/src` from the top of the package.
    let base = path.hasPrefix("/") ? scope : folder
    guard path.hasPrefix(".") || path.hasPrefix("/") || path.contains("/"),
      let resolved = Paths.normalize(Paths.join(base, path))
    else { return nil }
    return ImportAlias(scope: scope, pattern: pattern, isExact: isExact, targets: [resolved], rule: rule)
  }
}
