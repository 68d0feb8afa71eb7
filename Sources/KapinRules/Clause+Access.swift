import KapinBase
import KapinModel

/// Calls that read or write a table.
extension Clause {
  func access(_ access: AccessPattern, _ site: CallSite) {
    let facts = facts(site)
    let row = facts.calls[site.call]
    guard let (target, confidence) = target(access, site) else { return }
    var verbs = access.verb.map { [$0] } ?? []
    if case .member(_, let name) = facts.values[row.callee], let stated = access.verbs[facts.names[name]] {
      verbs = stated
    } else if verbs.isEmpty,
      case .export(_, let name) = follower.entity(follower.follow(ValueRef(site.module, row.callee)))
    {
      verbs = access.verbs[finder.graph.names[name]] ?? []
    }
    if !access.then.isEmpty {
      let names = Array(access.then.keys).sortedByBytes()
      if let later = finder.callsAfter(site, named: names).first,
        case .member(_, let name) = facts.values[facts.calls[later.call].callee]
      {
        verbs = access.then[facts.names[name]] ?? verbs
      }
    }
    for call in access.also.isEmpty ? [] : finder.callsAfter(site, named: Array(access.also.keys).sortedByBytes()) {
      guard case .member(_, let name) = facts.values[facts.calls[call.call].callee] else { continue }
      verbs += (access.also[facts.names[name]] ?? []).filter { !verbs.contains($0) }
    }
    guard let verb = verbs.first else {
      say("nothing says whether it reads or writes")
      return
    }
    say("matches")
    // What a function does with the table that its caller names, the caller does.
    let place = stated ?? site
    let call = self.facts(place).calls[place.call]
    var found = FoundAccess(
      from: from(place), module: place.module, statement: call.statement, offset: call.range.start, call: place.call,
      table: target, verb: verb, columns: columns(access, of: target, site), origin: origin(site, confidence))
    // What is written names rows beside its own only where the clause says how they are written.
    if let along = access.along, verb == .read || !along.writes.isEmpty {
      let keys = queryKeys(along, site)
      if !keys.isEmpty || along.isEager { found.along = (keys, along) }
    }
    finder.add(.access(found))
    for other in verbs.dropFirst() {
      found.verb = other
      found.along = nil
      finder.add(.access(found))
    }
  }

  private func target(_ access: AccessPattern, _ site: CallSite) -> (TableReference, Confidence)? {
    let facts = facts(site)
    switch access.target {
    case .member:
      guard case .member(let object, let name) = facts.values[facts.calls[site.call].callee] else {
        say("the call is not of a member")
        return nil
      }
      guard access.verbs[facts.names[name]] != nil else {
        say("`\(facts.names[name])` is no verb of the clause")
        return nil
      }
      let id = follower.follow(ValueRef(site.module, object))
      if let (client, name) = dynamicMember(id) {
        guard let on = access.call.on, matcher.matches(on, client) else { return nil }
        if let text = fold(name).text { return (.codeName(text), .resolved) }
        instantiate(name, site)
        return nil
      }
      guard case .member(let client, let table) = follower.entity(id) else {
        say("`.\(facts.names[name])` is called on \(describe(id)), not on a member of the client")
        return nil
      }
      guard let on = access.call.on, matcher.matches(on, client) else {
        say("the client is \(describe(client)), not what the clause wants")
        return nil
      }
      return (.codeName(finder.graph.names[table]), .exact)
    case .receiver:
      guard case .member(let object, let name) = facts.values[facts.calls[site.call].callee],
        access.call.methods.contains(facts.names[name])
      else { return nil }
      let receiver = ValueRef(site.module, object)
      let ref = bound(receiver) ?? receiver
      if let on = access.call.on, !matcher.matches(on, follower.follow(ref)) {
        say("`.\(facts.names[name])` is called on \(describe(follower.follow(ref))), not what the clause wants")
        return nil
      }
      guard let found = handled(ref) else {
        if isParameter(follower.follow(ref)), instantiate(ref, site) { return nil }
        say("`.\(facts.names[name])` is called on what stands for no table of this rule")
        return nil
      }
      return found
    case .row(let methods):
      guard case .member(let object, let name) = facts.values[facts.calls[site.call].callee],
        access.call.methods.contains(facts.names[name])
      else { return nil }
      guard let found = model(ofRow: follower.follow(ValueRef(site.module, object)), methods, depth: 0) else {
        say("`.\(facts.names[name])` is called on no row that a model of this rule gave")
        return nil
      }
      return (found, .resolved)
    case .related(let methods):
      guard case .member(let object, let name) = facts.values[facts.calls[site.call].callee],
        access.call.methods.contains(facts.names[name]),
        let relation = follower.argument(0, of: site).flatMap({ follower.text($0) })
      else { return nil }
      let owner = model(ofRow: follower.follow(ValueRef(site.module, object)), methods, depth: 0)
      return (.relation(of: owner, name: relation), owner == nil ? .heuristic : .resolved)
    case .argument(let pattern):
      guard matches(access.call, site), let given = select(pattern, .call(site)).first else { return nil }
      let id = follower.follow(given)
      if let model = finder.modelIn(id, rule: ref.rule) { return (.model(model), .exact) }
      guard access.acceptsText else {
        say("the argument is \(describe(id)), no model of this rule")
        return nil
      }
      let text = fold(given)
      guard let whole = text.text, !whole.isEmpty else { return name(of: given).map { (.codeName($0), .resolved) } }
      // `users as u`
      return (.name(String(whole.split(separator: " ").first ?? "")), text.isComplete ? .exact : .resolved)
    }
  }

  /// `client[model]`: the client, and what names the member.
  private func dynamicMember(_ id: EntityID) -> (client: EntityID, name: ValueRef)? {
    guard case .value(let made) = follower.entity(id),
      case .index(let object, let name) = finder.graph.modules[made.module].facts.values[made.value]
    else { return nil }
    return (follower.follow(ValueRef(made.module, object)), ValueRef(made.module, name))
  }

  // MARK: Handles

  /// The table that a value stands for: a model, a repository of one, or by its name where nothing leads to it.
  func handled(_ ref: ValueRef, depth: Int = 0) -> (TableReference, Confidence)? {
    let id = follower.follow(ref)
    if let model = finder.modelIn(id, rule: self.ref.rule) { return (.model(model), .exact) }
    // A function of the project that gives a handle: its arguments stand for its parameters.
    let definition = follower.definition(ref)
    if case .call(let call) = finder.graph.modules[definition.module].facts.values[definition.value],
      let callee = follower.callee(of: definition), case .declaration(let function) = follower.entity(callee),
      bindings[function] == nil
    {
      bindings[function] = CallSite(definition.module, call)
      defer { bindings[function] = nil }
      if case .value(let made) = follower.entity(id), made != definition, let found = handled(made, depth: depth + 1) {
        return found
      }
    }
    if let found = repository(id) ?? ownModel(ref) { return found }
    if depth < 4, case .instance(let method) = follower.entity(id), let made = follower.receiver(of: method),
      let found = handled(made, depth: depth + 1)
    {
      return found
    }
    for emit in rule.emits {
      guard case .handle(let clause) = emit else { continue }
      switch clause.form {
      case .call(let pattern, let table):
        guard case .value(let made) = follower.entity(id) else { continue }
        switch finder.graph.modules[made.module].facts.values[made.value] {
        case .call(let call), .new(let call):
          let site = CallSite(made.module, call)
          guard matches(pattern, site), let given = select(table, .call(site)).first else { continue }
          if let model = finder.modelIn(follower.follow(bound(given) ?? given), rule: self.ref.rule) {
            return (.model(model), .exact)
          }
          // What is made of another handle is one of the same table.
          if depth < 4, let found = handled(bound(given) ?? given, depth: depth + 1) { return found }
          if let text = fold(given).text { return (.codeName(text), .exact) }
          if let name = name(of: given) { return (.codeName(name), .resolved) }
        default: continue
        }
      case .typed(let names):
        guard let (type, module) = follower.declaredType(of: id), finder.types.has(names, type, in: module),
          let argument = Self.typeArgument(type, of: names)
        else { continue }
        if let symbol = declared(argument, in: module) {
          let model = follower.intern(.declaration(symbol))
          if let known = finder.modelIn(model, rule: self.ref.rule) { return (.model(known), .exact) }
        }
        if let found = follower.topLevel(argument, in: module), let known = finder.modelIn(found, rule: self.ref.rule) {
          return (.model(known), .exact)
        }
        // A parameter of the type itself stands for whatever a caller has.
        guard finder.modelNames(rule: self.ref.rule).contains(argument) || !isParameter(id) else { continue }
        return (.codeName(argument), .resolved)
      }
    }
    // `get users() { return this.models.user; }`
    let known = getterResult(id) ?? ref
    guard depth == 0, let name = name(of: known), isModelName(name, of: known) else { return nil }
    // Registries that are filled while the code runs lead nowhere; the name is all there is.
    switch follower.entity(follower.follow(known)) {
    case .declaration, .namespace: return nil
    case .value(let made):
      switch finder.graph.modules[made.module].facts.values[made.value] {
      case .call, .new, .parameter, .index, .either: break
      default: return nil
      }
    default: break
    }
    return (.codeName(name), .heuristic)
  }

  private func isParameter(_ id: EntityID) -> Bool {
    guard case .value(let made) = follower.entity(id),
      case .parameter = finder.graph.modules[made.module].facts.values[made.value]
    else { return false }
    return true
  }

  /// An instance of a class that hands a model to the one that it extends: `super(User)`.
  private func repository(_ id: EntityID) -> (TableReference, Confidence)? {
    var type: SymbolRef?
    switch follower.entity(id) {
    case .instance(let symbol): type = symbol
    case .value(let ref):
      if case .new = finder.graph.modules[ref.module].facts.values[ref.value], let callee = follower.callee(of: ref),
        case .declaration(let symbol) = follower.entity(callee)
      {
        type = symbol
      }
    default: break
    }
    if type == nil, let (name, module) = follower.declaredType(of: id) { type = declared(name, in: module) }
    guard let type, let declaration = type.declaration else { return nil }
    let facts = finder.graph.modules[type.module].facts
    guard facts.declarations[declaration].form == .class, facts.declarations[declaration].heritage != nil else {
      return nil
    }
    return handedModel(type)
  }

  /// The model among what a class hands to the constructor of the one that it extends.
  private func handedModel(_ type: SymbolRef) -> (TableReference, Confidence)? {
    guard let declaration = type.declaration else { return nil }
    let facts = finder.graph.modules[type.module].facts
    let range = facts.declarations[declaration].range
    for call in facts.calls.rows where call.flags.contains(.base) && range.encloses(call.range) {
      for index in call.arguments.indices {
        let argument = follower.follow(ValueRef(type.module, facts.valueLists[index]))
        if let model = finder.modelIn(argument, rule: ref.rule) { return (.model(model), .resolved) }
      }
    }
    return nil
  }

  /// `this.model` in a class that hands the model to the one that it extends, which keeps it.
  private func ownModel(_ ref: ValueRef) -> (TableReference, Confidence)? {
    let facts = finder.graph.modules[ref.module].facts
    guard case .member(let object, _) = facts.values[ref.value], case .this(let type) = facts.values[object],
      case .value(let target) = follower.entity(follower.follow(ref)),
      case .parameter(let function, _) = finder.graph.modules[target.module].facts.values[target.value],
      finder.graph.modules[target.module].facts.declarations[function].form == .constructor
    else { return nil }
    return handedModel(SymbolRef(ref.module, type))
  }

  /// Registries know `Post` as `post`, too.
  private func isModelName(_ name: String, of ref: ValueRef) -> Bool {
    let names = finder.modelNames(rule: self.ref.rule)
    if names.contains(name) { return true }
    guard case .member = finder.graph.modules[ref.module].facts.values[ref.value] else { return false }
    return names.contains(name.prefix(1).uppercased() + name.dropFirst())
  }

  /// The member that a getter gives.
  private func getterResult(_ id: EntityID) -> ValueRef? {
    guard case .declaration(let symbol) = follower.entity(id), let declaration = symbol.declaration else { return nil }
    let facts = finder.graph.modules[symbol.module].facts
    let row = facts.declarations[declaration]
    guard row.form == .getter, row.returns.count == 1, let first = row.returns.indices.first else { return nil }
    return ValueRef(symbol.module, facts.valueLists[first])
  }

  /// The last name by which code knows a value.
  private func name(of ref: ValueRef) -> String? {
    let facts = finder.graph.modules[ref.module].facts
    switch facts.values[ref.value] {
    case .local(let binding): return facts.names[facts.bindings[binding].name]
    case .member(_, let name), .imported(_, let name): return facts.names[name]
    default: return nil
    }
  }

  /// `Repository<User>` → `User`; `Model<HydratedDocument<Cat>>` → `Cat`.
  static func typeArgument(_ type: String, of names: [String]) -> String? {
    for name in names {
      guard let start = type.firstRange(of: name + "<") else { continue }
      var rest = type[start.upperBound...]
      while let open = rest.firstIndex(of: "<"), open < (rest.firstIndex { $0 == ">" || $0 == "," } ?? rest.endIndex) {
        rest = rest[rest.index(after: open)...]
      }
      let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" || $0 == "." }
      let last = word.split(separator: ".").last.map(String.init) ?? ""
      // `typeof User`
      if last == "typeof" {
        let after = rest.dropFirst(word.count).drop { $0 == " " }
        return String(after.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" })
      }
      return last.isEmpty ? nil : last
    }
    return nil
  }

  // MARK: Columns

  /// The literal columns: keys of the objects that the clause names; without such, keys of objects in the first argument.
  private func columns(_ access: AccessPattern, of table: TableReference, _ site: CallSite) -> [String] {
    guard !access.columns.isEmpty else { return nestedKeys(site) }
    var found: Set<String> = []
    for pattern in access.columns {
      for ref in select(pattern, .call(site)) { collect(ref, of: table, into: &found, depth: 0) }
    }
    return found.sortedByBytes()
  }

  private func collect(_ ref: ValueRef, of table: TableReference, into found: inout Set<String>, depth: Int) {
    guard depth < 4 else { return }
    if let items = follower.items(ref) {
      for item in items { collect(item, of: table, into: &found, depth: depth + 1) }
    } else if let members = follower.properties(ref) {
      for member in members {
        // `{ created: users.createdAt }`: a column of that model, whatever the query calls it.
        if let (model, column) = self.column(member.value) {
          if case .model(model) = table { found.insert(column) }
        } else {
          found.insert(member.name)
        }
      }
    } else if let text = fold(ref).text {
      // `select("id, name, author(name)")`
      for part in text.split(separator: ",") {
        let word = part.drop { $0 == " " || $0 == "\n" }.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
        if let last = word.split(separator: ".").last { found.insert(String(last)) }
      }
    } else {
      let facts = finder.graph.modules[ref.module].facts
      if case .member(_, let name) = facts.values[ref.value] { found.insert(facts.names[name]) }
    }
  }

  private func column(_ ref: ValueRef) -> (model: EntityID, name: String)? {
    let facts = finder.graph.modules[ref.module].facts
    guard case .member(let object, let name) = facts.values[ref.value],
      let model = finder.modelIn(follower.follow(ValueRef(ref.module, object)), rule: self.ref.rule)
    else { return nil }
    return (model, facts.names[name])
  }

  private func nestedKeys(_ site: CallSite) -> [String] {
    guard let first = follower.argument(0, of: site) else { return [] }
    var names: Set<String> = []
    for (_, value) in members(first) { keys(value, &names, depth: 0) }
    return names.sortedByBytes()
  }

  /// The keys of an object, of the objects in its lists (`OR: [{ … }]`), and of those that spell several keys at once
  /// (`teamId_email: { teamId, email }`).
  private func keys(_ ref: ValueRef, _ names: inout Set<String>, depth: Int) {
    guard depth < 4 else { return }
    for (name, value) in members(ref) {
      names.insert(name)
      if let items = follower.items(value) {
        for item in items + later(value).items { keys(item, &names, depth: depth + 1) }
      } else {
        let words = Set(members(value).map(\.0))
        if words.count > 1, words.allSatisfy({ name.contains($0) }) { names.formUnion(words) }
      }
    }
  }

  /// What an object has, and what is put into it later.
  private func members(_ ref: ValueRef) -> [(String, ValueRef)] {
    guard let own = follower.properties(ref) else { return [] }
    return own.map { ($0.name, $0.value) } + later(ref).members
  }
}
