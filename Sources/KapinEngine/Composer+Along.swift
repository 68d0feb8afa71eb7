import KapinBase
import KapinModel

/// Rows of other tables that a query brings along, or writes with its own: `include: { author: true }`.
extension Composer {
  mutating func along(_ access: FoundAccess, _ table: NodeID) {
    guard let (keys, pattern) = access.along else { return }
    var seen: Set<AlongAccess> = []
    if pattern.isEager { eager(table, access, depth: 0, &seen) }
    if pattern.isAliased {
      aliased(keys, of: table, access, &seen)
    } else {
      walk(keys, of: table, access, pattern, isRelated: false, &seen)
    }
  }

  /// Tables whose rows come along unasked, and theirs.
  private mutating func eager(_ table: NodeID, _ access: FoundAccess, depth: Int, _ seen: inout Set<AlongAccess>) {
    guard depth < 4 else { return }
    for target in eagerTargets[table] ?? [] where !seen.contains(AlongAccess(table: target, verb: .read)) {
      add(access, target, .read, columns: [], isSure: true, &seen)
      eager(target, access, depth: depth + 1, &seen)
    }
  }

  /// `"note.author"`: a relation of a table that the query has already, whatever it calls that one.
  private mutating func aliased(
    _ keys: [QueryKey], of table: NodeID, _ access: FoundAccess, _ seen: inout Set<AlongAccess>
  ) {
    var tables = [table]
    for key in keys {
      for child in key.children {
        var found: [(NodeID, isSure: Bool)] = []
        for table in tables {
          if let other = relation(child.name, of: table, access) { found.append(other) }
        }
        guard let (target, isSure) = found.first(where: \.isSure) ?? found.first else { continue }
        add(access, target, .read, columns: [], isSure: isSure, &seen)
        if !tables.contains(target) { tables.append(target) }
      }
    }
  }

  struct AlongAccess: Hashable {
    var table: NodeID
    var verb: AccessVerb
  }

  private mutating func walk(
    _ keys: [QueryKey], of table: NodeID, _ access: FoundAccess, _ pattern: AlongPattern, isRelated: Bool,
    _ seen: inout Set<AlongAccess>
  ) {
    // `{ model: Post, include: [Comment] }`: what stands beside the model is about it.
    var table = table
    if let model = keys.lazy.compactMap({ $0.name == "" ? nil : $0.children.first?.model }).first,
      let target = modelNodes[model]
    {
      add(access, target, .read, columns: [], isSure: true, &seen)
      table = target
    }
    for key in keys {
      if let model = key.model, let target = modelNodes[model] {
        add(access, target, .read, columns: [], isSure: true, &seen)
      } else if isRelated, let verbs = pattern.writes[key.name] {
        for verb in verbs { add(access, table, verb, columns: key.children.map(\.name), isSure: true, &seen) }
        walk(key.children, of: table, access, pattern, isRelated: true, &seen)
      } else if pattern.tables.contains(key.name) {
        for child in key.children {
          if let target = tableNode(named: child.name, from: code.modules[access.module].package) {
            add(access, target, .read, columns: [], isSure: true, &seen)
          }
        }
        walk(key.children, of: table, access, pattern, isRelated: isRelated, &seen)
      } else if pattern.through.contains(key.name) || pattern.writes[key.name] != nil {
        walk(key.children, of: table, access, pattern, isRelated: isRelated, &seen)
      } else if let (target, isSure) = relation(key.name, of: table, access) {
        let written = key.children.contains { pattern.writes[$0.name] != nil }
        if !written {
          let columns = key.children.flatMap { pattern.through.contains($0.name) ? $0.children.map(\.name) : [$0.name] }
          add(access, target, .read, columns: columns, isSure: isSure, &seen)
          if pattern.isEager { eager(target, access, depth: 0, &seen) }
        }
        links(key, of: table, to: target, access, pattern, &seen)
        walk(key.children, of: target, access, pattern, isRelated: true, &seen)
      }
    }
  }

  /// `tags: { connect: { id } }`: where the table itself does not hold the key, the other one's column is written, or the
  /// table that holds the pairs; which is read, too, wherever the relation is.
  private mutating func links(
    _ key: QueryKey, of table: NodeID, to other: NodeID, _ access: FoundAccess, _ pattern: AlongPattern,
    _ seen: inout Set<AlongAccess>
  ) {
    guard !pattern.links.isEmpty, let (back, pairs) = joined(key.name, table, other, access) else { return }
    if let pairs, !key.children.contains(where: { pattern.writes[$0.name] != nil }) {
      add(access, pairs, .read, columns: [], isSure: true, &seen)
    }
    for child in key.children {
      for verb in pattern.links[child.name] ?? [] {
        if let pairs {
          add(access, pairs, verb, columns: [], isSure: true, &seen)
        } else if back.holdsKey, pattern.writes[child.name] == nil {
          add(access, other, .update, columns: [], isSure: true, &seen)
        }
      }
    }
  }

  /// The other end of a relation whose key the table itself does not hold, and the table of the pairs where neither does
  /// (Prisma documentation, "Many-to-many relations", "Conventions for relation tables in implicit m-n relations").
  private func joined(
    _ name: String, _ table: NodeID, _ other: NodeID, _ access: FoundAccess
  ) -> (back: SchemaRelation, pairs: NodeID?)? {
    guard case .table(let own) = graph.nodes[table].content, case .table(let target) = graph.nodes[other].content,
      let relation = own.table.relations.first(where: { $0.field == name }), !relation.holdsKey,
      let back = target.table.relations.first(where: { row in
        row.target == own.table.codeName && row.name == relation.name && (other != table || row.field != name)
      })
    else { return nil }
    guard !back.holdsKey, back.isList, relation.isList else { return (back, nil) }
    let pair = relation.name ?? [own.table.codeName, target.table.codeName].sortedByBytes().joined(separator: "To")
    return (back, tableNode(named: "_" + pair, from: code.modules[access.module].package))
  }

  private mutating func add(
    _ access: FoundAccess, _ table: NodeID, _ verb: AccessVerb, columns: [String], isSure: Bool,
    _ seen: inout Set<AlongAccess>
  ) {
    guard seen.insert(AlongAccess(table: table, verb: verb)).inserted else { return }
    var own = access
    own.along = nil
    own.verb = verb
    own.columns = columns
    add(own, table, isSure ? access.origin.confidence : .heuristic)
  }

  /// The table that a relation leads to: as the schema says; by the column or field that refers to it; or by its name,
  /// of which the last word is enough where the tables refer to each other.
  private mutating func relation(
    _ name: String, of table: NodeID, _ access: FoundAccess
  ) -> (NodeID, isSure: Bool)? {
    let key = RelationKey(name: name, table: table, package: code.modules[access.module].package)
    if let known = knownRelations[key] { return known }
    let found = findRelation(name, of: table, from: key.package)
    knownRelations[key] = .some(found)
    return found
  }

  struct RelationKey: Hashable {
    var name: String
    var table: NodeID
    var package: PackageID
  }

  private func findRelation(
    _ name: String, of table: NodeID, from package: PackageID
  ) -> (NodeID, isSure: Bool)? {
    guard case .table(let own) = graph.nodes[table].content else { return nil }
    if let stated = relationTargets[table]?[name] { return (stated, true) }
    if let stated = own.table.relations.first(where: { $0.field == name }) {
      return named(stated.target, from: package).map { ($0, true) }
    }
    if let column = own.table.columns.first(where: { $0.codeName == name }) {
      // A field that stands for the row that it refers to; where the schema states its relations, it is only a column.
      guard let reference = column.references, own.table.relations.isEmpty else { return nil }
      return tableNode(named: reference.table, from: package).map { ($0, true) }
    }
    let words = Words.split(name)
    for column in own.table.columns {
      guard let reference = column.references else { continue }
      // `author` for `authorId`
      if Words.split(column.codeName).dropLast() == words[...] {
        return tableNode(named: reference.table, from: package).map { ($0, true) }
      }
    }
    let joined = Set(neighbours(own))
    let found = tableNodes.filter { id in
      guard case .table(let other) = graph.nodes[id].content else { return false }
      let own = Words.split(other.table.codeName)
      return joined.contains(id) ? Words.ends(own, phrase: words) : Words.equals(own, phrase: words)
    }
    if found.count == 1 { return (found[0], false) }
    let exact = found.filter { id in
      guard case .table(let other) = graph.nodes[id].content else { return false }
      return Words.equals(Words.split(other.table.codeName), phrase: words)
    }
    return exact.count == 1 ? (exact[0], false) : nil
  }

  /// Tables that refer to a table, or that it refers to.
  private func neighbours(_ own: TableNode) -> [NodeID] {
    let targets = Set(own.table.columns.compactMap(\.references?.table))
    return tableNodes.filter { id in
      guard case .table(let other) = graph.nodes[id].content else { return false }
      return targets.contains(other.table.name)
        || other.table.columns.contains { $0.references?.table == own.table.name }
    }
  }
}
