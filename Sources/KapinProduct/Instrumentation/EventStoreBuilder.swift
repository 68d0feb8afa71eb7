import Foundation
import KapinBase
package import KapinModel

/// Plans the table for events: the schema addition and the migration, in the way of the repository's own.
package enum EventStoreBuilder {
  /// One store for each client rule that events use; nothing when the table exists already.
  package static func build(_ plans: [EventPlan], _ graph: ProductGraph, _ program: RuleProgram) -> [EventStore] {
    let exists = graph.nodes.contains { node in
      if case .table(let table) = node.content { table.table.name == EventTable.name } else { false }
    }
    guard !exists else { return [] }
    var rules: [String] = []
    for plan in plans where !rules.contains(plan.rule) { rules.append(plan.rule) }
    return rules.compactMap { id in
      guard let rule = program.finders.first(where: { $0.info.id == id }), let capture = rule.capture else {
        return nil
      }
      let package = plans.first { $0.rule == id }.map { graph.code.modules[$0.module].package } ?? PackageID(UInt32(0))
      return store(rule.info.id, capture, package, graph)
    }
  }

  private static func store(
    _ rule: String, _ capture: CaptureTemplate, _ package: PackageID, _ graph: ProductGraph
  ) -> EventStore {
    var additions: [FileAddition] = []
    var folder = "migrations"
    if let schema = capture.schema, let (path, siblings) = schemaFile(capture.schemaLanguage, package, graph) {
      let base = Paths.folder(path)
      if siblings > 1 {
        additions.append(
          FileAddition(
            path: Paths.join(base, "product-events." + capture.schemaLanguage.rawValue), text: schema, appends: false))
      } else {
        additions.append(FileAddition(path: path, text: "\n" + schema, appends: true))
      }
      folder = migrationFolder(near: base, graph) ?? Paths.join(base, "migrations")
    } else if let own = migrationFolder(near: graph.code.packages[package].folder, graph) {
      folder = own
    } else {
      folder = Paths.join(graph.code.packages[package].folder, "migrations")
    }
    let name = nextName(in: folder, capture.migrationPath, graph)
    let path = Paths.join(folder, name)
    var files = [FileAddition(path: path, text: EventTable.migration, appends: false)]
    if path.hasSuffix(".up.sql") {
      let down = String(path.dropLast(7)) + ".down.sql"
      files.append(FileAddition(path: down, text: EventTable.rollback, appends: false))
    }
    return EventStore(
      rule: rule, additions: additions + files, migration: EventTable.migration, migrationPath: path,
      apply: capture.apply.replacing("{migration}", with: path))
  }

  /// The schema file with the most tables near a package, and how many files its folder has.
  private static func schemaFile(
    _ language: SchemaLanguage, _ package: PackageID, _ graph: ProductGraph
  ) -> (path: String, siblings: Int)? {
    var counts: [String: Int] = [:]
    for node in graph.nodes {
      guard case .table(let table) = node.content else { continue }
      let path = table.table.place.path
      guard let file = graph.code.inventory.paths.file(path), graph.code.inventory.files[file].form == .schema(language)
      else { continue }
      counts[path, default: 0] += table.package == package ? 1_000 : 1
    }
    guard let best = counts.keys.sortedByBytes().max(by: { counts[$0, default: 0] < counts[$1, default: 0] }) else {
      return nil
    }
    let folder = Paths.folder(best)
    let siblings = graph.code.inventory.files.count { $0.form == .schema(language) && Paths.folder($0.path) == folder }
    return (best, siblings)
  }

  /// The folder of SQL migrations whose path shares most with a folder.
  private static func migrationFolder(near folder: String, _ graph: ProductGraph) -> String? {
    var best: (score: Int, path: String)?
    for file in graph.code.inventory.files where file.form == .schema(.sql) && !file.isTest {
      var candidate = Paths.folder(file.path)
      if Paths.last(file.path) == "migration.sql" { candidate = Paths.folder(candidate) }
      guard Paths.last(candidate).lowercased().contains("migrat") else { continue }
      let shared = zip(candidate.split(separator: "/"), folder.split(separator: "/")).prefix { $0.0 == $0.1 }.count
      if shared > best?.score ?? -1 { best = (shared, candidate) }
    }
    return best?.path
  }

  /// The next name in the numbering of the folder; `{timestamp}` is the last one plus a second.
  private static func nextName(in folder: String, _ template: String, _ graph: ProductGraph) -> String {
    var names: [String] = []
    for file in graph.code.inventory.files where file.form == .schema(.sql) && Paths.isInside(file.path, folder) {
      let inner = folder.isEmpty ? file.path : String(file.path.dropFirst(folder.count + 1))
      names.append(inner.split(separator: "/").first.map(String.init) ?? inner)
    }
    names = Set(names).sortedByBytes()
    let numbers = names.compactMap { name -> (digits: String, prefix: String, rest: String)? in
      let prefix = name.prefix { !$0.isNumber }
      let digits = name.dropFirst(prefix.count).prefix { $0.isNumber }
      guard !digits.isEmpty, prefix.isEmpty || prefix == "V" else { return nil }
      return (String(digits), String(prefix), String(name.dropFirst(prefix.count + digits.count)))
    }
    guard let last = numbers.max(by: { (Int($0.digits) ?? 0) < (Int($1.digits) ?? 0) }) else {
      return template.replacing("{timestamp}", with: "20000101000000").replacing("{number}", with: "001")
    }
    let next = last.digits.count == 14 ? later(last.digits) : padded((Int(last.digits) ?? 0) + 1, last.digits.count)
    if template.contains("{timestamp}") { return template.replacing("{timestamp}", with: next) }
    // The separator after the number, and the ending, are the repository's own.
    let separator = last.rest.hasPrefix("__") ? "__" : last.rest.hasPrefix("-") ? "-" : "_"
    let ending = last.rest.hasSuffix(".up.sql") || last.rest.hasSuffix(".down.sql") ? ".up.sql" : ".sql"
    return "\(last.prefix)\(next)\(separator)product_events\(ending)"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  /// `YYYYMMDDhhmmss` plus one second.
  private static func later(_ stamp: String) -> String {
    let digits = stamp.compactMap(\.wholeNumberValue)
    func part(_ start: Int, _ count: Int) -> Int { digits[start..<start + count].reduce(0) { $0 * 10 + $1 } }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? calendar.timeZone
    let components = DateComponents(
      year: part(0, 4), month: part(4, 2), day: part(6, 2), hour: part(8, 2), minute: part(10, 2),
      second: part(12, 2) + 1)
    guard let date = calendar.date(from: components) else { return stamp + "1" }
    let next = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
    return padded(next.year ?? 0, 4)
      + [next.month, next.day, next.hour, next.minute, next.second].map { padded($0 ?? 0, 2) }.joined()
  }
}
