import KapinBase
import KapinFiles
import KapinModel
import KapinRules
import KapinTesting
import Testing

/// Deletions of clauses, and the tests that notice them.
struct MutationTests {
  private static let rule = RuleText(
    path: "points.yml",
    text: """
      kapin: 1
      id: points
      kind: feature
      title: Points
      description: People collect points.
      signals:
        - component: { words: [reward], without: [award] }
          weight: 0.7
          says: "component `{name}`"
        - text: { words: [collect points], count: 1 }
          weight: 0.3
          says: "the screen says “{name}”"
      """)

  private func suite(_ code: String) -> Suite {
    SuiteReader.read(
      "# Points\n\n## A test\n\n```tsx rewards.tsx\n\(code)\n```\n\n```expect\nfeature points\n```\n", path: "points.md"
    )
  }

  @Test func whatNoTestNoticesIsToldWithItsPlace() throws {
    let program = try RuleLoader.load(try RuleFolder.rules(Checkout.root + "/Rules") + [Self.rule])
    let half = suite("export function RewardsPage() { return <i />; } //> component `RewardsPage`")
    let result = MutationRunner.run(Self.rule, half, program, deep: false)
    #expect(result.unnoticed.map(\.path).sorted() == ["signals 1 · component · without", "signals 2"])
    #expect(result.unnoticed.first { $0.path == "signals 2" }?.place.description == "points.yml:10:5")
    // `count: 1` holds without being said: its deletion is no question.
    #expect(result.tried == 3)
  }

  @Test func aSuiteThatTestsAllLeavesNothing() throws {
    let program = try RuleLoader.load(try RuleFolder.rules(Checkout.root + "/Rules") + [Self.rule])
    let whole = suite(
      """
      export function RewardsPage() { return <h1>Collect points</h1>; } //> component `RewardsPage` | the screen says “Collect points”
      export function AwardReward() { return <i />; }
      """)
    let result = MutationRunner.run(Self.rule, whole, program, deep: false)
    #expect(result.unnoticed.isEmpty && !result.fails, "\(result.unnoticed.map(\.path))")
  }

  @Test func aFailingSuiteTellsNothing() throws {
    let program = try RuleLoader.load(try RuleFolder.rules(Checkout.root + "/Rules") + [Self.rule])
    #expect(MutationRunner.run(Self.rule, suite("export const a = 1;"), program, deep: false).fails)
  }
}
