import KapinBase
import KapinModel

/// The names in a product that signals look at, split into words once.
struct SignalFacts {
  struct Match {
    var place: Place
    var name: String
    var node: NodeID?
  }

  private struct Row {
    var words: [String]
    var match: Match
  }

  private struct RouteRow {
    var row: Row
    var method: String
    var form: RouteForm
  }

  private struct TableRow {
    var row: Row
    var columns: [[String]]
  }

  private var routes: [RouteRow] = []
  private var tables: [TableRow] = []
  private var components: [Row] = []
  private var symbols: [Row] = []
  private var environment: [Row] = []
  private var texts: [Row] = []
  private var packages: [String: [Match]] = [:]
  private var writes: [(row: Row, verb: AccessVerb)] = []
  private var calls: [String: [(path: String, match: Match)]] = [:]

  init(_ graph: ProductGraph) {
    for id in graph.nodes.ids {
      let node = graph.nodes[id]
      let place = node.origin?.place ?? Place("")
      switch node.content {
      case .route(let route):
        let name = route.form == .action ? route.path.split(separator: "#").last.map(String.init) ?? "" : route.path
        let literal = name.split(separator: "/").filter { !$0.hasPrefix(":") && !$0.hasPrefix("*") }.joined(
          separator: "/")
        let match = Match(
          place: place,
          name: route.form == .action ? name : route.form == .page ? route.path : "\(route.method) \(route.path)",
          node: id)
        routes.append(
          RouteRow(row: Row(words: Words.split(literal), match: match), method: route.method, form: route.form))
      case .table(let table):
        let name = TableNames.words(table.table.name)
        tables.append(
          TableRow(
            row: Row(words: name, match: Match(place: place, name: table.table.name, node: id)),
            columns: table.table.columns.map { Words.split($0.name) }))
      case .symbol(let ref, let component):
        guard !graph.code.modules[ref.module].isTest, let declaration = ref.declaration else { continue }
        let facts = graph.code.modules[ref.module].facts
        let row = facts.declarations[declaration]
        let name = facts.names[row.name]
        let match = Match(place: place, name: name, node: id)
        if component {
          components.append(Row(words: Words.split(name), match: match))
        } else if row.form == .function || row.form == .arrow || row.form == .method {
          symbols.append(Row(words: Words.split(name), match: match))
        }
      default: break
      }
    }
    for edge in graph.edges where edge.kind == .uses {
      let name = String(graph.nodes[edge.to].id.dropFirst(4))
      environment.append(
        Row(words: Words.split(name), match: Match(place: edge.at ?? Place(""), name: name, node: nil)))
    }
    for access in graph.accesses where access.access.verb.writes {
      guard case .table(let table) = graph.nodes[access.table].content, !graph.code.modules[access.access.module].isTest
      else { continue }
      let match = Match(place: access.access.origin.place, name: table.table.name, node: nil)
      writes.append((Row(words: TableNames.words(table.table.name), match: match), access.access.verb))
    }
    code(graph)
  }

  private mutating func code(_ graph: ProductGraph) {
    for id in graph.code.modules.ids where !graph.code.modules[id].isTest {
      let module = graph.code.modules[id]
      for (index, target) in module.targets.enumerated() {
        guard case .external(let name, _, _) = target, module.facts.imports[index].form != .type else { continue }
        let place = graph.code.place(id, module.facts.imports[index].at)
        packages[name, default: []].append(Match(place: place, name: name, node: nil))
      }
      for text in module.facts.texts {
        let value = module.facts.names[text.text]
        let words = Words.split(value)
        guard words.count <= 12 else { continue }
        texts.append(Row(words: words, match: Match(place: graph.code.place(id, text.at), name: value, node: nil)))
      }
    }
    for call in graph.code.externalCalls where !graph.code.modules[call.site.module].isTest {
      let at = graph.code.modules[call.site.module].facts.calls[call.site.call].range.start
      let match = Match(place: graph.code.place(call.site.module, at), name: call.path, node: graph.node(of: call.from))
      calls[call.package, default: []].append((call.path, match))
    }
  }

  /// What says most comes first: a name that ends in the phrase before one that has it somewhere, short before long.
  private func telling(_ rows: [Row], _ signal: Signal) -> [Match] {
    func rank(_ row: Row) -> Int { signal.words.contains { Words.ends(row.words, phrase: $0) } ? 0 : 1 }
    return rows.enumerated().sorted {
      let a = (rank($0.element), $0.element.words.count, $0.offset)
      return a < (rank($1.element), $1.element.words.count, $1.offset)
    }.map(\.element.match)
  }

  func matches(_ signal: Signal) -> [Match] {
    func accepts(_ words: [String]) -> Bool {
      let found = signal.words.contains {
        signal.isExact ? Words.equals(words, phrase: $0) : Words.contains(words, phrase: $0)
      }
      return found && !signal.without.contains { Words.contains(words, phrase: $0) }
    }
    switch signal.subject {
    case .route(let methods, let forms):
      let found = routes.filter {
        (forms.isEmpty || forms.contains($0.form))
          && (methods.isEmpty || methods.contains($0.method) || $0.method == "ANY" && $0.form == .endpoint)
          && accepts($0.row.words)
      }
      return telling(found.map(\.row), signal)
    case .table(let columns):
      let found = tables.filter { table in
        signal.words.contains {
          signal.isExact ? Words.equals(table.row.words, phrase: $0) : Words.ends(table.row.words, phrase: $0)
        }
          && !signal.without.contains { Words.contains(table.row.words, phrase: $0) }
          && columns.allSatisfy { wanted in table.columns.contains { Words.contains($0, phrase: wanted) } }
      }
      return telling(found.map(\.row), signal)
    case .component: return telling(components.filter { accepts($0.words) }, signal)
    case .symbol: return telling(symbols.filter { accepts($0.words) }, signal)
    case .environment: return environment.filter { accepts($0.words) }.map(\.match)
    case .text: return texts.filter { accepts($0.words) }.map(\.match)
    case .package: return signal.words.flatMap { packages[$0[0]] ?? [] }
    case .write(let verbs):
      return writes.filter { write in
        verbs.contains(write.verb) && signal.words.contains { Words.ends(write.row.words, phrase: $0) }
          && !signal.without.contains { Words.contains(write.row.words, phrase: $0) }
      }.map(\.row.match)
    case .call(let package):
      return (calls[package] ?? []).filter { call in
        signal.words.contains { call.path == $0[0] || call.path.hasSuffix("." + $0[0]) }
      }.map(\.match)
    }
  }
}

/// Names of tables as words.
enum TableNames {
  /// Without the schema: `auth.users` is `users`.
  static func words(_ name: String) -> [String] {
    Words.split(name.split(separator: ".").last.map(String.init) ?? name)
  }
}
