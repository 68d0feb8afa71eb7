import KapinBase
import KapinModel

/// What a clause looks at: a call with its arguments, or an object with its members.
enum Subject {
  case call(CallSite)
  case object(ValueRef)
}

/// Arguments and members that clauses ask for.
extension Clause {
  /// The values that a pattern picks, before they are followed; of functions, what they return where that is asked.
  func select(_ pattern: ArgumentPattern, _ subject: Subject) -> [ValueRef] {
    let found = picked(pattern, subject)
    guard pattern.returned else { return found }
    return found.compactMap { ref in
      var given: ValueRef?
      if let result = follower.returned(by: ref), case .value(let value) = follower.entity(result) { given = value }
      given = given ?? onlyResult(of: ref)
      return pattern.returnedKey.map { key in given.flatMap { member($0, key) } } ?? given
    }
  }

  /// The one value that a function returns, whatever it is.
  func onlyResult(of ref: ValueRef) -> ValueRef? {
    guard case .declaration(let function) = follower.entity(follower.follow(ref)), let id = function.declaration else {
      return nil
    }
    let facts = finder.graph.modules[function.module].facts
    let row = facts.declarations[id]
    guard row.returns.count == 1, row.form != .class else { return nil }
    return ValueRef(function.module, facts.valueLists[row.returns.indices.lowerBound])
  }

  private func picked(_ pattern: ArgumentPattern, _ subject: Subject) -> [ValueRef] {
    guard pattern.constant == nil else { return [] }
    var found: [ValueRef]
    switch subject {
    case .call(let site) where pattern.isSelf:
      let facts = facts(site)
      guard case .member(let object, _) = facts.values[facts.calls[site.call].callee] else { return [] }
      found = [ValueRef(site.module, object)]
    case .call(let site): found = arguments(pattern, site)
    case .object(let ref): found = [ref]
    }
    if !bindings.isEmpty { found = found.map { bound($0) ?? $0 } }
    if let loop {
      found = found.map { ref in
        let id = follower.follow(ref)
        let now = follower.inLoop(id, loop.element, loop.item)
        if now == id { return ref }
        // A literal keeps its place; text and such have none of their own.
        if id == loop.element { return loop.item }
        if case .member(let object, let name) = follower.entity(id), object == loop.element {
          return follower.property(loop.item, finder.graph.names[name]) ?? ref
        }
        return ref
      }
    }
    if let wanted = pattern.having.first { found = found.filter { !select(wanted, .object($0)).isEmpty } }
    if !pattern.keys.isEmpty {
      found = found.flatMap { ref -> [ValueRef] in
        // A module that is only known as one of several: each of them.
        guard let several = followsSeveral(ref, pattern.keys) else {
          return member(ref, pattern.keys).map { [$0] } ?? []
        }
        return several.indices.compactMap { index in
          chosen = index
          defer { chosen = nil }
          return member(ref, pattern.keys)
        }
      }
    }
    if let inner = pattern.items.first {
      found = found.flatMap { follower.items($0) ?? [] }.flatMap { select(inner, .object($0)) }
    }
    if !pattern.text.isEmpty {
      found = found.filter { ref in fold(ref).text.map { pattern.text.contains($0) } ?? false }
    }
    if let wanted = pattern.reaches.first {
      found = found.filter { ref in unit(ref).map { reaches($0, wanted) } ?? false }
    }
    if let value = pattern.value { found = found.filter { matcher.matches(value, follower.follow($0)) } }
    return found
  }

  /// Whether a function calls something, itself or through functions of the project.
  private func reaches(_ function: SymbolRef, _ wanted: ValuePattern) -> Bool {
    var open = [function]
    var seen: Set<SymbolRef> = [function]
    while let next = open.popLast(), seen.count < 200 {
      guard let id = next.declaration else { continue }
      let facts = finder.graph.modules[next.module].facts
      let range = facts.declarations[id].range
      for call in facts.calls.rows where range.encloses(call.range) {
        let callee = follower.follow(ValueRef(next.module, call.callee))
        if matcher.matches(wanted, callee) { return true }
        if case .declaration(let inner) = follower.entity(callee), seen.insert(inner).inserted { open.append(inner) }
      }
    }
    return false
  }

  /// The entities behind what a pattern picks.
  func entities(_ pattern: ArgumentPattern, _ subject: Subject) -> [EntityID] {
    if pattern.isResult {
      guard case .call(let site) = subject, let value = finder.value(of: site) else { return [] }
      return [follower.router(follower.follow(value))]
    }
    return picked(pattern, subject).compactMap { ref in
      pattern.returned ? follower.returned(by: ref) : follower.follow(ref)
    }
  }

  private func arguments(_ pattern: ArgumentPattern, _ site: CallSite) -> [ValueRef] {
    if !pattern.after.isEmpty {
      var plain = pattern
      plain.after = []
      return finder.callsAfter(site, named: pattern.after).flatMap { self.arguments(plain, $0) }
    }
    var site = site
    if let chain = pattern.chain {
      guard let found = self.chain(chain, from: site) else { return [] }
      site = found
    }
    if pattern.of != .call {
      guard let other = maker(pattern.of, site) else { return [] }
      site = other
    }
    let facts = facts(site)
    let arguments = facts.calls[site.call].arguments
    switch pattern.position {
    case .index(let index):
      return follower.argument(index, of: site).map { [$0] } ?? []
    case .last: return arguments.isEmpty ? [] : [ValueRef(site.module, facts.valueLists[Int(arguments.end) - 1])]
    case .any: return arguments.indices.map { ValueRef(site.module, facts.valueLists[$0]) }
    case .path:
      let all = arguments.indices.map { ValueRef(site.module, facts.valueLists[$0]) }
      if let path = all.first(where: { startsLikePath($0) }) { return [path] }
      // A path without its slash; a function alone has none.
      guard all.count > 1, !paths(all[0]).isEmpty else { return [] }
      return [all[0]]
    }
  }

  /// The call that gave the called function, or the value whose method is called.
  private func maker(_ of: ArgumentPattern.Of, _ site: CallSite) -> CallSite? {
    let facts = facts(site)
    var value = facts.calls[site.call].callee
    switch of {
    case .call, .callee: break
    case .receiver:
      guard case .member(let object, _) = facts.values[value] else { return nil }
      value = object
    case .argument:
      guard let first = facts.calls[site.call].arguments.indices.first else { return nil }
      value = facts.valueLists[first]
    }
    let target = follower.literal(ValueRef(site.module, value))
    switch finder.graph.modules[target.module].facts.values[target.value] {
    case .call(let call), .new(let call): return CallSite(target.module, call)
    default: return nil
    }
  }

  private func startsLikePath(_ ref: ValueRef) -> Bool {
    let list = follower.items(ref)?.first ?? ref
    if case .text(let text)? = follower.fold(list).parts.first { return text.hasPrefix("/") || text == "*" }
    return false
  }

  /// The first of the key paths that exists; the path `.` is the value itself.
  private func member(_ ref: ValueRef, _ keys: [[String]]) -> ValueRef? {
    for path in keys {
      if path == ["."] { return ref }
      var current: ValueRef? = ref
      for key in path { current = current.flatMap { member($0, key) } }
      if let current { return current }
    }
    return nil
  }

  private func member(_ ref: ValueRef, _ key: String) -> ValueRef? {
    let ref = bound(ref) ?? ref
    if let modules = several(ref), let chosen, chosen < modules.count { return exported(key, of: modules[chosen]) }
    // What a function makes has the call's arguments in it.
    let definition = follower.definition(ref)
    if case .call(let call) = finder.graph.modules[definition.module].facts.values[definition.value],
      let callee = follower.callee(of: definition), case .declaration(let function) = follower.entity(callee)
    {
      bindings[function] = CallSite(definition.module, call)
    }
    return boundProperty(ref, key, depth: 0) ?? follower.property(ref, key)
  }

  /// A member of an object into which a parameter is spread: `{ ...meta, path }`.
  private func boundProperty(_ ref: ValueRef, _ key: String, depth: Int) -> ValueRef? {
    let target = follower.literal(ref)
    let facts = finder.graph.modules[target.module].facts
    guard !bindings.isEmpty, depth < 6, case .object(let range) = facts.values[target.value] else { return nil }
    for row in facts.properties[range.indices].reversed() {
      if row.form != .spread {
        if facts.names[row.name] == key { return ValueRef(target.module, row.value) }
      } else if case .spread(let inner) = facts.values[row.value], let given = bound(ValueRef(target.module, inner)),
        let found = boundProperty(given, key, depth: depth + 1) ?? follower.property(given, key)
      {
        return found
      }
    }
    return nil
  }

  /// The modules that an import with an unknown part may lead to: `require(`../plugins/${name}`)`.
  private func several(_ ref: ValueRef) -> [ModuleID]? {
    let definition = follower.definition(ref)
    let module = finder.graph.modules[definition.module]
    guard case .imported(let id, _) = module.facts.values[definition.value],
      case .several(let targets) = module.targets[id.index]
    else { return nil }
    return targets.compactMap { if case .module(let target) = $0 { target } else { nil } }
  }

  private func followsSeveral(_ ref: ValueRef, _ keys: [[String]]) -> [ModuleID]? {
    for path in keys where path.count > 1 {
      var current: ValueRef? = ref
      for key in path.dropLast() {
        current = current.flatMap { follower.property($0, key) }
        if let found = current.flatMap({ several($0) }) { return found }
      }
    }
    return nil
  }

  /// A member of what a module exports: by its name, or of the object that it exports as a whole.
  private func exported(_ key: String, of module: ModuleID) -> ValueRef? {
    let facts = finder.graph.modules[module].facts
    for row in facts.exports where row.form != .star && facts.names[row.name] == key {
      if let value = row.value { return ValueRef(module, value) }
    }
    for row in facts.exports where row.form == .commonJS || facts.names[row.name] == "default" {
      if let value = row.value, let found = follower.property(ValueRef(module, value), key) { return found }
    }
    return nil
  }

  /// The call by this member name, down the chain of receivers: `router.route("/x").get(a).post(b)`.
  func chain(_ name: String, from site: CallSite) -> CallSite? {
    let facts = facts(site)
    var call = site.call
    for _ in 0..<64 {
      guard case .member(let object, let member) = facts.values[facts.calls[call].callee] else { return nil }
      if facts.names[member] == name { return CallSite(site.module, call) }
      guard case .call(let inner) = facts.values[object] else { return nil }
      call = inner
    }
    return nil
  }

  func text(of pattern: ArgumentPattern, _ subject: Subject) -> String? {
    if let constant = pattern.constant { return constant }
    guard let ref = select(pattern, subject).first else { return pattern.fallback }
    return fold(ref).text ?? pattern.fallback
  }

  /// One text, or a list of texts.
  func texts(of pattern: ArgumentPattern, _ subject: Subject) -> [String] {
    if let constant = pattern.constant { return [constant] }
    guard let ref = select(pattern, subject).first else { return pattern.fallback.map { [$0] } ?? [] }
    let found = (follower.items(ref) ?? [ref]).compactMap { fold($0).text }
    return found.isEmpty ? pattern.fallback.map { [$0] } ?? [] : found
  }

  /// The paths that a pattern picks; parts that nobody can know are `{?}`. Empty when nothing of it is known, `nil`
  /// when there is none.
  func paths(of pattern: ArgumentPattern, _ subject: Subject) -> [String]? {
    if let constant = pattern.constant { return [constant] }
    guard let ref = select(pattern, subject).first else { return pattern.fallback.map { [$0] } }
    let found = paths(ref)
    return found.isEmpty ? pattern.fallback.map { [$0] } ?? [] : found
  }

  func paths(_ ref: ValueRef) -> [String] {
    if let items = follower.items(ref) { return items.flatMap { paths($0) } }
    let folded = fold(ref)
    guard folded.parts.contains(where: { $0 != .hole }) else { return [] }
    return [folded.joined(hole: "{?}")]
  }
}
