import KapinBase
package import KapinModel

/// Runs the finder rules over all modules.
///
/// All rules share one table from a call's last name to the clauses that want it, so that many rules cost little more
/// than one.
package final class Finder {
  let follower: any ValueFollowing
  /// The follower's graph: kept here, because asking a protocol for it copies it.
  let graph: CodeGraph
  let program: RuleProgram
  private(set) var findings: [Finding] = []
  private var matchers: [PatternMatcher] = []
  /// Clauses that want calls of a member or export by this name; `*` when any name will do.
  private var clauses: [String: [ClauseRef]] = [:]
  /// The same by name of the graph.
  private var clausesByName: [[ClauseRef]] = []
  var clientSuffixes: [ClientKey: String?] = [:]

  struct ClientKey: Hashable {
    var rule: String
    var entity: EntityID
  }
  private var active: [[Bool]] = []
  /// Functions that hand an argument on to a call that a clause wants.
  private var wrappers: [Wrapper] = []
  private var wrapped: Set<WrapperKey> = []

  struct ClauseRef: Hashable {
    var rule: Int
    var emit: Int
  }

  private struct WrapperKey: Hashable {
    var clause: ClauseRef
    var function: SymbolRef
    var parameter: Int
  }

  private struct Wrapper {
    var clause: ClauseRef
    var function: SymbolRef
    var parameter: Int
    var text: FoldedText
    var depth: Int
  }

  private let stop: () -> Bool

  /// - Parameter stop: asked before each module; what was found until then counts.
  package init(_ follower: any ValueFollowing, _ program: RuleProgram, stop: @escaping () -> Bool = { false }) {
    self.stop = stop
    self.follower = follower
    graph = follower.graph
    self.program = program
    matchers = program.finders.map { PatternMatcher(follower, $0.values) }
    for (index, rule) in program.finders.enumerated() {
      for (position, emit) in rule.emits.enumerated() {
        for key in Self.keys(emit, rule) { clauses[key, default: []].append(ClauseRef(rule: index, emit: position)) }
      }
    }
    clausesByName = Array(repeating: [], count: graph.names.count)
    for (key, refs) in clauses {
      if let name = graph.names.find(key) { clausesByName[name.index] = refs }
    }
    active = graph.modules.ids.map { module in
      program.finders.map { isActive($0, in: module) }
    }
  }

  package func run() -> [Finding] {
    for module in graph.modules.ids where !stop() {
      let path = innerPath(module)
      for (index, rule) in program.finders.enumerated() where active[module.index][index] {
        if let path { files(module, path, rule) }
        links(module, rule, matchers[index])
        clients(module, rule, matchers[index])
      }
      calls(module)
    }
    var next = 0
    while next < wrappers.count {
      let wrapper = wrappers[next]
      next += 1
      expand(wrapper)
    }
    return findings
  }

  func add(_ finding: Finding) { findings.append(finding) }

  /// A rule counts where its package is declared around the module, or imported by it.
  private func isActive(_ rule: FinderRule, in id: ModuleID) -> Bool {
    guard !rule.dependencies.isEmpty else { return true }
    let module = graph.modules[id]
    for case .external(let name, _, _) in module.targets where rule.dependencies.contains(name) { return true }
    return declares(rule.dependencies, module.package)
  }

  private var declared: [PackageID: [String: Bool]] = [:]

  private func declares(_ names: [String], _ package: PackageID) -> Bool {
    names.contains { name in
      if let known = declared[package]?[name] { return known }
      let answer = declares(name, package, visited: [])
      declared[package, default: [:]][name] = answer
      return answer
    }
  }

  /// Declared by the package, by one around it, or by a package of the workspace that it depends on.
  private func declares(_ name: String, _ package: PackageID, visited: Set<PackageID>) -> Bool {
    guard !visited.contains(package), visited.count < 30 else { return false }
    let folder = graph.packages[package].folder
    for id in graph.packages.ids where Paths.isInside(folder, graph.packages[id].folder) {
      let dependencies = graph.packages[id].manifest.dependencies
      if dependencies.contains(where: { $0.name == name }) { return true }
      for dependency in dependencies {
        guard let other = workspace[dependency.name] else { continue }
        if declares(name, other, visited: visited.union([package])) { return true }
      }
    }
    return false
  }

  private lazy var workspace: [String: PackageID] = Dictionary(
    graph.packages.ids.compactMap { id in self.graph.packages[id].manifest.name.map { ($0, id) } },
    uniquingKeysWith: { a, _ in a })

  // MARK: Calls

  private static func keys(_ emit: Emit, _ rule: FinderRule) -> [String] {
    switch emit {
    case .callRoute(let route): keys(route.call, rule)
    case .mount(let call, _, _), .guardian(let call, _), .query(let call, _), .request(let call, _, _, _, _):
      keys(call, rule)
    case .access(let access): Array(access.verbs.keys).sortedByBytes()
    default: []
    }
  }

  private static func keys(_ call: CallPattern, _ rule: FinderRule) -> [String] {
    var found = call.methods
    if call.on != nil, call.methods.isEmpty { found.append("*") }
    if let direct = call.call { found += names(of: direct, rule, depth: 0) }
    return Set(found).sortedByBytes()
  }

  /// The names by which a value can be called directly.
  private static func names(of pattern: ValuePattern, _ rule: FinderRule, depth: Int) -> [String] {
    guard depth < 8 else { return ["*"] }
    switch pattern {
    case .export(_, let name): return [name]
    case .global(let name): return [name]
    case .named(let name): return rule.values[name].map { names(of: $0, rule, depth: depth + 1) } ?? []
    case .member(let all, _): return all.isEmpty ? ["*"] : all
    case .any(let all): return all.flatMap { names(of: $0, rule, depth: depth + 1) }
    default: return ["*"]
    }
  }

  private func calls(_ id: ModuleID) {
    let module = graph.modules[id]
    guard !module.isTest else { return }
    for index in 0..<module.facts.calls.count {
      let callee = module.facts.calls[index].callee
      var refs: [ClauseRef] = clauses["*"] ?? []
      switch module.facts.values[callee] {
      case .member(_, let name), .global(let name): refs += clausesByName[module.names[name.index].index]
      case .unknown, .declaration, .parameter: break
      default:
        switch follower.entity(follower.follow(ValueRef(id, callee))) {
        case .export(_, let name), .global(let name), .member(_, let name): refs += clausesByName[name.index]
        case .package: refs += clauses["default"] ?? []
        default: break
        }
      }
      for ref in refs where active[id.index][ref.rule] {
        let clause = Clause(
          finder: self, rule: program.finders[ref.rule], matcher: matchers[ref.rule], ref: ref, trace: nil)
        clause.run(program.finders[ref.rule].emits[ref.emit], CallSite(id, CallID(index)))
      }
    }
  }

  /// Why a rule's clauses do or don't hold for the calls on a line.
  package func explain(rule id: String, module: ModuleID, line: Int) -> [String] {
    guard let index = program.finders.firstIndex(where: { $0.info.id == id }) else { return [] }
    var lines: [String] = []
    let rule = program.finders[index]
    if !active[module.index][index] {
      lines.append("the rule is off here: none of \(rule.dependencies.joined(separator: ", ")) is declared or imported")
    }
    let facts = graph.modules[module].facts
    for (position, call) in facts.calls.enumerated() where facts.lines.position(call.range.start).line == line {
      let clause = Clause(
        finder: self, rule: rule, matcher: matchers[index], ref: ClauseRef(rule: index, emit: 0),
        trace: { lines.append($0) })
      for (number, emit) in rule.emits.enumerated() {
        clause.number = number + 1
        clause.run(emit, CallSite(module, CallID(position)))
      }
    }
    if lines.isEmpty { lines.append("no call of this line is of a kind that the rule asks for") }
    return lines
  }

  // MARK: Wrappers

  /// Remembers that a function passes its parameter on: its callers are then read in its place.
  func wrap(_ ref: ClauseRef, _ function: SymbolRef, parameter: Int, text: FoldedText, depth: Int) {
    guard depth < 4, wrapped.insert(WrapperKey(clause: ref, function: function, parameter: parameter)).inserted else {
      return
    }
    wrappers.append(Wrapper(clause: ref, function: function, parameter: parameter, text: text, depth: depth))
  }

  private func expand(_ wrapper: Wrapper) {
    let rule = program.finders[wrapper.clause.rule]
    let clause = Clause(
      finder: self, rule: rule, matcher: matchers[wrapper.clause.rule], ref: wrapper.clause, trace: nil)
    for site in follower.callSites(of: wrapper.function) where !graph.modules[site.module].isTest {
      clause.runWrapped(
        rule.emits[wrapper.clause.emit], site, parameter: wrapper.parameter, text: wrapper.text, depth: wrapper.depth)
    }
  }
}
