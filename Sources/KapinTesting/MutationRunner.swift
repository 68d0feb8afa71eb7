package import KapinModel
package import KapinRules

/// Deletes the clauses of a rule one by one, and tells which deletions its suite does not notice.
package enum MutationRunner {
  package struct Result: Sendable {
    package var tried = 0
    package var unnoticed: [RuleMutation] = []
    /// Whether the suite fails as it is: then it cannot tell anything.
    package var fails = false
  }

  package static func run(_ text: RuleText, _ suite: Suite, _ program: RuleProgram, deep: Bool) -> Result {
    var result = Result()
    result.fails = !SuiteRunner.run(suite, program).allSatisfy(\.passed)
    if result.fails { return result }
    for mutation in RuleMutation.all(of: text, deep: deep) {
      // What cannot be left out is no question.
      guard let changed = mutation.program(program, text) else { continue }
      result.tried += 1
      let isNoticed = suite.tests.contains { test in !SuiteRunner.run(test, suite.ruleID, changed).passed }
      if !isNoticed { result.unnoticed.append(mutation) }
    }
    return result
  }
}
