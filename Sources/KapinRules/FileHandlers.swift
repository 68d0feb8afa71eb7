import KapinBase
import KapinModel

/// What a file exports as the handlers of its routes, and which methods they answer.
extension Finder {
  func handler(_ names: [String], _ id: ModuleID) -> SymbolRef? {
    for name in names {
      // `default.fetch`: a member of what is exported.
      if let dot = name.firstIndex(of: ".") {
        if let entity = follower.export(String(name[..<dot]), of: id),
          let member = follower.member(entity, String(name[name.index(after: dot)...])), let found = symbol(member)
        {
          return found
        }
        continue
      }
      if let value = follower.definition(ofExport: name, in: id), let found = wrapped(value) { return found }
      if let entity = follower.export(name, of: id), let found = symbol(entity) { return found }
    }
    return nil
  }

  /// The function that a call wraps: `export const GET = withAuth(async () => {})`.
  private func wrapped(_ value: ValueRef) -> SymbolRef? {
    switch graph.modules[value.module].facts.values[value.value] {
    case .call, .member: break
    default: return nil
    }
    return clause(ClauseRef(rule: 0, emit: 0)).unit(value)
  }

  /// The variable that a file exports under its name.
  func variable(_ name: String, _ id: ModuleID) -> SymbolRef? {
    let facts = graph.modules[id].facts
    return facts.declarations.rows.firstIndex {
      $0.form == .variable && $0.parent == nil && facts.names[$0.name] == name
    }.map { SymbolRef(id, DeclarationID($0)) }
  }

  /// The functions of the project around what a file exports under a name.
  func wrappers(_ name: String, _ id: ModuleID) -> [RouteGuard] {
    follower.definition(ofExport: name, in: id).map { clause(ClauseRef(rule: 0, emit: 0)).wrappers($0) } ?? []
  }

  private static let methods: Set<String> = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]

  /// `export default byMethod({ GET: list, POST: create })`: a handler for each method.
  func methods(of name: String, _ id: ModuleID) -> [(
    method: String, handler: SymbolRef?, at: UInt32, wrappers: [RouteGuard]
  )] {
    guard let value = follower.definition(ofExport: name, in: id) else { return [] }
    let facts = graph.modules[value.module].facts
    guard value.module == id, case .call(let call) = facts.values[value.value] else { return [] }
    for index in facts.calls[call].arguments.indices {
      guard let rows = follower.properties(ValueRef(id, facts.valueLists[index])), !rows.isEmpty,
        rows.allSatisfy({ Self.methods.contains($0.name.uppercased()) })
      else { continue }
      let clause = clause(ClauseRef(rule: 0, emit: 0))
      var around: [RouteGuard] = []
      if case .declaration(let wrapper) = follower.entity(follower.follow(ValueRef(id, facts.calls[call].callee))) {
        around = [.function(wrapper)]
      }
      return rows.map { row in
        (row.name.uppercased(), clause.unit(row.value), row.at, around + clause.wrappers(row.value))
      }
    }
    return []
  }

  /// The call that an export comes from: `export const { action } = make(options, handler)`.
  private func maker(of name: String, _ id: ModuleID) -> CallID? {
    let facts = graph.modules[id].facts
    guard var value = facts.exports.first(where: { facts.names[$0.name] == name })?.value else { return nil }
    for _ in 0..<6 {
      switch facts.values[value] {
      case .local(let binding): value = facts.bindings[binding].value
      case .member(let object, _): value = object
      case .call(let call): return call
      default: return nil
      }
    }
    return nil
  }

  /// Which of several methods the code of a handler names: `request.method === "POST"`, or an option of what made it.
  func named(_ methods: [String], by handler: SymbolRef?, _ name: String, _ id: ModuleID) -> [String] {
    var ranges: [(module: ModuleID, range: Range32)] = []
    if let handler, let declaration = handler.declaration {
      ranges.append((handler.module, graph.modules[handler.module].facts.declarations[declaration].range))
    }
    if let call = maker(of: name, id) { ranges.append((id, graph.modules[id].facts.calls[call].range)) }
    let found = methods.filter { method in
      ranges.contains { module, range in
        let facts = graph.modules[module].facts
        let names = [method, method.lowercased()].compactMap { facts.names.find($0) }
        guard !names.isEmpty else { return false }
        return facts.values.rows.enumerated().contains { index, value in
          names.contains { value == .text($0) } && range.contains(facts.valueStarts[index])
        }
      }
    }
    return found.isEmpty ? methods : found
  }

  /// The HTTP methods that a handler compares something with: `req.method === "POST"`, `switch (req.method)`; and the
  /// parts of it that requests with each do not reach.
  func compared(by handler: SymbolRef, depth: Int = 0) -> [(method: String, apart: [Range32])] {
    guard let declaration = handler.declaration, depth < 4 else { return [] }
    let facts = graph.modules[handler.module].facts
    let range = facts.declarations[declaration].range
    let found = comparedTexts(in: range, facts)
    if found.isEmpty, let other = delegate(of: handler) {
      return compared(by: other, depth: depth + 1).map { ($0.method, []) }
    }
    let branches = MethodBranches(facts, in: range, methods: Self.methods)
    return found.sortedByBytes().map { ($0, branches.apart(from: $0)) }
  }

  /// Texts that are members of objects or arguments of calls are requests of its own, not comparisons.
  private func comparedTexts(in range: Range32, _ facts: FrozenFacts) -> Set<String> {
    let wanted = Self.methods.compactMap { facts.names.find($0) }
    guard !wanted.isEmpty else { return [] }
    var used = Set(facts.properties.map(\.value))
    for call in facts.calls.rows { used.formUnion(facts.valueLists[call.arguments.indices]) }
    var found: Set<String> = []
    for (index, value) in facts.values.rows.enumerated() {
      guard case .text(let text) = value, wanted.contains(text), range.contains(facts.valueStarts[index]),
        !used.contains(ValueID(UInt32(index)))
      else { continue }
      found.insert(facts.names[text])
    }
    return found
  }

  /// The function of the project whose result for the same request a handler returns, when it returns nothing else.
  private func delegate(of handler: SymbolRef) -> SymbolRef? {
    guard let declaration = handler.declaration else { return nil }
    let facts = graph.modules[handler.module].facts
    let returns = facts.declarations[declaration].returns
    guard returns.count == 1, let first = returns.indices.first else { return nil }
    var value = facts.valueLists[first]
    if case .await(let inner) = facts.values[value] { value = inner }
    guard case .call(let call) = facts.values[value],
      let request = follower.argument(0, of: CallSite(handler.module, call)),
      follower.router(follower.follow(request)) == follower.intern(.parameter(of: handler, 0)),
      case .declaration(let function) = follower.entity(
        follower.follow(ValueRef(handler.module, facts.calls[call].callee)))
    else { return nil }
    return function
  }

  /// The function behind an exported value; wrappers lead to what they wrap.
  func symbol(_ entity: EntityID) -> SymbolRef? {
    switch follower.entity(entity) {
    case .declaration(let ref): return ref
    case .value(let ref):
      let facts = graph.modules[ref.module].facts
      guard case .call(let call) = facts.values[ref.value] else { return nil }
      for index in facts.calls[call].arguments.indices.reversed() {
        if let found = symbol(follower.follow(ValueRef(ref.module, facts.valueLists[index]))) { return found }
      }
      return nil
    default: return nil
    }
  }
}
