import KapinBase
import KapinModel
import KapinQuery
import Testing

/// Parts of functions that some of their calls never reach.
struct BranchTests {
  private let index = GraphIndex(
    Shipped.graph([
      "package.json": #"{ "dependencies": { "react": "^19" } }"#,
      "store.tsx": """
      export enum Kind { One = "one", Two = "two" }
      const a = () => 1, b = () => 2, c = () => 3, d = () => 4;
      export function options(id: number, options?: { deep?: boolean }) {
        if (options?.deep) a();
        if (!options?.deep) return b();
        c();
      }
      export function fallbacks(kind: Kind, { log = true, quiet = false }: { log?: boolean; quiet?: boolean } = {}) {
        log && a();
        kind === Kind.One ? b() : c();
        if (quiet) d();
      }
      export function cases(kind: string) {
        switch (kind) {
          case "one":
          case "two": a(); break;
          case "three": b();
          case "four": c(); break;
          default: d();
        }
      }
      export function loose(value: string | null, other: string) {
        if (value === null) a();
        if (value !== "x" && other !== "y") b();
        other = "z";
        if (other === "y") c();
        if (value === "x" || value === "y") d();
      }
      export function written(options: { deep?: boolean } = {}) {
        options.deep = options.deep ?? true;
        if (options.deep) a();
      }
      export function held(kind: string, options: { deep?: boolean }) {
        const isOne = kind === "one", isFlat = !options.deep;
        if (isOne) return a();
        if (isFlat) b(); else c();
        let isTwo = kind === "two";
        isTwo = isTwo || Math.random() > 1;
        if (isTwo) d();
      }
      export function items({ all, id }: { all: { kind: string }[]; id: number }) {
        for (const item of all) {
          if (item.kind === "one") a();
          if (item.kind === "two" && id) b();
        }
        all.forEach((item) => { if (item.kind === "three") c(); });
      }
      export function handing(id: number, { deep = false }: { deep?: boolean } = {}) { options(id, { deep }); }
      export function kinds(event: { id: number } | { name: string }) {
        if ("id" in event) return a();
        if ("name" in event) b();
      }
      export const twice = (settings: { deep?: boolean }) => handing(1, settings);
      export function changing(settings: { deep?: boolean }) { settings.deep = !settings.deep; twice(settings); }
      export const inside = (deep: boolean) => {
        const later = () => { if (deep) a(); options(2, { deep }); };
        return later;
      };
      const Deep = () => <i />;
      const Flat = () => <b />;
      export const Card = ({ deep }: { deep?: boolean }) => <p>{deep && <Deep />}{!deep && <Flat />}</p>;
      export const Frame = ({ open, ...rest }: { open?: boolean }) => <Card deep={open} {...rest.id} />;
      export const Bare = ({ open }: { open?: boolean }) => <Card deep={open} />;
      """,
      "use.tsx": """
      import { Bare, Card, Frame, Kind, cases, changing, fallbacks, handing, held, inside, items, kinds, loose, twice, options, written } from "./store";
      export const nothing = () => options(1);
      export const deep = () => options(1, { deep: true });
      export const both = () => { options(1); options(1, { deep: true }); };
      export const spread = (rest: object) => options(1, { ...rest });
      export const variable = () => { const rest: any = {}; rest.deep = true; options(1, rest); };
      export const defaults = () => fallbacks(Kind.One);
      export const others = () => fallbacks(Kind.Two, { log: false, quiet: true });
      export const two = () => cases("two");
      export const three = () => cases("three");
      export const other = () => cases("other");
      export const any = (kind: string) => cases(kind);
      export const missing = () => loose(null, "y");
      export const x = () => loose("x", "n");
      export const late = () => written({});
      export const heldOne = () => held("one", {});
      export const heldDeep = () => held("three", { deep: true });
      export const listed = () => items({ id: 1, all: [{ kind: "one" }, { kind: "three" }] });
      export const single = () => items({ id: 1, all: [{ kind: "two" }] });
      export const more = (rest: any[]) => items({ id: 1, all: [...rest, { kind: "two" }] });
      export const byId = () => kinds({ id: 1 });
      export const byName = () => kinds({ name: "x" });
      export const handed = () => handing(1);
      export const handedDeep = () => handing(1, { deep: true });
      export const handedTwice = () => twice({ deep: false });
      export const handedBoth = () => { twice({ deep: false }); handing(1, { deep: true }); };
      export const changed = () => changing({ deep: false });
      export const closed = () => inside(false);
      export const Framed = () => <Frame open={false} />;
      export const Bared = () => <Bare open={false} />;
      export const Plain = () => <Card />;
      export const Open = () => <Card deep={true} />;
      export const Passed = (all: object) => <Card {...all} />;
      """,
    ]))

  /// The functions and components that one leads to, by their names.
  private func reached(_ from: String) -> [String] {
    index.reached(from: "symbol:use.tsx#\(from)", among: ["a", "b", "c", "d", "Deep", "Flat"], of: "symbol:store.tsx#")
  }

  @Test func whatACallPassesDecides() {
    #expect(reached("nothing") == ["b"])
    #expect(reached("deep") == ["a", "c"])
    #expect(reached("both") == ["a", "b", "c"])
    #expect(reached("defaults") == ["a", "b"])
    #expect(reached("others") == ["c", "d"])
    #expect(reached("two") == ["a"])
    // The case runs on into the next one.
    #expect(reached("three") == ["b", "c"])
    #expect(reached("other") == ["d"])
    #expect(reached("heldOne") == ["a"])
    #expect(reached("heldDeep") == ["c", "d"])
    #expect(reached("listed") == ["a", "c"])
    #expect(reached("single") == ["b"])
    #expect(reached("byId") == ["a"])
    #expect(reached("byName") == ["b"])
    #expect(reached("Plain") == ["Flat"])
    #expect(reached("Open") == ["Deep"])
  }

  @Test func whatAFunctionHandsOnDecidesFurtherOn() {
    #expect(reached("handed") == ["b"])
    #expect(reached("handedDeep") == ["a", "c"])
    #expect(reached("handedTwice") == ["b"])
    #expect(reached("handedBoth") == ["a", "b", "c"])
    #expect(reached("changed") == ["a", "b", "c"])
    #expect(reached("closed") == ["b"])
    #expect(reached("Bared") == ["Flat"])
    // What is spread may bring anything.
    #expect(reached("Framed") == ["Deep", "Flat"])
  }

  @Test func whatIsNotKnownDecidesNothing() {
    #expect(reached("spread") == ["a", "b", "c"])
    #expect(reached("more") == ["a", "b", "c"])
    #expect(reached("variable") == ["a", "b", "c"])
    #expect(reached("any") == ["a", "b", "c", "d"])
    #expect(reached("Passed") == ["Deep", "Flat"])
    // `null` and `undefined` are not told apart, and a parameter that changes is none any more.
    #expect(reached("missing") == ["a", "b", "c", "d"])
    #expect(reached("x") == ["a", "c", "d"])
    #expect(reached("late") == ["a"])
  }

  /// A way that needs a constant to be true and not to be true is none.
  @Test func constantsAreOneThingOnAWay() {
    let index = GraphIndex(
      Shipped.graph([
        "package.json": "{}",
        "constants.ts": """
        export const isCloud = process.env.CLOUD === "1";
        export const isOpen = process.env.OPEN === "1";
        export let isLate = false;
        isLate = Boolean(process.env.LATE);
        """,
        "plan.ts": """
        import { isCloud as hosted, isLate, isOpen } from "./constants";
        const own = () => 1, bought = () => 2;
        export const plan = () => { if (hosted) return bought(); return own(); };
        export const late = () => { if (isLate) return bought(); return own(); };
        export const opened = () => (isOpen ? bought() : own());
        """,
        "use.ts": """
        import { isCloud, isLate, isOpen } from "./constants";
        import { late, opened, plan } from "./plan";
        export const cloud = () => isCloud && plan();
        export const local = () => { if (!isCloud) { plan(); } };
        export const any = () => { if (isOpen) { plan(); } };
        export const both = () => { if (isCloud) plan(); else plan(); };
        export const changing = () => { if (isLate) { late(); } };
        export const open = () => { if (!isOpen) return; opened(); };
        """,
      ]))
    func reached(_ from: String) -> [String] {
      index.reached(from: "symbol:use.ts#\(from)", among: ["own", "bought"], of: "symbol:plan.ts#")
    }
    #expect(reached("cloud") == ["bought"])
    #expect(reached("local") == ["own"])
    #expect(reached("any") == ["own", "bought"])
    #expect(reached("both") == ["own", "bought"])
    #expect(reached("changing") == ["own", "bought"])
    #expect(reached("open") == ["bought"])
  }

  /// Constants that a request sends decide branches of its handler, also in what that hands on to.
  @Test func whatARequestSendsDecides() {
    let index = GraphIndex(
      Shipped.graph([
        "package.json": #"{ "dependencies": { "next": "^15", "axios": "^1" } }"#,
        "work.ts": """
        const add = () => 1, drop = () => 2, short = () => 3, long = () => 4;
        export async function change({ body }: { body: { action: string; id?: number } }) {
          const sent = body;
          if (sent.action === "add") { return add(); }
          drop();
        }
        export const list = (mode: string) => { if (mode === "short") return short(); return long(); };
        """,
        "app/api/items/route.ts": """
        import { schema } from "schema";
        import { change, list } from "../../../work";
        export async function POST(request: Request) {
          const body = schema.parse(await request.json());
          return change({ body });
        }
        export const GET = (request: any) => list(request.nextUrl.searchParams.get("mode"));
        """,
        "client.ts": """
        import axios from "axios";
        const kind = "drop";
        export const adding = () => fetch("/api/items", { method: "POST", body: JSON.stringify({ action: "add", id: 1 }) });
        export const dropping = () => axios.post("/api/items", { action: kind });
        export const named = () => { const sent = { action: "add" }; return axios.post("/api/items", sent); };
        export const changed = (it: string) => { const sent = { action: "add" }; sent.action = it; return axios.post("/api/items", sent); };
        export const any = (action: string) => axios.post("/api/items", { action });
        export const spread = (rest: any) => axios.post("/api/items", { action: "add", ...rest });
        export const shortly = () => fetch("/api/items?mode=short&page=1");
        export const wholly = () => fetch("/api/items?mode=all");
        export const open = (mode: string) => fetch(`/api/items?mode=${mode}`);
        """,
      ]))
    func reached(_ from: String) -> [String] {
      index.reached(from: "symbol:client.ts#\(from)", among: ["add", "drop", "short", "long"], of: "symbol:work.ts#")
    }
    #expect(reached("adding") == ["add"])
    #expect(reached("dropping") == ["drop"])
    #expect(reached("named") == ["add"])
    #expect(reached("changed") == ["add", "drop"])
    #expect(reached("any") == ["add", "drop"])
    #expect(reached("spread") == ["add", "drop"])
    #expect(reached("shortly") == ["short"])
    #expect(reached("wholly") == ["long"])
    #expect(reached("open") == ["short", "long"])
  }

  @Test func codeThatComparesThePathRunsOnThatPage() {
    let frame = """
      import { useRouter } from "next/router";
      import { usePathname } from "next/navigation";
      const load = (id: string) => fetch(`/api/${id}`);
      const One = () => { load("one"); return <i />; };
      const Other = () => { load("other"); return <i />; };
      const Late = () => { load("late"); return <i />; };
      export function Frame() {
        const path = useRouter().pathname;
        const shown = usePathname();
        if (shown === "/late" || shown === "/docs/new") return <Late />;
        return <>{path === "/docs/[id]" ? <One /> : <Other />}</>;
      }
      """
    let page = #"import { Frame } from "../../frame"; export default function Page() { return <Frame />; }"#
    let index = GraphIndex(
      Shipped.graph([
        "package.json": #"{ "dependencies": { "next": "^15", "react": "^19" } }"#,
        "frame.tsx": frame, "pages/docs/[id].tsx": page, "pages/docs/index.tsx": page, "pages/late/index.tsx": page,
      ]))
    func reached(_ from: String) -> [String] {
      index.reached(from: from, among: ["One", "Other", "Late"], of: "symbol:frame.tsx#")
    }
    #expect(reached("PAGE /docs/:id") == ["One", "Late"])
    #expect(reached("PAGE /docs") == ["Other"])
    #expect(reached("PAGE /late") == ["Late"])
    // Which page it is on is not known of the frame itself.
    #expect(reached("Frame") == ["One", "Other", "Late"])
  }

  /// What depends on a function: not what calls it in a branch that its own call leaves out.
  @Test func impactKnowsBranchesToo() {
    let nodes = NodeSearch(index).find("symbol:store.tsx#Deep").nodes
    let names = index.dependents(of: nodes).map { index.name($0.node) }
    #expect(names.contains("Open") && names.contains("Passed") && !names.contains("Plain"), "\(names)")
  }
}
