import KapinBase
import KapinModel

/// What screens and code call alike: a short text on a screen whose words some name in the code has, too (`Live tail`, and
/// a component `LiveTailButton`).
struct ScreenTerms {
  struct Term {
    var words: [String]
    var name: String
    var node: NodeID
    var place: Place
  }

  private let graph: ProductGraph
  private let names: ProductNames
  /// Words with which no thing's name begins.
  private let deeds: [[String]]
  private let plain: WordFilter
  /// The pages that show something of a module.
  private let pages: [ModuleID: Set<NodeID>]

  /// What more pages show is no part of one.
  private static let mostPages = 4
  private static let wordCount = 2...3
  private static let speech: Set<Character> = ["!", "?", "…", "{", "}", ".", ":", ",", "%"]
  /// A name neither begins nor ends with them.
  private static let prepositions: Set<String> = [
    "to", "by", "at", "of", "for", "in", "on", "with", "from", "as", "up",
  ]

  init(_ graph: ProductGraph, _ names: ProductNames, deeds: [[String]], plain: WordFilter) {
    self.graph = graph
    self.names = names
    self.deeds = deeds
    self.plain = plain
    pages = Self.shown(graph)
  }

  /// The modules whose components each page shows, over what it renders.
  private static func shown(_ graph: ProductGraph) -> [ModuleID: Set<NodeID>] {
    var rendered: [NodeID: [NodeID]] = [:]
    var starts: [(page: NodeID, shown: NodeID)] = []
    for edge in graph.edges {
      if edge.kind == .renders { rendered[edge.from, default: []].append(edge.to) }
      if edge.kind == .handles, case .route(let route) = graph.nodes[edge.from].content, route.form == .page {
        starts.append((edge.from, edge.to))
      }
    }
    var found: [ModuleID: Set<NodeID>] = [:]
    for (page, shown) in starts {
      var seen: Set<NodeID> = [shown], open = [shown]
      while let next = open.popLast() {
        if case .symbol(let ref, _) = graph.nodes[next].content { found[ref.module, default: []].insert(page) }
        for inner in rendered[next] ?? [] where seen.insert(inner).inserted { open.append(inner) }
      }
    }
    return found
  }

  /// The terms on the screens of some pages, in the order of the modules.
  func find(on wanted: [NodeID]) -> [Term] {
    let wanted = Set(wanted)
    guard !wanted.isEmpty else { return [] }
    return graph.code.modules.ids.flatMap { id -> [Term] in
      guard let shown = pages[id], shown.count <= Self.mostPages, !shown.isDisjoint(with: wanted),
        let node = graph.symbols[SymbolRef(id, nil)]
      else { return [] }
      return texts(graph.code.modules[id].facts).compactMap { text, at in
        let words = Words.split(text)
        guard isTerm(text, words), isInCode(words) else { return nil }
        return Term(words: words, name: text, node: node, place: graph.code.place(id, at))
      }
    }
  }

  /// Texts of markup, and those that keys of translations stand for.
  private func texts(_ facts: FrozenFacts) -> [(String, UInt32)] {
    let written = facts.texts.map { (facts.names[$0.text], $0.at) }
    let translated = facts.calls.rows.compactMap { call -> (String, UInt32)? in
      guard let first = call.arguments.indices.first, case .text(let key) = facts.values[facts.valueLists[first]],
        let text = names.translations.text(facts.names[key])
      else { return nil }
      return (text, call.range.start)
    }
    return written + translated
  }

  private func isTerm(_ text: String, _ words: [String]) -> Bool {
    Self.wordCount.contains(words.count) && text.first?.isUppercase ?? false
      && !text.contains { Self.speech.contains($0) } && !plain.without(words).isEmpty
      && !Self.prepositions.contains(words[0]) && !Self.prepositions.contains(words[words.count - 1])
      && !Words.begins(words, withOneOf: deeds)
  }

  private func isInCode(_ words: [String]) -> Bool {
    let phrase = Phrase(words, names.vocabulary)
    guard phrase.words != nil else { return false }
    return [names.components, names.symbols, names.columnNames, names.routes, names.modules].contains { index in
      index.candidates([phrase]).contains { phrase.occurs(in: $0.words) }
    }
  }
}
