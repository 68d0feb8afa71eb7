import KapinBase
import KapinRules
import Testing

/// Invalid rules get one clear message each, with place and the nearest valid key.
struct RuleErrorTests {
  private func problems(_ text: String, name: String = "x") -> [String] {
    do {
      _ = try RuleLoader.load([RuleText(path: "rules/\(name).yml", text: text)])
      return []
    } catch { return error.diagnostics.map(\.description) }
  }

  private func check(_ text: String, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let all = problems(text)
    #expect(all.contains { $0.contains(expected) }, "\(all)", sourceLocation: sourceLocation)
  }

  private let head = "kapin: 1\nid: x\nkind: framework\ntitle: X\n"

  @Test func unknownKeysNameTheNearest() {
    check(head + "emits: []", "rules/x.yml:5:1: error: unknown key `emits` [bad-rule]\n  help: did you mean `emit`?")
    check(head + "values:\n  a: { cal: b.c }", "did you mean `call`?")
    check(head + "emit:\n  - rout: {}", "did you mean `route`?")
    check(head + "emit:\n  - route: { on: nothing }", "neither a value of this rule nor `package.export`")
  }

  @Test func patternsThatAreTooWideAreNotCutOff() {
    let letters = "{" + "abcdefghijklmnopqrst".map(String.init).joined(separator: ",") + "}"
    check("kapin: 1\nid: x\nkind: generated\ntitle: X\nfiles: \"\(letters)/\(letters).ts\"", "too many alternatives")
    #expect(problems("kapin: 1\nid: x\nkind: generated\ntitle: X\nfiles: \"\(letters)/*.ts\"").isEmpty)
  }

  @Test func whatIsMissingIsNamed() {
    check("id: x\nkind: feature\ntitle: X", "`kapin` is missing")
    check("kapin: 2\nid: x\nkind: framework\ntitle: X", "reads `kapin: 1`")
    check("kapin: 1\nid: x\ntitle: X", "`kind` is missing")
    check("kapin: 1\nid: x\nkind: framwork\ntitle: X", "did you mean `framework`?")
    check("kapin: 1\nid: y\nkind: framework\ntitle: X", "differs from the file's name")
    check("", "the file is empty")
    check("a: [", "not valid YAML")
    check(
      "kapin: 1\nid: x\nkind: metric\ntitle: X\nfeature: nope\nquestion: q\ndescription: d\ndecision: e\nsources:\n  - tables: { t: { words: user } }\n    roles: { a: { of: t, column: id } }\n    sql: SELECT 1",
      "there is no feature rule `nope`")
  }

  @Test func templatesAreChecked() {
    let metric =
      "kapin: 1\nid: x\nkind: metric\ntitle: X\nfeature: f\nquestion: q\ndescription: d\ndecision: e\nsources:\n  - tables: { t: { words: user } }\n    roles: { made_at: { of: t, column: created at, type: time } }\n    sql: "
    check(metric + "SELECT {made_ta.time} FROM {t}", "did you mean `made_at`?")
    check(metric + "SELECT {made_at.tim} FROM {t}", "is no form")
    check(metric + "\"SELECT 1 {#made_at}\"", "is not closed")
  }

  @Test func aRuleThatIsTooLargeIsRefused() {
    check(String(repeating: "# x\n", count: 100_000), "larger than 256 KiB")
  }
}
