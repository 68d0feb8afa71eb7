import KapinBase
import KapinExtract
import KapinModel
import KapinRules

/// Replays schema histories and joins all sources of one table into one node.
struct SchemaComposer {
  private let graph: CodeGraph
  private let program: RuleProgram
  private(set) var tables: [TableNode] = []
  /// For what code means by a model, the place of its table in `tables`.
  private(set) var tableOfModel: [EntityID: Int] = [:]
  /// What views read, by their names.
  private(set) var views: [String: [String]] = [:]
  /// Tables that only sketches of models declare, as places in `tables`.
  private var sketches: Set<Int> = []
  private(set) var notes: [Diagnostic] = []
  private(set) var disagreements: [Diagnostic] = []

  init(_ graph: CodeGraph, _ program: RuleProgram) {
    self.graph = graph
    self.program = program
  }

  private struct Source {
    var rule: String
    var language: SchemaLanguage
    var package: PackageID
    var provider: String?
    var history = SchemaHistory()
  }

  /// - Parameters:
  ///   - models: what code declares beside the schema files.
  ///   - steps: migrations in code.
  mutating func compose(
    _ schemas: [(file: FileID, language: SchemaLanguage, facts: SchemaFacts)], _ models: [FoundModel],
    _ steps: [FoundChange]
  ) {
    var sources: [Source] = []
    for (file, language, facts) in schemas {
      let entry = graph.inventory.files[file]
      for view in facts.views where !entry.isTest { views[view.name] = view.tables }
      guard language != .graphql, !entry.isTest, let rule = rule(language, entry.path) else { continue }
      let package = package(around: entry.path)
      // Declarative files of one folder tree are one schema; migrations of one package are one history.
      let index =
        sources.firstIndex { $0.language == language && $0.package == package && $0.rule == rule }
        ?? sources.endIndex
      if index == sources.endIndex { sources.append(Source(rule: rule, language: language, package: package)) }
      sources[index].provider = sources[index].provider ?? facts.provider
      sources[index].history.apply(facts)
    }
    migrations(steps, &sources)
    for index in sources.indices {
      sources[index].history.finish()
      if sources[index].provider == nil { sources[index].provider = "postgresql" }
    }
    // A declarative schema says what the code sees, so it comes before migrations.
    for source in sources.filter({ $0.language != .sql }) { add(source) }
    add(models)
    for source in sources.filter({ $0.language == .sql }) { add(source) }
  }

  /// Migrations in code run in the order of their files' names.
  private mutating func migrations(_ steps: [FoundChange], _ sources: inout [Source]) {
    let ordered = steps.sortedByBytes { graph.modules[$0.module].path }
    for (path, all) in Self.byPath(ordered, graph) {
      for step in all.sorted(by: { $0.offset < $1.offset }) {
        let package = graph.modules[step.module].package
        let index =
          sources.firstIndex { $0.language == .sql && $0.package == package && $0.rule == step.rule }
          ?? sources.endIndex
        if index == sources.endIndex {
          sources.append(Source(rule: step.rule, language: .sql, package: package))
        }
        var facts = SchemaFacts()
        facts.changes = step.changes
        if let text = step.text { facts = SQLReader.read(Array(text.utf8), path: path, at: step.place.position) }
        sources[index].provider = sources[index].provider ?? facts.provider
        for view in facts.views { views[view.name] = view.tables }
        sources[index].history.apply(facts)
      }
    }
  }

  private static func byPath(_ steps: [FoundChange], _ graph: CodeGraph) -> [(path: String, steps: [FoundChange])] {
    var found: [(path: String, steps: [FoundChange])] = []
    for step in steps {
      let path = graph.modules[step.module].path
      if found.last?.path == path {
        found[found.count - 1].steps.append(step)
      } else {
        found.append((path, [step]))
      }
    }
    return found
  }

  /// Models with the names that the database has for what they refer to.
  private mutating func add(_ models: [FoundModel]) {
    var byEntity: [EntityID: FoundModel] = [:]
    var byCodeName: [String: FoundModel] = [:]
    for model in models {
      byEntity[model.entity] = model
      if byCodeName[model.table.codeName] == nil { byCodeName[model.table.codeName] = model }
    }
    // Of several declarations of a table, the one counts that other modules use.
    let imported = importedModules()
    let used = models.filter { imported.contains($0.module) }, rest = models.filter { !imported.contains($0.module) }
    for model in used + rest {
      var table = model.table
      for (name, reference) in model.references {
        guard let column = table.columns.firstIndex(where: { $0.name == name }) else { continue }
        let target: FoundModel? =
          switch reference.table {
          case .model(let entity): byEntity[entity]
          case .codeName(let name), .name(let name): byCodeName[name] ?? models.first { $0.table.name == name }
          case .relation: nil
          }
        resolve(&table, column, target, reference.column, model.styles)
      }
      // A relation whose other side holds the column is none of this table.
      table.columns.removeAll { $0.hasNamedType && $0.references == nil }
      let package = graph.modules[model.module].package
      let rule = model.origin.rule
      if let known = tables.firstIndex(where: { $0.table.name == table.name && related($0.package, package) }) {
        tableOfModel[model.entity] = known
        continue
      }
      tableOfModel[model.entity] = tables.count
      if model.isSketch { sketches.insert(tables.count) }
      tables.append(TableNode(table: table, provider: model.provider ?? "postgresql", source: rule, package: package))
    }
  }

  private func importedModules() -> Set<ModuleID> {
    var found: Set<ModuleID> = []
    for module in graph.modules where !module.isTest {
      for case .module(let target) in module.targets { found.insert(target) }
    }
    return found
  }

  /// A reference's column and type; a relation gets its column's name from the target's key.
  private func resolve(
    _ table: inout SchemaTable, _ column: Int, _ target: FoundModel?, _ stated: String?,
    _ styles: [NameStyle]
  ) {
    let keys = target?.table.columns.filter(\.primary) ?? []
    let to =
      stated.flatMap { name in target?.table.columns.first { $0.codeName == name || $0.name == name } } ?? keys.first
    guard let target else {
      if table.columns[column].hasNamedType { table.columns[column].references = nil }
      return
    }
    let name = to?.name ?? stated ?? "id"
    table.columns[column].references = SchemaColumn.Reference(table: target.table.name, column: name)
    if table.columns[column].type.isEmpty { table.columns[column].type = to?.type ?? "integer" }
    guard table.columns[column].hasNamedType else { return }
    table.columns[column].hasNamedType = false
    if table.columns[column].name == styles.reduce(table.columns[column].codeName, { $1.apply($0) }) {
      // `author` and `id` make `authorId`, in the style of the other columns.
      let joined = table.columns[column].codeName + name.prefix(1).uppercased() + name.dropFirst()
      table.columns[column].name = styles.reduce(joined) { $1.apply($0) }
    }
  }

  private func rule(_ language: SchemaLanguage, _ path: String) -> String? {
    for rule in program.finders {
      for emit in rule.emits {
        guard case .schema(let own, let files, let except) = emit, own == language else { continue }
        if files.contains(where: { $0.matches(path) }), !except.contains(where: { $0.matches(path) }) {
          return rule.info.id
        }
      }
    }
    return nil
  }

  private func package(around path: String) -> PackageID {
    var best = PackageID(UInt32(0))
    var length = -1
    for id in graph.packages.ids {
      let folder = graph.packages[id].folder
      if Paths.isInside(path, folder), folder.utf8.count > length {
        best = id
        length = folder.utf8.count
      }
    }
    return best
  }

  private mutating func add(_ source: Source) {
    for table in source.history.tables {
      if let known = tables.firstIndex(where: { same($0, table, source) }) {
        if tables[known].table.columns.isEmpty {
          tables[known].table.columns = table.columns
          tables[known].table.indexes = table.indexes
        } else {
          let isSketch = sketches.remove(known) != nil
          if isSketch || tables[known].source != source.rule { compare(tables[known].table, table) }
          if isSketch { complete(known, table) }
        }
        continue
      }
      tables.append(TableNode(table: table, provider: source.provider, source: source.rule, package: source.package))
    }
  }

  /// The columns as the migrations leave them, with the names that the code has for them.
  private mutating func complete(_ known: Int, _ replayed: SchemaTable) {
    for column in tables[known].table.columns.indices {
      let own = tables[known].table.columns[column]
      guard var stated = replayed.columns.first(where: { $0.name == own.name }) else { continue }
      stated.codeName = own.codeName
      stated.place = own.place
      tables[known].table.columns[column] = stated
    }
    tables[known].table.indexes += replayed.indexes
  }

  /// Whether a replayed table is a declared one: near it, or alike and in a package that only holds the migrations.
  private func same(_ node: TableNode, _ table: SchemaTable, _ source: Source) -> Bool {
    guard node.table.name == table.name else { return false }
    if related(node.package, source.package) { return true }
    guard source.language == .sql, node.source != source.rule else { return false }
    let own = Set(node.table.columns.map(\.name)), other = Set(table.columns.map(\.name))
    return own.intersection(other).count * 2 >= max(own.count, other.count)
  }

  /// Packages of one root share a database unless both declare the table by the same means.
  private func related(_ a: PackageID, _ b: PackageID) -> Bool {
    a == b || Paths.isInside(graph.packages[a].folder, graph.packages[b].folder)
      || Paths.isInside(graph.packages[b].folder, graph.packages[a].folder)
  }

  private mutating func compare(_ declared: SchemaTable, _ replayed: SchemaTable) {
    let names = Set(replayed.columns.map(\.name)), own = Set(declared.columns.map(\.name))
    let missing = own.subtracting(names).sortedByBytes(), extra = names.subtracting(own).sortedByBytes()
    guard !missing.isEmpty || !extra.isEmpty else { return }
    var says: [String] = []
    if !missing.isEmpty { says.append("the migrations lack \(missing.joined(separator: ", "))") }
    if !extra.isEmpty { says.append("the schema lacks \(extra.joined(separator: ", "))") }
    disagreements.append(
      Diagnostic(
        .schemaDisagrees, .note, "table \(declared.name): \(says.joined(separator: "; "))", at: declared.place))
  }
}

/// Tables as they stand after a sequence of changes.
struct SchemaHistory {
  private(set) var tables: [SchemaTable] = []
  private var enums: [String: SchemaEnum] = [:]
  /// Changes of tables that no earlier file creates: tried again at the end.
  private var waiting: [SchemaChange] = []

  mutating func apply(_ facts: SchemaFacts) {
    for row in facts.enums {
      if let known = enums[row.codeName] {
        enums[row.codeName]?.values = known.values + row.values.filter { !known.values.contains($0) }
      } else {
        enums[row.codeName] = row
      }
    }
    for change in facts.changes where !apply(change) { waiting.append(change) }
  }

  mutating func finish() {
    for change in waiting {
      if case .add(let column, let table) = change, let index = index(table),
        tables[index].columns.contains(where: { $0.name == column.name })
      {
        continue
      }
      _ = apply(change)
    }
    resolveNamedTypes()
    resolveReferences()
  }

  private func index(_ name: String) -> Int? { tables.lastIndex { $0.name == name } }

  private mutating func apply(_ change: SchemaChange) -> Bool {
    switch change {
    case .create(let table):
      // `CREATE TABLE IF NOT EXISTS` of a table that is there changes nothing.
      if index(table.name) == nil { tables.append(table) }
    case .drop(let name): tables.removeAll { $0.name == name }
    case .rename(let name, let new):
      guard let table = index(name) else { return false }
      tables[table].name = new
      tables[table].codeName = new
    case .add(let column, let name):
      guard let table = index(name) else { return false }
      if !tables[table].columns.contains(where: { $0.name == column.name }) { tables[table].columns.append(column) }
    case .dropColumn(let column, let name):
      guard let table = index(name) else { return false }
      tables[table].columns.removeAll { $0.name == column }
    case .renameColumn(let column, let new, let name):
      return edit(name, column) {
        $0.name = new
        $0.codeName = new
      }
    case .alter(let name, let column, let alteration):
      return edit(name, column) { row in
        switch alteration {
        case .type(let type): row.type = type
        case .nullable(let flag): row.nullable = flag
        case .defaultValue(let value): row.defaultValue = value
        }
      }
    case .index(let row, let name):
      guard let table = index(name) else { return false }
      tables[table].indexes.append(row)
    case .dropIndex(let name):
      for table in tables.indices { tables[table].indexes.removeAll { $0.name == name } }
    case .reference(let column, let target, let targetColumn, let name):
      return edit(name, column) { $0.references = SchemaColumn.Reference(table: target, column: targetColumn) }
    case .unique(let columns, let name):
      guard let table = index(name) else { return false }
      if columns.count == 1 { _ = edit(name, columns[0]) { $0.unique = true } }
      tables[table].indexes.append(SchemaIndex(name: nil, columns: columns, unique: true))
    case .primary(let columns, let name):
      guard index(name) != nil else { return false }
      for column in columns {
        _ = edit(name, column) {
          $0.primary = true
          $0.nullable = false
        }
      }
    }
    return true
  }

  private mutating func edit(_ name: String, _ column: String, _ body: (inout SchemaColumn) -> Void) -> Bool {
    guard let table = index(name), let row = tables[table].columns.firstIndex(where: { $0.name == column }) else {
      return false
    }
    body(&tables[table].columns[row])
    return true
  }

  /// A column whose type is a table's name is a relation, no column; an enum's name becomes its database type.
  private mutating func resolveNamedTypes() {
    let models = Set(tables.map(\.codeName))
    for table in tables.indices {
      for column in tables[table].columns where column.hasNamedType && models.contains(column.type.strippedArray) {
        tables[table].relations.append(
          SchemaRelation(
            field: column.codeName, target: column.type.strippedArray, isList: column.type.hasSuffix("[]")))
      }
      tables[table].columns.removeAll { $0.hasNamedType && models.contains($0.type.strippedArray) }
      for column in tables[table].columns.indices {
        let type = tables[table].columns[column].type
        guard let known = enums[type.strippedArray] else { continue }
        tables[table].columns[column].enumValues = known.values
        tables[table].columns[column].type = "\"\(known.name)\"" + type.dropFirst(type.strippedArray.count)
      }
      tables[table].columns.removeAll {
        $0.hasNamedType && $0.enumValues.isEmpty && enums[$0.type.strippedArray] == nil
      }
    }
  }

  /// References are stated by names in code; the database's names are wanted.
  private mutating func resolveReferences() {
    let byCode = Dictionary(tables.map { ($0.codeName, $0) }, uniquingKeysWith: { a, _ in a })
    for table in tables.indices {
      for column in tables[table].columns.indices {
        guard let reference = tables[table].columns[column].references, let target = byCode[reference.table] else {
          continue
        }
        let name = target.columns.first { $0.codeName == reference.column }?.name ?? reference.column
        tables[table].columns[column].references = SchemaColumn.Reference(table: target.name, column: name)
      }
    }
  }
}

extension String {
  fileprivate var strippedArray: String { hasSuffix("[]") ? String(dropLast(2)) : self }
}
