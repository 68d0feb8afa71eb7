import KapinBase
import KapinModel

/// What uses the names of a file wherever they are imported: constants, types, styles and data, which nothing "calls".
///
/// Names are followed through re-exports, and through constants that are made of them.
struct ImportUsers {
  private struct Exported: Hashable {
    var module: ModuleID
    var name: String
  }
  private struct Use {
    var name: String
    var value: ValueID
  }
  private struct Uses {
    /// What the import statement itself names.
    var brought: [Use] = []
    /// Where the names stand in the code after it.
    var after: [Use] = []
  }

  private let index: GraphIndex
  private var importers: [ModuleID: [(module: ModuleID, row: ImportID)]] = [:]
  private var fileImporters: [String: [(module: ModuleID, row: ImportID)]] = [:]
  private var uses: [ModuleID: [ImportID: Uses]] = [:]
  private(set) var found: [Relative] = []
  private var known: Set<NodeID> = []
  private var seen: Set<Exported> = []
  private var queue: [(name: Exported, distance: Int)] = []

  private var code: CodeGraph { index.graph.code }

  init(_ index: GraphIndex) {
    self.index = index
    for id in index.graph.code.modules.ids {
      for (row, target) in index.graph.code.modules[id].targets.enumerated() { add(target, id, ImportID(row)) }
    }
  }

  private mutating func add(_ target: ImportTarget, _ module: ModuleID, _ row: ImportID) {
    switch target {
    case .module(let other): importers[other, default: []].append((module, row))
    case .file(let path): fileImporters[path, default: []].append((module, row))
    case .several(let all): for one in all { add(one, module, row) }
    case .external, .builtin, .unresolved: break
    }
  }

  /// Functions, components and modules that use what a file exports, nearest first.
  static func users(ofFile path: String, _ index: GraphIndex) -> [Relative] {
    var users = ImportUsers(index)
    if let module = index.graph.code.modules.ids.first(where: { index.graph.code.modules[$0].path == path }) {
      users.queue = users.exports(of: module).map { (Exported(module: module, name: $0), 0) }
      for (importer, row) in users.importers[module] ?? [] { users.add(importer, row, distance: 1) }
    } else if let node = index.graph.node(id: "file:" + NodeIDs.escape(path)) {
      for (importer, row) in users.fileImporters[path] ?? [] {
        users.add(importer, row, distance: 1)
        users.follow(row, of: importer, name: nil, node, distance: 1)
      }
    }
    users.seen = Set(users.queue.map(\.name))
    var next = 0
    while next < users.queue.count {
      let (exported, distance) = users.queue[next]
      next += 1
      guard let node = index.graph.symbols[SymbolRef(exported.module, nil)] else { continue }
      for (importer, row) in users.importers[exported.module] ?? [] {
        users.follow(row, of: importer, name: exported.name, node, distance: distance + 1)
      }
    }
    return users.found.enumerated().sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }
      .map(\.element)
  }

  private func exports(of module: ModuleID) -> [String] {
    let facts = code.modules[module].facts
    return Set(facts.exports.map { facts.names[$0.name] }).sortedByBytes() + ["*"]
  }

  /// The module that imports.
  private mutating func add(_ module: ModuleID, _ row: ImportID, distance: Int) {
    guard let node = index.graph.symbols[SymbolRef(module, nil)] else { return }
    let at = code.place(module, code.modules[module].facts.imports[row].at)
    let edges = index.out[node.index].map { index.graph.edges[$0] }
    guard let edge = edges.first(where: { $0.kind == .imports && $0.at == at }) else { return }
    add(node, edge, distance)
  }

  private mutating func add(_ node: NodeID, _ edge: ProductEdge, _ distance: Int) {
    if known.insert(node).inserted { found.append(Relative(node: node, edge: edge, distance: distance)) }
  }

  /// - Parameter name: what is exported there; `nil` for all of it.
  private mutating func follow(
    _ row: ImportID, of module: ModuleID, name: String?, _ target: NodeID, distance: Int
  ) {
    let facts = code.modules[module].facts
    for export in facts.exports where export.source == row {
      let own = facts.names[export.name]
      switch export.form {
      case .star: if let name, name != "default" { push(module, name, distance) }
      case .namespace: push(module, own, distance)
      case .reexport, .value, .commonJS:
        if name == nil || facts.names[export.original] == name { push(module, own, distance) }
      }
    }
    func isMeant(_ use: Use) -> Bool { name == nil || use.name == name || use.name == "*" || name == "*" }
    let uses = uses(of: row, in: module)
    let meant = uses.after.filter(isMeant)
    for use in meant { self.use(use.value, of: module, target, distance) }
    // Not every place of a name is a fact. Where none is known, all that the file declares may be touched.
    guard meant.isEmpty, facts.imports[row].form != .type, uses.brought.contains(where: isMeant) else { return }
    let at = code.place(module, facts.imports[row].at)
    for id in facts.declarations.ids where facts.declarations[id].parent == nil {
      guard let node = index.graph.symbols[SymbolRef(module, id)] else { continue }
      add(node, ProductEdge(.imports, node, target, at: at, confidence: .heuristic), distance)
    }
  }

  private mutating func push(_ module: ModuleID, _ name: String, _ distance: Int) {
    let exported = Exported(module: module, name: name)
    if seen.insert(exported).inserted { queue.append((exported, distance)) }
  }

  /// A place where a name stands: the function around it, and what is exported of it.
  private mutating func use(_ value: ValueID, of module: ModuleID, _ target: NodeID, _ distance: Int) {
    let facts = code.modules[module].facts
    for export in facts.exports where export.value == value { push(module, facts.names[export.name], distance) }
    let at = facts.valueStarts[value.index]
    guard let around = innermost(at, facts), let node = index.graph.node(of: SymbolRef(module, around)) else { return }
    let edge = ProductEdge(.imports, node, target, at: code.place(module, at), confidence: .resolved)
    guard !known.contains(node) else { return }
    add(node, edge, distance)
    // A constant that is made of it stands for it from here on.
    let row = facts.declarations[around]
    guard row.parent == nil, [.variable, .enum, .class].contains(row.form) else { return }
    for export in facts.exports where export.form == .value || export.form == .commonJS {
      if leads(export.value, to: row, around, facts) { push(module, facts.names[export.name], distance) }
    }
    for (number, other) in facts.values.rows.enumerated() {
      guard case .local(let binding) = other, facts.bindings[binding].isTopLevel,
        facts.bindings[binding].name == row.name, !row.range.contains(facts.valueStarts[number])
      else { continue }
      use(ValueID(number), of: module, node, distance + 1)
    }
  }

  private func leads(
    _ value: ValueID?, to row: Declaration, _ id: DeclarationID, _ facts: FrozenFacts
  ) -> Bool {
    guard let value else { return false }
    switch facts.values[value] {
    case .declaration(let declared): return declared == id
    case .local(let binding): return facts.bindings[binding].isTopLevel && facts.bindings[binding].name == row.name
    default: return row.range.contains(facts.valueStarts[value.index])
    }
  }

  private func innermost(_ at: UInt32, _ facts: FrozenFacts) -> DeclarationID? {
    facts.declarations.ids.filter { facts.declarations[$0].range.contains(at) }
      .max { facts.declarations[$0].range.start < facts.declarations[$1].range.start }
  }

  private mutating func uses(of row: ImportID, in module: ModuleID) -> Uses {
    if let known = uses[module] { return known[row] ?? Uses() }
    let facts = code.modules[module].facts
    var all: [ImportID: Uses] = [:]
    for (number, value) in facts.values.rows.enumerated() {
      var imported = value
      if case .local(let binding) = value { imported = facts.values[facts.bindings[binding].value] }
      guard case .imported(let source, let name) = imported else { continue }
      let statement = facts.imports[source]
      let at = facts.valueStarts[number]
      let use = Use(name: facts.names[name], value: ValueID(number))
      if statement.form != .dynamic, statement.at <= at, at < statement.end {
        all[source, default: Uses()].brought.append(use)
      } else {
        all[source, default: Uses()].after.append(use)
      }
    }
    uses[module] = all
    return all[row] ?? Uses()
  }
}
