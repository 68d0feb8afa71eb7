import KapinBase
import KapinModel

/// What can be done within a feature and what belongs to it (`scale` of recipes, `decline` of documents), in the product's
/// own words: what the paths, components and columns of the feature are called beside what all of it is called, and what
/// its screens call their parts.
struct CapabilityFinder {
  private let graph: ProductGraph
  private let names: ProductNames
  /// What says nothing of what can be done: `list`, `dialog`, `created at`.
  private let plain: WordFilter
  /// What shows each page.
  private let handlers: [NodeID: [NodeID]]
  private let terms: ScreenTerms
  private let deeds: [[String]]

  init(_ graph: ProductGraph, _ names: ProductNames, plain: [[String]], deeds: [[String]]) {
    self.graph = graph
    self.names = names
    self.deeds = deeds
    self.plain = WordFilter(plain)
    var handlers: [NodeID: [NodeID]] = [:]
    for edge in graph.edges where edge.kind == .handles { handlers[edge.from, default: []].append(edge.to) }
    self.handlers = handlers
    terms = ScreenTerms(graph, names, deeds: deeds, plain: self.plain)
  }

  private static let limit = 30
  private static let longestName = 3
  /// A path says it alone; components and columns need a second word for it.
  private static let routeScore = 2
  private static let enough = 2

  private struct Candidate {
    var capability: Capability
    var score: Int
  }

  /// The best known first.
  /// - Parameters:
  ///   - phrases: what the feature is called.
  ///   - others: what other features are called, which say it themselves.
  func find(_ feature: Feature, _ phrases: [[String]], others: Set<[String]>) -> [Capability] {
    let called = WordFilter(phrases)
    var found: [Candidate] = []
    var places: [[String]: Int] = [:]
    func add(_ words: [String], _ node: NodeID, _ place: Place?, score: Int, name: String? = nil) {
      let key = words.map(Words.singular)
      guard !others.contains(key) else { return }
      guard let known = places[key] else {
        places[key] = found.count
        let capability = Capability(
          name: name ?? Self.text(words), place: place ?? graph.nodes[node].origin?.place ?? Place(""), node: node)
        found.append(Candidate(capability: capability, score: score + (isOnScreen(words) ? 1 : 0)))
        return
      }
      found[known].score += score
    }
    for id in feature.routes {
      for words in routeWords(id, phrases, called) { add(words, id, nil, score: Self.routeScore) }
    }
    for id in feature.components {
      guard case .symbol(let ref, _) = graph.nodes[id].content, let declaration = ref.declaration else { continue }
      let facts = graph.code.modules[ref.module].facts
      let words = rest(Words.split(facts.names[facts.declarations[declaration].name]), called)
      if isName(words) { add(words, id, nil, score: 1) }
    }
    for row in headings(feature, called) {
      add(row.words, row.node, row.place, score: Self.routeScore, name: row.name)
    }
    for term in terms.find(on: feature.routes.filter(isPage)) where !called.without(term.words).isEmpty {
      add(term.words, term.node, term.place, score: Self.routeScore, name: term.name)
    }
    for kind in names.kindRows
    where !Words.begins(kind.words, withOneOf: deeds)
      && phrases.contains(where: { Words.equals(kind.noun, phrase: $0) })
    {
      guard let node = kind.node else { continue }
      add(kind.words, node, kind.place, score: Self.routeScore)
    }
    for id in feature.tables {
      if let (words, place) = nesting(id, phrases) { add(words, id, place, score: Self.routeScore) }
      for (words, place) in columns(id, phrases, called) { add(words, id, place, score: 1) }
    }
    return found.enumerated().filter { $0.element.score >= Self.enough }.sorted {
      $0.element.score != $1.element.score ? $0.element.score > $1.element.score : $0.offset < $1.offset
    }.prefix(Self.limit).map(\.element.capability)
  }

  /// What a path has beside, and below, what the feature is called: `media server switch` of
  /// `/settings/media-server/switch`.
  private func routeWords(_ id: NodeID, _ phrases: [[String]], _ called: WordFilter) -> [[String]] {
    guard case .route(let route) = graph.nodes[id].content else { return [] }
    let segments = RouteNames.literal(route).split { $0 == "/" || $0 == "." }.map { Words.split(String($0)) }
    guard let last = segments.lastIndex(where: { words in phrases.contains { Words.contains(words, phrase: $0) } })
    else { return [] }
    let own = rest(segments[last], called)
    let below = segments[(last + 1)...].flatMap { rest($0, called) }
    return [own, below].filter(isName)
  }

  /// What the screens of the feature's pages and components call their parts.
  private func headings(
    _ feature: Feature, _ called: WordFilter
  ) -> [(words: [String], name: String, node: NodeID, place: Place)] {
    var symbols = feature.components
    for route in feature.routes {
      guard isPage(route) else { continue }
      symbols += handlers[route] ?? []
    }
    var seen: Set<ModuleID> = []
    return symbols.flatMap { symbol -> [(words: [String], name: String, node: NodeID, place: Place)] in
      guard case .symbol(let ref, _) = graph.nodes[symbol].content, seen.insert(ref.module).inserted else { return [] }
      return ScreenHeadings(graph.code.modules[ref.module].facts, names.translations).all().compactMap { heading in
        let all = called.without(Words.split(heading.text))
        let words = rest(all, called)
        // Most of a greeting says nothing: `Check your email`.
        return isName(words) && words.count * 2 >= all.count
          ? (words, heading.text, symbol, graph.code.place(ref.module, heading.at)) : nil
      }
    }
  }

  private func isPage(_ id: NodeID) -> Bool {
    if case .route(let route) = graph.nodes[id].content { route.form == .page } else { false }
  }

  /// Rows of a table that refers to itself lie in one another: `nested collections`.
  private func nesting(_ id: NodeID, _ phrases: [[String]]) -> (words: [String], place: Place)? {
    guard case .table(let table) = graph.nodes[id].content,
      let column = table.table.columns.first(where: { column in
        column.references?.table == table.table.name && Words.split(column.name).contains("parent")
      })
    else { return nil }
    let words = TableNames.words(table.table.name, without: names.tablePrefix)
    guard let last = words.last, phrases.contains(where: { Words.ends(words, phrase: $0) }) else { return nil }
    return (["nested"] + words.dropLast() + [Words.plural(last)], column.place)
  }

  /// Columns by what they hold; those that begin with the same word are one.
  private func columns(_ id: NodeID, _ phrases: [[String]], _ called: WordFilter) -> [(words: [String], place: Place)] {
    guard case .table(let table) = graph.nodes[id].content,
      phrases.contains(where: { Words.contains(TableNames.words(table.table.name), phrase: $0) })
    else { return [] }
    let rows = table.table.columns.filter { $0.references == nil }.map { column in
      (words: rest(Words.split(column.name), called), place: column.place)
    }.filter { !$0.words.isEmpty }
    var seen: Set<String> = []
    return rows.compactMap { row in
      let isGroup = row.words.count > 1 && rows.count { $0.words.first == row.words.first } > 1
      guard isGroup, let first = row.words.first else { return isName(row.words) ? row : nil }
      return seen.insert(first).inserted && isName([first]) ? ([first], row.place) : nil
    }
  }

  /// Without what the feature is called and without words that say nothing.
  private func rest(_ words: [String], _ names: WordFilter) -> [String] {
    plain.without(names.without(words)).filter { !$0.allSatisfy(\.isNumber) }
  }

  private func isName(_ words: [String]) -> Bool {
    (1...Self.longestName).contains(words.count) && words.contains { $0.utf8.count > 2 }
  }

  private func isOnScreen(_ words: [String]) -> Bool {
    let phrase = Phrase(words, names.vocabulary)
    return names.texts.candidates([phrase]).contains { phrase.occurs(in: $0.words) }
  }

  private static func text(_ words: [String]) -> String {
    let text = words.joined(separator: " ")
    return text.prefix(1).uppercased() + text.dropFirst()
  }
}
