import KapinBase
import KapinExtract
import KapinModel
import KapinSyntax
import Testing

/// Facts of one file, as the lines of `FactsText` that a case is about.
struct ExtractionTests {
  private func facts(_ source: String, _ language: Language = .tsx) -> FileFacts {
    var parser = Parser()
    return Array(source.utf8).withUnsafeBytes { Extractor.extract($0, as: language, with: &parser) }
  }

  private func check(
    _ source: String, _ expected: [String], language: Language = .tsx, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let lines = FactsText.render(facts(source, language)).split(separator: "\n").map(String.init)
    for line in expected {
      #expect(lines.contains(line), "in:\n\(lines.joined(separator: "\n"))", sourceLocation: sourceLocation)
    }
  }

  @Test func importsAndExportsOfAllForms() {
    check(
      "import a, { b as c } from 'x';\nimport * as d from \"y\";\nimport './side';\nexport { c as e, a };\nexport * from 'z';\nexport * as n from 'w';\nexport { q as default } from 'v';",
      [
        "1:1 import static x", "2:1 import static y", "3:1 import sideEffect ./side", "4:10 export value e = c",
        "5:1 export star *", "6:1 export namespace n", "7:10 export reexport default",
      ])
  }

  @Test func commonJS() {
    check(
      "const a = require('a'); const lazy = () => import('b');\nexports.f = function () {};\nmodule.exports.g = a;",
      [
        "1:11 import require a", "1:44 import dynamic b", "2:1 export value f = <function f>", "3:1 export value g = a",
      ],
      language: .javascript)
  }

  @Test func functionsTakeTheNameOfWhatHoldsThem() {
    check(
      "const save = async () => 1;\nconst o = { m() {}, n: () => {} };\nclass K { p = () => 2; get q() { return 3; } }",
      [
        "1:7 arrow save returns 1", "2:13 method m in o", "2:21 arrow n in o", "3:11 arrow p in K returns 2",
        "3:28 getter q in K returns 3",
      ])
  }

  @Test func valuesFoldAndBind() {
    check(
      "const base = '/a';\nfunction f(x = 1) { return `${base}/${x}` + '/c'; }\nlet y = g ?? h;\ncall(a.b['c'], ...[1], { d, 'e': 2 });",
      [
        "2:10 function f returns concat(base, \"/\", x, \"/c\")",
        "4:1 call global call(global a.b.c, ...[1], {d: global d, e: 2})",
      ])
  }

  @Test func namesAreUsedBeforeTheyAreDeclaredAndShadowed() {
    check(
      "use(late);\nconst late = 1;\nfunction s(late) { use(late); }",
      ["1:1 call global use(late)", "3:20 call global use(late)"])
    let facts = facts("use(late);\nconst late = 1;\nfunction s(late) { use(late); }")
    let values = facts.calls.map { facts.values[facts.valueLists[$0.arguments.indices.lowerBound]] }
    #expect(values[0] != values[1], "the parameter shadows the constant")
  }

  @Test func elementsAttributesAndWords() {
    check(
      "const P = () => <Card.Item to={`/x`} on><b>Pay now</b>{'or later'}</Card.Item>;",
      ["1:17 element Card.Item to=\"/x\" on=?", "1:44 text Pay now", "1:56 text or later"])
  }

  @Test func environment() {
    check(
      "process.env.A; import.meta.env['B']; const { C } = process.env;",
      ["1:1 environment A", "1:16 environment B", "1:46 environment C"])
  }

  @Test func codeThatRunsOnlyWhenSomethingHolds() {
    check(
      """
      function f(a, { deep }, mode) {
        if (a.b && !deep) one(); else two();
        if (mode !== "x") return;
        mode === "y" || three();
      }
      """,
      [
        "2:14-2:19 only when a.b", "2:21-2:27 only when a.b", "2:21-2:27 only when not deep",
        "3:28-5:2 only when mode = \"x\"", "4:19-4:26 only when mode ≠ \"y\"",
      ])
  }

  @Test func decoratorsAndTypes() {
    let facts = facts(
      "@Table('t') class T extends Base { @Column({ n: 1 }) id: number; constructor(private db: Pool) {} }", .typescript
    )
    #expect(facts.decorators.count == 2)
    #expect(facts.declarations.contains { facts.names[$0.name] == "db" && $0.type.map { facts.names[$0] } == "Pool" })
  }

  @Test func ambientNamesBindNothing() {
    let facts = facts("declare global { var shared: number }\nconst shared = 2;\nuse(shared);", .typescript)
    #expect(facts.bindings.count == 1)
  }

  @Test func healthyPartsOfBrokenCodeComeOut() {
    check(
      "import a from 'a';\nconst x = ;;;\nfunction f( { return 1\nexport function g() { h(2); }",
      ["1:1 import static a", "4:23 call global h(2)"])
    #expect(facts("const = ;").hasSyntaxErrors)
  }

  /// Valid code that the grammars can't parse costs no facts before, in and behind it.
  @Test func gapsOfTheGrammarsCostNothing() {
    let cases: [(source: String, facts: [String])] = [
      (
        "const a = <p title=\"x&y\">Terms & conditions</p>;\nafter();",
        ["1:26 text Terms & conditions", "2:1 call global after()"]
      ),
      (
        "const q = sql<{ id: number }[]>`select ${f()}`;\nafter();",
        ["1:42 call global f()", "2:1 call global after()"]
      ),
      (
        "const S = styled(Box)<{ on: (x: A) => void }>`a`;\nafter();",
        ["1:11 call global styled(global Box)", "2:1 call global after()"]
      ),
      (
        "const q = () => sql<Row>`select ${f()}`;\nafter();",
        ["1:17 call global sql(concat(\"select \", global f()))", "2:1 call global after()"]
      ),
      ("const q = (id) => sql<{ id: string }>`${id}`;", ["1:19 call global sql(concat(id))"]),
      ("vi.mocked<typeof import('./m')>(x);\nafter();", ["1:26 import type ./m", "2:1 call global after()"]),
      (
        "async function f() { return (await api.get<Row>(1)).data; }\nafter();",
        ["1:36 call await global api.get(1)", "2:1 call global after()"]
      ),
      (
        "async () => await load<Row>`${1}`;\nafter();",
        ["1:19 call await global load(concat(1))", "2:1 call global after()"]
      ),
      ("if (!isOwner<Row>(row)) after();", ["1:6 call global isOwner(global row)", "1:25 call global after()"]),
      ("export type * from './t';\nafter();", ["1:1 export star *", "2:1 call global after()"]),
      ("type F = { set: (boolean) => void };\nconst b = a & c;\nafter();", ["3:1 call global after()"]),
    ]
    for (source, expected) in cases {
      #expect(!facts(source).hasSyntaxErrors, "\(source)")
      check(source, expected)
    }
    // What is no gap stays an error.
    #expect(facts("const a = & ;").hasSyntaxErrors)
  }

  @Test func scriptBlocksKeepTheirPositions() {
    func facts(_ source: String, _ language: SourceLanguage) -> [String] {
      var reader = SourceReader()
      let facts = Array(source.utf8).withUnsafeBytes { reader.facts(of: $0, as: language) }
      #expect(!facts.hasSyntaxErrors)
      return FactsText.render(facts).split(separator: "\n").map(String.init)
    }
    let vue =
      "<template>\n  <b>{{ é }}</b>\n</template>\n<script setup lang=\"ts\" generic=\"T extends A<B>\">\nimport x from './x'; go<T>();\n</script>\n"
    #expect(facts(vue, .vue).contains("5:1 import static ./x") && facts(vue, .vue).contains("5:22 call global go()"))
    let svelte =
      "<script context=\"module\">export const a = 1;</script>\n<script>import b from 'b';</script>\n<p>{b}</p>"
    #expect(facts(svelte, .svelte).contains("2:9 import static b"))
    let astro =
      "---\nimport Card from './Card.astro';\nconst n: number = get();\n---\n<Card />\n<script>run();</script>"
    #expect(facts(astro, .astro).contains("2:1 import static ./Card.astro"))
    #expect(facts(astro, .astro).contains("6:9 call global run()"))
    // A component without a script is still one.
    #expect(
      facts("<script type=\"application/json\">{ \"a\": 1 }</script>", .vue)
        == ["1:1 export value default = <function default>", "1:1 function default"])
  }

  @Test func markupHasElementsAttributesAndWords() {
    func facts(_ source: String, _ language: SourceLanguage) -> FileFacts {
      var reader = SourceReader()
      return Array(source.utf8).withUnsafeBytes { reader.facts(of: $0, as: language) }
    }
    func attributes(_ facts: FileFacts) -> [String] { facts.attributes.map { facts.names[$0.name] } }
    let vue = facts(
      "<script setup>import UserCard from './UserCard.vue'; function save() {}</script>\n<template>\n<user-card :to=\"`/u/${id}`\" @click.once=\"save(1)\"><br>Hello {{ name }}</user-card>\n</template>",
      .vue)
    #expect(vue.elements.map { vue.names[$0.tagName] } == ["template", "user-card", "br"])
    #expect(attributes(vue) == ["to", "onClick"])
    #expect(vue.texts.map { vue.names[$0.text] } == ["Hello"])
    // The tag is the import, the handler the function of the script.
    if case .local(let binding) = vue.values[vue.elements.rows[1].tag] {
      #expect(vue.names[vue.bindings[binding].name] == "UserCard")
    } else {
      Issue.record("the tag leads to no import")
    }
    if case .local(let binding) = vue.values[vue.attributes[1].value] {
      #expect(vue.names[vue.bindings[binding].name] == "save")
    } else {
      Issue.record("the handler leads to no function")
    }
    let svelte = facts(
      "<script>let href = '/x';</script><a {href} class:active={a > b}>{'<b>'}Go</a>{#if x}<Card.Title on:click={() => go('/y')} />{/if}",
      .svelte)
    #expect(svelte.elements.map { svelte.names[$0.tagName] } == ["a", "Card.Title"])
    #expect(attributes(svelte) == ["href", "class:active", "onClick"])
    #expect(svelte.texts.map { svelte.names[$0.text] } == ["Go"])
    // What is cut off, or never closed, ends with the file.
    for broken in ["<a href=", "<a href='x", "<!-- ", "{#if", "<a {", "</", "<A.", "<script>x", "<p>{`"] {
      for language in [SourceLanguage.vue, .svelte, .astro] { _ = facts(broken, language) }
    }
  }

  @Test func aCompactTableOfNamesStillTakesNames() {
    var names = NameTable()
    for index in 0..<200 { _ = names.intern("name\(index)") }
    var compact = names.compacted()
    #expect(compact.intern("name7") == names.find("name7"))
    #expect(compact.intern("other").index == 200)
  }

  @Test func deepNestingIsNotedAndDoesNoHarm() {
    let source = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000) + ";\nafter();"
    let facts = facts("const x = " + source)
    #expect(facts.notes.contains { $0.id == .tooDeep })
    #expect(facts.calls.count == 1)
  }

  @Test func theSkeletonSaysWhereAnEditMayGo() throws {
    let source = "async function f() {\n  try {\n    const a = await g();\n    return a;\n  } catch (e) { h(); }\n}"
    let facts = facts(source)
    let statement = try #require(facts.statements.first { $0.form == .declaration })
    #expect(statement.inBlock && statement.hasAwait)
    #expect(statement.binding.map { facts.names[facts.bindings[$0].name] } == "a")
    #expect(facts.style.endsWithSemicolon && facts.style.indentation == "  ")
  }

  @Test func styleIsMeasured() {
    let facts = facts("'use strict'\nimport a from 'a'\n\nfunction f () {\n\treturn 'x'\n}\n", .javascript)
    #expect(facts.style.quote == "'")
    #expect(!facts.style.endsWithSemicolon)
    #expect(facts.style.indentation == "\t")
    #expect(facts.style.importsEnd == 30)
  }
}
