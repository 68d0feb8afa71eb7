import KapinBase
import KapinModel

/// Symbols, and the relations between them that the code states.
extension Composer {
  mutating func symbols() {
    var components: Set<SymbolRef> = []
    for id in code.modules.ids {
      let facts = code.modules[id].facts
      for element in facts.elements {
        if let owner = facts.namedAncestor(element.function) { components.insert(SymbolRef(id, owner)) }
      }
    }
    for relation in code.relations {
      if case .renders = relation.form { components.insert(relation.to) }
    }
    for id in code.modules.ids { symbols(of: id, components) }
  }

  private mutating func symbols(of id: ModuleID, _ components: Set<SymbolRef>) {
    let module = code.modules[id]
    let facts = module.facts
    var names: [String?] = []
    var nodes: [NodeID?] = []
    names.reserveCapacity(facts.declarations.count)
    // A variable stands after what its initialiser declares, so parents may come later: two passes.
    for declaration in facts.declarations.ids { names.append(qualifiedName(declaration, facts)) }
    let prefix = "symbol:" + NodeIDs.escape(module.path) + "#"
    for declaration in facts.declarations.ids {
      let row = facts.declarations[declaration]
      guard let name = names[declaration.index], row.form != .field, row.form != .signature else {
        nodes.append(nil)
        continue
      }
      let base = prefix + name
      let isType = row.form == .type || row.form == .interface
      var candidate = base
      if isType, graph.node(id: base) != nil { candidate = base + ":type" }
      var number = 2
      while graph.node(id: candidate) != nil {
        candidate = base + "~\(number)"
        number += 1
      }
      let ref = SymbolRef(id, declaration)
      let first = facts.names[row.name].utf8.first ?? 0
      let isComponent =
        module.language.isComponentFile
        ? row.flags.contains(.default) && facts.names[row.name] == "default"
        : first >= 65 && first <= 90 && components.contains(ref) && !isType
      let origin = Origin(
        place: code.place(id, row.range.start), end: facts.lines.position(row.range.end), rule: "", confidence: .exact)
      nodes.append(
        graph.add(
          ProductNode(id: candidate, kind: .symbol, content: .symbol(ref, component: isComponent), origin: origin)))
    }
    for declaration in facts.declarations.ids {
      guard let node = nodes[declaration.index] else { continue }
      var parent = facts.declarations[declaration].parent
      while let up = parent, nodes[up.index] == nil { parent = facts.declarations[up].parent }
      edge(.contains, parent.flatMap { nodes[$0.index] } ?? moduleNodes[id.index], node)
    }
  }

  /// `Outer.inner`; functions without a name are left out of the path and are no symbols.
  private func qualifiedName(_ id: DeclarationID, _ facts: FrozenFacts) -> String? {
    let row = facts.declarations[id]
    guard row.isNamed else { return nil }
    var parts = [NodeIDs.escape(facts.names[row.name])]
    var parent = row.parent
    var depth = 0
    while let up = parent, depth < 60 {
      let outer = facts.declarations[up]
      if outer.isNamed { parts.append(NodeIDs.escape(facts.names[outer.name])) }
      parent = outer.parent
      depth += 1
    }
    return parts.reversed().joined(separator: ".")
  }

  mutating func relations(_ findings: [Finding]) {
    // Functions of which some routes or calls run only a part: there the place counts.
    var branched: Set<SymbolRef> = []
    for case .route(let route) in findings where !route.apart.isEmpty {
      if let handler = route.handler { branched.insert(handler) }
    }
    // Calls that hand on what was passed.
    var sites: Set<ApartPart.Site> = []
    for relation in code.relations where !relation.apart.isEmpty {
      branched.insert(relation.to)
      for part in relation.apart { sites.formUnion(part.through) }
    }
    func isTold(_ relation: CodeRelation) -> Bool {
      branched.contains(relation.from) || sites.contains(ApartPart.Site(relation.from.module, relation.at))
    }
    var seen: Set<EdgeKey> = []
    let found = findings.compactMap { finding -> CodeRelation? in
      guard case .call(let call) = finding else { return nil }
      let at = code.modules[call.site.module].facts.calls[call.site.call].range.start
      var relation = CodeRelation(
        form: call.origin == nil ? .calls : .callsPossibly, from: call.from, to: call.to, at: at)
      relation.rule = call.origin?.rule
      return relation
    }
    for relation in [code.relations, found].joined() {
      let apart = parts(relation.apart)
      guard let from = graph.node(of: relation.from), let to = graph.node(of: relation.to) else { continue }
      let at = code.place(relation.from.module, relation.at)
      let when = conditions?.conditions(of: relation.from.module, relation.at) ?? []
      switch relation.form {
      case .calls, .callsPossibly:
        let place = isTold(relation) ? relation.at : nil
        guard seen.insert(EdgeKey(kind: .calls, from: from, to: to, at: place, apart: apart, when: when)).inserted
        else { continue }
        let proof = if case .calls = relation.form { "proven" } else { "possible" }
        edge(
          .calls, from, to, at: at, confidence: .resolved, rule: relation.rule,
          fields: (apart.isEmpty ? [] : [("apart", .texts(apart))]) + [("proof", .text(proof))])
      case .renders:
        // What has no node of its own would stand for the function around it.
        guard from != to || graph.symbols[relation.to] != nil else { continue }
        let place = isTold(relation) ? relation.at : nil
        guard seen.insert(EdgeKey(kind: .renders, from: from, to: to, at: place, apart: apart, when: when)).inserted
        else { continue }
        edge(
          .renders, from, to, at: at, confidence: .resolved, rule: graph.componentFrameworks[relation.from.module],
          fields: apart.isEmpty ? [] : [("apart", .texts(apart))])
      case .triggers(let event):
        let name = code.text(event, in: relation.from.module)
        edge(
          .triggers, from, to, at: at, confidence: .resolved,
          rule: graph.componentFrameworks[relation.from.module], fields: [("event", .text(name))])
      }
    }
  }

  /// Parts of functions as an edge names them: `12:3-40:5`, lines and columns; behind the places of the calls that lead
  /// there, each in the file of the function before: `20:5>12:3-40:5`.
  func parts(_ parts: [ApartPart]) -> [String] {
    func text(_ offset: UInt32, _ module: ModuleID) -> String {
      let position = code.modules[module].facts.lines.position(offset)
      return "\(position.line):\(position.column)"
    }
    return parts.map { part in
      let through = part.through.map { text($0.at, $0.module) + ">" }.joined()
      return through + text(part.range.start, part.module) + "-" + text(part.range.end, part.module)
    }
  }

  /// One edge a pair of symbols, at its first place, unless places are told apart.
  private struct EdgeKey: FastHashable {
    var kind: EdgeKind
    var from: NodeID
    var to: NodeID
    var at: UInt32?
    var apart: [String] = []
    var when: [String] = []
    var hashBits: UInt64 { UInt64(from.raw, to.raw).mixed(with: UInt64(at ?? .max)) }
  }
}
