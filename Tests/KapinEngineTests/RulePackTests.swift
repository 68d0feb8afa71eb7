import Foundation
import KapinBase
import KapinFiles
import KapinModel
import KapinRules
import KapinTesting
import Testing

/// Rules that come from elsewhere: packs, locks, the compiled form, and files that mean harm.
struct RulePackTests {
  private static let rule = """
    kapin: 1
    id: points
    kind: feature
    title: Points
    description: People collect points.
    signals:
      - text: { words: [collect points] }
        weight: 0.7
        says: "the screen says “{name}”"

    """

  private func folder(_ files: [String: String]) throws -> String {
    let folder = try Checkout.scratchFolder()
    for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name)) }
    return folder
  }

  @Test func aManifestNamesThePackAndBoundsTheLanguage() throws {
    let good = try folder(["points.yml": Self.rule, "pack.yml": "pack: acme\nversion: 1.2.0\nrequires: 1\n"])
    let bad = try folder(["points.yml": Self.rule, "pack.yml": "pack: acme\nversion: 2.0.0\nrequires: 99\n"])
    defer { for path in [good, bad] { try? FileManager.default.removeItem(atPath: path) } }
    let pack = try RulePacks.read(good)
    #expect(pack.name == "acme" && pack.version == "1.2.0" && pack.texts.map(\.pack) == ["acme"])
    #expect(try RuleLoader.load(pack.texts).features.map(\.info.id) == ["points"])
    #expect { _ = try RulePacks.read(bad) } throws: { error in
      let problem = error as? RulePacks.Problem
      return problem?.isRule == true && problem?.message.contains("needs rule language 99") == true
    }
  }

  @Test func anArchiveIsReadLikeItsFolder() throws {
    let source = try folder(["points.yml": Self.rule, "pack.yml": "pack: acme\nversion: 1.2.0\n"])
    defer { try? FileManager.default.removeItem(atPath: source) }
    let archive = source + ".tar.gz"
    defer { try? FileManager.default.removeItem(atPath: archive) }
    #expect(try Checkout.run("tar", ["-czf", archive, "-C", source, "."]).status == 0)
    let packed = try RulePacks.read(archive), plain = try RulePacks.read(source)
    #expect(packed.name == "acme" && packed.hash == plain.hash)
    #expect(packed.texts.map(\.path) == [archive + "/points.yml"])
    #expect { _ = try RulePacks.read(source + "/points.yml.tar") } throws: { _ in true }
  }

  @Test func aTakenIdNeedsAWordToReplaceIt() throws {
    let first = RuleText(path: "a/points.yml", text: Self.rule)
    let again = RuleText(path: "b/points.yml", text: Self.rule.replacing("title: Points", with: "title: Coins"))
    #expect { _ = try RuleLoader.load([first, again]) } throws: { error in
      "\(error)".contains("there is a rule `points` already, in a/points.yml") && "\(error)".contains("override: true")
    }
    let said = RuleText(
      path: "b/points.yml", text: again.text.replacing("kind: feature", with: "kind: feature\noverride: true"))
    #expect(try RuleLoader.load([first, said]).rules.map(\.title) == ["Coins"])
  }

  @Test func aLockTellsWhatChanged() throws {
    let path = try folder(["points.yml": Self.rule, "pack.yml": "pack: acme\nversion: 1.2.0\n"])
    defer { try? FileManager.default.removeItem(atPath: path) }
    let before = try RulePacks.read(path)
    let lock = RulePacks.lock([before])
    #expect(RulePacks.differences([before], lock: lock, path: "rules.lock").isEmpty)
    try Data((Self.rule + "# another\n").utf8).write(to: URL(fileURLWithPath: path + "/points.yml"))
    let after = RulePacks.differences([try RulePacks.read(path)], lock: lock, path: "rules.lock")
    #expect(after == ["the pack `acme` differs from what rules.lock holds"])
    #expect(RulePacks.differences([], lock: lock, path: "rules.lock") == ["the pack `acme` of rules.lock is missing"])
    #expect(RulePacks.differences([before], lock: "{", path: "rules.lock").first?.contains("is no lock") == true)
  }

  @Test func theCompiledFormIsTheSameRules() throws {
    var texts = try RuleFolder.rules(Checkout.root + "/Rules")
    let plain = try RuleLoader.load(texts)
    let bytes = RuleTrees.encode(texts)
    #expect(RuleTrees.attach(bytes, to: &texts) && texts.contains { $0.tree != nil })
    let compiled = try RuleLoader.load(texts)
    #expect(RuleMeaning.text(compiled.features) == RuleMeaning.text(plain.features))
    #expect(RuleMeaning.text(compiled.finders) == RuleMeaning.text(plain.finders))
    #expect(RuleMeaning.text(compiled.metrics) == RuleMeaning.text(plain.metrics))
    // What a crash or another program left is not read.
    #expect(!RuleTrees.attach(Array(bytes.dropLast(9)), to: &texts))
    #expect(!RuleTrees.attach(Array("nonsense".utf8), to: &texts))
  }

  private static let bomb = (0..<12).map { level -> String in
    let items = (0..<9).map { _ in level == 0 ? "x" : "*a\(level - 1)" }
    return "a\(level): &a\(level) [\(items.joined(separator: ", "))]"
  }.joined(separator: "\n")

  /// A rule file is untrusted: each of these ends in an error, soon.
  @Test(arguments: [
    bomb, String(repeating: "[", count: 20_000), String(repeating: "- ", count: 20_000) + "x",
    "title: " + String(repeating: "x", count: 300_000),
  ]) func harmIsRefused(text: String) {
    #expect(throws: RuleErrors.self) { _ = try RuleLoader.load([RuleText(path: "harm.yml", text: text)]) }
  }
}
