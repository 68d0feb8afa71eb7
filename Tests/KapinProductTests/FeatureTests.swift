import KapinBase
import KapinEngine
import KapinFiles
import KapinModel
import KapinRules
import KapinRun
import KapinTesting
import Testing

/// What feature rules can ask of the graph, and what the graph tells about features.
struct FeatureTests {
  private static let product = [
    "package.json": #"{ "name": "house", "private": true, "workspaces": ["apps/*", "packages/*"] }"#,
    "apps/web/package.json": #"{ "name": "web", "dependencies": { "next": "*", "@prisma/client": "*", "ui": "*" } }"#,
    "packages/ui/package.json": #"{ "name": "ui", "main": "index.tsx", "dependencies": { "react": "*" } }"#,
    "packages/ui/index.tsx": "export function InviteForm() { return <p>Bring a friend</p>; }",
    "apps/web/schema.prisma": "model Invitation {\n  id Int @id\n}\nmodel Visit {\n  id Int @id\n}\n",
    "apps/web/lib/keep.ts": """
    import { PrismaClient } from "@prisma/client";
    const prisma = new PrismaClient();
    export async function keep() { await prisma.invitation.create({ data: {} }); }
    """,
    "apps/web/app/api/invite/route.ts": """
    import { keep } from "../../../lib/keep";
    export async function POST() { await keep(); return new Response(null); }
    """,
    "apps/web/app/api/invite/list/route.ts": "export async function GET() { return Response.json([]); }",
    "apps/web/app/join/page.tsx": """
    import Link from "next/link";
    import { InviteForm } from "ui";
    export default function JoinPage() { return <main><InviteForm /><Link href="/join/team">Next</Link></main>; }
    """,
    "apps/web/app/join/team/page.tsx": """
    import Link from "next/link";
    export default function TeamPage() { return <Link href="/join/done">Done</Link>; }
    """,
    "apps/web/app/join/done/page.tsx": "export default function DonePage() { return <p>Welcome</p>; }",
  ]

  private func features(_ signals: String, more: String = "") throws -> [Feature] {
    let text = """
      kapin: 1
      id: joining
      kind: feature
      title: Joining
      description: People join.
      threshold: 0.5
      \(more)
      signals:
      \(signals)
      """
    var texts = try RuleFolder.rules(Checkout.root + "/Rules").filter {
      !$0.path.contains("/features/") && !$0.path.contains("/metrics/")
    }
    texts.append(RuleText(path: "joining.yml", text: text))
    let program = try RuleLoader.load(texts)
    return AnalysisRun([MemoryTree(Self.product)], program, RunControl(jobs: 1), proves: false).run().features
  }

  private func evidence(_ condition: String) throws -> [String] {
    try features("  - \(condition)\n    weight: 0.9\n    says: \"{name}\"").flatMap(\.evidence).map(\.says)
  }

  @Test(arguments: [
    ("route: { words: [invite], writes: { words: [invitation], verb: create } }", ["POST /api/invite"]),
    ("route: { words: [invite], writes: { words: [invitation], verb: delete } }", []),
    ("route: { words: [invite], lacks: { writes: any } }", ["GET /api/invite/list"]),
    ("route: { words: [invite], imports: [\"@prisma/client\"] }", ["POST /api/invite"]),
    ("route: { words: [join], type: page, renders: { words: [invite form] } }", ["/join"]),
    ("route: { ends: [done], reachable-from: { route: { named: [join] } } }", ["/join/done"]),
    ("route: { named: [join], reachable-from: { route: { ends: [done] } } }", []),
    ("route: { words: [join], type: page, count: 3 }", ["/join", "/join/done", "/join/team"]),
    ("route: { words: [join], type: page, count: 4 }", []),
    ("all: [{ table: { words: [invitation] } }, { not: { table: { words: [visit] } } }]", []),
    ("all: [{ table: { words: [invitation] } }, { not: { table: { words: [ticket] } } }]", ["Invitation"]),
    ("any: [{ table: { words: [ticket] } }, { table: { words: [visit] } }]", ["Visit"]),
    ("symbol: { named: [keep], calls: { package: \"@prisma/client\", named: [create] } }", ["keep"]),
  ]) func conditionsLookAcrossFiles(condition: String, expected: [String]) throws {
    #expect(try evidence(condition).sortedByBytes() == expected)
  }

  @Test func capturesSpeakInMessages() throws {
    let found = try features(
      """
        - route: { words: [invite], writes: { words: [invitation], as: kept } }
          weight: 0.9
          says: "`{name}` keeps an invitation in `{kept}`"
      """)
    #expect(found.first?.evidence.map(\.says) == ["`POST /api/invite` keeps an invitation in `Invitation`"])
    #expect(found.first?.captures.keys.sorted() == ["kept"])
  }

  @Test func pagesStandInTheOrderOfTheirLinksInTheAppsThatUseThem() throws {
    let found = try features(
      """
        - route: { words: [join], type: page }
          weight: 0.6
          says: "{name}"
        - component: { words: [invite form] }
          weight: 0.6
          says: "{name}"
      """)
    let feature = try #require(found.first)
    let program = try RuleLoader.load(try RuleFolder.rules(Checkout.root + "/Rules"))
    let graph = Engine.analyze([MemoryTree(Self.product)], program, RunControl(jobs: 1))
    #expect(feature.steps.count == 3)
    #expect(
      feature.steps.map { graph.nodes[$0].id } == [
        "route:apps/web:PAGE /join", "route:apps/web:PAGE /join/team", "route:apps/web:PAGE /join/done",
      ])
    // The component lies in a shared package; it lives where it is used.
    #expect(feature.apps.map { graph.nodes[$0].id } == ["package:apps/web"])
  }

  @Test func aFeatureThatRestsOnOneThingIsCalledAsTheProductCallsIt() throws {
    let program = try RuleLoader.load(try RuleFolder.rules(Checkout.root + "/Rules"))
    func titles(_ more: [String: String]) -> [String: String] {
      let files = [
        "package.json": #"{ "dependencies": { "next": "*", "react": "*", "@prisma/client": "*", "next-pwa": "*" } }"#,
        "schema.prisma": "model Post {\n  id Int @id\n  wish String\n}\n",
        "next.config.js": #"module.exports = { plugins: ["next-pwa", "left-out"] };"#,
        "app/posts/page.tsx": "export default function Page() { return <h2>Posts</h2>; }",
        "app/api/posts/route.ts":
          "export async function GET() { return Response.json([]); }\nexport async function POST() { return Response.json({}); }",
        "lib/posts.ts": "export function createPost() {}\nexport function getPosts() {}",
      ].merging(more) { $1 }
      let control = RunControl(jobs: 1)
      let found = AnalysisRun([MemoryTree(files)], program, control, proves: false).run().features
      return Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0.title) })
    }
    let alone = titles([:])
    #expect(alone["content"] == "Posts")
    // What a configuration names is used.
    #expect(alone["pwa"] != nil)
    // With articles beside them, posts are a part of what the rule calls it.
    let blog = titles([
      "app/blog/page.tsx": "export default function Page() { return <h1>Blog</h1>; }",
      "app/articles/page.tsx": "export default function Page() { return null; }",
      "lib/blog.ts": "export function getArticles() {}\nexport function publishArticle() {}",
    ])
    #expect(blog["content"] == "Blog and content")
    #expect(titles(["next.config.js": "module.exports = {};"])["pwa"] == nil)
  }

  @Test func oneFeatureImpliesAndExcludesOthers() throws {
    func rule(_ id: String, _ words: String, _ more: String) -> RuleText {
      RuleText(
        path: "\(id).yml",
        text:
          "kapin: 1\nid: \(id)\nkind: feature\ntitle: \(id)\ndescription: D\n\(more)\nsignals:\n  - table: { words: [\(words)] }\n    weight: 0.8\n    says: \"{name}\"\n"
      )
    }
    let schema = try RuleFolder.rules(Checkout.root + "/Rules").filter { $0.path.hasSuffix("/prisma.yml") }
    let rules = [
      rule("a", "invitation", "implies: [b]\nexcludes: [c]"), rule("b", "nothing", ""), rule("c", "visit", ""),
    ]
    let program = try RuleLoader.load(schema + rules)
    let found = AnalysisRun([MemoryTree(Self.product)], program, RunControl(jobs: 1), proves: false).run().features
    #expect(found.map(\.id) == ["a", "b"])
    #expect(found.last?.evidence.first?.says == "a needs it: Invitation")
    #expect(throws: RuleErrors.self) { _ = try RuleLoader.load([rule("a", "x", "implies: [nowhere]")]) }
  }

  /// Whatever a document has in it, features are found all the same.
  @Test func oddDocumentsCostOnlyThemselves() throws {
    var files = Dictionary(uniqueKeysWithValues: Self.product.map { ($0, Array($1.utf8)) })
    let list = "\n\n## Features\n\n- Invite form\n"
    files["README.md"] = Array((String(repeating: "> ", count: 20_000) + list).utf8) + [0xFF, 0xFE]
    files["docs/features.md"] = [UInt8](repeating: 42, count: 200_000)
    files["docs/README.md"] = Array(("## Features\n\n- " + String(repeating: "**[", count: 5_000)).utf8)
    let program = try RuleLoader.load(try RuleFolder.rules(Checkout.root + "/Rules"))
    let analysis = AnalysisRun([MemoryTree(bytes: files)], program, RunControl(jobs: 1), proves: false).run()
    #expect(analysis.graph.documented.contains { $0.lead == "Invite form" && $0.place.path == "README.md" })
    #expect(analysis.features.contains { $0.id == "invitations" })
  }
}
