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
    for command in [[], ["analyze"], ["graph", "dump"], ["rules", "test"], ["explain"]] {
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
    #expect(
      try kapin("analyze", saas, "--output", out, "--no-proof", "--quiet").status == 0, "its own folder is replaced")
    try "precious".write(toFile: folder + "/precious.txt", atomically: true, encoding: .utf8)
    let refused = try kapin("analyze", saas, "--output", folder, "--no-proof", "--quiet")
    #expect(refused.status == 4 && refused.errors.contains("was not made by KAPIN"))
    #expect(FileManager.default.fileExists(atPath: folder + "/precious.txt"))
  }

  @Test func jsonIsOneDocument() throws {
    let folder = try Checkout.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let result = try kapin("analyze", saas, "--output", folder + "/out", "--no-proof", "--json")
    let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    #expect((value?["features"] as? [Any])?.count == 4)
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

  @Test func aClosedPipeIsNoError() throws {
    let result = try Checkout.run("sh", ["-c", "'\(Self.program)' graph dump '\(saas)' | head -n 1"])
    #expect(result.status == 0 && result.output.contains("kapin-graph"))
  }
}
