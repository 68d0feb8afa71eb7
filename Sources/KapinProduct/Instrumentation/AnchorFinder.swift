import KapinBase
import KapinModel

/// A place in server code at which an event is a completed fact.
struct AnchorSite {
  var module: ModuleID
  var function: DeclarationID?
  /// The call that makes it a fact; without one, the end of the function does.
  var call: CallID?
  /// What else has to have happened: the fact is not inside a block that holds the call alone.
  var others: [CallID] = []
  /// The call creates the person who acts.
  var createsActor = false
  /// The route whose handler it is, for route anchors.
  var route: NodeID?
  var says: String

  /// The identifier of the person whom the anchored statement has just created, if the code itself reads it: only
  /// then is it sure that the result has one.
  func createdActor(_ graph: ProductGraph) -> String? {
    guard createsActor, let call else { return nil }
    let facts = graph.code.modules[module].facts
    guard let statement = facts.calls[call].statement, let binding = facts.statements[statement].binding else {
      return nil
    }
    let isRead = facts.values.rows.contains { value in
      guard case .member(let object, let name) = value, facts.names[name] == "id" else { return false }
      return facts.values[object] == .local(binding)
    }
    return isRead ? "\(facts.names[facts.bindings[binding].name]).id.toString()" : nil
  }
}

/// Finds the sites of an event's anchors, and where exactly a statement may stand.
struct AnchorFinder {
  let graph: ProductGraph
  /// What routes reach by calls.
  let served: Set<NodeID>
  /// The routes that each function answers.
  let answers: [NodeID: [Route]]
  /// Handlers of GET routes alone: they show a form for something, they don't do it.
  private let onlyShows: Set<NodeID>

  init(_ graph: ProductGraph) {
    self.graph = graph
    served = Served.symbols(of: graph)
    var answers: [NodeID: [Route]] = [:]
    var shows: Set<NodeID> = []
    var acts: Set<NodeID> = []
    for edge in graph.edges where edge.kind == .handles {
      guard case .route(let route) = graph.nodes[edge.from].content else { continue }
      answers[edge.to, default: []].append(route)
      if route.method == "GET" { shows.insert(edge.to) } else { acts.insert(edge.to) }
    }
    onlyShows = shows.subtracting(acts)
    self.answers = answers
  }

  static func describe(_ anchor: EventPattern.Anchor) -> String {
    switch anchor {
    case .write(let write): Self.describe(write)
    case .together(let writes): writes.map(Self.describe).joined(separator: " together with ")
    case .route(let words, _, _, _):
      "a route of \(words.prefix(2).map { $0.joined(separator: " ") }.joined(separator: ", "))"
    case .function(let words): "a function \(words.prefix(2).map { $0.joined(separator: " ") }.joined(separator: ", "))"
    case .call(let package, let names): "a call of \(names.prefix(2).joined(separator: ", ")) of \(package)"
    }
  }

  /// Pages that fit a route anchor but run in the browser, where nothing can be stored.
  func browserPages(for anchor: EventPattern.Anchor) -> [NodeID] {
    guard case .route(let words, let without, _, let forms) = anchor, forms.isEmpty || forms.contains(.page) else {
      return []
    }
    return graph.nodes.ids.compactMap { id in
      guard case .route(let route) = graph.nodes[id].content, route.form == .page else { return nil }
      let all = Words.split(route.path)
      guard words.contains(where: { Words.contains(all, phrase: $0) }),
        !without.contains(where: { Words.contains(all, phrase: $0) })
      else { return nil }
      return serverHandler(of: id, route) == nil ? id : nil
    }
  }

  /// The routes that pages ask, through what they render and call.
  func requests(of pages: [NodeID]) -> Set<NodeID> {
    let ways: Set<EdgeKind> = [.handles, .renders, .calls, .triggers, .contains]
    var next: [NodeID: [NodeID]] = [:]
    var asked: [NodeID: [NodeID]] = [:]
    for edge in graph.edges {
      // Modules contain too much: only what is inside a symbol belongs to it.
      if ways.contains(edge.kind), edge.kind != .contains || graph.nodes[edge.from].kind == .symbol {
        next[edge.from, default: []].append(edge.to)
      } else if edge.kind == .requests {
        asked[edge.from, default: []].append(edge.to)
      }
    }
    var seen: Set<NodeID> = []
    var queue = pages
    var found: Set<NodeID> = []
    while let node = queue.popLast() {
      guard seen.insert(node).inserted else { continue }
      found.formUnion(asked[node] ?? [])
      queue += next[node] ?? []
    }
    return found
  }

  func sites(for anchor: EventPattern.Anchor, _ feature: Feature) -> [AnchorSite] {
    switch anchor {
    case .write(let pattern): return writes(pattern)
    case .together(let patterns): return together(patterns)
    case .route(let words, let without, let methods, let forms): return routes(words, without, methods, forms)
    case .function(let words): return functions(words)
    case .call(let package, let names): return calls(package, names)
    }
  }

  // MARK: Kinds of anchor

  private func routes(
    _ words: [[String]], _ without: [[String]], _ methods: [String], _ forms: [RouteForm]
  ) -> [AnchorSite] {
    /// How well a route fits, 0 best.
    func rank(_ route: Route) -> Int? {
      guard forms.isEmpty || forms.contains(route.form) else { return nil }
      guard methods.isEmpty || methods.contains(route.method) || route.method == "ANY" else { return nil }
      let segments = Self.name(of: route).split(separator: "/").filter { !$0.hasPrefix(":") && !$0.hasPrefix("*") }
      let all = Words.split(segments.joined(separator: "/"))
      guard !without.contains(where: { Words.contains(all, phrase: $0) }) else { return nil }
      // The last part of a path says most about what a route is.
      let last = Words.split(segments.last.map(String.init) ?? "")
      if let exact = words.firstIndex(where: { Words.equals(last, phrase: $0) }) { return exact }
      if let part = words.firstIndex(where: { Words.contains(last, phrase: $0) }) { return 20 + part }
      return words.firstIndex { Words.contains(all, phrase: $0) }.map { 40 + $0 }
    }
    var found: [(rank: Int, path: String, site: AnchorSite)] = []
    for id in graph.nodes.ids {
      guard case .route(let route) = graph.nodes[id].content, let fit = rank(route),
        let handler = serverHandler(of: id, route)
      else { continue }
      // A function that answers other routes, too, says nothing about this one.
      if let node = graph.node(of: handler), (answers[node] ?? []).contains(where: { rank($0) == nil }) {
        continue
      }
      // Whatever the method is asked for, a handler that never looks at the request is not told to do anything.
      if route.method == "ANY", !methods.isEmpty, !methods.contains("GET"), !looksAtRequest(handler) { continue }
      let name = Self.name(of: route)
      let site = AnchorSite(
        module: handler.module, function: handler.declaration, call: nil,
        says: "`\(route.form == .action ? name : "\(route.method) \(route.path)")` is answered here")
      var own = site
      own.route = id
      found.append((fit, graph.nodes[id].id, own))
    }
    return found.sorted { $0.rank != $1.rank ? $0.rank < $1.rank : $0.path.precedes($1.path) }.map(\.site)
  }

  private static func name(of route: Route) -> String {
    route.form == .action ? route.path.split(separator: "#").last.map(String.init) ?? "" : route.path
  }

  private func looksAtRequest(_ handler: SymbolRef) -> Bool {
    let facts = graph.code.modules[handler.module].facts
    guard let id = handler.declaration else { return true }
    let range = facts.declarations[id].range
    return facts.values.ids.contains { value in
      guard range.contains(facts.valueStarts[value.index]), case .local(let binding) = facts.values[value] else {
        return false
      }
      if case .parameter(of: id, 0) = facts.values[facts.bindings[binding].value] { return true }
      return false
    }
  }

  private func functions(_ words: [[String]]) -> [AnchorSite] {
    var found: [(id: String, site: AnchorSite)] = []
    for nodeID in graph.nodes.ids {
      let node = graph.nodes[nodeID]
      guard case .symbol(let ref, _) = node.content, let id = ref.declaration else { continue }
      let module = graph.code.modules[ref.module]
      guard !module.isTest, served.contains(nodeID), !onlyShows.contains(nodeID) else { continue }
      let row = module.facts.declarations[id]
      guard row.form == .function || row.form == .arrow || row.form == .method else { continue }
      let name = Words.split(module.facts.names[row.name])
      guard words.contains(where: { Words.equals(name, phrase: $0) }) else { continue }
      found.append(
        (
          node.id,
          AnchorSite(module: ref.module, function: id, call: nil, says: "`\(module.facts.names[row.name])` does it")
        ))
    }
    return found.sortedByBytes { $0.id }.map(\.site)
  }

  private func calls(_ package: String, _ names: [String]) -> [AnchorSite] {
    graph.code.externalCalls.compactMap { call in
      guard call.package == package, !graph.code.modules[call.site.module].isTest else { return nil }
      guard names.contains(where: { call.path == $0 || call.path.hasSuffix("." + $0) }) else { return nil }
      let facts = graph.code.modules[call.site.module].facts
      return AnchorSite(
        module: call.site.module, function: facts.calls[call.site.call].function, call: call.site.call,
        says: "`\(call.path)` of `\(package)` is called here")
    }
  }

  // MARK: Server code

  /// The function that runs on the server for a route: of a page, what loads its data, or the page itself when it is
  /// rendered there; a page that runs in the browser has none.
  private func serverHandler(of id: NodeID, _ route: Route) -> SymbolRef? {
    let handlers = graph.edges.filter { $0.kind == .handles && $0.from == id }.compactMap { edge -> SymbolRef? in
      if case .symbol(let ref, _) = graph.nodes[edge.to].content, ref.declaration != nil { ref } else { nil }
    }
    guard route.form == .page else { return handlers.last }
    return handlers.last { Served.rendersOnServer($0, graph) }
  }

  // MARK: Insertion

  /// Where the statement goes: behind the anchoring call's statement, or before the function's last answer.
  func insertion(_ site: AnchorSite) -> Insertion? {
    let facts = graph.code.modules[site.module].facts
    if let call = site.call { return afterCall(call, site, facts) }
    guard let function = site.function else { return nil }
    return beforeAnswer(function, facts)
  }

  private func afterCall(_ call: CallID, _ site: AnchorSite, _ facts: FrozenFacts) -> Insertion? {
    var current = facts.calls[call].statement
    // Inside a callback that is waited for the fact is complete when the surrounding statement is; a handler that is
    // only registered here runs later.
    var function = facts.calls[call].function
    while let id = function, !facts.declarations[id].isNamed, graph.symbols[SymbolRef(site.module, id)] == nil,
      facts.declarations[id].returns.count < 2,
      let outer = enclosingCall(of: id, facts), let statement = facts.calls[outer].statement,
      facts.statements[statement].hasAwait || facts.statements[statement].form == .return
    {
      current = statement
      function = facts.calls[outer].function
    }
    func holdsAll(_ id: StatementID) -> Bool {
      site.others.allSatisfy { facts.statements[id].range.contains(facts.calls[$0].range.start) }
    }
    while let id = current {
      let row = facts.statements[id]
      if row.inBlock, row.parent.map(holdsAll) ?? true { break }
      // Its own function holds the rest.
      guard let parent = row.parent else { break }
      current = parent
    }
    guard let id = current, facts.statements[id].inBlock else { return nil }
    let row = facts.statements[id]
    switch row.form {
    case .expression, .declaration, .branch: return .after(row.range)
    case .return:
      let isAsync = row.function.map { facts.declarations[$0].flags.contains(.async) } ?? false
      let taken = Set(facts.bindings.map { facts.names[$0.name] })
      let name = ["result", "outcome", "returned"].first { !taken.contains($0) } ?? "kapinResult"
      return .aroundReturn(row.range, name: name, awaits: isAsync && !row.hasAwait)
    default: return nil
    }
  }

  private func enclosingCall(of function: DeclarationID, _ facts: FrozenFacts) -> CallID? {
    for (index, call) in facts.calls.enumerated() {
      for argument in call.arguments.indices {
        if case .declaration(function) = facts.values[facts.valueLists[argument]] { return CallID(index) }
      }
    }
    return nil
  }

  /// Where the function has succeeded: at the end of its main path, or at its only successful answer.
  private func beforeAnswer(_ function: DeclarationID, _ facts: FrozenFacts) -> Insertion? {
    let body = facts.declarations[function].body
    guard !body.isEmpty, !facts.declarations[function].flags.contains(.expressionBody) else { return nil }
    let tree = StatementTree(function, facts)
    if let last = tree.mainPathEnd, !tree.isFailure(last) {
      switch facts.statements[last].form {
      // Work that is waited for belongs to the fact; any other last call gives the answer, and may never return.
      case .expression where facts.statements[last].hasAwait: return .after(facts.statements[last].range)
      case .return, .expression: return .before(facts.statements[last].range)
      default: break
      }
    }
    let answers = tree.successfulReturns
    guard answers.count == 1 else { return nil }
    return .before(facts.statements[answers[0]].range)
  }
}
