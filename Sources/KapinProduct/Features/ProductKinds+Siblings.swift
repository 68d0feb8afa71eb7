import KapinBase
import KapinModel

/// Kinds by classes: what extends one class is each a kind of it (`class Telegram extends NotificationProvider`).
extension ProductKinds {
  /// Last words of classes that others extend; what stands before them is the noun.
  private static let roles: Set<String> = [
    "provider", "type", "handler", "base", "strategy", "driver", "adapter", "channel", "plugin", "service",
    "integration",
    "backend", "connector", "sender", "client", "abstract", "kind",
  ]
  /// What so many extend is the frame of the code.
  private static let fewest = 3

  /// Members with their noun, in the order of the modules.
  func siblings(_ isEvidence: (ModuleID) -> Bool) -> [Listed] {
    var found: [Listed] = []
    var places: [[String]: Int] = [:]
    for id in graph.code.modules.ids where isEvidence(id) {
      let facts = graph.code.modules[id].facts
      for row in facts.declarations.rows where row.form == .class {
        guard let heritage = row.heritage, let base = name(of: heritage, facts), let noun = Self.noun(ofBase: base)
        else {
          continue
        }
        var words = Words.split(facts.names[row.name])
        while let last = words.last, words.count > 1, Self.roles.contains(last) { words.removeLast() }
        let member = (words.joined(separator: " "), graph.code.place(id, row.nameAt))
        if let place = places[noun] {
          found[place].members.append(member)
        } else {
          places[noun] = found.count
          found.append(Listed(noun: noun, members: [member], node: graph.symbols[SymbolRef(id, nil)], isSibling: true))
        }
      }
    }
    return found.filter { $0.members.count >= Self.fewest }
  }

  /// `notification` of `NotificationProvider`; nothing of a name that says only what it is in the code.
  private static func noun(ofBase base: String) -> [String]? {
    var words = Words.split(base)
    let whole = words.count
    while let last = words.last, roles.contains(last) { words.removeLast() }
    words.removeAll { $0 == "base" || $0 == "abstract" }
    guard words.count < whole, (1...2).contains(words.count), let last = words.last else { return nil }
    return Array(words.dropLast()) + [Words.singular(last)]
  }

  private func name(of heritage: ValueID, _ facts: FrozenFacts) -> String? {
    if let binding = facts.bindings.rows.first(where: { $0.value == heritage }) { return facts.names[binding.name] }
    switch facts.values[heritage] {
    case .local(let binding): return facts.names[facts.bindings[binding].name]
    case .imported(_, let name), .member(_, let name), .global(let name): return facts.names[name]
    case .declaration(let id): return facts.names[facts.declarations[id].name]
    default: return nil
    }
  }

  /// Whether a screen or a component is called as a class is.
  func isShown(_ words: [String]) -> Bool {
    let phrase = Phrase(words, names.vocabulary)
    return [names.components, names.texts].contains { index in
      index.candidates([phrase]).contains { phrase.isAll(of: $0.words) }
    }
  }
}
