import KapinBase
import KapinModel

/// Names by which markup knows components that no file imports.
extension Clause {
  func components(_ names: ComponentNames, _ module: ModuleID) {
    switch names {
    case .folders(let folders): inFolder(folders, module)
    case .interface(let name): members(ofInterface: name, module)
    case .call: break
    }
  }

  func named(_ name: String, _ component: SymbolRef, _ module: ModuleID) -> Finding {
    .component(
      FoundComponent(
        name: Self.pascal(name), component: component, package: finder.graph.modules[module].package,
        rule: rule.info.id))
  }

  /// `user-card` and `userCard` are `UserCard`.
  private static func pascal(_ name: String) -> String {
    name.split { $0 == "-" || $0 == "_" || $0 == "." }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// `components/base/Button.vue` is `BaseButton`; a folder's name that the file repeats is said once.
  private func inFolder(_ folders: [Glob], _ module: ModuleID) {
    let row = finder.graph.modules[module]
    guard row.language.isComponentFile, let inner = finder.innerPath(module),
      let component = follower.export("default", of: module).flatMap({ unit($0) })
    else { return }
    var folder = Paths.folder(inner.text)
    while !folders.contains(where: { $0.matches(folder) }) {
      guard !folder.isEmpty else { return }
      folder = Paths.folder(folder)
    }
    let rest = folder.isEmpty ? inner.text : String(inner.text.dropFirst(folder.count + 1))
    var parts: [String] = []
    for segment in rest.split(separator: "/") {
      let name = Self.pascal(segment.split(separator: ".").first.map(String.init) ?? "")
      if name == "Index" { continue }
      // `main/MainContent.vue` is `MainContent`.
      while let last = parts.last, name.hasPrefix(parts.joined()) || name.hasPrefix(last) { parts.removeLast() }
      parts.append(name)
    }
    finder.add(named(parts.joined(), component, module))
  }

  /// `UserCard: typeof import("./UserCard.vue")["default"]`
  private func members(ofInterface wanted: String, _ module: ModuleID) {
    let facts = finder.graph.modules[module].facts
    guard let name = facts.names.find(wanted) else { return }
    for (index, row) in facts.declarations.rows.enumerated() where row.name == name && row.form == .interface {
      for member in facts.declarations.rows where member.parent == DeclarationID(index) {
        guard
          let position = facts.imports.rows.firstIndex(where: {
            $0.form == .type && member.range.start <= $0.at && $0.at < member.range.end
          }), case .module(let other) = finder.graph.modules[module].targets[position],
          let component = follower.export("default", of: other).flatMap({ unit($0) })
        else { continue }
        finder.add(named(facts.names[member.name], component, module))
      }
    }
  }
}
