public import KapinBase

/// What was executed for one thing that KAPIN emits, and what came of it.
public struct ProofStep: Sendable {
  public var name: String
  public var passed: Bool
  public var detail: String
  public init(_ name: String, passed: Bool, detail: String = "") {
    self.name = name
    self.passed = passed
    self.detail = detail
  }
}

/// The executed promises of one analysis.
public struct Proof: Sendable {
  /// The server's version, `nil` when no server could be had.
  public var database: String?
  public var migrations: [ProofStep] = []
  public var metrics: [(id: String, steps: [ProofStep])] = []
  public var patches: [(path: String, steps: [ProofStep])] = []
  public var notes: [Diagnostic] = []
  public init() {}

  /// Nothing that was tried has failed.
  public var holds: Bool {
    (migrations + metrics.flatMap(\.steps) + patches.flatMap(\.steps)).allSatisfy(\.passed)
  }
}

/// A unified diff to hand out.
public struct PatchFile: Sendable {
  /// Relative to the output folder: `patches/user-signed-in.patch`.
  public var path: String
  /// The event that it captures; `nil` for the table's patch and for all together.
  public var event: String?
  public var text: String
  public init(path: String, event: String?, text: String) {
    self.path = path
    self.event = event
    self.text = text
  }
}

/// One whole analysis, ready to be reported.
public struct Analysis: Sendable {
  public var graph: ProductGraph
  public var program: RuleProgram
  public var features: [Feature]
  public var metrics: [Metric]
  public var stores: [EventStore]
  public var patches: [PatchFile]
  public var proof: Proof
  public init(
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
