import KapinBase
import KapinModel

/// Joins the facts of all files: names, packages, imports; then the relations that code states.
package enum Linker {
  /// Runs a closure for ranges of modules, several at once, and gives the results in order.
  package typealias Deal = (
    _ ranges: [Range<Int>], _ body: @escaping @Sendable (Range<Int>) -> [[ResolvedImport]]
  ) -> [[[ResolvedImport]]]

  /// What an import leads to, and the alias rule that says so.
  package struct ResolvedImport: Sendable {
    var target: ImportTarget
    var rule: String?
  }

  /// - Parameter deal: how the modules' imports are dealt to threads.
  package static func link(_ project: consuming ProjectFacts, _ deal: Deal) -> ValueFollower {
    var notes: [Diagnostic] = []
    let packages = PackageTable(project, notes: &notes)
    var names = NameTable()
    var modules = Table<Module>()
    var moduleOfFile = [ModuleID?](repeating: nil, count: project.inventory.files.count)
    for source in project.sources {
      moduleOfFile[source.file.index] = ModuleID(modules.count);
      modules.append(
        module(source, project.inventory, packages, &names))
    }
    let resolver = ModuleResolver(project, packages: packages, moduleOfFile: moduleOfFile)
    let all = modules
    let targets = deal(Self.ranges(modules.count)) { range in
      // Each range remembers what it resolved; what files exist and say is shared.
      var own = resolver
      return range.map { index in Self.targets(of: all[index], &own) }
    }
    for (index, own) in targets.joined().enumerated() {
      modules.rows[index].targets = own.map(\.target)
      for (position, row) in own.enumerated() {
        if let rule = row.rule { modules.rows[index].aliasRules[position] = rule }
      }
    }
    notes += resolver.notes
    let defaultName = names.intern("default"), starName = names.intern("*")
    let graph = CodeGraph(
      names: names, inventory: project.inventory, packages: packages.packages, modules: modules,
      moduleOfFile: moduleOfFile, notes: notes)
    let follower = ValueFollower(graph, defaultName: defaultName, starName: starName)
    Relations.find(in: follower)
    return follower
  }

  /// Neighbours share folders and configurations, so they stay together.
  private static func ranges(_ count: Int) -> [Range<Int>] {
    let size = max(64, count / 16)
    return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }

  private static func targets(of module: Module, _ resolver: inout ModuleResolver) -> [ResolvedImport] {
    guard !module.facts.imports.isEmpty else { return [] }
    let origin = resolver.origin(of: module.path, in: module.package, isTest: module.isTest)
    return module.facts.imports.map { row in
      let specifier = module.facts.names[row.specifier]
      return row.form == .glob
        ? ResolvedImport(target: resolver.resolvePattern(specifier, from: origin))
        : resolver.resolve(specifier, from: origin)
    }
  }

  private static func module(
    _ source: (file: FileID, hash: ContentHash, facts: FileFacts), _ inventory: Inventory, _ packages: PackageTable,
    _ names: inout NameTable
  ) -> Module {
    let file = inventory.files[source.file]
    var language = SourceLanguage.javascript
    if case .source(let own) = file.form { language = own }
    return Module(
      file: source.file, path: file.path, language: language, package: packages.package(around: file.path),
      hash: source.hash, isTest: file.isTest, facts: FrozenFacts(source.facts), names: names.merge(source.facts.names),
      targets: [])
  }
}
