import KapinBase
package import KapinModel

/// Finds what conditions of feature rules are about.
package final class ConditionMatcher {
  let graph: ProductGraph
  let names: ProductNames
  private lazy var relations = RelationMatcher(graph, self)

  /// - Parameter generated: tell which files' words on screen are no evidence.
  package init(_ graph: ProductGraph, generated: [GeneratedRule]) {
    self.graph = graph
    names = ProductNames(graph, generated)
  }

  /// What stands for the words `$resource`.
  typealias Binding = [String]?

  struct Found {
    var matches: [ConditionMatch] = []
    /// What patterns captured.
    var captures: [(name: String, match: ConditionMatch)] = []
    /// How far the first pattern came: names with the words, and the relation that none of them has.
    var near: Int = 0
    var stopped: RelationPattern?
  }

  func find(_ condition: GraphCondition, _ binding: Binding = nil) -> Found {
    switch condition {
    case .node(let pattern): return find(pattern, binding)
    case .not(let inner):
      // Holds without a place of its own.
      let holds = find(inner, binding).matches.isEmpty
      return Found(matches: holds ? [ConditionMatch(place: Place(""), name: "", node: nil)] : [])
    case .any(let all):
      return all.reduce(into: Found()) { found, inner in
        let next = find(inner, binding)
        found.matches += next.matches.filter { match in
          !found.matches.contains { $0.place == match.place && $0.name == match.name }
        }
        found.captures += next.captures
        found.near += next.near
        found.stopped = found.stopped ?? next.stopped
      }
    case .all(let all):
      var whole: Found?
      for inner in all {
        let next = find(inner, binding)
        guard !next.matches.isEmpty else {
          return Found(near: (whole?.matches.count ?? 0) + next.near, stopped: next.stopped)
        }
        if case .not = inner { continue }
        if whole == nil { whole = next } else { whole?.captures += next.captures }
      }
      return whole ?? Found()
    }
  }

  // MARK: One pattern

  private func find(_ pattern: NodePattern, _ binding: Binding) -> Found {
    var found = Found()
    let rows = named(pattern, binding)
    found.near = rows.count
    if pattern.relations.isEmpty {
      found.matches = rows
    } else {
      for row in rows {
        var captures: [(String, ConditionMatch)] = []
        if let failed = relations.failing(pattern.relations, of: row, binding, &captures) {
          found.stopped = found.stopped ?? failed
        } else {
          var match = row
          for (name, target) in captures { match.captured[name] = target.name }
          found.matches.append(match)
          found.captures += captures
        }
      }
    }
    if found.matches.count < pattern.count { found.matches = [] }
    guard let first = found.matches.first else {
      found.captures = []
      return found
    }
    if let name = pattern.capture {
      found.captures.append((name, first))
      for index in found.matches.indices { found.matches[index].captured[name] = found.matches[index].name }
    }
    return found
  }

  /// Things whose names fit, those that say most first.
  func named(_ pattern: NodePattern, _ binding: Binding) -> [ConditionMatch] {
    switch pattern.subject {
    case .package: return pattern.words.flatMap { names.packages[$0[0]] ?? [] }
    case .call(let package):
      return (names.calls[package] ?? []).filter { call in
        pattern.words.isEmpty
          || pattern.words.contains { call.path == $0[0] || call.path.hasSuffix("." + $0[0]) }
      }.map(\.match)
    default: break
    }
    let phrases = pattern.words.map { Phrase(bound($0, binding), names.vocabulary) }
    let without = pattern.without.map { Phrase(bound($0, binding), names.vocabulary) }
    let index = index(of: pattern.subject)
    let rows = (pattern.words.isEmpty ? index.rows : index.candidates(phrases)).filter { row in
      accepts(row.words, phrases, pattern) && !without.contains { $0.occurs(in: row.words) }
        && hasShape(row, pattern.subject)
    }
    guard !phrases.isEmpty else { return rows.map(\.match) }
    // A name that ends in the phrase says more than one that has it somewhere, and a short one more than a long one.
    return rows.enumerated().sorted { a, b in
      let first = (phrases.contains { $0.ends(a.element.words) } ? 0 : 1, a.element.words.count, a.offset)
      return first < (phrases.contains { $0.ends(b.element.words) } ? 0 : 1, b.element.words.count, b.offset)
    }.map(\.element.match)
  }

  private func bound(_ phrase: [String], _ binding: Binding) -> [String] {
    guard let binding, phrase.contains("$resource") else { return phrase }
    return phrase.flatMap { $0 == "$resource" ? binding : [$0] }
  }

  private func accepts(_ row: [Int32], _ phrases: [Phrase], _ pattern: NodePattern) -> Bool {
    if phrases.isEmpty { return true }
    if pattern.isExact { return phrases.contains { $0.isAll(of: row) } }
    switch pattern.subject {
    case .table, .write: return phrases.contains { $0.ends(row) }
    default: return phrases.contains { pattern.isEnd ? $0.ends(row) : $0.occurs(in: row) }
    }
  }

  private func index(of subject: NodePattern.Subject) -> NameIndex {
    switch subject {
    case .route: names.routes
    case .table: names.tables
    case .write: names.writes
    case .component: names.components
    case .symbol: names.symbols
    case .environment: names.environment
    case .event: names.events
    case .module: names.modules
    case .column: names.columnNames
    case .menu: names.menus
    case .kind: names.kinds
    case .document: names.documents
    case .file: names.files
    case .text, .package, .call: names.texts
    }
  }

  private func hasShape(_ row: NameIndex.Row, _ subject: NodePattern.Subject) -> Bool {
    switch subject {
    case .route(let methods, let forms):
      let route = names.routeRows[row.extra]
      return (forms.isEmpty || forms.contains(route.form))
        && (methods.isEmpty || methods.contains(route.method) || route.method == "ANY" && route.form == .endpoint)
    case .table(let columns):
      return columns.allSatisfy { wanted in
        let phrase = Phrase(wanted, names.vocabulary)
        return names.columns[row.extra].contains { phrase.occurs(in: $0) }
      }
    case .write(let verbs): return verbs.contains(names.verbs[row.extra])
    case .menu(let leadsThere): return !leadsThere || names.entries[row.extra].leadsThere
    default: return true
    }
  }
}
