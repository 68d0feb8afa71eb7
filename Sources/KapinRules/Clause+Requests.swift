import KapinBase
import KapinModel

/// Requests, SQL and events that calls send. Where a function of the project decides path, text or name by its
/// parameters, each of its calls is one of its own.
extension Clause {
  func query(_ call: CallPattern, _ text: ArgumentPattern, _ site: CallSite, at place: CallSite, isKept: Bool = false) {
    guard matches(call, site), let ref = select(text, .call(site)).first else { return }
    let sql = queryText(ref)
    guard sql.parts.contains(where: { $0 != .hole }) else {
      instantiate(ref, place)
      return
    }
    let from = stated ?? place
    let row = facts(from).calls[from.call]
    let found = FoundQuery(
      from: self.from(from), module: from.module, statement: row.statement, offset: row.range.start,
      call: from.call, sql: sql, origin: origin(place, bindings.isEmpty ? .exact : .resolved))
    if isKept { finder.prepared.append((site, found)) } else { finder.add(.query(found)) }
  }

  /// A statement that is prepared, or a call that runs one: `this.byId = db.prepare("…")`, and `this.byId.get(id)`.
  func prepared(_ call: CallPattern, _ text: ArgumentPattern, _ runs: [String], _ site: CallSite) {
    var current = site
    for step in 0..<16 {
      let facts = facts(current)
      guard case .member(let object, let name) = facts.values[facts.calls[current.call].callee] else { break }
      if step == 0, !runs.contains(facts.names[name]) { break }
      // What is called between them only sets the statement up: `prepare(sql).bind(id).all()`.
      let target = follower.literal(ValueRef(current.module, object))
      guard case .call(let inner) = finder.graph.modules[target.module].facts.values[target.value] else { break }
      current = CallSite(target.module, inner)
      guard matches(call, current) else { continue }
      finder.ran.insert(current)
      return query(call, text, current, at: site)
    }
    query(call, text, site, at: site, isKept: true)
  }

  /// The text of a query: with the names of the models and columns in it (`select * from ${users}`), and with what it
  /// has only under a condition (`${wanted ? "join …" : ""}`).
  private func queryText(_ ref: ValueRef, depth: Int = 0) -> FoldedText {
    let id = follower.follow(bound(ref) ?? ref)
    if let name = name(ofModel: id) { return FoldedText([.text(name)]) }
    guard depth < 8, case .value(let target) = follower.entity(id) else { return fold(ref) }
    let facts = finder.graph.modules[target.module].facts
    func parts(_ range: Range32) -> [FoldedText] {
      facts.valueLists[range.indices].map { queryText(ValueRef(target.module, $0), depth: depth + 1) }
    }
    switch facts.values[target.value] {
    case .concat(let range): return FoldedText(parts(range).flatMap(\.parts))
    case .either(let range) where facts.condition(of: target.value) != nil || range.count == 2:
      let all = parts(range).filter { $0.parts.contains { $0 != .hole && $0 != .text("") } }
      return all.first ?? fold(ref)
    case .call: return follower.unchanged(target).map { queryText($0, depth: depth + 1) } ?? fold(ref)
    default: return fold(ref)
    }
  }

  private func name(ofModel id: EntityID) -> String? {
    if let model = finder.model(id, rule: ref.rule) { return "\"\(model.table.name)\"" }
    guard case .member(let owner, let column) = follower.entity(id), let model = finder.model(owner, rule: ref.rule)
    else { return nil }
    let code = finder.graph.names[column]
    return "\"\(model.table.columns.first { $0.codeName == code }?.name ?? code)\""
  }

  /// Whether whoever calls the function whose parameter decides will be read in its place.
  @discardableResult
  func instantiate(_ deciding: ValueRef, _ site: CallSite) -> Bool {
    guard trace == nil, let function = openFunction([deciding], site) else { return false }
    return finder.instantiate(Finder.Instance(clause: ref, site: site, function: function, bindings: bindings))
  }

  func request(_ request: RequestClause, _ site: CallSite) {
    guard matches(request.call, site) else { return }
    guard var ref = request.path.lazy.compactMap({ self.select($0, .call(site)).first }).first else {
      say("there is no path")
      return
    }
    // A function stands for the path that it gives: keys of caches are often one.
    if case .declaration = follower.entity(follower.follow(ref)), let given = onlyResult(of: ref) { ref = given }
    if let first = follower.items(ref)?.first { ref = first }
    let path = fold(ref)
    let methods = request.method.map { select($0, .call(site)) } ?? []
    let method = methods.first.flatMap { fold($0).text }?.uppercased()
    let isKnown = path.parts.contains { if case .text(let text) = $0 { text.contains("/") } else { false } }
    let base = request.base.flatMap { self.base($0, site) }
    // `client("posts")` of a client with a base address.
    if !isKnown, base == nil || !path.isComplete || path.parts.isEmpty {
      instantiate(ref, site)
      return
    }
    // `/reports/${kind}` where callers name the kind
    if !path.isComplete, callersComplete(ref, path, site), instantiate(ref, site) { return }
    // A wrapper gets the method too.
    if method == nil, let open = methods.first, bindings.count < 3, instantiate(open, site) { return }
    let verb = method ?? request.method?.fallback ?? methodName(request.call, site) ?? "GET"
    for way in ways(ref) ?? [(path, nil)] {
      var path = way.path
      if let base {
        path = FoldedText(base.parts + [.text("/")] + path.parts)
      } else if request.isRelative, case .text(let start)? = path.parts.first, !start.contains("://") {
        path = FoldedText([.hole, .text(start.hasPrefix("/") ? "" : "/")] + path.parts)
      }
      var origin = origin(site, path.isComplete && bindings.isEmpty ? .exact : .resolved)
      // Code that leaves the branch out leaves this way out.
      if let branch = way.branch, branch.module == (stated ?? site).module {
        let facts = finder.graph.modules[branch.module].facts
        origin.place = finder.graph.place(branch.module, facts.valueStarts[branch.value.index])
      }
      finder.add(
        .request(
          FoundRequest(
            from: from(stated ?? site), method: verb, path: path, navigates: request.navigates, origin: origin,
            site: stated ?? site)))
    }
  }

  /// The addresses that a template may be where one of its parts chooses how it goes on: `/rooms/${id}${name ? "/folders" :
  /// "/documents"}`; each with the branch that it takes.
  private func ways(_ ref: ValueRef) -> [(path: FoldedText, branch: ValueRef?)]? {
    let target = follower.literal(bound(ref) ?? ref)
    let facts = finder.graph.modules[target.module].facts
    guard case .concat(let range) = facts.values[target.value] else { return nil }
    let parts = facts.valueLists[range.indices].map { ValueRef(target.module, $0) }
    for (index, part) in parts.enumerated() {
      let chosen = follower.literal(bound(part) ?? part)
      let own = finder.graph.modules[chosen.module].facts
      guard case .either(let branches) = own.values[chosen.value], branches.count <= 4, fold(part).parts == [.hole]
      else { continue }
      let values = own.valueLists[branches.indices].map { ValueRef(chosen.module, $0) }
      let ends = values.map { fold($0) }
      let startsPath = ends.contains {
        if case .text(let text)? = $0.parts.first { text.hasPrefix("/") } else { false }
      }
      guard startsPath, !ends.contains(where: { $0.parts.first == .hole }) else { continue }
      let before = parts[..<index].flatMap { fold($0).parts }, after = parts[(index + 1)...].flatMap { fold($0).parts }
      return zip(ends, values).map { (FoldedText(before + $0.parts + after), $1) }
    }
    return nil
  }

  /// Whether most calls of the function around say a part of a path that is open in it.
  private func callersComplete(_ ref: ValueRef, _ path: FoldedText, _ site: CallSite) -> Bool {
    guard let function = openFunction([ref], site) else { return false }
    let sites = follower.callSites(of: function).filter { !finder.graph.modules[$0.module].isTest }
    guard !sites.isEmpty, sites.count <= 100 else { return false }
    let holes = path.parts.count { $0 == .hole }
    defer { bindings[function] = nil }
    let said = sites.count { call in
      bindings[function] = call
      return fold(ref).parts.count { $0 == .hole } < holes
    }
    return said * 2 > sites.count
  }

  private func methodName(_ pattern: CallPattern, _ site: CallSite) -> String? {
    guard pattern.on != nil, !pattern.methods.isEmpty else { return nil }
    guard case .member(_, let name) = facts(site).values[facts(site).calls[site.call].callee] else { return nil }
    let method = facts(site).names[name].uppercased()
    return ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"].contains(method) ? method : nil
  }

  /// The base address that the client was made with.
  private func base(_ key: String, _ site: CallSite) -> FoldedText? {
    let callee = facts(site).values[facts(site).calls[site.call].callee]
    var client = ValueRef(site.module, facts(site).calls[site.call].callee)
    if case .member(let object, _) = callee { client = ValueRef(site.module, object) }
    guard case .value(let made) = follower.entity(follower.follow(client)) else { return nil }
    let facts = finder.graph.modules[made.module].facts
    let call: CallID
    switch facts.values[made.value] {
    case .call(let factory), .new(let factory): call = factory
    default: return nil
    }
    for argument in facts.calls[call].arguments.indices {
      if let value = follower.property(ValueRef(made.module, facts.valueLists[argument]), key) {
        return follower.fold(value)
      }
    }
    return nil
  }

  // MARK: Proxies

  func proxy(_ proxy: ProxyClause, _ site: CallSite) {
    let facts = facts(site)
    var names: [String] = []
    var value = ValueRef(site.module, facts.calls[site.call].callee)
    // Down the members to the root; a member that is a value (`[":id"]`) counts by its text.
    for _ in 0..<24 {
      if !names.isEmpty || proxy.calls.isEmpty, matcher.matches(proxy.root, follower.follow(value)) { break }
      let own = finder.graph.modules[value.module].facts
      switch own.values[value.value] {
      case .member(let object, let name):
        names.insert(own.names[name], at: 0)
        value = ValueRef(value.module, object)
      case .index(let object, let by):
        guard let text = follower.text(ValueRef(value.module, by)) else { return }
        names.insert(text, at: 0)
        value = ValueRef(value.module, object)
      default:
        let definition = follower.definition(value)
        guard definition != value else { return }
        value = definition
      }
    }
    guard matcher.matches(proxy.root, follower.follow(value)) else {
      say("the members start at \(describe(follower.follow(value))), not at what the clause wants")
      return
    }
    if let contract = proxy.contract {
      agreed(contract, names, proxy, value, site)
      return
    }
    var method = proxy.method
    if !proxy.calls.isEmpty {
      guard let last = names.popLast(), let known = proxy.calls[last] else { return }
      method = known
    }
    names.removeAll { proxy.ignored.contains($0) }
    guard !names.isEmpty else { return }
    say("matches")
    finder.add(
      .request(
        FoundRequest(
          from: from(site), method: method,
          path: FoldedText([.hole, .text("/" + names.joined(separator: proxy.joiner))]),
          navigates: false, origin: origin(site, .resolved), site: site)))
  }

  /// A request as the contract has it that the client was made with: `client.posts.get()` of `initClient(contract)`.
  private func agreed(
    _ contract: ArgumentPattern, _ names: [String], _ proxy: ProxyClause, _ root: ValueRef, _ site: CallSite
  ) {
    guard case .value(let made) = follower.entity(follower.follow(root)),
      case .call(let call) = finder.graph.modules[made.module].facts.values[made.value],
      let whole = select(contract, .call(CallSite(made.module, call))).first
    else { return }
    func route(_ members: [String]) -> (path: ValueRef, method: String)? {
      let found = members.filter { !proxy.ignored.contains($0) }.reduce(Optional(whole)) { inner, name in
        inner.flatMap { follower.property($0, name) }
      }
      guard let found, let path = follower.property(found, "path"), let method = follower.property(found, "method")
      else { return nil }
      return follower.text(method).map { (path, $0) }
    }
    let short = proxy.calls[names.last ?? ""] == nil ? [] : names.dropLast()
    guard let (path, method) = route(names) ?? route(Array(short)) else {
      say("the contract has no route `\(names.joined(separator: "."))`")
      return
    }
    say("matches")
    finder.add(
      .request(
        FoundRequest(
          from: from(site), method: method.uppercased(), path: FoldedText([.hole] + follower.fold(path).parts),
          navigates: false, origin: origin(site, .resolved), site: site)))
  }

  // MARK: Documents and events

  func document(_ call: CallPattern, _ document: ArgumentPattern, _ site: CallSite) {
    guard matches(call, site), let ref = select(document, .call(site)).first else { return }
    var text = follower.fold(ref)
    // gql`query { … }`: the text is the template's.
    if case .value(let made) = follower.entity(follower.follow(ref)),
      case .call(let tag) = finder.graph.modules[made.module].facts.values[made.value],
      let template = follower.argument(0, of: CallSite(made.module, tag))
    {
      text = follower.fold(template)
    }
    guard text.parts.contains(where: { $0 != .hole }) else { return }
    finder.add(
      .document(FoundDocument(from: from(site), text: text.joined(hole: " "), origin: origin(site, .resolved))))
  }

  func event(_ event: EventClause, _ site: CallSite) {
    guard matches(event.call, site) else { return }
    guard let ref = select(event.name, .call(site)).first else {
      say("there is no name")
      return
    }
    // `isNew ? "created" : "changed"`: each of them.
    let alternatives = choices(ref)
    if alternatives.count > 1 {
      for one in alternatives { add(event, FoldedText([.text(one)]), site) }
      return
    }
    let name = fold(ref)
    guard name.parts.contains(where: { if case .text(let text) = $0 { !text.isEmpty } else { false } }) else {
      instantiate(ref, site)
      return
    }
    add(event, name, site)
  }

  /// The texts that a value may be, when a condition that is not known chooses.
  private func choices(_ ref: ValueRef) -> [String] {
    let ref = bound(ref) ?? ref
    let target = follower.literal(ref)
    let facts = finder.graph.modules[target.module].facts
    guard case .either(let range) = facts.values[target.value], fold(target).text == nil else { return [] }
    return range.indices.compactMap { fold(ValueRef(target.module, facts.valueLists[$0])).text }
  }

  private func add(_ event: EventClause, _ name: FoldedText, _ site: CallSite) {
    let properties =
      event.properties.flatMap { select($0, .call(site)).first }.flatMap { follower.properties($0) } ?? []
    finder.add(
      .event(
        FoundEvent(
          from: from(stated ?? site), name: name.joined(hole: "{?}"),
          properties: Set(properties.map(\.name)).sortedByBytes(),
          origin: origin(site, name.isComplete ? (bindings.isEmpty ? .exact : .resolved) : .heuristic))))
  }
}
