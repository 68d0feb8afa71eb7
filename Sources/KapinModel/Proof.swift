package import KapinBase

/// What was executed for one thing that KAPIN emits, and what came of it.
package struct ProofStep: Sendable {
  package var name: String
  package var passed: Bool
  package var detail: String
  package init(_ name: String, passed: Bool, detail: String = "") {
    self.name = name
    self.passed = passed
    self.detail = detail
  }
}

/// The executed promises of one analysis.
package struct Proof: Sendable {
  /// The server's version, `nil` when no server could be had.
  package var database: String?
  package var migrations: [ProofStep] = []
  package var metrics: [(id: String, steps: [ProofStep])] = []
  package var patches: [(path: String, steps: [ProofStep])] = []
  package var notes: [Diagnostic] = []
  package init() {}

  /// Nothing that was tried has failed.
  package var holds: Bool {
    (migrations + metrics.flatMap(\.steps) + patches.flatMap(\.steps)).allSatisfy(\.passed)
  }
}

/// A unified diff to hand out.
package struct PatchFile: Sendable {
  /// Relative to the output folder: `patches/user-signed-in.patch`.
  package var path: String
  /// The event that it captures; `nil` for the table's patch and for all together.
  package var event: String?
  package var text: String
  package init(path: String, event: String?, text: String) {
    self.path = path
    self.event = event
    self.text = text
  }
}

/// One whole analysis, ready to be reported.
package struct Analysis: Sendable {
  package var graph: ProductGraph
  package var program: RuleProgram
  package var features: [Feature]
  package var metrics: [Metric]
  package var stores: [EventStore]
  package var patches: [PatchFile]
  package var proof: Proof
  package init(
    graph: ProductGraph, program: RuleProgram, features: [Feature], metrics: [Metric], stores: [EventStore],
    patches: [PatchFile], proof: Proof
  ) {
    self.graph = graph
    self.program = program
    self.features = features
    self.metrics = metrics
    self.stores = stores
    self.patches = patches
    self.proof = proof
  }
}
