import KapinBase
import KapinDatabase
package import KapinEngine
package import KapinModel
import KapinPatch
import KapinProduct
import KapinProof
import KapinReport

/// One whole analysis: engine → product → patches → proof. The only caller of what follows the product graph.
package struct AnalysisRun {
  private let trees: [any SourceTree]
  private let program: RuleProgram
  private let control: RunControl
  private let proves: Bool

  /// - Parameter proves: whether queries, migrations and patches are executed; needs PostgreSQL and git.
  package init(_ trees: [any SourceTree], _ program: RuleProgram, _ control: RunControl, proves: Bool) {
    self.trees = trees
    self.program = program
    self.control = control
    self.proves = proves
  }

  package func run() -> Analysis {
    product(Engine.analyze(trees, program, control))
  }

  /// What follows the graph, for callers that have one.
  package func product(_ graph: ProductGraph) -> Analysis {
    var graph = graph
    graph.translations = TranslationReader.read(trees, graph.code.inventory, program.generated)
    graph.documented = DocumentationReader.read(trees, graph.code.inventory, program.generated)
    let features = FeatureFinder(graph, program).find()
    let metrics = MetricBinder(graph, program).bind(features)
    let plans = Self.plans(metrics)
    let stores = EventStoreBuilder.build(plans, graph, program)
    let patches = patches(plans, stores, graph)
    var analysis = Analysis(
      graph: graph, program: program, features: features, metrics: metrics, stores: stores,
      patches: patches.map(\.file), proof: Proof())
    if proves, !(metrics.allSatisfy { $0.sql == nil } && patches.isEmpty) {
      analysis.proof = prove(analysis, patches)
    } else if !proves {
      analysis.proof.notes.append(Diagnostic(.unprovable, .note, "nothing was executed, as asked"))
    }
    return analysis
  }

  /// One plan an event, although several metrics may use it.
  private static func plans(_ metrics: [Metric]) -> [EventPlan] {
    var found: [EventPlan] = []
    for plan in metrics.compactMap(\.event) where !found.contains(where: { $0.name == plan.name }) {
      found.append(plan)
    }
    return found
  }

  private struct Patch {
    var file: PatchFile
    var changes: [FileChange]
  }

  private func patches(_ plans: [EventPlan], _ stores: [EventStore], _ graph: ProductGraph) -> [Patch] {
    let builder = EditBuilder(graph, trees)
    func patch(_ path: String, _ event: String?, _ changes: [FileChange]) -> Patch {
      Patch(file: PatchFile(path: path, event: event, text: UnifiedDiff.text(changes)), changes: changes)
    }
    var all: [Patch] = []
    for store in stores { all.append(patch(BundleFiles.storePatch(store), nil, builder.changes(for: store))) }
    for plan in plans { all.append(patch(BundleFiles.eventPatch(plan.name), plan.name, builder.changes(for: [plan]))) }
    if !all.isEmpty {
      let together = stores.flatMap(builder.changes) + builder.changes(for: plans)
      all.append(patch("patches/all.patch", nil, together))
    }
    return all
  }

  private func prove(_ analysis: Analysis, _ patches: [Patch]) -> Proof {
    control.progress(.compose, 0, 1)
    let server: Result<PrivateServer, DatabaseError>
    do throws(DatabaseError) { server = .success(try PrivateServer()) } catch { server = .failure(error) }
    return Prover(analysis.graph, server: server).prove(
      metrics: analysis.metrics, stores: analysis.stores,
      patches: patches.map { ($0.file.path, $0.changes, $0.file.text) })
  }
}
