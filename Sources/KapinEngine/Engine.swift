import KapinBase
import KapinExtract
import KapinLink
package import KapinModel
import KapinRules

/// The road from source trees to the product graph.
///
/// Architecture invariant: it reads only through `SourceTree`, knows no clock and no environment, and its answer does
/// not depend on the number of jobs.
package enum Engine {
  package static func analyze(_ trees: [any SourceTree], _ program: RuleProgram, _ control: RunControl) -> ProductGraph
  {
    let linked = link(trees, program, control)
    control.progress(.find, 0, 1)
    let configs = configs(trees, linked.follower.graph, program)
    let inventory = linked.follower.graph.inventory
    let findings = Finder(
      linked.follower, program, configs: configs, readText: { text($0, trees, inventory) },
      stop: { control.stop() != nil }
    ).run()
    control.progress(.compose, 0, 1)
    var composer = Composer(linked.follower, program, linked.extracted)
    return composer.compose(findings)
  }

  /// The configuration files that rules ask for, in the folders of packages.
  private static func configs(_ trees: [any SourceTree], _ graph: CodeGraph, _ program: RuleProgram) -> [ConfigFile] {
    var names: Set<String> = []
    for rule in program.finders {
      for case .configRoute(let route) in rule.emits { names.formUnion(route.files) }
    }
    var found: [ConfigFile] = []
    for package in graph.packages.ids {
      let folder = graph.packages[package].folder
      for name in names.sortedByBytes() {
        let path = folder.isEmpty ? name : folder + "/" + name
        guard graph.inventory.paths.exists(path),
          let value = graph.inventory.withBytes(path, in: trees, { ConfigFileReader.read($0) }) ?? nil
        else { continue }
        found.append(ConfigFile(path: path, package: package, value: value))
      }
    }
    return found
  }

  private static func text(_ path: String, _ trees: [any SourceTree], _ inventory: Inventory) -> String? {
    guard inventory.paths.exists(path) else { return nil }
    return inventory.withBytes(path, in: trees) { bytes in
      bytes.count <= InventoryBuilder.sizeLimit ? String(decoding: bytes, as: UTF8.self) : nil
    } ?? nil
  }

  /// The files that an analysis would read now.
  package static func files(_ trees: [any SourceTree], _ program: RuleProgram) -> Inventory {
    InventoryBuilder.build(trees, program.generated)
  }

  /// What a rule says about a line, clause by clause.
  package static func explain(
    rule: String, path: String, line: Int, _ trees: [any SourceTree], _ program: RuleProgram, _ control: RunControl
  ) -> [String]? {
    let linked = link(trees, program, control)
    guard let file = linked.follower.graph.inventory.paths.file(path),
      let module = linked.follower.graph.moduleOfFile[file.index]
    else { return nil }
    return Finder(linked.follower, program).explain(rule: rule, module: module, line: line)
  }

  /// How much a set of rules finds in a project that is linked once: for measuring rules one by one.
  package final class Bench {
    private let follower: ValueFollower
    private let configs: [ConfigFile]
    private let readText: (String) -> String?

    package init(_ trees: [any SourceTree], _ program: RuleProgram, _ control: RunControl) {
      let linked = Engine.link(trees, program, control)
      follower = linked.follower
      let graph = follower.graph
      configs = Engine.configs(trees, graph, program)
      readText = { Engine.text($0, trees, graph.inventory) }
    }

    package func findings(_ program: RuleProgram) -> Int {
      Finder(follower, program, configs: configs, readText: readText, stop: { false }).run().count
    }
  }

  private static func link(
    _ trees: [any SourceTree], _ program: RuleProgram, _ control: RunControl
  ) -> (follower: ValueFollower, extracted: ExtractedProject) {
    control.progress(.list, 0, 1)
    let inventory = InventoryBuilder.build(trees, program.generated)
    let extracted = Extraction.run(trees, inventory, program.generated, control)
    control.progress(.link, 0, 1)
    var project = ProjectFacts(
      inventory: extracted.inventory, sources: extracted.sources, manifests: extracted.manifests,
      configs: extracted.configs, workspaces: extracted.workspaces)
    let files = extracted.inventory.files
    project.aliases = AliasFinder.find(
      program.aliases, sources: extracted.sources.map { (files[$0.file].path, $0.facts) },
      manifests: extracted.manifests.map { (Paths.folder(files[$0.file].path), $0.manifest) })
    var kept = extracted
    kept.sources = []
    let follower = Linker.link(project) { ranges, body in
      ParallelMap.run(
        count: ranges.count, order: Array(ranges.indices), jobs: control.jobs, makeState: {},
        body: { (_: inout Void, index) in body(ranges[index]) }
      ).map { $0 ?? [] }
    }
    return (follower, kept)
  }
}
