import KapinBase
import KapinModel

/// Routers put under others, folders of modules that are routers, and bases of whole applications.
extension Clause {
  func mount(_ clause: MountClause, _ site: CallSite) {
    guard matches(clause.call, site) else { return }
    if trace == nil, let function = openFunction(select(clause.prefix, .call(site)), site),
      finder.instantiate(Finder.Instance(clause: ref, site: site, function: function, bindings: bindings))
    {
      return
    }
    if facts(site).calls[site.call].flags.contains(.base) { return mountBase(clause, site) }
    let standsOn = owner(site, clause.call)
    let owner =
      clause.target.isSelf
      ? nil
      : clause.owner.map { entities($0, .call(site)).first.map { follower.router($0) } } ?? standsOn
    // A prefix that a deployment chooses is not part of what the product says.
    let prefixes = (paths(of: clause.prefix, .call(site)) ?? []).compactMap {
      clause.rewriting.apply(RoutePath.withoutUnknownStart($0))
    }
    let refs = select(clause.target, .call(site))
    var guards = clause.guards.flatMap { select($0, .call(site)).flatMap { functions($0) } }
    if clause.isScope {
      for function in refs.compactMap({ unit($0) }) {
        finder.add(.scope(FoundScope(function: function, prefix: prefixes.first ?? "/", guards: guards)))
      }
      return
    }
    var targets = self.targets(clause, refs, site)
    var confidence = Confidence.exact
    if targets.isEmpty, let value = clause.target.value {
      let facts = facts(site)
      targets = facts.calls[site.call].arguments.indices.flatMap {
        askedRouters(ValueRef(site.module, facts.valueLists[$0]), value)
      }
      confidence = .heuristic
    }
    guard !targets.isEmpty else {
      say("no argument is a router")
      return
    }
    if clause.guards.isEmpty, clause.owner == nil, !clause.target.isResult, !clause.target.isSelf {
      let facts = facts(site)
      for index in facts.calls[site.call].arguments.indices {
        let ref = ValueRef(site.module, facts.valueLists[index])
        if let value = clause.target.value,
          matcher.matches(value, follower.follow(bound(ref) ?? ref)) || !askedRouters(ref, value).isEmpty
        {
          continue
        }
        if !refs.contains(ref) { guards += functions(ref) }
      }
    }
    for target in targets where target != owner {
      for prefix in prefixes.isEmpty ? [clause.prefix.fallback ?? "/"] : prefixes {
        var found = FoundMount(
          owner: owner, prefix: prefix, target: target, guards: guards, origin: origin(site, confidence))
        found.site = from(stated ?? site)
        found.joiner = clause.rewriting.joiner
        if refs.count == 1, targets.count == 1 { found.construction = construction(refs[0]) }
        finder.add(.mount(found))
      }
    }
  }

  /// `super({ prefix })`: each construction of the class is a router with that prefix.
  private func mountBase(_ clause: MountClause, _ site: CallSite) {
    guard clause.target.isResult, let function = facts(site).calls[site.call].function else { return }
    let constructor = SymbolRef(site.module, function)
    for made in follower.callSites(of: constructor) where !finder.graph.modules[made.module].isTest {
      guard let value = finder.value(of: made) else { continue }
      bindings[constructor] = made
      defer { bindings[constructor] = nil }
      let prefixes = (paths(of: clause.prefix, .call(site)) ?? []).compactMap { clause.rewriting.apply($0) }
      guard let prefix = prefixes.first else { continue }
      var found = FoundMount(
        owner: nil, prefix: prefix, target: follower.router(follower.follow(value)), guards: [],
        origin: origin(site, .resolved))
      found.joiner = clause.rewriting.joiner
      finder.add(.mount(found))
    }
  }

  /// The construction that a member is taken of: `new Controller(config).router`.
  private func construction(_ ref: ValueRef) -> CallSite? {
    let definition = follower.definition(ref)
    guard case .member(let object, _) = finder.graph.modules[definition.module].facts.values[definition.value] else {
      return nil
    }
    let target = follower.literal(ValueRef(definition.module, object))
    guard case .new(let call) = finder.graph.modules[target.module].facts.values[target.value] else { return nil }
    return CallSite(target.module, call)
  }

  /// Routers that other parts of the product register under the key that a value asks for, or give to its member.
  func askedRouters(_ ref: ValueRef, _ pattern: ValuePattern) -> [EntityID] {
    let all = registered(ref)
    return (all.isEmpty ? assigned(ref, pattern) : all).map { follower.follow($0) }
      .filter { matcher.matches(pattern, $0) }.map { follower.router(fluentRoot($0, pattern)) }
  }

  private func targets(_ clause: MountClause, _ refs: [ValueRef], _ site: CallSite) -> [EntityID] {
    if clause.target.isSelf { return owner(site, clause.call).map { [$0] } ?? [] }
    if clause.target.isResult { return entities(clause.target, .call(site)) }
    guard let parameter = clause.target.parameter else {
      return refs.flatMap(branches).map {
        follower.router(current(fluentRoot(follower.follow($0), clause.target.value)))
      }
    }
    return refs.compactMap { ref in
      unit(ref).map { mounted($0, parameter) }
    }
  }

  /// Each of the values that a variable may have.
  private func branches(_ ref: ValueRef) -> [ValueRef] {
    let target = follower.literal(ref)
    guard case .either(let range) = finder.graph.modules[target.module].facts.values[target.value] else { return [ref] }
    let lists = finder.graph.modules[target.module].facts.valueLists
    return range.indices.flatMap { branches(ValueRef(target.module, lists[$0])) }
  }

  /// A function's parameter becomes a router of this rule.
  private func mounted(_ function: SymbolRef, _ parameter: Int) -> EntityID {
    let id = follower.intern(.parameter(of: function, UInt16(parameter)))
    if matcher.addMounted(id) { finder.foundMounted = true }
    return id
  }

  /// All modules of a folder, with the folders between as prefix.
  func expand(_ clause: ExpandClause, _ site: CallSite) {
    guard matches(clause.call, site), let owner = owner(site, clause.call) else { return }
    if let plugin = clause.plugin, select(plugin, .call(site)).isEmpty { return }
    guard let ref = select(clause.folder, .call(site)).first, let folder = self.folder(ref) else {
      say("the folder is not known")
      return
    }
    let prefix = clause.prefix.flatMap { text(of: $0, .call(site)) } ?? ""
    for id in finder.graph.modules.ids {
      let module = finder.graph.modules[id]
      guard !module.isTest, Paths.isInside(module.path, folder) else { continue }
      let inner = folder.isEmpty ? module.path : String(module.path.dropFirst(folder.count + 1))
      guard let path = clause.rewriting.apply(Paths.folder(inner)) else { continue }
      for name in clause.exports {
        guard let entity = follower.export(name, of: id), let function = unit(entity) else { continue }
        let target = mounted(function, clause.parameter)
        finder.add(
          .mount(
            FoundMount(
              owner: owner, prefix: RoutePath.join(prefix, path), target: target, guards: [],
              origin: origin(site, .resolved))))
        break
      }
    }
  }

  /// The folder that a value spells: a text, or the texts of calls around it (`path.join(__dirname, "routes")`).
  private func folder(_ ref: ValueRef) -> String? {
    func spelled(_ ref: ValueRef, _ depth: Int) -> [String] {
      guard depth < 6 else { return [] }
      let target = follower.literal(ref)
      let facts = finder.graph.modules[target.module].facts
      switch facts.values[target.value] {
      case .text(let text): return [facts.names[text]]
      case .concat:
        return follower.fold(target).parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
      case .call(let call), .new(let call):
        return facts.calls[call].arguments.indices.flatMap {
          spelled(ValueRef(target.module, facts.valueLists[$0]), depth + 1)
        }
      default: return []
      }
    }
    let texts = spelled(ref, 0)
    guard !texts.isEmpty else { return nil }
    let base = Paths.folder(finder.graph.modules[follower.literal(ref).module].path)
    return Paths.normalize(Paths.join(base, texts.map { $0.hasPrefix("/") ? "." + $0 : $0 }.joined(separator: "/")))
  }

  func base(_ clause: BaseClause, _ site: CallSite) {
    guard matches(clause.call, site) else { return }
    if let wanted = clause.requires, select(wanted, .call(site)).isEmpty { return }
    let prefix = paths(of: clause.prefix, .call(site))?.first.map { RoutePath.withoutUnknownStart($0) } ?? ""
    var found = FoundBase(
      rule: rule.info.id, module: site.module, prefix: prefix.hasSuffix("/*") ? String(prefix.dropLast(2)) : prefix,
      except: clause.except.map { pattern in
        select(pattern, .call(site)).first.flatMap { follower.items($0) }?.compactMap {
          follower.text($0) ?? follower.property($0, "path").flatMap { follower.text($0) }
        } ?? []
      } ?? [])
    found.isOneOfSeveral = clause.isOneOfSeveral
    if let version = clause.version {
      found.versionPrefix = text(of: version, .call(site)) ?? ""
      found.defaultVersion = text(of: clause.defaultVersion ?? ArgumentPattern(), .call(site))
    }
    finder.add(.base(found))
  }
}
