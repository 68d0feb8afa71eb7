import KapinBase
import KapinModel

/// Code that runs only while a constant of the product is true, or only while it is not: `if (isSelfHosted) …`; and code
/// that runs only on pages of some paths: `if (router.pathname === "/settings") …`.
///
/// Only constants that decide both somewhere are told: where one excludes a branch, another place may run into it.
struct BranchConditions {
  private struct Branch {
    var start: Position
    var end: Position
    var condition: String
  }

  private var branches: [ModuleID: [Branch]] = [:]
  private let code: CodeGraph

  init(_ graph: ProductGraph, _ follower: any ValueFollowing) {
    code = graph.code
    var names: [ValueRef: String?] = [:]
    var sides: [String: Set<Bool>] = [:]
    var found: [(module: ModuleID, range: Range32, constant: String, holds: Bool)] = []
    for module in code.modules.ids {
      let facts = code.modules[module].facts
      for test in facts.tests {
        if let path = Self.path(test, facts) { add(path, module, test.range) }
        guard test.literals.isEmpty, Self.mayBeConstant(test.subject, facts) else { continue }
        let definition = follower.definition(ValueRef(module, test.subject))
        if names[definition] == nil { names[definition] = .some(Self.constant(definition, graph)) }
        guard let name = names[definition] ?? nil else { continue }
        found.append((module, test.range, name, !test.isNegated))
        sides[name, default: []].insert(!test.isNegated)
      }
    }
    for row in found where sides[row.constant]?.count == 2 {
      add((row.holds ? "" : "!") + row.constant, row.module, row.range)
    }
  }

  private mutating func add(_ condition: String, _ module: ModuleID, _ range: Range32) {
    let lines = code.modules[module].facts.lines
    branches[module, default: []].append(
      Branch(start: lines.position(range.start), end: lines.position(range.end), condition: condition))
  }

  /// `path:/settings`, or `!path:/settings`, of a comparison of the page's path with texts; several behind each other.
  private static func path(_ test: Test, _ facts: FrozenFacts) -> String? {
    guard !test.literals.isEmpty, isPath(test.subject, facts) else { return nil }
    var paths: [String] = []
    for value in facts.valueLists[test.literals.indices] {
      guard case .text(let text) = facts.values[value], facts.names[text].hasPrefix("/") else { return nil }
      paths.append(facts.names[text])
    }
    return (test.isNegated ? "!path:" : "path:") + paths.joined(separator: " ")
  }

  /// The path of the address that a page is shown at, by the name that the platform has for it (HTML Standard,
  /// "Location.pathname"): a member, or what a function that is named after it gives.
  private static func isPath(_ value: ValueID, _ facts: FrozenFacts) -> Bool {
    var value = value
    for _ in 0..<6 {
      switch facts.values[value] {
      case .member(_, let name): return facts.names[name] == "pathname"
      case .call(let call):
        switch facts.values[facts.calls[call].callee] {
        case .local(let binding): return facts.names[facts.bindings[binding].name].hasSuffix("Pathname")
        default: return false
        }
      case .local(let binding):
        guard !facts.bindings[binding].isReassigned, facts.bindings[binding].value != value else { return false }
        value = facts.bindings[binding].value
      default: return false
      }
    }
    return false
  }

  /// What must hold where a piece of code runs: ids of constants, and paths of pages, with `!` before what must not hold.
  func conditions(of module: ModuleID, _ offset: UInt32) -> [String] {
    guard branches[module] != nil else { return [] }
    return conditions(of: module, code.modules[module].facts.lines.position(offset))
  }

  func conditions(of module: ModuleID, _ place: Position) -> [String] {
    guard let all = branches[module] else { return [] }
    return Set(all.filter { $0.start <= place && place < $0.end }.map(\.condition)).sortedByBytes()
  }

  private static func mayBeConstant(_ value: ValueID, _ facts: FrozenFacts) -> Bool {
    guard case .local(let binding) = facts.values[value], !facts.bindings[binding].isReassigned else { return false }
    if facts.bindings[binding].isTopLevel { return true }
    if case .imported = facts.values[facts.bindings[binding].value] { return true }
    return false
  }

  /// The node of the variable at the top level of a module that a value is all of.
  private static func constant(_ ref: ValueRef, _ graph: ProductGraph) -> String? {
    let module = graph.code.modules[ref.module]
    let facts = module.facts
    var name: Name?
    switch facts.values[ref.value] {
    case .local(let binding): name = facts.bindings[binding].isTopLevel ? facts.bindings[binding].name : nil
    case .declaration, .element, .imported: return nil
    default:
      name = facts.bindings.rows.first { $0.isTopLevel && !$0.isReassigned && $0.value == ref.value }?.name
    }
    guard let name else { return nil }
    let variable = facts.declarations.ids.first {
      let row = facts.declarations[$0]
      return row.form == .variable && row.parent == nil && row.name == name
    }
    return variable.flatMap { graph.symbols[SymbolRef(ref.module, $0)] }.map { graph.nodes[$0].id }
  }
}
