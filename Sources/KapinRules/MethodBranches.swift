import KapinBase
import KapinModel

/// The parts of a handler that only requests with other methods reach: of `if (req.method === "GET") { … } else if
/// (req.method === "POST") { … }` and `switch (req.method)`, the branches of the other ones.
struct MethodBranches {
  private let tests: [(range: Range32, methods: [String], isNegated: Bool)]

  /// - Parameter methods: the texts that are methods.
  init(_ facts: FrozenFacts, in handler: Range32, methods: Set<String>) {
    tests = facts.tests.compactMap { test in
      guard handler.encloses(test.range), !test.literals.isEmpty else { return nil }
      let texts = facts.valueLists[test.literals.indices].compactMap { value -> String? in
        if case .text(let text) = facts.values[value] { facts.names[text] } else { nil }
      }
      guard texts.count == test.literals.count, texts.allSatisfy(methods.contains) else { return nil }
      return (test.range, texts, test.isNegated)
    }
  }

  /// Ascending, none inside another.
  func apart(from method: String) -> [Range32] {
    tests.filter { $0.methods.contains(method) == $0.isNegated }.map(\.range).outermost
  }
}
