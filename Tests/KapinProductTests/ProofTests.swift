import Foundation
import KapinBase
import KapinDatabase
import KapinEngine
import KapinFiles
import KapinModel
import KapinPatch
import KapinProduct
import KapinProof
import KapinRules
import KapinRun
import KapinTesting
import Testing

/// Everything that is emitted for the sample apps, executed on a real PostgreSQL and by git.
@Suite(.serialized) struct ProofTests {
  static let program = try! RuleLoader.load(try! RuleFolder.rules(Checkout.root + "/Rules"))

  private func analysis(_ app: String) throws -> Analysis {
    AnalysisRun([try DiskTree(Checkout.root + "/Corpus/" + app)], Self.program, RunControl(jobs: 2), proves: true).run()
  }

  @Test(arguments: ["saas", "api", "monorepo"])
  func everyPromiseHolds(_ app: String) throws {
    let analysis = try analysis(app)
    let proof = analysis.proof
    #expect(proof.database?.hasPrefix("PostgreSQL") == true, "\(proof.notes)")
    #expect(proof.notes.isEmpty, "\(proof.notes)")
    let queries = analysis.metrics.filter { $0.sql != nil }
    #expect(queries.count >= 4)
    #expect(proof.metrics.map(\.id) == queries.map(\.id), "every query was run")
    #expect(proof.patches.count == analysis.patches.count && !proof.patches.isEmpty)
    for step in proof.migrations + proof.metrics.flatMap(\.steps) + proof.patches.flatMap(\.steps) {
      #expect(step.passed, "\(step.name): \(step.detail)")
    }
  }

  @Test(arguments: ["saas", "api", "monorepo"])
  func patchesApplyToTheRepositoryItself(_ app: String) throws {
    let analysis = try analysis(app)
    for patch in analysis.patches {
      let folder = try Checkout.scratchFolder()
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let copy = folder + "/app"
      try FileManager.default.copyItem(atPath: Checkout.root + "/Corpus/" + app, toPath: copy)
      try patch.text.write(toFile: folder + "/p.patch", atomically: true, encoding: .utf8)
      let result = try Checkout.run("git", ["apply", "--check", "../p.patch"], in: copy)
      #expect(result.status == 0, "\(patch.path): \(result.errors)")
    }
  }

  @Test func aWrongQueryIsFoundOut() throws {
    var analysis = try analysis("api")
    let index = try #require(analysis.metrics.firstIndex { $0.sql != nil })
    analysis.metrics[index].sql = "SELECT no_such_column FROM users"
    let server: Result<PrivateServer, DatabaseError> = .success(try PrivateServer())
    let proof = Prover(analysis.graph, server: server).prove(metrics: analysis.metrics, stores: [], patches: [])
    #expect(!proof.holds)
    let wrong = FileChange(path: "a.ts", old: Array("const a = 1;\n".utf8), new: Array("const a = ;\n".utf8))
    let patched = Prover(analysis.graph, server: server).prove(
      metrics: [], stores: [], patches: [("p", [wrong], UnifiedDiff.text([wrong]))])
    #expect(!patched.holds, "a patch that breaks the syntax must not pass")
  }

  /// Known rows, known answers.
  @Test func queriesAnswerTheirQuestions() throws {
    let analysis = try analysis("saas")
    let server = try PrivateServer()
    let database = try server.connect()
    try database.execute(try Checkout.read("Corpus/saas/prisma/migrations/20250110093000_init/migration.sql"))
    try database.execute(
      try Checkout.read("Corpus/saas/prisma/migrations/20250302141500_billing_and_invitations/migration.sql"))
    try database.execute(EventTable.migration)
    try database.execute(
      """
      INSERT INTO users (id, email, password_hash, email_verified, created_at) VALUES
        ('a', 'a@x', 'h', '2026-01-05 10:00', '2026-01-05 09:30'), ('b', 'b@x', 'h', NULL, '2026-01-05 09:45'),
        ('c', 'c@x', 'h', '2026-01-06 10:00', '2026-01-06 23:59'), ('d', 'd@x', 'h', NULL, '2026-02-01 00:00');
      INSERT INTO invitations (id, email, token, workspace_id, created_at, accepted_at) VALUES
        ('1', 'x', 't1', 'w', '2026-01-07 08:00', '2026-01-08 08:00'), ('2', 'x', 't2', 'w', '2026-01-07 09:00', NULL);
      INSERT INTO product_events (name, actor_id, occurred_at) VALUES
        ('dashboard_viewed', 'a', '2026-01-05 08:00Z'), ('dashboard_viewed', 'a', '2026-01-05 08:30Z'),
        ('dashboard_viewed', 'b', '2026-01-06 08:00Z'), ('dashboard_viewed', 'a', '2026-01-13 08:00Z'),
        ('other', 'c', '2026-01-05 08:00Z');
      """)
    func rows(_ id: String) throws -> [String] {
      let metric = try #require(analysis.metrics.first { $0.id == id })
      let sql = try #require(metric.sql).replacing(";", with: "")
      let answer = try database.query(sql, ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"])
      return answer.map { $0.map { $0 ?? "NULL" }.joined(separator: " ") }
    }
    // The period is half-open: the account of 1 February is not in it.
    #expect(try rows("sign-up-usage") == ["2026-01-05 9 2", "2026-01-06 23 1"])
    #expect(try rows("verified-accounts") == ["2026-01-05 2 1 0.5000", "2026-01-06 1 1 1.0000"])
    #expect(try rows("invitation-acceptance") == ["2026-01-07 2 1 0.5000"])
    #expect(try rows("dashboard-usage") == ["2026-01-05 8 2 1", "2026-01-06 8 1 1", "2026-01-13 8 1 1"])
    #expect(try rows("dashboard-retention") == ["2026-01-05 2 1 0.5000", "2026-01-12 1 0 0.0000"])
  }

  @Test func theServerIsGoneWithItsOwner() throws {
    let folder: String
    do {
      let server = try PrivateServer()
      folder = server.folder
      #expect(FileManager.default.fileExists(atPath: folder))
    }
    #expect(!FileManager.default.fileExists(atPath: folder))
  }
}
