import KapinBase
import KapinModel
import KapinRules

/// Components that markup names without importing them.
extension Composer {
  /// The framework of each module's components: what its package declares itself comes first.
  mutating func frameworks(_ findings: [Finding]) {
    for own in [true, false] {
      for case .markup(let module, let rule, own) in findings where graph.componentFrameworks[module] == nil {
        graph.componentFrameworks[module] = rule
      }
    }
  }

  mutating func components(_ findings: [Finding]) {
    var names = ComponentIndex()
    for case .component(let found) in findings {
      names.add(found)
      guard let node = graph.symbols[found.component] else { continue }
      graph.nodes.rows[node.index].content = .symbol(found.component, component: true)
    }
    guard !names.isEmpty else { return }
    var seen: Set<[Int]> = []
    for id in code.modules.ids where code.modules[id].language.isComponentFile {
      let module = code.modules[id]
      for element in module.facts.elements.rows where element.tag != ValueID(UInt32(0)) {
        guard case .global(let name) = module.facts.values[element.tag] else { continue }
        guard let found = names.find(module.facts.names[name], module.package) else { continue }
        renders(SymbolRef(id, element.function), found, code.place(id, element.range.start), &seen)
      }
    }
    for case .template(let template) in findings { read(template, names, &seen) }
  }

  private mutating func read(_ template: FoundTemplate, _ names: ComponentIndex, _ seen: inout Set<[Int]>) {
    let package = code.modules[template.component.module].package
    for tag in template.tags {
      guard let found = names.find(tag.name, package) else { continue }
      renders(template.component, found, tag.place, &seen)
    }
    guard let from = graph.node(of: template.component), let id = template.component.declaration else { return }
    let facts = code.modules[template.component.module].facts
    for handler in template.handlers {
      guard let name = facts.names.find(handler.method),
        let method = facts.declarations.rows.firstIndex(where: { $0.parent == id && $0.name == name }),
        let to = graph.symbols[SymbolRef(template.component.module, DeclarationID(method))]
      else { continue }
      edge(
        .triggers, from, to, at: handler.place, confidence: .resolved, rule: template.rule,
        fields: [("event", .text(handler.event))])
    }
  }

  private mutating func renders(
    _ from: SymbolRef, _ found: FoundComponent, _ at: Place, _ seen: inout Set<[Int]>
  ) {
    guard let from = graph.node(of: from), let to = graph.node(of: found.component),
      seen.insert([from.index, to.index]).inserted
    else { return }
    edge(.renders, from, to, at: at, confidence: .resolved, rule: found.rule)
  }
}

/// Components by the names that markup has for them.
private struct ComponentIndex {
  private var byPackage: [PackageID: [String: FoundComponent]] = [:]
  private var all: [String: [FoundComponent]] = [:]

  var isEmpty: Bool { all.isEmpty }

  mutating func add(_ found: FoundComponent) {
    if byPackage[found.package]?[found.name] == nil { byPackage[found.package, default: [:]][found.name] = found }
    all[found.name, default: []].append(found)
  }

  /// The package's own; an element's name that only one package has is that one.
  func find(_ name: String, _ package: PackageID) -> FoundComponent? {
    if let own = byPackage[package]?[name] { return own }
    guard name.contains("-"), let others = all[name], others.count == 1 else { return nil }
    return others[0]
  }
}
