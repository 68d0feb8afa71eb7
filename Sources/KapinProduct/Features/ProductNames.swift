import KapinBase
import KapinModel

/// The names in a product that feature rules look at. Tests, stories, examples and seeds are no evidence.
struct ProductNames {
  struct RouteRow {
    var method: String
    var form: RouteForm
  }
  private(set) var vocabulary = Vocabulary()
  private(set) var routes = NameIndex()
  private(set) var routeRows: [RouteRow] = []
  private(set) var tables = NameIndex()
  private(set) var columns: [[[Int32]]] = []
  private(set) var columnNames = NameIndex()
  private(set) var components = NameIndex()
  private(set) var symbols = NameIndex()
  private(set) var environment = NameIndex()
  private(set) var texts = NameIndex()
  private(set) var menus = NameIndex()
  private(set) var entries: [ProductMenu.Entry] = []
  private(set) var events = NameIndex()
  private(set) var kinds = NameIndex()
  private(set) var kindRows: [ProductKinds.Kind] = []
  /// What the documentation lists as features.
  private(set) var documents = NameIndex()
  private(set) var files = NameIndex()
  private(set) var modules = NameIndex()
  private(set) var writes = NameIndex()
  private(set) var verbs: [AccessVerb] = []
  private(set) var packages: [String: [ConditionMatch]] = [:]
  private(set) var calls: [String: [(path: String, match: ConditionMatch)]] = [:]

  /// A text on screen with more words than these is prose.
  private static let longestText = 12

  private let sites: ProductSites
  let translations: ProductTranslations
  /// Tables that code reads or writes.
  private var used: Set<NodeID> = []
  private var tableCount = 0
  /// The word that most tables begin with, which says nothing.
  let tablePrefix: String?
  /// Paths of tests and examples.
  private let tests: Set<String>

  init(_ graph: ProductGraph, _ generated: [GeneratedRule]) {
    sites = ProductSites(graph, generated)
    translations = ProductTranslations(graph, generated)
    tests = Set(graph.code.modules.lazy.filter(\.isTest).map(\.path))
    tablePrefix = TableNames.commonPrefix(graph)
    for id in graph.nodes.ids { add(id, graph) }
    for edge in graph.edges where edge.kind == .uses || edge.kind == .emits {
      let id = graph.nodes[edge.to].id
      let name = String(id[id.index(after: id.firstIndex(of: ":") ?? id.startIndex)...])
      let match = ConditionMatch(place: edge.at ?? Place(""), name: name, node: edge.to)
      if edge.kind == .uses {
        environment.add(vocabulary.words(name), match)
      } else {
        events.add(vocabulary.words(name), match)
      }
    }
    for access in graph.accesses where access.access.verb.writes {
      guard case .table(let table) = graph.nodes[access.table].content, isEvidence(access.access.module, graph)
      else { continue }
      let match = ConditionMatch(place: access.access.origin.place, name: table.table.name, node: access.table)
      writes.add(tableWords(table), match, extra: verbs.count)
      verbs.append(access.access.verb)
    }
    used = Set(graph.accesses.map(\.table))
    code(graph, generated)
    kindRows = ProductKinds.find(graph, self) { isEvidence($0, graph) }
    for kind in kindRows {
      let match = ConditionMatch(place: kind.place, name: kind.words.joined(separator: " "), node: kind.node)
      kinds.add(kind.words.map { vocabulary.number($0) }, match)
    }
    for path in graph.code.inventory.paths.files(in: "")
    where graph.code.inventory.paths.file(path) == nil && !TestPaths.isTest(path) && sites.allows(path, graph) {
      let match = ConditionMatch(place: Place(path, line: 1, column: 1), name: path, node: nil)
      files.add(Words.split(path).map { vocabulary.foreign($0) }, match)
    }
    for item in graph.documented {
      // Written together, too: `iOS`.
      let words = item.text.split(separator: " ").flatMap { part -> [String] in
        let words = Words.split(String(part))
        return words.count > 1 ? words + [words.joined()] : words
      }
      documents.add(
        words.map { vocabulary.foreign($0) }, ConditionMatch(place: item.place, name: item.lead, node: nil))
    }
  }

  /// Where the code's access to most tables is known, a table that none reads or writes is only a plan, or a remnant.
  func isUnused(_ table: NodeID) -> Bool { !used.contains(table) && used.count * 10 > tableCount * 6 }

  /// Tests, and packages that are only about the product, are no evidence.
  private func isEvidence(_ module: ModuleID, _ graph: ProductGraph) -> Bool {
    !graph.code.modules[module].isTest && !sites.has(module, graph)
  }

  /// Icons are named after anything.
  private static func isDrawing(_ path: String) -> Bool {
    path.split(separator: "/").contains {
      ["icon", "icons"].contains(Words.split(String($0.prefix { $0 != "." })).last)
    }
  }

  /// Whether a route belongs to a package that is only about the product.
  func isSite(_ route: Route) -> Bool { sites.packages.contains(route.package) }

  private mutating func add(_ id: NodeID, _ graph: ProductGraph) {
    let node = graph.nodes[id]
    let place = node.origin?.place ?? Place("")
    if tests.contains(place.path) { return }
    switch node.content {
    case .route(let route):
      guard !isSite(route) else { return }
      let match = ConditionMatch(place: place, name: RouteNames.title(route), node: id)
      routes.add(vocabulary.words(RouteNames.literal(route)), match, extra: routeRows.count)
      routeRows.append(RouteRow(method: route.method, form: route.form))
    case .table(let table):
      tableCount += 1
      let match = ConditionMatch(place: place, name: table.table.name, node: id)
      tables.add(tableWords(table), match, extra: columns.count)
      columns.append(table.table.columns.map { vocabulary.words($0.name) })
      for column in table.table.columns {
        let match = ConditionMatch(place: column.place, name: "\(table.table.name).\(column.name)", node: id)
        columnNames.add(vocabulary.words(column.name), match)
      }
    case .symbol(let ref, let isComponent):
      guard isEvidence(ref.module, graph), let declaration = ref.declaration else { return }
      let facts = graph.code.modules[ref.module].facts
      let row = facts.declarations[declaration]
      let name = facts.names[row.name]
      let match = ConditionMatch(place: place, name: name, node: id)
      if isComponent {
        guard !Self.isDrawing(graph.code.modules[ref.module].path) else { return }
        components.add(vocabulary.words(name), match)
      } else if row.form == .function || row.form == .arrow || row.form == .method {
        symbols.add(vocabulary.words(name), match)
      }
    case .module(let module) where isEvidence(module, graph):
      let path = graph.code.modules[module].path
      let match = ConditionMatch(place: Place(path, line: 1, column: 1), name: path, node: id)
      modules.add(vocabulary.words(path.prefix { $0 != "." }.description), match)
    default: break
    }
  }

  private mutating func tableWords(_ table: TableNode) -> [Int32] {
    TableNames.words(table.table.name, without: tablePrefix).map { vocabulary.number($0) }
  }

  private mutating func code(_ graph: ProductGraph, _ generated: [GeneratedRule]) {
    for id in graph.code.modules.ids where isEvidence(id, graph) {
      let module = graph.code.modules[id]
      let node = graph.symbols[SymbolRef(id, nil)]
      for (index, target) in module.targets.enumerated() {
        guard case .external(let name, _, _) = target, module.facts.imports[index].form != .type else { continue }
        let place = graph.code.place(id, module.facts.imports[index].at)
        packages[name, default: []].append(ConditionMatch(place: place, name: name, node: node))
      }
      for name in configured(module, graph) {
        packages[name, default: []].append(
          ConditionMatch(place: Place(module.path, line: 1, column: 1), name: name, node: node))
      }
      for entry in ProductMenu(module.facts, translations).entries() {
        menus.add(
          vocabulary.words(entry.name),
          ConditionMatch(place: graph.code.place(id, entry.at), name: entry.name, node: node),
          extra: entries.count)
        entries.append(entry)
      }
      guard !module.facts.texts.isEmpty, !generated.contains(where: { $0.isProse(module.path) }) else { continue }
      for text in module.facts.texts {
        let value = module.facts.names[text.text]
        addText(value, ConditionMatch(place: graph.code.place(id, text.at), name: value, node: node))
      }
    }
    for text in translations.all where sites.allows(text.place.path, graph) {
      guard !generated.contains(where: { $0.isProse(text.place.path) }) else { continue }
      addText(text.text, ConditionMatch(place: text.place, name: text.text, node: nil))
    }
    calls(graph)
  }

  /// Declared packages that a configuration file names as texts: `modules: ["@scope/offline"]`.
  private func configured(_ module: Module, _ graph: ProductGraph) -> [String] {
    guard Paths.last(module.path).contains(".config.") else { return [] }
    let declared = Set(graph.code.packages[module.package].manifest.dependencies.map(\.name))
    guard !declared.isEmpty else { return [] }
    let texts = module.facts.values.rows.compactMap { value -> String? in
      guard case .text(let text) = value else { return nil }
      return module.facts.names[text]
    }
    return Set(texts.filter(declared.contains)).sortedByBytes()
  }

  private mutating func addText(_ text: String, _ match: ConditionMatch) {
    let words = vocabulary.words(text)
    if words.count <= Self.longestText { texts.add(words, match) }
  }

  private mutating func calls(_ graph: ProductGraph) {
    for call in graph.code.externalCalls where isEvidence(call.site.module, graph) {
      let at = graph.code.modules[call.site.module].facts.calls[call.site.call].range.start
      let match = ConditionMatch(
        place: graph.code.place(call.site.module, at), name: call.path, node: graph.node(of: call.from))
      calls[call.package, default: []].append((call.path, match))
    }
  }
}

/// What people call a route.
enum RouteNames {
  /// A segment of a page's path with more words than these is the title of an article.
  private static let longestSegment = 5

  /// The path without parameters; of an action its name.
  static func literal(_ route: Route) -> String {
    guard route.form != .action else { return action(route) }
    return route.path.split(separator: "/").filter { segment in
      !segment.hasPrefix(":") && !segment.hasPrefix("*")
        && !(route.form == .page && segment.split(separator: "-").count > longestSegment)
    }.map(withoutParameter).joined(separator: "/")
  }

  /// `monitor-` of `monitor-:tag`.
  private static func withoutParameter(_ segment: Substring) -> Substring { segment.prefix { $0 != ":" } }

  static func title(_ route: Route) -> String {
    switch route.form {
    case .action: action(route)
    case .page: route.path
    default: "\(route.method) \(route.path)"
    }
  }

  private static func action(_ route: Route) -> String {
    route.path.split(separator: "#").last.map(String.init) ?? ""
  }
}
