import KapinBase
import KapinModel

/// Migrations in the language of the product: read, never run.
extension Clause {
  func change(_ change: ChangeClause, _ site: CallSite) {
    guard matches(change.call, site), isInside(site, change.inside) else { return }
    if !change.outside.isEmpty, isInside(site, change.outside) { return }
    if change.step == .sql {
      guard let text = change.text.flatMap({ select($0, .call(site)).first }).map({ fold($0).joined(hole: " ") }),
        Self.changesSchema(text, drops: !change.inside.isEmpty)
      else { return }
      return add([], text, site)
    }
    guard let table = text(of: change.table, .call(site)), !table.isEmpty else {
      say("the table's name is not known")
      return
    }
    let column = change.column.flatMap { text(of: $0, .call(site)) }
    let to = change.to.flatMap { text(of: $0, .call(site)) }
    switch change.step {
    case .create:
      var made = SchemaTable(name: table, codeName: table, columns: [], place: origin(site, .exact).place)
      made.end = origin(site, .exact).end
      var later: [SchemaChange] = []
      for step in steps(change, site, table) {
        if case .add(let column, _) = step { made.columns.append(column) } else { later.append(step) }
      }
      add([.create(made)] + later, nil, site)
    case .alter: add(steps(change, site, table), nil, site)
    case .drop: add([.drop(table)], nil, site)
    case .rename: if let to { add([.rename(table, to: to)], nil, site) }
    case .dropColumn: if let column { add([.dropColumn(column, table: table)], nil, site) }
    case .renameColumn: if let column, let to { add([.renameColumn(column, to: to, table: table)], nil, site) }
    case .addColumn, .changeColumn:
      guard let column, let ref = change.columns.flatMap({ select($0, .call(site)).first }),
        let found = ColumnReader(clause: self, reading: change.reading)
          .column(column, ref, at: origin(site, .exact).place)
      else { return }
      add(change.step == .addColumn ? added(found, table) : altered(found.column, table), nil, site)
    case .sql: break
    }
  }

  /// Whether a text makes, alters or, in migrations, drops tables and what belongs to them.
  private static func changesSchema(_ sql: String, drops: Bool) -> Bool {
    let words = sql.uppercased().split { !$0.isLetter && $0 != "_" }
    return words.contains { $0 == "CREATE" || $0 == "ALTER" || $0 == "RENAME" || (drops && $0 == "DROP") }
  }

  private func add(_ changes: [SchemaChange], _ text: String?, _ site: CallSite) {
    guard !changes.isEmpty || text != nil else { return }
    say("matches")
    finder.add(
      .change(
        FoundChange(
          module: site.module, offset: facts(site).calls[site.call].range.start, changes: changes, text: text,
          place: origin(site, .exact).place, rule: rule.info.id)))
  }

  /// Whether a call stands in a function of one of these names; without names, anywhere.
  private func isInside(_ site: CallSite, _ names: [String]) -> Bool {
    guard !names.isEmpty else { return true }
    let facts = facts(site)
    var current = facts.calls[site.call].function
    while let id = current {
      if names.contains(facts.names[facts.declarations[id].name]) { return true }
      current = facts.declarations[id].parent
    }
    say("it stands in no function named \(names.joined(separator: " or "))")
    return false
  }

  private func added(_ found: ColumnReader.Found, _ table: String) -> [SchemaChange] {
    var column = found.column
    switch found.references?.table {
    case .name(let target), .codeName(let target):
      column.references = SchemaColumn.Reference(table: target, column: found.references?.column ?? "id")
    case .model, .relation, nil: break
    }
    column.hasNamedType = false
    return [.add(column: column, table: table)]
  }

  private func altered(_ column: SchemaColumn, _ table: String) -> [SchemaChange] {
    var changes: [SchemaChange] = [.alter(table: table, column: column.name, .nullable(column.nullable))]
    if !column.type.isEmpty { changes.append(.alter(table: table, column: column.name, .type(column.type))) }
    if let value = column.defaultValue {
      changes.append(.alter(table: table, column: column.name, .defaultValue(value)))
    }
    return changes
  }

  /// What an object of columns, a list of them, or a builder's calls say.
  private func steps(_ change: ChangeClause, _ site: CallSite, _ table: String) -> [SchemaChange] {
    let reader = ColumnReader(clause: self, reading: change.reading)
    var found: [SchemaChange] = []
    if let ref = change.columns.flatMap({ select($0, .call(site)).first }) {
      if let items = follower.items(ref) {
        for item in items {
          guard let name = follower.property(item, "name").flatMap({ follower.text($0) }),
            let column = reader.column(name, item, at: origin(site, .exact).place)
          else { continue }
          found += added(column, table)
        }
      } else {
        for (key, value, at) in follower.properties(ref) ?? [] {
          guard let column = reader.column(key, value, at: finder.graph.place(value.module, at)) else { continue }
          found += added(column, table)
        }
      }
    }
    for call in change.chain.isEmpty ? [] : finder.callsAfter(site, named: Array(change.chain.keys)) {
      guard case .member(_, let name) = facts(call).values[facts(call).calls[call.call].callee],
        let step = change.chain[facts(call).names[name]]
      else { continue }
      found += self.step(step, change, call, [], table)
    }
    if let pattern = change.builder, let ref = select(pattern, .call(site)).first {
      found += built(change, reader, ref, pattern.parameter ?? 0, table)
    }
    return found
  }

  /// The calls on a builder: the parameter of the function that the migration hands over.
  private func built(
    _ change: ChangeClause, _ reader: ColumnReader, _ function: ValueRef, _ parameter: Int, _ table: String
  ) -> [SchemaChange] {
    guard case .declaration(let symbol) = follower.entity(follower.follow(function)), let id = symbol.declaration else {
      return []
    }
    let facts = finder.graph.modules[symbol.module].facts
    let builder = follower.intern(.parameter(of: symbol, UInt16(parameter)))
    var found: [SchemaChange] = []
    for (index, call) in facts.calls.rows.enumerated() where facts.declarations[id].range.encloses(call.range) {
      guard case .member(let object, let name) = facts.values[call.callee],
        follower.router(follower.follow(ValueRef(symbol.module, object))) == builder
      else { continue }
      let site = CallSite(symbol.module, CallID(index))
      let then = finder.callsAfter(site, named: [])
      let word = facts.names[name]
      if let step = change.methods[word] {
        found += self.step(step, change, site, then, table)
      } else if let group = change.groups[word] {
        found += group.map { .add(column: placed($0, site), table: table) }
      } else if let column = reader.column(built: site, then: then, at: place(site)) {
        let isChange = then.contains { role(of: $0, change) == .changes }
        found += isChange ? altered(column.column, table) : added(column, table)
      }
    }
    return found
  }

  private func place(_ site: CallSite) -> Place {
    finder.graph.place(site.module, facts(site).calls[site.call].range.start)
  }

  private func placed(_ column: SchemaColumn, _ site: CallSite) -> SchemaColumn {
    var column = column
    column.place = place(site)
    return column
  }

  /// What a call further on in a column's description means.
  private func role(of call: CallSite, _ change: ChangeClause) -> ColumnAttribute.Role? {
    guard case .member(_, let name) = facts(call).values[facts(call).calls[call.call].callee] else { return nil }
    return change.reading.attributes[facts(call).names[name]]?.role
  }

  private func step(_ step: BuilderStep, _ change: ChangeClause, _ site: CallSite, _ then: [CallSite], _ table: String)
    -> [SchemaChange]
  {
    let names = texts(of: ArgumentPattern(), .call(site))
    switch step {
    case .addColumn:
      return ColumnReader(clause: self, reading: change.reading).column(stated: site, at: place(site))
        .map { added($0, table) } ?? []
    case .dropColumn:
      let all = texts(of: ArgumentPattern(position: .any), .call(site))
      return (names.count > all.count ? names : all).map { .dropColumn($0, table: table) }
    case .renameColumn:
      guard let from = names.first, let to = text(of: ArgumentPattern(position: .index(1)), .call(site)) else {
        return []
      }
      return [.renameColumn(from, to: to, table: table)]
    case .foreign:
      var target: String?, key = "id"
      for call in then {
        guard let says = text(of: ArgumentPattern(), .call(call)) else { continue }
        switch role(of: call, change) {
        case .key:
          let parts = says.split(separator: ".").map(String.init)
          key = parts.last ?? "id"
          if parts.count > 1 { target = parts[0] }
        case .table: target = says
        default: break
        }
      }
      return names.prefix(1).compactMap { column in
        target.map { .reference(column: column, toTable: $0, toColumn: key, table: table) }
      }
    case .primary: return [.primary(columns: names, table: table)]
    case .unique: return [.unique(columns: names, table: table)]
    case .index: return [.index(SchemaIndex(name: nil, columns: names, unique: false), table: table)]
    }
  }
}
