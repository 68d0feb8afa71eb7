import Foundation
import KapinBase
import KapinModel
import KapinReport
import KapinTesting
import Testing

/// Routes as lists and as an OpenAPI document.
struct RouteListTests {
  private func list() -> RouteList {
    RouteList(
      Shipped.graph([
        "package.json": #"{ "dependencies": { "fastify": "^5" } }"#,
        "app.ts": """
        import fastify from "fastify";
        const app = fastify();
        async function check() {}
        const query = { type: "object", properties: { page: { type: "integer" } }, required: ["page"] };
        const body = { type: "object", properties: { name: { type: "string" } } };
        app.get("/users/:id?", { schema: { querystring: query } }, async function show() {});
        app.post("/users/:userId", { schema: { body }, preHandler: [check] }, async () => {});
        app.all("/files/*", async () => {});
        app.put("/" + process.env.PART + "/x", async () => {});
        """,
      ]))
  }

  @Test func rowsAreSortedAndCarryGuards() {
    let rows = list().rows
    #expect(
      rows.map { "\($0.route.method) \($0.route.path)" } == [
        "ANY /files/*rest", "GET /users/:id?", "POST /users/:userId", "PUT /{?}/x",
      ])
    #expect(rows.map(\.guards) == [[], [], ["check"], []])
    #expect(rows[1].handlers == ["show"])
    #expect(list().table.contains("POST  /users/:userId"))
  }

  /// Judged by the validator of the specification's own schema.
  @Test func openAPIIsValid() throws {
    let folder = try Checkout.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let document = OpenAPIDocument.document(list(), title: "app").pretty()
    try Data(document.utf8).write(to: URL(fileURLWithPath: folder + "/openapi.json"))
    let script = """
      import json, sys
      sys.path.insert(0, sys.argv[2])
      from openapi_spec_validator import OpenAPIV31SpecValidator
      document = json.load(open(sys.argv[1]))
      OpenAPIV31SpecValidator(document).validate()
      print(sorted(document["paths"]))
      users = document["paths"]["/users/{id}"]
      print(sorted(users), users["get"]["parameters"], users["post"]["parameters"])
      """
    let result = try Checkout.run(
      "/usr/bin/python3", ["-c", script, folder + "/openapi.json", Checkout.root + "/.build/python"])
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.first == "['/files/{rest}', '/users', '/users/{id}', '/{unknown}/x']", "\(result.errors.suffix(800))")
    // Two names of one parameter are one path; the first name counts for both.
    #expect(lines.last?.hasPrefix("['get', 'post']") == true)
    #expect(lines.last?.contains("'userId'") == false)
    #expect(lines.last?.contains("'name': 'page', 'required': True, 'schema': {'type': 'number'}") == true)
  }
}
