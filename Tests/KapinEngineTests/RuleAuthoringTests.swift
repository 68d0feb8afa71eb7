import Foundation
import KapinBase
import KapinFiles
import KapinModel
import KapinRules
import KapinTesting
import Testing

/// What rule authors are given: the schema, the linter, a start for each kind.
struct RuleAuthoringTests {
  private func shipped() throws -> [RuleText] { try RuleFolder.rules(Checkout.root + "/Rules") }

  /// The decoders decide which keys there are; the schema must know all of them, and no other.
  @Test func schemaKnowsTheKeysOfTheDecoders() throws {
    var texts = try shipped()
    // One clause of each kind that shipped rules may not have.
    texts.append(RuleText(path: "probe.yml", text: "kapin: 1\nid: probe\nkind: alias\ntitle: P\nfixed: { a: ./a }"))
    texts.append(RuleText(path: "probe.yml", text: Self.everyCondition))
    let observed = RuleLoader.observedKeys(texts)
    for (what, keys) in observed {
      guard let known = RuleKeys.all[what] else { continue }
      let names = Set(known.map(\.name))
      #expect(keys.isSubset(of: names), "\(what): the schema lacks \(keys.subtracting(names).sortedByBytes())")
      #expect(names.isSubset(of: keys), "\(what): nobody reads \(names.subtracting(keys).sortedByBytes())")
    }
    for what in RuleKeys.all.keys where !["a pack", "a configuration"].contains(what) {
      #expect(observed[what] != nil, "no shipped rule has \(what)")
    }
  }

  /// A rule with each kind of condition and relation.
  private static let everyCondition = """
    kapin: 1
    id: probe
    kind: feature
    title: P
    description: D
    signals:
      - all:
          - route:
              words: [a]
              reads: { words: [a] }
              writes: { words: [a] }
              calls: { words: [a] }
              emits: { words: [a] }
              uses: { words: [a] }
              renders: { words: [a] }
              requests: { words: [a] }
              navigates: { words: [a] }
              guards: { words: [a] }
              imports: a
              reachable-from: { component: { words: [a] } }
              lacks: { reads: { words: [b] } }
          - table: { words: [a], references: { words: [b] } }
          - any: [{ symbol: { words: [a] } }, { module: { words: [a] } }, { column: { words: [a] } }]
          - any: [{ event: { words: [a] } }, { env: { words: [a] } }, { text: { words: [a] } }]
          - any: [{ call: { package: a } }, { write: { words: [a] } }, { package: { named: [a] } }]
          - not: { component: { words: [b] } }
        says: S
    """

  @Test func shippedRulesFollowTheSchema() throws {
    let folder = try Checkout.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(RuleSchema.json.pretty().utf8).write(to: URL(fileURLWithPath: folder + "/schema.json"))
    let script = """
      import glob, json, sys, yaml
      from jsonschema import Draft202012Validator
      schema = json.load(open(sys.argv[1]))
      Draft202012Validator.check_schema(schema)
      validator = Draft202012Validator(schema)
      count = 0
      for path in glob.glob(sys.argv[2] + "/**/*.yml", recursive=True):
          # YAML 1.1 reads the key `on` as true.
          def plain(node):
              if isinstance(node, dict): return {"on" if k is True else k: plain(v) for k, v in node.items()}
              return ["on" if item is True else plain(item) for item in node] if isinstance(node, list) else node
          for error in validator.iter_errors(plain(yaml.safe_load(open(path)))):
              print(path, list(error.absolute_path), error.message[:200])
          count += 1
      assert list(validator.iter_errors({"kapin": 1, "id": "x", "kind": "framework", "title": "X", "emits": []}))
      print("checked", count > 40)
      """
    let result = try Checkout.run(
      "/usr/bin/python3", ["-c", script, folder + "/schema.json", Checkout.root + "/Rules"])
    #expect(result.output == "checked True\n", "\(result.output.prefix(2_000)) \(result.errors.suffix(600))")
  }

  @Test func shippedRulesHaveNothingToLint() throws {
    let suites = Dictionary(
      try RuleFolder.suites(Checkout.root + "/Rules").map { SuiteReader.read($0.text, path: $0.path) }
        .map { ($0.ruleID, $0) }, uniquingKeysWith: { a, _ in a })
    let found = RuleLint.check(try shipped(), suites: suites, program: Shipped.program)
    #expect(found.isEmpty, "\(found.map(\.description))")
  }

  @Test func lintFindsWhatIsProbablyWrong() throws {
    let text = RuleText(
      path: "broad.yml",
      text: """
        kapin: 1
        id: broad
        kind: framework
        title: Broad
        values: { used: { typed: [App] }, unused: express.Router }
        emit:
          - route: { on: used, method: [get], path: { arg: 0 } }
        """)
    let program = try RuleLoader.load([text])
    let says = RuleLint.check([text], suites: [:], program: program).map(\.description).joined(separator: "\n")
    #expect(says.contains("broad.yml:5:35: warning: the value `unused` is never used"))
    #expect(says.contains("counts everywhere"))
    #expect(says.contains("has no suite"))
    let suite = SuiteReader.read("## A\n\n```ts a.ts\nlet a; //> route GET /\n```\n", path: "broad.md")
    let again = RuleLint.check([text], suites: ["broad": suite], program: program).map(\.message)
    #expect(again.contains { $0.contains("look-alike") })
  }

  /// A rule that was just started passes its own suite, and the linter has nothing to say.
  @Test(arguments: RuleKind.allCases) func aNewRulePasses(kind: RuleKind) throws {
    let start = RuleStart.files(kind: kind, id: "my-rule")
    let rule = RuleText(path: "my-rule.yml", text: start.rule)
    let program = try RuleLoader.load(try shipped() + [rule])
    let suite = SuiteReader.read(start.suite, path: "my-rule.md")
    #expect(suite.tests.count == 2)
    for outcome in SuiteRunner.run(suite, program) {
      #expect(outcome.passed, "\(outcome.test.name): \(outcome.missing) \(outcome.unexpected)")
    }
    let found = RuleLint.check([rule], suites: ["my-rule": suite], program: program)
    #expect(found.isEmpty, "\(found.map(\.description))")
  }
}
