import KapinBase
import KapinModel

/// What configuration files and middleware files say about all routes of a package.
extension Finder {
  struct SettingsKey: Hashable {
    var package: PackageID
    var settings: FileRouteSettings
  }

  struct FileSettings {
    var prefix = ""
    var extensions: [String]?
    var locales: [String] = []
  }

  /// What the package's configuration says: the keys of the object that the file exports.
  func settings(_ wanted: FileRouteSettings, _ package: PackageID) -> FileSettings {
    guard !wanted.files.isEmpty else { return FileSettings() }
    let key = SettingsKey(package: package, settings: wanted)
    if let known = fileSettings[key] { return known }
    var found = FileSettings()
    for id in graph.modules.ids where graph.modules[id].package == package {
      guard let inner = innerPath(id), wanted.files.contains(where: { $0.matches(inner.parts) }) else { continue }
      guard let object = exportedObject(id) else { continue }
      if let text = wanted.prefix.lazy.compactMap({ self.descend(object, $0) }).first.flatMap({ follower.text($0) }) {
        found.prefix = text
      }
      if !wanted.extensions.isEmpty, let list = descend(object, wanted.extensions).flatMap({ follower.items($0) }) {
        found.extensions = list.compactMap { follower.text($0) }
      }
      if !wanted.locales.isEmpty, let list = descend(object, wanted.locales).flatMap({ follower.items($0) }) {
        found.locales = list.compactMap { follower.text($0) }
      }
    }
    if found.extensions == nil, !wanted.usual.isEmpty { found.extensions = wanted.usual }
    fileSettings[key] = found
    return found
  }

  private func descend(_ object: ValueRef, _ keys: [String]) -> ValueRef? {
    var current: ValueRef? = object
    for key in keys { current = current.flatMap { follower.property($0, key) } }
    return current
  }

  /// The object that a configuration file exports, also through functions around it.
  func exportedObject(_ id: ModuleID) -> ValueRef? {
    guard let entity = follower.export("default", of: id) else { return nil }
    switch follower.entity(entity) {
    case .value(let ref): return ref
    case .declaration(let function):
      if let result = follower.result(of: function), case .value(let ref) = follower.entity(result) { return ref }
      return nil
    default: return nil
    }
  }

  // MARK: Middleware

  func fileGuard(_ guardian: FileGuard, _ id: ModuleID, _ rule: FinderRule) {
    guard let symbol = handler(guardian.handler, id) else { return }
    let package = graph.modules[id].package
    if guardian.isNamed {
      let name = Paths.last(graph.modules[id].path).prefix { $0 != "." }
      return add(.guardName(FoundGuardName(rule: rule.info.id, package: package, name: String(name), symbol: symbol)))
    }
    var included: [String] = [], excluded: [String] = []
    if let keys = guardian.paths, let first = keys.first, let exported = follower.export(first, of: id),
      case .value(let object) = follower.entity(exported)
    {
      var value: ValueRef? = object
      for key in keys.dropFirst() { value = value.flatMap { follower.property($0, key) } }
      for item in value.map({ follower.items($0) ?? [$0] }) ?? [] {
        let text = follower.text(item) ?? follower.property(item, "source").flatMap { follower.text($0) }
        if let text { Self.matcher(text, &included, &excluded) }
      }
    }
    var found = FoundPackageGuard(
      rule: rule.info.id, package: package, passes: .function(symbol), included: included, excluded: excluded)
    found.form = guardian.form
    add(.packageGuard(found))
  }

  /// `/admin/:path*` is all below `/admin`; `/((?!api|static).*)` is all but those.
  static func matcher(_ text: String, _ included: inout [String], _ excluded: inout [String]) {
    if let open = text.firstRange(of: "(?!"), let close = text[open.upperBound...].firstIndex(of: ")") {
      for part in text[open.upperBound..<close].split(separator: "|") {
        let plain = part.prefix { $0 != "." && $0 != "*" && $0 != "$" && $0 != "(" && $0 != "\\" }
        excluded.append(RoutePath.normalize(String(plain)))
      }
      return
    }
    var plain: [Substring] = []
    for segment in text.split(separator: "/") {
      guard !segment.hasPrefix(":"), !segment.contains("("), !segment.hasPrefix("*") else { break }
      plain.append(segment.prefix { $0 != "*" })
      if segment.contains("*") { break }
    }
    included.append("/" + plain.joined(separator: "/"))
  }
}
