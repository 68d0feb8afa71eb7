import KapinBase
import KapinModel

/// Clauses by what they want of a call, so that each call is shown to few of them.
struct ClauseTable {
  /// By name of the graph: clauses that want calls of a member or export by it.
  private(set) var byName: [[Finder.ClauseRef]]
  /// Those that any name will do for.
  private(set) var open: [Finder.ClauseRef] = []
  /// Those about what another call gave: `make()()`.
  private(set) var made: [Finder.ClauseRef] = []
  /// Those about a package itself, which is its default export.
  private(set) var packages: [Finder.ClauseRef] = []
  /// Those about methods whose name is only known as a value: `router[method](…)`.
  private(set) var dynamic: [Finder.ClauseRef] = []

  var isEmpty: Bool { open.isEmpty && made.isEmpty && byName.allSatisfy(\.isEmpty) }

  private static let anyName = "*"
  private static let madeKey = "()"

  /// - Parameters:
  ///   - used: by rule, whether it counts anywhere in the project.
  ///   - accepts: which clauses are in it.
  init(_ program: RuleProgram, _ names: NameTable, used: [Bool], where accepts: (Emit) -> Bool) {
    byName = Array(repeating: [], count: names.count)
    for (rule, finder) in program.finders.enumerated() where used[rule] {
      for (position, emit) in finder.emits.enumerated() where accepts(emit) {
        let ref = Finder.ClauseRef(rule: rule, emit: position)
        for key in Self.keys(emit, finder) {
          switch key {
          case Self.anyName: open.append(ref)
          case Self.madeKey: made.append(ref)
          default:
            if key == "default" { packages.append(ref) }
            if let name = names.find(key) { byName[name.index].append(ref) }
          }
        }
        if case .callRoute(let route) = emit, route.call.on != nil, case .method = route.verb,
          !route.call.methods.isEmpty
        {
          dynamic.append(ref)
        }
      }
    }
  }

  private static func keys(_ emit: Emit, _ rule: FinderRule) -> [String] {
    switch emit {
    case .callRoute(let route): keys(route.call, rule)
    case .mount(let clause): keys(clause.call, rule)
    case .expand(let clause): keys(clause.call, rule)
    case .base(let clause): keys(clause.call, rule)
    case .modules(let tree): keys(tree.call, rule)
    case .entries(let entries):
      Set(keys(entries.call, rule) + (entries.implementation.map { keys($0.call, rule) } ?? [])).sortedByBytes()
    case .table(let table): Set(table.calls.flatMap { keys($0.call, rule) }).sortedByBytes()
    case .components(.call(let call, _, _)): keys(call, rule)
    case .guardian(let guardian): keys(guardian.call, rule)
    case .query(let call, _, let runs): Set(keys(call, rule) + runs).sortedByBytes()
    case .mark(let call, _), .schemaText(let call, _, _), .document(let call, _):
      keys(call, rule)
    case .request(let request): keys(request.call, rule)
    case .event(let event): keys(event.call, rule)
    case .runs(let runs): keys(runs.call, rule)
    case .proxy(let proxy):
      proxy.calls.isEmpty || proxy.contract != nil ? [anyName] : Array(proxy.calls.keys).sortedByBytes()
    case .model(let model):
      switch model.form {
      case .call(let call), .members(let call, _, _): keys(call, rule)
      default: []
      }
    case .change(let change): keys(change.call, rule)
    case .access(let access):
      access.call.call == nil ? Set(access.call.methods + access.verbs.keys).sortedByBytes() : keys(access.call, rule)
    case .relation(let relation):
      if case .call(let call) = relation.form { keys(call, rule) } else { [] }
    default: []
    }
  }

  private static func keys(_ call: CallPattern, _ rule: FinderRule) -> [String] {
    var found = call.methods
    if call.on != nil, call.methods.isEmpty { found.append(anyName) }
    if let direct = call.call { found += names(of: direct, rule, depth: 0) }
    return Set(found).sortedByBytes()
  }

  /// The names by which a value can be called directly.
  private static func names(of pattern: ValuePattern, _ rule: FinderRule, depth: Int) -> [String] {
    guard depth < 8 else { return [anyName] }
    switch pattern {
    case .export(_, let name): return [name]
    case .global(let name): return [name]
    case .named(let name): return rule.values[name].map { names(of: $0, rule, depth: depth + 1) } ?? []
    case .member(let all, _): return all.isEmpty ? [anyName] : all
    case .any(let all): return all.flatMap { names(of: $0, rule, depth: depth + 1) }
    case .call, .new: return [madeKey]
    case .function(let all): return all.isEmpty ? [anyName] : all
    default: return [anyName]
    }
  }
}
