import KapinBase
import KapinModel

/// Names by which markup knows components that no file imports.
extension Clause {
  func components(_ names: ComponentNames, _ module: ModuleID) {
    switch names {
    case .folders(let folders, let prefix): inFolder(folders, prefix, module)
    case .interface(let name): members(ofInterface: name, module)
    case .decorated(let type, let selector, let template, let file):
      decorated(type, selector, template, file, module)
    case .markup(let languages):
      let row = finder.graph.modules[module]
      let language = row.language.isComponentFile ? row.language.rawValue : "jsx"
      guard languages.contains(language), row.language.isComponentFile || !row.facts.elements.isEmpty else { return }
      finder.add(.markup(module, rule: rule.info.id, isOwn: finder.own[row.package.index][ref.rule]))
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
  private func inFolder(_ folders: [Glob], _ prefix: String, _ module: ModuleID) {
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
    if !prefix.isEmpty { finder.add(named(prefix + parts.joined(), component, module)) }
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

  // MARK: Decorated classes

  private func decorated(
    _ type: ValuePattern, _ selector: ArgumentPattern, _ template: ArgumentPattern, _ file: ArgumentPattern,
    _ module: ModuleID
  ) {
    let facts = finder.graph.modules[module].facts
    for row in facts.decorators where facts.declarations[row.target].form == .class {
      guard case .call(let call) = facts.values[row.value],
        matcher.matches(type, follower.follow(ValueRef(module, facts.calls[call].callee)))
      else { continue }
      let subject = Subject.call(CallSite(module, call))
      let component = SymbolRef(module, row.target)
      for name in (text(of: selector, subject) ?? "").split(separator: ",") {
        finder.add(
          .component(
            FoundComponent(
              name: String(name.drop { $0 == " " }), component: component,
              package: finder.graph.modules[module].package, rule: rule.info.id)))
      }
      if let ref = select(template, subject).first {
        let start = finder.graph.place(module, facts.valueStarts[ref.value.index])
        read(follower.fold(ref).joined(hole: " "), component, start.path, start.position?.line ?? 1)
      } else if let name = text(of: file, subject),
        let path = Paths.normalize(Paths.join(Paths.folder(finder.graph.modules[module].path), name)),
        let markup = finder.readText(path)
      {
        read(markup, component, path, 1)
      }
    }
  }

  private func read(_ markup: String, _ component: SymbolRef, _ path: String, _ firstLine: Int) {
    var tags: [(name: String, place: Place)] = []
    var handlers: [(event: String, method: String, place: Place)] = []
    var line = firstLine
    for text in markup.split(separator: "\n", omittingEmptySubsequences: false) {
      for match in text.matches(of: /<([a-z][a-z0-9]*(?:-[a-z0-9]+)+)/) {
        let column = text.utf16.distance(from: text.startIndex, to: match.range.lowerBound) + 1
        tags.append((String(match.1), Place(path, line: line, column: column)))
      }
      for match in text.matches(of: /\(([a-zA-Z.]+)\)="\s*([a-zA-Z_$][\w$]*)\(/) {
        let column = text.utf16.distance(from: text.startIndex, to: match.range.lowerBound) + 1
        handlers.append((String(match.1), String(match.2), Place(path, line: line, column: column)))
      }
      line += 1
    }
    finder.add(
      .template(FoundTemplate(component: component, tags: tags, handlers: handlers, rule: rule.info.id)))
  }
}
