import KapinBase
import KapinModel
import Testing

/// Calls through values that only a stated type tells.
struct TypedCallTests {
  private func calls(_ files: [String: String]) -> Set<String> {
    let graph = Shipped.graph(files)
    return Set(
      graph.edges.filter { $0.kind == .calls }.map { edge in
        let names = [edge.from, edge.to].map { graph.nodes[$0].id.split(separator: "#").last.map(String.init) ?? "" }
        let proof = edge.fields.contains { if case ("proof", .text("possible")) = $0 { true } else { false } }
        return "\(names[0]) \(names[1])\(proof ? " possibly" : "")"
      })
  }

  private let services = [
    "users.ts": """
    import { Store } from "./store";
    export class UserService {
      constructor(private readonly store: Store, other: string) {}
      list() { return this.store.rows(); }
    }
    """,
    "store.ts": "export class Base { rows() {} } export class Store extends Base { add() {} }",
  ]

  @Test func servicesThatAContainerHandsOver() {
    let found = calls(
      services.merging([
        "controller.ts": """
        import type { UserService } from "./users";
        export class Controller {
          private late?: UserService | null;
          constructor(private users: UserService) {}
          index() { this.users.list(); }
          later() { this.late.list(); }
          deep() { this.users.store.add(); }
          unknown() { this.users.nothing(); }
        }
        """
      ]) { $1 })
    #expect(
      found == [
        "Controller.index UserService.list", "Controller.later UserService.list", "Controller.deep Store.add",
        "UserService.list Base.rows",
      ])
  }

  @Test func parametersResultsAndWhatIsAskedForAClass() {
    let found = calls(
      services.merging([
        "a.ts": """
        import { get } from "container";
        import { UserService } from "./users";
        declare const made: any;
        function service(): UserService { return made.anything; }
        export function passed(users: UserService) { users.list(); }
        export const asked = () => get(UserService).list();
        export const given = () => service().list();
        export const handed = (list: (run: (users: UserService) => void) => void) => list((users: UserService) => users.list());
        export const other = (users: Missing) => users.list();
        """
      ]) { $1 })
    #expect(
      found.isSuperset(of: [
        "passed UserService.list", "asked UserService.list", "given UserService.list", "given service",
      ]))
    #expect(!found.contains { $0.hasPrefix("other") })
  }

  @Test func functionsThatAWrapperWithOverloadsKeeps() {
    let found = calls([
      "keep.ts": """
      export function keep<T>(run: T, seconds: number): T;
      export function keep<T>(name: string, run: T, seconds: number): T;
      export function keep(a: any, b: any, c?: any) { return (...args: any[]) => b(...args); }
      """,
      "a.ts": """
      import { keep } from "./keep";
      export const load = keep("load", async () => read(), 60);
      export function read() {}
      export const use = () => load();
      """,
    ])
    #expect(found.contains("load read") && found.contains { $0.hasPrefix("use load") }, "\(found)")
  }

  @Test func whatClassesMakeOfAnAbstractMethod() {
    let found = calls([
      "a.ts": """
      abstract class Sender { abstract send(): void; both() { this.send(); } }
      class Mail extends Sender { send() {} }
      class Loud extends Mail { send() {} }
      export function notify(sender: Sender) { sender.send(); }
      """
    ])
    #expect(
      found == [
        "Sender.both Mail.send possibly", "Sender.both Loud.send possibly",
        "notify Mail.send possibly", "notify Loud.send possibly",
      ])
  }

  @Test func whatClassesMakeOfAnInterface() {
    let found = calls([
      "types.ts": """
      export interface Store { rows(): void; save: (row: string) => Promise<void>; count(): number }
      export interface Deps { store: Store; nothing: Unknown }
      """,
      "index.ts": "export type { Store as Shop } from './types'; export * from './types';",
      "memory.ts": """
      import type { Store } from "./types";
      export class MemoryStore implements Store, Other<Store> { rows() {} save = async (row: string) => {}; own() {} }
      """,
      "sql.ts": """
      import type { Shop } from "./index";
      export class SqlStore implements Shop { rows() {} }
      """,
      "double.test.ts": """
      import type { Store } from "./types";
      export class DoubleStore implements Store { rows() {} }
      """,
      "service.ts": """
      import type { Deps, Store } from "./index";
      export class Service {
        constructor(private readonly store: Store, private deps: Deps) {}
        list() { return this.store.rows(); }
        add() { return this.deps.store.save("x"); }
        count() { return this.store.count(); }
        missing() { return this.store.own(); }
      }
      """,
    ])
    #expect(
      Set(found.filter { $0.hasPrefix("Service.") }) == [
        "Service.list MemoryStore.rows possibly", "Service.list SqlStore.rows possibly",
        "Service.add MemoryStore.save possibly",
      ])
  }

  @Test func whatASchemaGivesToModelsAndRows() {
    let found = calls([
      "package.json": #"{ "dependencies": { "mongoose": "^8" } }"#,
      "note.js": """
      import { model, Schema } from "mongoose";
      const schema = new Schema({ body: String });
      schema.statics.newest = function newest() { return this.findOne(); };
      schema.methods.drop = function drop() { return this.deleteOne(); };
      export const Note = model("Note", schema);
      """,
      "work.js": """
      import { Note } from "./note";
      export const one = () => Note.newest();
      export const two = async () => { const note = await Note.findById(1); return note.drop(); };
      export const none = async (list) => { list.newest(); Note.drop(); };
      """,
    ])
    #expect(
      Set(found.filter { ["one", "two", "none"].contains($0.split(separator: " ")[0]) }) == ["one newest", "two drop"])
  }

  @Test func whatObjectsOfArgumentsHold() {
    let found = calls([
      "package.json": #"{ "dependencies": { "binder": "^1" } }"#,
      "store.ts": """
      import { bindAll } from "binder";
      export const makeStore = ({ db }: { db: unknown }) => bindAll({ list, add, size: 1 }, { db });
      async function list() {}
      async function add() {}
      """,
      "work.ts": """
      export async function load({ store, other }: { store: Store; other: Store }) { await store.list(); other.list(); store.size(); }
      export async function twice({ store }) { await store.add(); }
      """,
      "app.ts": """
      import { load, twice } from "./work";
      import { makeStore } from "./store";
      class Own { add() {} }
      export const first = () => load({ store: makeStore({ db: 1 }) });
      export const second = () => { const store = makeStore({ db: 2 }); return load({ store }); };
      export const third = () => { twice({ store: makeStore({ db: 3 }) }); twice({ store: new Own() }); };
      """,
    ])
    #expect(
      Set(found.filter { ["load", "twice"].contains($0.split(separator: " ")[0]) }) == ["load list"], "\(found)")
  }

  @Test func itemsOfListsByTheirTypes() {
    let found = calls([
      "types.ts": "export interface Source { load(): void }",
      "a.ts": "import { Source } from './types'; export class SourceA implements Source { load() {} }",
      "work.ts": """
      import type { Source } from "./types";
      export class Work {
        constructor(private readonly sources: Source[]) {}
        pick(name: string) { for (const source of this.sources) { if (source.name === name) return source; } throw new Error(); }
        run() { const source = this.pick("a"); return source.load(); }
        all() { for (const source of this.sources) source.load(); this.sources.load(); }
      }
      """,
    ])
    #expect(found.contains("Work.run SourceA.load possibly"))
    #expect(found.contains("Work.all SourceA.load possibly"))
  }

  @Test func modulesThatAreLoadedTogether() {
    let found = calls([
      "one.ts": "export const add = () => 1;",
      "two.ts": "export const list = () => 2; const rest = []; export default rest;",
      "work.ts": """
      export async function run() {
        const [{ add }, { list }] = await Promise.all([import("./one"), import("./two")]);
        add();
        list();
      }
      export async function shifted(more: any[]) {
        const [{ add }, last] = await Promise.all([...more, import("./two"), import("./one")]);
        add();
        last.list();
      }
      """,
    ])
    #expect(found == ["run add", "run list"])
  }
}
