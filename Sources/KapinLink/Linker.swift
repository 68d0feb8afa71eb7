import KapinBase
import KapinModel

/// Joins the facts of all files: names, packages, imports; then the relations that code states.
package enum Linker {
  package static func link(_ project: consuming ProjectFacts) -> ValueFollower {
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
    var resolver = ModuleResolver(project, packages: packages, moduleOfFile: moduleOfFile)
    for id in modules.ids {
      let module = modules[id]
      guard !module.facts.imports.isEmpty else { continue }
      let origin = resolver.origin(of: module.path, in: module.package)
      modules[id].targets = module.facts.imports.map { row in
        resolver.resolve(module.facts.names[row.specifier], from: origin)
      }
    }
    notes += resolver.notes
    var graph = CodeGraph(
      names: names, inventory: project.inventory, packages: packages.packages, modules: modules,
      moduleOfFile: moduleOfFile)
    graph.notes = notes
    let follower = ValueFollower(graph)
    Relations.find(in: follower)
    return follower
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
