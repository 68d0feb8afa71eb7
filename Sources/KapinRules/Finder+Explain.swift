import KapinBase
package import KapinModel

/// Why a rule's clauses do or do not hold for a line.
extension Finder {
  /// Clause by clause: what it looked at, and where it stopped; then what the rule found there.
  package func explain(rule id: String, module: ModuleID, line: Int) -> [String] {
    guard let index = program.finders.firstIndex(where: { $0.info.id == id }) else { return [] }
    var lines: [String] = []
    let rule = program.finders[index]
    let wanted = (rule.when.dependencies + rule.when.files).joined(separator: ", ")
    if !active[module.index][index] {
      lines.append("the rule is off here: none of \(wanted) is declared, imported or there")
    } else if !own[graph.modules[module].package.index][index] {
      lines.append("clauses on files are off here: the package itself declares none of \(wanted)")
    }
    let facts = graph.modules[module].facts
    for (position, call) in facts.calls.enumerated() where starts(call, facts).contains(line) {
      let clause = Clause(
        finder: self, matcher: matchers[index], ref: ClauseRef(rule: index, emit: 0),
        trace: { lines.append($0) })
      for (number, emit) in rule.emits.enumerated() {
        clause.number = number + 1
        clause.run(emit, CallSite(module, CallID(position)))
      }
    }
    for (number, emit) in rule.emits.enumerated() {
      for text in explain(emit, ClauseRef(rule: index, emit: number), module, line) {
        lines.append("clause \(number + 1): \(text)")
      }
    }
    // What is decorated on this line is found where its name stands.
    let decorated = facts.decorators.filter { facts.lines.position($0.at).line == line }
      .map { facts.lines.position(facts.declarations[$0.target].nameAt).line }
    let found = found(by: id, at: graph.modules[module].path, Set([line] + decorated))
    if lines.isEmpty, found.isEmpty { lines.append("nothing of this line is of a kind that the rule asks for") }
    return lines + found.map { "found: \($0)" }
  }

  /// The lines that a call is looked for on: where it starts, and in a chain where its arguments start.
  private func starts(_ call: Call, _ facts: FrozenFacts) -> [Int] {
    var offsets = [call.range.start]
    if let first = call.arguments.indices.first { offsets.append(facts.valueStarts[facts.valueLists[first].index]) }
    return offsets.map { facts.lines.position($0).line }
  }

  /// Clauses that look at more than calls.
  private func explain(_ emit: Emit, _ ref: ClauseRef, _ module: ModuleID, _ line: Int) -> [String] {
    let facts = graph.modules[module].facts
    func isHere(_ offset: UInt32) -> Bool { facts.lines.position(offset).line == line }
    switch emit {
    case .fileRoute(let route): return [explain(route, module)].compactMap { $0 }
    case .controller(let controller):
      return facts.decorators.filter { isHere($0.at) }.map { row in
        let isType = facts.declarations[row.target].form == .class
        guard let pattern = isType ? controller.type : controller.routes else { return "any class will do" }
        let fits = clause(ref).isDecorator(row, pattern, module)
        return
          "the decorator of `\(facts.names[facts.declarations[row.target].name])` is \(fits ? "" : "not ")what it wants"
      }
    case .elementRoute(let route):
      return facts.elements.rows.filter { isHere($0.range.start) }.map { row in
        let fits =
          row.tag != ValueID(UInt32(0))
          && matchers[ref.rule].matches(route.element, follower.follow(ValueRef(module, row.tag)))
        return "the element `\(facts.names[row.tagName])` is \(fits ? "" : "not ")what it wants"
      }
    case .table(let table) where !table.types.isEmpty:
      return facts.declarations.rows.filter { $0.form == .variable && isHere($0.nameAt) }.map { row in
        let type = row.type.map { facts.names[$0] }
        let fits = type.map { types.has(table.types, $0, in: module) } ?? false
        let name = "the variable `\(facts.names[row.name])`"
        guard let type else { return "\(name) has no annotated type" }
        return fits
          ? "\(name) is a list of routes by its type `\(type)`"
          : "the type `\(type)` of \(name) is none of \(table.types.joined(separator: ", "))"
      }
    default: return []
    }
  }

  private func explain(_ route: FileRoute, _ module: ModuleID) -> String? {
    guard let path = innerPath(module) else { return "the file is a test by its name" }
    guard route.files.contains(where: { $0.matches(path.parts) }) else {
      return "`\(path.text)` fits none of its files: \(route.files.map(\.pattern).joined(separator: ", "))"
    }
    if let glob = route.except.first(where: { $0.matches(path.text) }) {
      return "`\(path.text)` is excepted by \(glob.pattern)"
    }
    let exports = graph.modules[module].facts.exports.map { graph.text($0.name, in: module) }
    if let missing = route.requires.first(where: { !exports.contains($0) && !$0.contains(".") }) {
      return "the file exports no `\(missing)`"
    }
    if let given = route.without.first(where: { exports.contains($0) }) {
      return "the file exports `\(given)`, which it must not"
    }
    if !route.exports.isEmpty, !route.exports.contains(where: { exports.contains($0.name) }) {
      return "the file exports none of \(route.exports.map(\.name).joined(separator: ", "))"
    }
    return "the file fits"
  }

  /// What a rule finds on a line, paths as the line itself says them.
  private func found(by rule: String, at path: String, _ places: Set<Int>) -> [String] {
    var lines: [String] = []
    for finding in run() {
      var text: String?
      var origin: Origin?
      switch finding {
      case .route(let row): (text, origin) = ("route \(row.method) \(row.path)", row.origin)
      case .mount(let row): (text, origin) = ("mount below \(row.prefix)", row.origin)
      case .guardian(let row): (text, origin) = ("guard below \(row.prefix)", row.origin)
      case .request(let row): (text, origin) = ("request \(row.method) \(row.path.joined(hole: "{?}"))", row.origin)
      case .access(let row): (text, origin) = ("\(row.verb.rawValue) of \(describe(row.table))", row.origin)
      case .model(let row): (text, origin) = ("table \(row.table.name)", row.origin)
      case .call(let row):
        let name = row.to.declaration.map {
          graph.text(graph.modules[row.to.module].facts.declarations[$0].name, in: row.to.module)
        }
        (text, origin) = ("call of \(name ?? "a module")", row.origin)
      case .query(let row): (text, origin) = ("SQL", row.origin)
      default: break
      }
      guard let text, origin?.rule == rule, origin?.place.path == path, let line = origin?.place.position?.line,
        places.contains(line), !lines.contains(text)
      else { continue }
      lines.append(text)
    }
    return lines
  }

  private func describe(_ table: TableReference) -> String {
    switch table {
    case .codeName(let name), .name(let name): name
    case .model(let entity):
      foundModels.first { $0.entity == entity }?.table.codeName ?? "a model"
    case .relation(let owner, let name): (owner.map { describe($0) + "." } ?? "") + name
    }
  }
}
