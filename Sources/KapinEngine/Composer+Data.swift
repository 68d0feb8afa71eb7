import KapinBase
import KapinExtract
import KapinModel
import KapinRules

/// Tables, what reads and writes them, and requests to routes.
extension Composer {
  mutating func tables(_ findings: [Finding]) {
    var schemas = SchemaComposer(code, program)
    let models = findings.compactMap { if case .model(let model) = $0 { model } else { nil } }
    let changes = findings.compactMap { if case .change(let change) = $0 { change } else { nil } }
    schemas.compose(extracted.schemas, models, changes)
    graph.coverage.schemaDisagreements = schemas.disagreements
    graph.notes += schemas.notes
    views = schemas.views
    for table in schemas.tables {
      let origin = Origin(place: table.table.place, end: table.table.end, rule: table.source, confidence: .exact)
      let id = "table:" + NodeIDs.escape(packageName(table.package)) + ":" + NodeIDs.escape(table.table.name)
      tableNodes.append(graph.add(ProductNode(id: id, kind: .table, content: .table(table), origin: origin)))
    }
    for (entity, table) in schemas.tableOfModel { modelNodes[entity] = tableNodes[table] }
    for node in tableNodes {
      guard case .table(let table) = graph.nodes[node].content else { continue }
      for column in table.table.columns {
        guard let reference = column.references, let target = tableNode(named: reference.table, from: table.package)
        else { continue }
        edge(.references, node, target, at: column.place, fields: [("column", .text(column.name))])
      }
    }
  }

  func tableNode(named name: String, from package: PackageID) -> NodeID? {
    candidates { $0.table.name == name }.min { distance($0, package) < distance($1, package) }
  }

  private func candidates(_ accepts: (TableNode) -> Bool) -> [NodeID] {
    tableNodes.filter { id in
      if case .table(let table) = graph.nodes[id].content { accepts(table) } else { false }
    }
  }

  private func distance(_ node: NodeID, _ package: PackageID) -> Int {
    guard case .table(let table) = graph.nodes[node].content else { return 9 }
    return table.package == package ? 0 : 1
  }

  mutating func accesses(_ findings: [Finding]) {
    for node in tableNodes {
      guard case .table(let table) = graph.nodes[node].content else { continue }
      tablesByCodeName[Self.memberName(table.table.codeName), default: []].append(node)
    }
    for case .relation(let relation) in findings {
      guard let owner = modelNodes[relation.owner], case .table(let table) = graph.nodes[owner].content,
        let target = node(of: relation.target, from: table.package)
      else { continue }
      relationTargets[owner, default: [:]][relation.name] = target
      if relation.isEager { eagerTargets[owner, default: []].append(target) }
    }
    for finding in findings {
      switch finding {
      case .access(let access):
        let package = code.modules[access.module].package
        if let table = node(of: access.table, from: package) {
          add(access, table, access.origin.confidence)
          along(access, table)
        } else if case .name(let name) = access.table, access.verb == .read {
          var own = access
          own.columns = []
          for table in tables(ofView: name, from: package) { add(own, table, access.origin.confidence) }
        }
      case .query(let query): read(query)
      default: break
      }
    }
  }

  private func node(of table: TableReference, from package: PackageID) -> NodeID? {
    switch table {
    case .model(let entity): return modelNodes[entity]
    case .name(let name): return tableNode(named: name, from: package) ?? named(name, from: package)
    case .codeName(let name): return named(name, from: package)
    case .relation(let owner, let name):
      if let owner { return node(of: owner, from: package).flatMap { relationTargets[$0]?[name] } }
      let all = Set(relationTargets.values.compactMap { $0[name] })
      return all.count == 1 ? all.first : nil
    }
  }

  /// The tables that a view reads, by itself and by views.
  private func tables(ofView name: String, from package: PackageID) -> [NodeID] {
    var found: [NodeID] = [], open = [name], seen: Set<String> = [name]
    while let view = open.popLast() {
      for table in views[view] ?? [] where seen.insert(table).inserted {
        if let node = tableNode(named: table, from: package) { found.append(node) } else { open.append(table) }
      }
    }
    return found
  }

  func named(_ name: String, from package: PackageID) -> NodeID? {
    tablesByCodeName[Self.memberName(name)]?.min { distance($0, package) < distance($1, package) }
  }

  /// Clients name a table's member with a small first letter.
  private static func memberName(_ name: String) -> String {
    guard let first = name.first else { return name }
    return first.lowercased() + name.dropFirst()
  }

  mutating func add(_ access: FoundAccess, _ table: NodeID, _ confidence: Confidence) {
    // Two clauses may see one call.
    let key = AccessKey(
      from: access.from, at: access.offset, table: table, verb: access.verb, columns: access.columns)
    guard knownAccesses.insert(key).inserted else { return }
    graph.accesses.append(ResolvedAccess(access: access, table: table))
    guard let from = graph.node(of: access.from) else { return }
    var fields: [(key: String, value: EdgeField)] = []
    if case .table(let node) = graph.nodes[table].content {
      let known = node.table.columns.filter { access.columns.contains($0.codeName) || access.columns.contains($0.name) }
        .map(\.name)
      if !known.isEmpty { fields.append(("columns", .texts(known.sortedByBytes()))) }
    }
    if access.verb.writes { fields.append(("verb", .text(access.verb.rawValue))) }
    edge(
      access.verb.writes ? .writes : .reads, from, table, at: access.origin.place, confidence: confidence,
      rule: access.origin.rule, fields: fields)
  }

  struct AccessKey: Hashable {
    var from: SymbolRef
    var at: UInt32
    var table: NodeID
    var verb: AccessVerb
    var columns: [String]
  }

  /// SQL text: by PostgreSQL's parser; where holes break it, by the words after FROM, JOIN, INTO and UPDATE.
  private mutating func read(_ query: FoundQuery) {
    let package = code.modules[query.module].package
    let text = Self.text(query.sql, keepsHoles: true)
    // A part of a query without a table of its own.
    guard Self.namesTable(text) else { return }
    let parsed =
      SQLAccess.read(text) ?? (query.sql.isComplete ? nil : SQLAccess.read(Self.text(query.sql, keepsHoles: false)))
    let found = parsed ?? Self.guess(text)
    if parsed == nil { graph.coverage.queriesNotRead += 1 }
    for access in found {
      let known = tableNode(named: access.table, from: package)
      let tables = known.map { [$0] } ?? (access.writes ? [] : tables(ofView: access.table, from: package))
      for table in tables {
        for verb in access.writes ? Self.verbs(text) : [.read] {
          let row = FoundAccess(
            from: query.from, module: query.module, statement: query.statement, offset: query.offset, call: query.call,
            table: .name(access.table), verb: verb, columns: known == nil ? [] : access.columns, origin: query.origin)
          add(row, table, parsed == nil ? .heuristic : query.origin.confidence)
        }
      }
    }
  }

  private static func namesTable(_ sql: String) -> Bool {
    let words: Set<Substring> = ["from", "join", "into", "update", "table", "truncate", "merge", "using", "copy"]
    return sql.lowercased().split { !$0.isLetter && $0 != "_" }.contains(where: words.contains)
  }

  /// The query's text; a hole is a parameter, or nothing where a condition is put together.
  private static func text(_ sql: FoldedText, keepsHoles: Bool) -> String {
    var number = 0
    var text = ""
    for part in sql.parts {
      switch part {
      case .text(let literal): text += literal
      case .hole:
        number += 1
        // `LIMIT $${index}`: the dollar is there already.
        if text.hasSuffix("$") { text += "\(number)" } else if keepsHoles { text += "$\(number)" }
      }
    }
    return text
  }

  /// What a statement does; an `INSERT … ON CONFLICT DO UPDATE` does both.
  private static func verbs(_ sql: String) -> [AccessVerb] {
    let words = sql.lowercased().split { !$0.isLetter }
    for word in words {
      switch word {
      case "insert":
        let changes = zip(words, words.dropFirst()).contains { $0 == ("do", "update") || $0 == ("key", "update") }
        return changes ? [.create, .update] : [.create]
      case "update": return [.update]
      case "delete": return [.delete]
      default: continue
      }
    }
    return [.update]
  }

  private static func guess(_ sql: String) -> [SQLAccess] {
    let words = sql.split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "(" || $0 == ")" || $0 == "," || $0 == ";" }
    var found: [SQLAccess] = []
    for (index, word) in words.enumerated().dropLast() {
      let key = word.lowercased()
      guard ["from", "join", "into", "update"].contains(key) else { continue }
      let name = String(words[index + 1].filter { $0 != "\"" })
      let access = SQLAccess(table: name, columns: [], writes: key == "into" || key == "update")
      if !found.contains(access) { found.append(access) }
    }
    return found
  }

  mutating func requests(_ findings: [Finding]) {
    let index = RouteIndex(graph, routeNodes)
    var handlers: [NodeID: [NodeID]] = [:]
    for edge in graph.edges where edge.kind == .handles { handlers[edge.from, default: []].append(edge.to) }
    for finding in findings {
      guard case .request(let request) = finding, let from = graph.node(of: request.from) else { continue }
      let package = code.modules[request.from.module].package
      let kind: EdgeKind = request.navigates ? .navigates : .requests
      switch index.match(method: request.method, path: request.path, pages: request.navigates, from: package) {
      case .one(let route, let confidence):
        let sure = request.origin.confidence == .exact ? confidence : confidence == .exact ? .resolved : confidence
        let apart = request.navigates ? [] : apart(request, of: handlers[route] ?? [])
        edge(
          kind, from, route, at: request.origin.place, confidence: sure, rule: request.origin.rule,
          fields: apart.isEmpty ? [] : [("apart", .texts(apart))])
      case .several(let routes):
        for route in routes.prefix(4) {
          edge(
            kind, from, route, at: request.origin.place, confidence: .heuristic, rule: request.origin.rule,
            fields: [("ambiguous", .number(routes.count))])
        }
      case .none: if !request.navigates { graph.coverage.requestsWithoutRoute += 1 }
      }
    }
  }

  /// What a request never reaches of its route's only handler.
  private func apart(_ request: FoundRequest, of handlers: [NodeID]) -> [String] {
    guard handlers.count == 1, case .symbol(let handler, _) = graph.nodes[handlers[0]].content else { return [] }
    return parts(follower.excluded(of: handler, by: request.site, query: Self.query(request.path)))
  }

  /// The names and values that an address says in its query; what is not complete is left out.
  private static func query(_ path: FoldedText) -> [String: String] {
    let text = path.joined(hole: "\u{0}")
    guard let mark = text.firstIndex(of: "?") else { return [:] }
    var found: [String: String] = [:]
    for pair in text[text.index(after: mark)...].prefix(while: { $0 != "#" }).split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if sides.count == 2, !pair.contains("\u{0}"), !pair.contains("%") { found[String(sides[0])] = String(sides[1]) }
    }
    return found
  }
}
