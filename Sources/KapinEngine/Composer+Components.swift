import KapinBase
import KapinModel
import KapinRules

/// Components that markup names without importing them.
extension Composer {
  mutating func components(_ findings: [Finding]) {
    var byName: [PackageID: [String: FoundComponent]] = [:]
    for case .component(let found) in findings where byName[found.package]?[found.name] == nil {
      byName[found.package, default: [:]][found.name] = found
    }
    guard !byName.isEmpty else { return }
    var seen: Set<[Int]> = []
    for id in code.modules.ids where code.modules[id].language.isComponentFile {
      let module = code.modules[id]
      guard let names = byName[module.package] else { continue }
      for element in module.facts.elements.rows where element.tag != ValueID(UInt32(0)) {
        guard case .global(let name) = module.facts.values[element.tag] else { continue }
        let text = module.facts.names[name]
        // A name may say that the component is loaded later.
        let later = text.hasPrefix("Lazy") ? String(text.dropFirst(4)) : text
        guard let found = names[text] ?? names[later], let from = graph.node(of: SymbolRef(id, element.function)),
          let to = graph.node(of: found.component), seen.insert([from.index, to.index]).inserted
        else { continue }
        edge(
          .renders, from, to, at: code.place(id, element.range.start), confidence: .resolved, rule: found.rule)
      }
    }
  }
}
