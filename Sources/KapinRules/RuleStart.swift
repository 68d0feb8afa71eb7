package import KapinModel

/// What a new rule starts from: a rule and a suite that pass.
package enum RuleStart {
  package static func files(kind: RuleKind, id: String) -> (rule: String, suite: String) {
    let head = "kapin: 1\nid: \(id)\nkind: \(kind.rawValue)\ntitle: \(title(id))\n"
    switch kind {
    case .framework, .analytics: return (head + framework(id), frameworkSuite(id))
    case .client: return (head + client(id), clientSuite(id))
    case .schema: return (head + schema, schemaSuite(id))
    case .feature: return (head + feature, featureSuite(id))
    case .metric: return (head + metric, metricSuite(id))
    case .generated: return (head + "files: [\"**/*.generated.ts\"]\n", generatedSuite(id))
    case .people: return (head + people, peopleSuite(id))
    case .alias: return (head + "fixed: { \"~\": [\"./src\"] }\n", aliasSuite(id))
    }
  }

  private static func title(_ id: String) -> String {
    id.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
  }

  private static func framework(_ id: String) -> String {
    """
    when: { dependency: \(id) }            # the package; nothing is looked for where nobody has it
    values:
      router: [{ call: \(id).default }, { new: \(id).Router }]
      server:
        - router
        - { call: { member: [get, post], of: server } }   # each method gives its router back
    emit:
      - route: { on: server, method: [get, post], arguments: 2, path: { arg: 0 }, handler: { arg: last } }
      - mount: { on: server, method: use, prefix: { arg: 0, else: "/" }, target: { arg: any, is: server } }

    """
  }

  private static func frameworkSuite(_ id: String) -> String {
    """
    # \(title(id))

    What it is, and where its documentation says so.

    ## A route and a mounted router

    ```json package.json
    { "dependencies": { "\(id)": "^1" } }
    ```

    ```ts src/app.ts
    import make, { Router } from "\(id)";
    const app = make();
    const users = new Router();
    users.get("/:id", (request) => {}); //> route GET /users/:id
    app.use("/users", users);
    ```

    ## A look-alike

    The same methods on something else.

    ```json package.json
    { "dependencies": { "\(id)": "^1" } }
    ```

    ```ts src/cache.ts
    const cache = new Map();
    cache.get("/users", () => {});
    ```

    """
  }

  private static func client(_ id: String) -> String {
    """
    when: { dependency: \(id) }
    values:
      client: [\(id).default]
    emit:
      - request: { on: client, method: [get, post, put, patch, delete], path: { arg: 0 } }

    """
  }

  private static func clientSuite(_ id: String) -> String {
    """
    # \(title(id))

    ## A request to a route of the product

    ```json package.json
    { "dependencies": { "\(id)": "^1" } }
    ```

    ```ts src/server.ts
    import { createServer } from "node:http";
    createServer((request, response) => response.end());
    ```

    ```ts src/client.ts
    import client from "\(id)";
    client.get("/users"); //> requests ANY /*rest
    ```

    ## A look-alike

    ```ts src/cache.ts
    new Map().get("/users");
    ```

    """
  }

  private static let schema = """
    emit:
      - schema: { language: sql, files: ["**/tables/*.sql"] }

    """

  private static func schemaSuite(_ id: String) -> String {
    """
    # \(title(id))

    ## A table

    ```sql tables/users.sql
    CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);
    ```

    ```expect
    tables/users.sql:1 table users [postgresql]: id bigint, email text
    ```

    ## A look-alike

    ```sql queries/users.sql
    SELECT id FROM users;
    ```

    """
  }

  private static let feature = """
    description: People collect points.
    signals:
      - component: { words: [loyalty points, rewards] }
        weight: 0.6
        says: "component `{name}` shows points"
      - text: { words: [collect points] }
        weight: 0.3
        says: "the screen says “{name}”"

    """

  private static func featureSuite(_ id: String) -> String {
    """
    # \(title(id))

    ## A component and its words

    ```tsx rewards.tsx
    export function RewardsPage() { return <h1>Collect points</h1>; } //> component `RewardsPage` shows points | the screen says “Collect points”
    ```

    ```expect
    feature \(id)
    ```

    ## A look-alike

    ```tsx points.tsx
    export function PointCloud() { return <svg />; }
    ```

    """
  }

  private static let metric = """
    feature: onboarding
    question: How many accounts are there?
    description: All accounts, today.
    decision: Whether growth goes as planned.
    type: count
    grain: snapshot
    sources:
      - tables:
          u: { words: [user, account] }
        roles:
          id: { of: u, column: [primary] }
        sql: |
          SELECT count({id}) AS accounts FROM {u}

    """

  private static func metricSuite(_ id: String) -> String {
    """
    # \(title(id))

    ## A table of users

    ```sql db/migrations/1.sql
    CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);
    ```

    ```tsx signup.tsx
    export function signUp() {}
    export function SignUpPage() { return <h1>Create an account</h1>; }
    ```

    ```expect
    metric \(id) ready id=users.id
    ```

    ## A look-alike

    ```sql db/migrations/1.sql
    CREATE TABLE planets (id bigint PRIMARY KEY);
    ```

    """
  }

  private static let people = """
    groups:
      - name: editor
        guards: [require editor]
        paths: [editor]

    """

  private static func peopleSuite(_ id: String) -> String {
    """
    # \(title(id))

    ## A page of editors

    ```json package.json
    { "dependencies": { "next": "^15" } }
    ```

    ```tsx app/editor/login/page.tsx
    export default function LoginPage() { return <h1>Log in</h1>; }
    ```

    ```expect
    people editor: PAGE /editor/login
    ```

    ## A look-alike

    ```json package.json
    { "dependencies": { "next": "^15" } }
    ```

    ```tsx app/edit/page.tsx
    export default function EditPage() { return <h1>Log in</h1>; }
    ```

    """
  }

  private static func generatedSuite(_ id: String) -> String {
    """
    # \(title(id))

    ## A generated file

    ```ts src/api.generated.ts
    export const a = 1;
    ```

    ```expect
    generated src/api.generated.ts
    ```

    ## A look-alike

    ```ts src/generated.ts
    export const a = 1;
    ```

    """
  }

  private static func aliasSuite(_ id: String) -> String {
    """
    # \(title(id))

    ## An import by the alias

    ```json package.json
    { "name": "app" }
    ```

    ```ts src/a.ts
    export const a = 1;
    ```

    ```ts src/b.ts
    import { a } from "~/a"; //> import src/a.ts
    export const b = a;
    ```

    ## A look-alike

    ```ts src/c.ts
    import { a } from "~other/a";
    export const c = a;
    ```

    """
  }
}
