import KapinBase
import KapinModel

/// Kinds of things that the product lists by name and shows: `kanban` and `gallery` of `enum ViewType`, where something
/// is called a `KanbanView`, or a translation stands below `viewTypes.kanban`.
struct ProductKinds {
  struct Kind {
    /// What it is a kind of, in the singular.
    var noun: [String]
    /// The kind with its noun: `kanban view`.
    var words: [String]
    var place: Place
    var node: NodeID?
  }

  /// What a list says before anything is known of its members.
  struct Listed {
    var noun: [String]
    var members: [(name: String, place: Place)]
    var node: NodeID?
    /// They are classes of one kind.
    var isSibling = false
  }

  let graph: ProductGraph
  let names: ProductNames

  /// Last words of the names of such lists; what stands before them is the noun.
  private static let lasts: Set<String> = [
    "type", "kind", "variant", "enum", "schema", "value", "option", "list", "name", "key", "map", "id", "code", "text",
    "label", "constant",
  ]
  /// Members that are no kinds.
  private static let empty: Set<String> = [
    "none", "unknown", "other", "default", "all", "any", "undefined", "null", "unspecified", "invalid", "no", "yes",
  ]
  private static let count = 2...80
  private static let longestMember = 3

  /// - Parameter isEvidence: what counts of the modules.
  static func find(_ graph: ProductGraph, _ names: ProductNames, isEvidence: (ModuleID) -> Bool) -> [Kind] {
    ProductKinds(graph: graph, names: names).find(isEvidence)
  }

  private init(graph: ProductGraph, names: ProductNames) {
    self.graph = graph
    self.names = names
  }

  private func find(_ isEvidence: (ModuleID) -> Bool) -> [Kind] {
    let translated = translatedKinds()
    var found: [Kind] = []
    var known: Set<[String]> = []
    for list in graph.code.modules.ids.filter(isEvidence).flatMap(lists) + columns() + siblings(isEvidence) {
      for member in list.members {
        let words = Words.split(member.name)
        guard (1...Self.longestMember).contains(words.count), !Self.empty.contains(words[0]),
          words.contains(where: { $0.contains(where: \.isLetter) }), !Words.equals(words, phrase: list.noun)
        else { continue }
        let ends = Words.ends(words, phrase: list.noun) && words.count > list.noun.count
        let whole = ends ? words : words + list.noun
        let isShown =
          translated.contains(list.noun + ["/"] + words) || isNamed(whole) || !ends && isFile(list.noun + words)
          || list.isSibling && isShown(words)
        guard isShown, known.insert(whole.map(Words.singular)).inserted else { continue }
        found.append(Kind(noun: list.noun, words: whole, place: member.place, node: list.node))
      }
    }
    return found
  }

  /// Whether something of the product is called so.
  private func isNamed(_ words: [String]) -> Bool {
    let phrase = Phrase(words, names.vocabulary)
    guard phrase.words != nil || phrase.joined != nil else { return false }
    if names.texts.candidates([phrase]).contains(where: { phrase.isAll(of: $0.words) }) { return true }
    return [names.components, names.modules].contains { index in
      index.candidates([phrase]).contains { phrase.occurs(in: $0.words) }
    }
  }

  /// Whether files stand for the kinds by the noun and the kind: `monitor-http.svelte`.
  private func isFile(_ words: [String]) -> Bool {
    let phrase = Phrase(words, names.vocabulary)
    return names.modules.candidates([phrase]).contains { row in
      phrase.ends(row.words)
        && Words.equals(Words.split(String(Paths.last(row.match.name).prefix { $0 != "." })), phrase: words)
    }
  }

  /// `viewTypes.kanban` as `view / kanban`.
  private func translatedKinds() -> Set<[String]> {
    var found: Set<[String]> = []
    for row in names.translations.all {
      let keys = row.key.split(separator: ".")
      guard keys.count > 1, let noun = Self.noun(String(keys[keys.count - 2]), needsLast: true) else { continue }
      found.insert(noun + ["/"] + Words.split(String(keys[keys.count - 1])))
    }
    return found
  }

  /// `view` of `ViewType`, `viewTypes` and `VIEW_TYPE_OPTIONS`.
  private static func noun(_ name: String, needsLast: Bool) -> [String]? {
    var words = Words.split(name)
    let whole = words.count
    while words.count > 1, lasts.contains(Words.singular(words[words.count - 1])) { words.removeLast() }
    guard !needsLast || words.count < whole, (1...2).contains(words.count), let last = words.last else { return nil }
    let noun = Array(words.dropLast()) + [Words.singular(last)]
    return lasts.contains(noun[0]) ? nil : noun
  }

  // MARK: Lists

  private func lists(_ id: ModuleID) -> [Listed] {
    let facts = graph.code.modules[id].facts
    let node = graph.symbols[SymbolRef(id, nil)]
    return facts.declarations.rows.compactMap { row -> Listed? in
      let place = graph.code.place(id, row.nameAt)
      let members: [(name: String, place: Place)]
      switch row.form {
      case .enum:
        guard let value = row.value, case .object(let range) = facts.values[value] else { return nil }
        members = facts.properties[range.indices].map { (facts.names[$0.name], graph.code.place(id, $0.at)) }
      case .type:
        guard let type = row.type else { return nil }
        members = Self.texts(facts.names[type]).map { ($0, place) }
      case .variable:
        guard let value = row.value else { return nil }
        members = texts(value, facts, depth: 0).map { ($0, place) }
      default: return nil
      }
      guard Self.count.contains(members.count), let noun = Self.noun(facts.names[row.name], needsLast: false) else {
        return nil
      }
      return Listed(noun: noun, members: members, node: node)
    }
  }

  /// `"grid" | "kanban"`
  private static func texts(_ type: String) -> [String] {
    type.split(separator: "|").compactMap { part in
      let text = part.drop { $0 == " " || $0 == ":" || $0 == "\n" }
      guard let mark = text.first, mark == "\"" || mark == "'" else { return nil }
      return String(text.dropFirst().prefix { $0 != mark })
    }
  }

  /// The texts of a list, of an object's members, or of what a call is given alone.
  private func texts(_ value: ValueID, _ facts: FrozenFacts, depth: Int) -> [String] {
    switch facts.values[value] {
    case .list(let range):
      let texts = range.indices.map { index -> String? in
        if case .text(let text) = facts.values[facts.valueLists[index]] { return facts.names[text] }
        return nil
      }
      return texts.contains(nil) ? [] : texts.compactMap { $0 }
    case .object(let range):
      let texts = facts.properties[range.indices].map { property -> String? in
        if case .text(let text) = facts.values[property.value] { return facts.names[text] }
        return nil
      }
      return texts.contains(nil) ? [] : texts.compactMap { $0 }
    case .call(let call) where depth == 0:
      let arguments = facts.calls[call].arguments
      guard arguments.count == 1, let first = arguments.indices.first else { return [] }
      return texts(facts.valueLists[first], facts, depth: 1)
    default: return []
    }
  }

  /// What columns may say: `type` of a table of views, or `view_type`.
  private func columns() -> [Listed] {
    graph.nodes.ids.flatMap { id -> [Listed] in
      guard case .table(let table) = graph.nodes[id].content else { return [] }
      return table.table.columns.compactMap { column in
        guard Self.count.contains(column.enumValues.count) else { return nil }
        let words = Words.split(column.name)
        let own = TableNames.words(table.table.name, without: names.tablePrefix)
        let noun =
          words.count == 1 && Self.lasts.contains(words[0])
          ? Self.noun(own.joined(separator: " "), needsLast: false) : Self.noun(column.name, needsLast: false)
        return noun.map { Listed(noun: $0, members: column.enumValues.map { ($0, column.place) }, node: id) }
      }
    }
  }
}
