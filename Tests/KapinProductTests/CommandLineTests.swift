import Foundation
import KapinTesting
import Testing

/// The program as its users run it.
struct CommandLineTests {
  private static let program: String = {
    // Beside the test bundle that is running.
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? CommandLine.arguments[0]
    let folder = (bundle as NSString).deletingLastPathComponent
    for candidate in [
      folder + "/kapin", Checkout.root + "/.build/release/kapin", Checkout.root + "/.build/debug/kapin",
    ]
    where FileManager.default.isExecutableFile(atPath: candidate) {
      return candidate
    }
    return "kapin"
  }()

  private func kapin(_ arguments: String...) throws -> (status: Int32, output: String, errors: String) {
    try Checkout.run(Self.program, arguments)
  }

  private let saas = Checkout.root + "/Corpus/saas"

  @Test func helpIsDataAndHasExamples() throws {
    for command in [
      [], ["analyze"], ["routes"], ["graph", "dump"], ["rules", "test"], ["rules", "new"], ["rules", "lint"],
      ["explain"], ["tables"], ["trace"], ["query"], ["mcp"],
    ] {
      let result = try Checkout.run(Self.program, command + ["--help"])
      #expect(result.status == 0 && result.output.contains("EXAMPLES") && result.errors.isEmpty, "\(command)")
    }
  }

  @Test func exitCodesAreAsDocumented() throws {
    #expect(try kapin("analyse").status == 2)
    #expect(try kapin("graph", "dump", "/nowhere").status == 4)
    #expect(try kapin("graph", "dump", saas, "--jobs", "0").status == 2)
    #expect(try kapin("explain", "GET /nothing/here", saas).status == 1)
    #expect(try kapin("explain", "paiments", saas).errors.contains("Did you mean payments?"))
    let empty = try Checkout.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: empty) }
    let nothing = try kapin("analyze", empty, "--output", empty + "/out")
    #expect(nothing.status == 4 && nothing.errors.contains("no JavaScript or TypeScript"))
    try "kapin: 1\nid: bad\nkind: framework\ntitle: Bad\nemitt: []\n".write(
      toFile: empty + "/bad.yml", atomically: true, encoding: .utf8)
    let rule = try kapin("graph", "dump", saas, "--rules", empty)
    #expect(rule.status == 3 && rule.errors.contains("bad.yml:5:1") && rule.errors.contains("did you mean `emit`?"))
  }

  @Test func analyzeWritesABundleAndNeverOverwritesForeignFolders() throws {
    let folder = try Checkout.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let out = folder + "/out"
    let first = try kapin("analyze", saas, "--output", out, "--no-proof", "--quiet")
    #expect(first.status == 0 && first.output.isEmpty && first.errors.isEmpty)
    for file in [
      "graph.ndjson", "features.json", "metrics.json", "proof.json", "report.html", "sql", "guides", "patches",
      "migrations",
    ] {
      #expect(FileManager.default.fileExists(atPath: out + "/" + file), "\(file)")
    }
    let report = try String(contentsOfFile: out + "/report.html", encoding: .utf8)
    let way = try #require(report.components(separatedBy: "<ol class=\"trace\">").dropFirst().first)
    #expect(way.hasPrefix("<li><div class=\"box page\"><small>page</small><b>/login</b>"))
    let last = try #require(way.components(separatedBy: "</ol>").first?.components(separatedBy: "<li>").last)
    #expect(last.contains("<span>reads</span>") && last.contains("<b>users</b><span><code>email</code></span>"))
    #expect(
      try kapin("analyze", saas, "--output", out, "--no-proof", "--quiet").status == 0, "its own folder is replaced")
    try "precious".write(toFile: folder + "/precious.txt", atomically: true, encoding: .utf8)
    let refused = try kapin("analyze", saas, "--output", folder, "--no-proof", "--quiet")
    #expect(refused.status == 4 && refused.errors.contains("was not made by KAPIN"))
    #expect(FileManager.default.fileExists(atPath: folder + "/precious.txt"))
  }

  /// Judged by a published model of the format, which refuses what it does not know.
  @Test func findingsAreSARIF() throws {
    let folder = try Checkout.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try kapin("analyze", saas, "--output", folder + "/out", "--no-proof", "--quiet").status == 0)
    let script = """
      import os, sys, urllib.parse
      sys.path.insert(0, sys.argv[2])
      from sarif_pydantic import Sarif
      run = Sarif.model_validate_json(open(sys.argv[1]).read()).runs[0]
      rules = run.tool.driver.rules
      for result in run.results:
          assert rules[result.rule_index].id == result.rule_id, result
          for location in result.locations or []:
              path = urllib.parse.unquote(location.physical_location.artifact_location.uri)
              assert os.path.exists(sys.argv[3] + "/" + path), path
      print(len(run.results) > 20, any("Invitations" in r.message.text for r in run.results))
      """
    let result = try Checkout.run(
      "/usr/bin/python3", ["-c", script, folder + "/out/findings.sarif", Checkout.root + "/.build/python", saas])
    #expect(result.output == "True True\n", "\(result.output) \(result.errors.suffix(800))")
  }

  @Test func jsonIsOneDocument() throws {
    let folder = try Checkout.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let result = try kapin("analyze", saas, "--output", folder + "/out", "--no-proof", "--json")
    let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    #expect((value?["features"] as? [Any])?.count == 7)
  }

  @Test func explainAnswersWhyAndWhyNot() throws {
    let route = try kapin("explain", "POST /api/billing/checkout", saas)
    #expect(route.status == 0 && route.output.contains("rule nextjs") && route.output.contains("pricing-table.tsx"))
    let metric = try kapin("explain", "revenue", saas)
    #expect(metric.status == 1 && metric.output.contains("no table is called payment"))
    let line = try kapin("explain", "prisma", saas, "--at", "src/app/actions/auth.ts:28")
    #expect(line.status == 0 && line.output.contains(": matches"))
    let other = try kapin("explain", "express", saas, "--at", "src/app/actions/auth.ts:28")
    #expect(other.status == 1 && other.output.contains("the rule is off here"))
  }

  /// Clauses about files, decorators, elements and typed lists say where they stop, too.
  @Test func explainSaysWhichClauseStops() throws {
    let folder = try Checkout.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let files = [
      "package.json":
        #"{ "dependencies": { "react-router-dom": "6", "vue-router": "4", "@nestjs/common": "10", "next": "15" } }"#,
      "app/users/page.tsx": "export const notDefault = 1;",
      "app/users/paeg.tsx": "export default function Users() { return <p />; }",
      "a.tsx": """
      import { Route } from "react-router-dom";
      import { Controller, Get } from "@nestjs/common";
      const routes: Menu[] = [{ path: "/x" }];
      export const A = () => <Route path="/b" element={<A />} />;
      @Controller("c")
      export class C {
        @Get("d") d() {}
        @Gett("e") e() {}
      }
      """,
    ]
    for (path, text) in files {
      let url = URL(fileURLWithPath: folder + "/" + path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    func explain(_ rule: String, _ at: String, _ says: String, _ status: Int32) throws {
      let result = try kapin("explain", rule, folder, "--no-cache", "--at", at)
      #expect(result.output.contains(says) && result.status == status, "\(result)")
    }
    try explain("nextjs", "app/users/paeg.tsx:1", "fits none of its files: app/**/page.*", 1)
    try explain("vue-router", "a.tsx:3", "the type `Menu[]` of the variable `routes` is none of RouteRecordRaw", 1)
    try explain("react-router", "a.tsx:4", "found: route PAGE /b", 0)
    try explain("nestjs", "a.tsx:7", "found: route GET /d", 0)
    try explain("nestjs", "a.tsx:8", "the decorator of `e` is not what it wants", 1)
  }

  @Test func routesAreFilteredAndWritten() throws {
    let all = try kapin("routes", saas, "--no-cache", "--format", "tsv")
    let rows = all.output.split(separator: "\n")
    #expect(rows.count == 13 && rows.contains { $0.hasPrefix("POST\t/api/plants\tendpoint\tnextjs") })
    let pages = try kapin("routes", saas, "--no-cache", "--type", "page", "--format", "tsv")
    let count = rows.count { $0.hasPrefix("PAGE") }
    #expect(count > 0 && pages.output.split(separator: "\n").count == count)
    #expect(try kapin("routes", saas, "--no-cache", "--path", "/nowhere").status == 1)
    let wrong = try kapin("routes", saas, "--type", "pagee")
    #expect(wrong.status == 2 && wrong.errors.contains("Did you mean page?"))
    let json = try kapin("routes", saas, "--no-cache", "--format", "openapi")
    let value = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect((value?["paths"] as? [String: Any])?["/api/plants"] != nil)
  }

  @Test func theGraphIsAsked() throws {
    let trace = try kapin("trace", "SignUpForm", "users", saas, "--via", "writes", "--quiet")
    #expect(trace.status == 0 && trace.output.contains("writes (create) users"), "\(trace.output)")
    #expect(try kapin("trace", "SignUpForm", "user", saas).errors.contains("Did you mean users?"))
    #expect(try kapin("trace", "SignUpForm", "users", saas, "--via", "write").status == 2)
    let tables = try kapin("tables", saas, "--name", "users", "--format", "tsv", "--quiet")
    #expect(tables.status == 0 && tables.output.contains("users\temail\t"), "\(tables.output)")
    #expect(try kapin("query", "readers", "SignUpForm", saas).status == 1)
  }

  /// Model Context Protocol, "Lifecycle" and "Tools": one message a line; notifications have no answer.
  @Test func assistantsAreAnsweredLineByLine() throws {
    let asked = [
      #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#,
      #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, "no JSON",
      #"{"jsonrpc":"2.0","id":"a","method":"tools/list"}"#,
      #"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"tables","arguments":{"name":"users"}}}"#,
      #"{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"callers","arguments":{"name":"nobody"}}}"#,
      #"{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"erase"}}"#,
      #"{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"routes","arguments":{"unguarded":true}}}"#,
    ].map { $0 + "\n" }.joined()
    let folder = try Checkout.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try asked.write(toFile: folder + "/asked", atomically: true, encoding: .utf8)
    let result = try Checkout.run(
      "/bin/sh", ["-c", "\(Self.program) mcp \(saas) --quiet < \(folder)/asked"])
    let answers = try result.output.split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    try #require(answers.count == 7, "\(result.output)")
    #expect(answers.allSatisfy { $0["jsonrpc"] as? String == "2.0" })
    let hello = try #require(answers[0]["result"] as? [String: Any])
    #expect(hello["protocolVersion"] as? String == "2025-06-18")
    #expect((answers[1]["error"] as? [String: Any])?["code"] as? Int == -32_700)
    let tools = try #require((answers[2]["result"] as? [String: Any])?["tools"] as? [[String: Any]])
    #expect(answers[2]["id"] as? String == "a" && tools.count == 9)
    for tool in tools {
      let schema = try #require(tool["inputSchema"] as? [String: Any])
      #expect(schema["type"] as? String == "object" && (tool["description"] as? String)?.isEmpty == false)
    }
    func text(_ answer: [String: Any]) -> (text: String, isError: Bool)? {
      guard let result = answer["result"] as? [String: Any], let content = result["content"] as? [[String: Any]],
        let text = content.first?["text"] as? String
      else { return nil }
      return (text, result["isError"] as? Bool ?? true)
    }
    #expect(text(answers[3])?.isError == false && text(answers[3])?.text.contains("email") == true)
    #expect(text(answers[4])?.isError == true && text(answers[4])?.text.contains("nobody") == true)
    #expect((answers[5]["error"] as? [String: Any])?["code"] as? Int == -32_602)
    #expect(text(answers[6])?.isError == false)
    try expectProtocol(asked, result.output, folder)
  }

  /// Each answer has the shape that the protocol's published schema gives to the answers of its question.
  private func expectProtocol(_ asked: String, _ answered: String, _ folder: String) throws {
    try answered.write(toFile: folder + "/answered", atomically: true, encoding: .utf8)
    let script = """
      import json, sys
      sys.path.insert(0, sys.argv[2])
      from mcp_types.jsonrpc import JSONRPCError, JSONRPCResponse
      from mcp_types.methods import validate_client_request, validate_server_result
      asked = {}
      for line in open(sys.argv[1] + "/asked"):
          try: row = json.loads(line)
          except ValueError: continue
          if "id" in row:
              validate_client_request(row["method"], "2025-06-18", row.get("params"))
              asked[row["id"]] = row["method"]
      results = 0
      for line in open(sys.argv[1] + "/answered"):
          row = json.loads(line)
          if "error" in row:
              JSONRPCError.model_validate(row)
          else:
              JSONRPCResponse.model_validate(row)
              validate_server_result(asked[row["id"]], "2025-06-18", row["result"])
              results += 1
      print(results)
      """
    let checked = try Checkout.run(
      "/usr/bin/python3", ["-c", script, folder, Checkout.root + "/.build/python"])
    #expect(checked.status == 0 && checked.output == "5\n", "\(checked.output) \(checked.errors)")
  }

  @Test func aPipeIsWrittenToAndNeverReplaced() throws {
    let folder = try Checkout.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let pipe = folder + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let result = try Checkout.run(
      "/bin/sh",
      [
        "-c",
        "timeout 60 cat \(pipe) > \(folder)/read & \(Self.program) graph dump \(saas) --format openapi -o \(pipe); wait",
      ])
    var status = stat()
    #expect(result.status == 0 && stat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    #expect(try String(contentsOfFile: folder + "/read", encoding: .utf8).contains("\"openapi\": \"3.1.1\""))
  }

  @Test func newRulesAreWrittenOnceAndWatchedFor() throws {
    let folder = try Checkout.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try kapin("rules", "new", "framework", "my-router", "--rules", folder).status == 0)
    #expect(try kapin("rules", "test", "my-router", "--rules", folder).output.contains("2 passed"))
    let again = try kapin("rules", "new", "framework", "my-router", "--rules", folder)
    #expect(again.status == 2 && again.errors.contains("exists"))
    #expect(try kapin("rules", "new", "framwork", "x", "--rules", folder).errors.contains("Did you mean framework?"))
    #expect(try kapin("rules", "new", "framework", "My Router", "--rules", folder).status == 2)
    #expect(try kapin("rules", "lint", "--rules", folder).status == 0)
  }

  @Test func aClosedPipeIsNoError() throws {
    let result = try Checkout.run("sh", ["-c", "'\(Self.program)' graph dump '\(saas)' | head -n 1"])
    #expect(result.status == 0 && result.output.contains("kapin-graph"))
  }
}
