import KapinBase
package import KapinModel

/// The tables and columns that fill the roles of a metric's source.
package struct TableBinding {
  package struct Table {
    package var alias: String
    package var id: NodeID
    package var node: TableNode
  }
  package struct Role {
    package var name: String
    package var alias: String
    package var table: String
    package var column: SchemaColumn
  }
  package var tables: [Table] = []
  package var roles: [Role] = []

  /// Tries candidates in the order in which names fit; the first that fills all roles that are not optional wins.
  static func find(
    _ source: MetricSource, in binder: MetricBinder, of feature: Feature
  ) -> Result<TableBinding, BindingMiss> {
    var miss: BindingMiss?
    let found = search(source, source.tables[...], TableBinding(), binder, feature, &miss)
    if let found { return .success(found) }
    return .failure(miss ?? BindingMiss(reason: "no table fits"))
  }

  private static func search(
    _ source: MetricSource, _ rest: ArraySlice<(name: String, pattern: TablePattern)>, _ partial: TableBinding,
    _ binder: MetricBinder, _ feature: Feature, _ miss: inout BindingMiss?
  ) -> TableBinding? {
    guard let wanted = rest.first else { return partial.bindRoles(source, &miss) }
    let candidates = binder.candidates(wanted.pattern, feature).filter { id in
      !partial.tables.contains { $0.id == id.id }
    }
    if candidates.isEmpty {
      if let capture = wanted.pattern.capture {
        miss = miss ?? BindingMiss(reason: "the feature captured no table as `\(capture)`")
      }
      let names = wanted.pattern.words.prefix(4).map { $0.joined(separator: " ") }.joined(separator: ", ")
      miss = miss ?? BindingMiss(reason: "no table is called \(names) or the like")
    }
    for candidate in candidates.prefix(8) {
      var next = partial
      next.tables.append(Table(alias: wanted.name, id: candidate.id, node: candidate.node))
      if let found = search(source, rest.dropFirst(), next, binder, feature, &miss) { return found }
    }
    return nil
  }

  private func bindRoles(_ source: MetricSource, _ miss: inout BindingMiss?) -> TableBinding? {
    var result = self
    for (name, pattern) in source.roles {
      guard let table = tables.first(where: { $0.alias == pattern.table }) else { return nil }
      if let column = column(pattern, table) {
        result.roles.append(Role(name: name, alias: table.alias, table: table.node.table.name, column: column))
      } else if !pattern.isOptional {
        miss =
          miss
          ?? BindingMiss(reason: "table `\(table.node.table.name)` has no column for \(Self.wanted(name, pattern))")
        return nil
      }
    }
    return result
  }

  /// `occurred at (like created at, started at)`
  static func wanted(_ name: String, _ pattern: RolePattern) -> String {
    let own = name.replacing("_", with: " ")
    for case .words(let phrases) in pattern.choices where !phrases.isEmpty {
      return "\(own) (like \(phrases.prefix(2).map { $0.joined(separator: " ") }.joined(separator: ", ")))"
    }
    return own
  }

  func column(_ pattern: RolePattern, _ table: Table) -> SchemaColumn? {
    let columns = table.node.table.columns.filter { Self.has($0, pattern.shape) }
    for choice in pattern.choices {
      switch choice {
      case .primaryKey:
        let keys = columns.filter(\.primary)
        if keys.count == 1 { return keys[0] }
      case .reference(let other, let words):
        let targets = tables.filter { $0.alias == other }.map(\.node.table.name)
        let match = columns.first { column in
          guard let reference = column.references else { return false }
          if other != nil { return targets.contains(reference.table) }
          return words.contains { Words.ends(TableNames.words(reference.table), phrase: $0) }
        }
        if let match { return match }
      case .words(let phrases):
        for phrase in phrases {
          if let exact = columns.first(where: { Words.equals(Words.split($0.name), phrase: phrase) }) { return exact }
        }
        for phrase in phrases {
          if let ending = columns.first(where: { Words.ends(Words.split($0.name), phrase: phrase) }), phrase.count > 1 {
            return ending
          }
        }
      }
    }
    return nil
  }

  private static func has(_ column: SchemaColumn, _ shape: RolePattern.Shape) -> Bool {
    guard !column.type.hasSuffix("[]") else { return false }
    let type = column.type.lowercased()
    switch shape {
    case .any: return true
    case .time: return type.hasPrefix("timestamp") || type.hasPrefix("date")
    case .number:
      return [
        "int", "bigint", "smallint", "numeric", "decimal", "double", "real", "float", "money", "serial", "bigserial",
      ]
      .contains { type.hasPrefix($0) } && column.references == nil && !column.primary
    case .text:
      return ["text", "varchar", "char", "citext", "\"", "uuid"].contains { type.hasPrefix($0) }
        || !column.enumValues.isEmpty
    case .boolean: return type.hasPrefix("bool")
    }
  }
}

extension MetricBinder {
  /// Tables whose names fit, in the order of the words, tables of the feature before others.
  func candidates(_ pattern: TablePattern, _ feature: Feature) -> [(id: NodeID, node: TableNode)] {
    if let capture = pattern.capture { return tables.filter { $0.id == feature.captures[capture] } }
    var found: [(rank: Int, id: NodeID, node: TableNode)] = []
    for (id, node) in tables {
      let words = TableNames.words(node.table.name)
      if pattern.without.contains(where: { Words.contains(words, phrase: $0) }) { continue }
      guard let (index, phrase) = pattern.words.enumerated().first(where: { Words.ends(words, phrase: $0.element) })
      else { continue }
      let isExact = Words.equals(words, phrase: phrase)
      let rank = index * 4 + (isExact ? 0 : 2) + (feature.tables.contains(id) ? 0 : 1)
      found.append((rank, id, node))
    }
    return found.sorted {
      $0.rank != $1.rank ? $0.rank < $1.rank : graph.nodes[$0.id].id.precedes(graph.nodes[$1.id].id)
    }
    .map { ($0.id, $0.node) }
  }
}
