import KapinBase
import KapinModel
import KapinQuery
import KapinReport
import KapinTesting
import Testing

/// Ways through the graph, and questions about it.
struct QueryTests {
  private static let files = [
    "package.json": #"{ "dependencies": { "next": "^15", "drizzle-orm": "^0.36" } }"#,
    "schema.ts": """
    import { pgTable, serial, text } from "drizzle-orm/pg-core";
    export const notes = pgTable("notes", { id: serial("id").primaryKey(), body: text("body"), tag: text("tag") });
    """,
    "app/page.tsx": """
    import { Form } from "./form";
    export default function Home() { return <Form />; }
    """,
    "app/form.tsx": """
    export function Form() {
      const send = () => fetch("/api/notes", { method: "POST" });
      return <button onClick={send}>Send</button>;
    }
    """,
    "app/api/notes/route.ts": """
    import { add, list } from "../../../store";
    export async function POST() { return add("x"); }
    export async function GET() { return list(); }
    """,
    "store.ts": """
    import { db } from "./db";
    import { notes } from "./schema";
    export const add = (body: string) => db.insert(notes).values({ body });
    export const list = () => db.select({ tag: notes.tag }).from(notes);
    """,
    "db.ts": """
    import { drizzle } from "drizzle-orm/node-postgres";
    export const db = drizzle("url");
    """,
  ]
  private let index = GraphIndex(Shipped.graph(files))

  private func traces(_ from: String, _ to: String, via: Set<EdgeKind> = []) -> [Trace] {
    let search = NodeSearch(index)
    let end = search.find(to)
    var question = TraceQuestion(from: search.find(from).nodes, to: Set(end.nodes))
    question.column = end.column
    question.last = via
    return index.traces(question)
  }

  @Test func whatAHookHandsOutRunsWhereItIsCalled() {
    let index = GraphIndex(
      Shipped.graph([
        "package.json": #"{ "dependencies": { "react": "^19" } }"#,
        "auth.ts": """
        import { useCallback } from "react";
        export function useAuth() {
          const signIn = () => fetch("/in");
          const signOut = () => fetch("/out");
          const refresh = () => fetch("/refresh");
          const unknown = () => fetch("/unknown");
          const never = () => fetch("/never");
          const kept = useCallback(() => fetch("/kept"), []);
          setInterval(refresh);
          return { signIn, signOut, refresh, unknown, never, kept };
        }
        """,
        "form.tsx": """
        import { useAuth } from "./auth";
        export function Form() { const { signIn } = useAuth(); return <form onSubmit={signIn} />; }
        export function Other() { const { unknown } = useAuth(); return <Later run={unknown} />; }
        export function Out() { const auth = useAuth(); auth.signOut(); return <i />; }
        """,
      ]))
    func reached(_ from: String) -> [String] {
      index.reached(
        from: from, among: ["signIn", "signOut", "refresh", "unknown", "never", "kept"], of: "symbol:auth.ts#useAuth.")
    }
    #expect(reached("Form") == ["signIn", "refresh", "unknown"])
    #expect(reached("Out") == ["signOut", "refresh", "unknown"])
  }

  @Test func whatAListHandsOutOrAConstructorKeepsRunsWhereItIsCalled() {
    let index = GraphIndex(
      Shipped.graph([
        "package.json": #"{ "dependencies": { "react": "^19" } }"#,
        "hooks.ts": """
        export function useLanguage() {
          const change = () => fetch("/language");
          return ["en", change];
        }
        export function useOpaque() {
          const open = () => fetch("/open");
          return [true, open];
        }
        export function Access(token) {
          this.load = async () => token;
          this.check = async () => this.load();
          this.drop = async () => token;
        }
        """,
        "form.tsx": """
        import { Access, useLanguage, useOpaque } from "./hooks";
        export function Page() { const [language] = useLanguage(); return <i>{language}</i>; }
        export function Picker() { const [, change] = useLanguage(); return <i onClick={change} />; }
        export function Opaque() { const [, open] = useOpaque(); return <Later run={open} />; }
        export const make = () => new Access("x");
        export const ask = () => new Access("x").check();
        """,
      ]))
    func reached(_ from: String) -> [String] {
      ["useLanguage.change", "useOpaque.open", "Access.load", "Access.check", "Access.drop"].filter {
        !index.reached(from: "symbol:form.tsx#" + from, among: [$0], of: "symbol:hooks.ts#").isEmpty
      }
    }
    #expect(reached("Page") == [])
    #expect(reached("Picker") == ["useLanguage.change"])
    // Nobody is known to call it, so it may run wherever it stands.
    #expect(reached("Opaque") == ["useOpaque.open"])
    #expect(reached("make") == [])
    #expect(reached("ask") == ["Access.load", "Access.check"])
  }

  @Test func whatStandsDeepInOptionsRunsWhenItIsCalled() {
    let index = GraphIndex(
      Shipped.graph([
        "package.json": #"{ "dependencies": { "auth-lib": "^1", "react": "^19" } }"#,
        "auth.ts": """
        import { makeAuth } from "auth-lib";
        import { useForm } from "forms";
        export function init() {
          return makeAuth({
            now: async () => direct(),
            user: { remove: { beforeDelete: async () => deep() } },
          });
        }
        export function useFields() { return useForm({ on: { submit: async () => sent() } }); }
        const direct = () => 1, deep = () => 2, sent = () => 3;
        """,
      ]))
    func reached(_ from: String) -> [String] {
      index.reached(from: from, among: ["direct", "deep", "sent"], of: "symbol:auth.ts#")
    }
    #expect(reached("symbol:auth.ts#init") == ["direct"])
    #expect(reached("symbol:auth.ts#useFields") == ["sent"])
  }

  @Test func aRequestReachesOnlyTheBranchOfItsMethod() {
    let branches = """
      import { add, list, sweep, drop } from "../../store";
      export default async function handle(req, res) {
        if (req.method !== "GET" && req.method !== "POST" && req.method !== "DELETE") return res.status(405).end(sweep());
        if (req.method === "GET") {
          return list();
        } else if (req.method === "POST") {
          return add("x");
        }
        if (req.method !== "DELETE") { sweep(); } else { drop(); }
      }
      """
    let cases = """
      import { add, list, sweep, drop } from "../../store";
      export default async function handle(req, res) {
        switch (req.method) {
          case "GET":
          case "HEAD":
            return list();
          case "POST": return add("x");
          case "DELETE": return drop();
        }
        sweep();
      }
      """
    let store = """
      import { db } from "./db";
      import { notes, tags, bins, logs } from "./schema";
      export const add = (body: string) => db.insert(notes).values({ body });
      export const list = () => db.select().from(tags);
      export const drop = () => db.delete(bins);
      export const sweep = () => db.delete(logs);
      """
    let schema = """
      import { pgTable, serial, text } from "drizzle-orm/pg-core";
      export const notes = pgTable("notes", { id: serial("id"), body: text("body") });
      export const tags = pgTable("tags", { id: serial("id") });
      export const bins = pgTable("bins", { id: serial("id") });
      export const logs = pgTable("logs", { id: serial("id") });
      """
    let index = GraphIndex(
      Shipped.graph([
        "package.json": Self.files["package.json"]!, "db.ts": Self.files["db.ts"]!, "store.ts": store,
        "schema.ts": schema, "pages/api/branches.ts": branches, "pages/api/cases.ts": cases,
      ]))
    func reached(_ route: String) -> Set<String> {
      let search = NodeSearch(index)
      let question = TraceQuestion(from: search.find(route).nodes, to: Set(search.find("table:*").nodes))
      return Set(index.traces(question).map { index.name($0.end) })
    }
    #expect(reached("GET /api/branches") == ["tags", "logs"])
    #expect(reached("POST /api/branches") == ["notes", "logs"])
    #expect(reached("DELETE /api/branches") == ["bins"])
    #expect(reached("GET /api/cases") == ["tags", "logs"])
    #expect(reached("HEAD /api/cases") == ["tags", "logs"])
    #expect(reached("POST /api/cases") == ["notes", "logs"])
    #expect(reached("DELETE /api/cases") == ["bins", "logs"])
  }

  @Test func aScreenIsFollowedToTheColumn() throws {
    let trace = try #require(traces("PAGE /", "notes.body").first)
    #expect(
      trace.hops.map { "\($0.edge.kind) \(index.name($0.to))" } == [
        "handles Home", "renders Form", "triggers Form.send", "requests POST /api/notes", "handles POST", "calls add",
        "writes notes",
      ])
    #expect(trace.hops.last?.edge.at?.description == "store.ts:3:38")
    #expect(trace.confidence == .resolved)
  }

  @Test func onlyWhatWasAskedForCounts() {
    // No page reads what only the endpoint lists; and no way leads back.
    #expect(traces("PAGE /", "table:*", via: [.reads]).isEmpty)
    #expect(traces("GET /api/notes", "notes.tag").count == 1)
    #expect(traces("GET /api/notes", "notes.body").isEmpty)
    #expect(traces("notes", "PAGE /").isEmpty)
    #expect(traces("route:*", "table:*").count == 3)
  }

  @Test func namesLeadToNodes() {
    let search = NodeSearch(index)
    func ids(_ text: String) -> [String] { search.find(text).nodes.map { index.node($0).id } }
    #expect(ids("/api/notes") == ["route:.:GET /api/notes", "route:.:POST /api/notes"])
    #expect(ids("Form") == ["symbol:app/form.tsx#Form"])
    #expect(ids("send") == ["symbol:app/form.tsx#Form.send"])
    #expect(ids("module:app/*") == ["module:app/api/notes/route.ts", "module:app/form.tsx", "module:app/page.tsx"])
    #expect(ids("table:.:notes") == ["table:.:notes"])
    #expect(ids("nothing").isEmpty && search.nearest("note") == "notes")
  }

  @Test func neighboursAndImpact() {
    let search = NodeSearch(index)
    func answers(_ question: String, _ nodes: [NodeID]) -> [String] {
      GraphQuestions.answer(question, nodes, index).map { "\($0.distance) \(index.name($0.node))" }
    }
    #expect(answers("writers", search.find("notes").nodes) == ["1 add"])
    #expect(answers("readers", search.find("notes").nodes) == ["1 list"])
    #expect(answers("callers", search.find("add").nodes) == ["1 POST"])
    let impact = answers("impact", search.find("store.ts").nodes)
    #expect(Set(impact).isSuperset(of: ["1 POST", "2 POST /api/notes", "6 PAGE /"]), "\(impact)")
  }

  /// Adapters and services: what an object holds runs when it is called, not when the object is made.
  @Test func whatAnObjectHoldsRunsWhenItIsCalled() {
    let index = GraphIndex(
      Shipped.graph([
        "package.json": "{}",
        "adapter.ts": """
        const create = () => 1, load = () => 2, login = () => 3, drop = () => 4;
        export function makeAdapter() {
          load();
          return { async create() { return create(); }, hooks: { remove: () => drop() } };
        }
        export const makeOptions = () => { const options = { hooks: { remove: () => drop() } }; return options; };
        export const makeSlice = () => ({ login: () => login() });
        """,
        "use.ts": """
        import { makeAdapter, makeOptions, makeSlice } from "./adapter";
        import { store } from "store";
        export const made = () => makeAdapter();
        export const called = () => makeAdapter().create();
        export const opted = () => makeOptions();
        export const useStore = store((set: any) => ({ ...makeSlice() }));
        export const start = () => useStore();
        """,
      ]))
    func reached(_ from: String) -> [String] {
      index.reached(
        from: "symbol:use.ts#\(from)", among: ["create", "load", "login", "drop"], of: "symbol:adapter.ts#")
    }
    #expect(reached("made") == ["load"])
    #expect(reached("opted").isEmpty)
    #expect(reached("called") == ["create", "load"])
    // Parts of a store are called by nobody that code shows.
    #expect(reached("start") == ["login"])
  }

  /// Constants, styles and data are called by nobody; who uses them is touched all the same.
  @Test func whoUsesWhatAFileExportsIsTouched() {
    let index = GraphIndex(
      Shipped.graph([
        "package.json": #"{ "dependencies": { "next": "^15" } }"#,
        "limits.ts": "export const most = 5; export const least = 1;",
        "all.ts": #"export { most as biggest } from "./limits"; export const other = 2;"#,
        "prices.ts": #"""
        import { biggest } from "./all";
        const total = biggest * 2;
        export const price = () => total;
        export const free = () => 0;
        """#,
        "names.ts": #"import { other } from "./all"; export const named = () => other;"#,
        "app/page.tsx": #"""
        import { free, price } from "../prices";
        import labels from "../labels.json";
        const Free = () => <b>{free()}</b>;
        const Price = () => <b>{price()}</b>;
        const Label = () => <b>{String(labels.title)}</b>;
        export default function Home() { return <><Free /><Price /><Label /></>; }
        """#,
        "labels.json": #"{ "title": "Hello" }"#,
        "vague.tsx": #"""
        import { most } from "./limits";
        export const Vague = () => <b>{most}</b>;
        export const Other = () => <b>no</b>;
        """#,
      ]))
    func impact(_ file: String) -> Set<String> {
      let found = GraphQuestions.answer("impact", NodeSearch(index).find(file).nodes, index)
      return Set(found.map { "\($0.distance) \(index.name($0.node))" })
    }
    #expect(
      impact("limits.ts")
        == ["1 all.ts", "1 vague.tsx", "1 Vague", "1 Other", "2 total", "3 price", "4 Price", "5 Home", "6 PAGE /"])
    #expect(impact("labels.json") == ["1 app/page.tsx", "1 Label", "2 Home", "3 PAGE /"])
    #expect(impact("names.ts").isEmpty)
  }

  @Test func assistantsAreToldWhatIsWrong() throws {
    let tools = AssistantTools(index)
    #expect(try tools.call("writers", ["name": "notes"]).text.contains("store.ts:3:38"))
    #expect(
      try tools.call("trace", ["from": "/", "to": "notes", "via": "writes"]).text.contains("writes (create) notes"))
    #expect(throws: AssistantTools.Failure.self) { try tools.call("writers", ["name": "notess"]) }
    #expect(throws: AssistantTools.Failure.self) { try tools.call("writers", [:]) }
    #expect(throws: AssistantTools.Failure.self) { try tools.call("drop", [:]) }
    #expect(throws: AssistantTools.Failure.self) { try tools.call("routes", ["colour": "red"]) }
  }
}
