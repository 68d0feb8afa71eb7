import KapinBase
package import KapinDatabase
import KapinEngine
package import KapinModel
package import KapinPatch
import KapinProduct

/// Runs what KAPIN emits: migrations and queries on a real PostgreSQL, patches on a scratch copy.
///
/// Everything in the scratch database is run by a role without superuser, file or program rights, with bounded time.
package struct Prover {
  private let graph: ProductGraph
  private let server: PrivateServer?
  private let reason: String

  package init(_ graph: ProductGraph, server: Result<PrivateServer, DatabaseError>) {
    self.graph = graph
    switch server {
    case .success(let running): (self.server, reason) = (running, "")
    case .failure(let error): (self.server, reason) = (nil, error.description)
    }
  }

  package func prove(
    metrics: [Metric], stores: [EventStore], patches: [(path: String, changes: [FileChange], text: String)]
  ) -> Proof {
    var proof = Proof()
    for patch in patches {
      proof.patches.append((patch.path, PatchProof.run(patch.changes, patch.text)))
    }
    guard let server else {
      proof.notes.append(
        Diagnostic(
          .unprovable, .warning, "queries and migrations were not executed: \(reason)",
          help: "install PostgreSQL's server (Debian: apt-get install postgresql-15) and run again"))
      return proof
    }
    do {
      try database(server, metrics, stores, &proof)
    } catch {
      proof.notes.append(Diagnostic(.unprovable, .warning, "the scratch database failed: \(error)"))
    }
    return proof
  }

  private func database(
    _ server: PrivateServer, _ metrics: [Metric], _ stores: [EventStore], _ proof: inout Proof
  ) throws(DatabaseError) {
    let owner = try server.connect()
    proof.database = try owner.query("SHOW server_version").first?.first?.map { "PostgreSQL " + $0 }
    let role = "kapin_scratch"
    if try owner.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [role]).isEmpty {
      try owner.execute("CREATE ROLE \(role) LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
    }
    // One database a package, as tables of two apps may share a name.
    let packages = Set(metrics.flatMap { $0.tables.map(package) }).sorted()
    var results: [String: [ProofStep]] = [:]
    for package in packages.isEmpty ? [PackageID(UInt32(0))] : packages {
      let name = "scratch_\(package.raw)"
      try owner.execute("DROP DATABASE IF EXISTS \(name)")
      try owner.execute("CREATE DATABASE \(name) OWNER \(role)")
      do {
        let scratch = try server.connect(database: name, role: role)
        try scratch.execute("SET statement_timeout = '10s'; SET lock_timeout = '2s'; SET TimeZone = 'UTC'")
        let tables = graph.nodes.compactMap { node -> TableNode? in
          guard case .table(let table) = node.content, table.package == package else { return nil }
          return table
        }
        proof.notes += ScratchSchema.create(tables, on: scratch).notes
        let isFirst = proof.migrations.isEmpty
        for store in stores {
          let steps = migration(store, scratch)
          if isFirst { proof.migrations += steps }
        }
        for metric in metrics where metric.sql != nil {
          let own = metric.tables.first.map(self.package)
          guard own == package || (own == nil && results[metric.id] == nil) else { continue }
          results[metric.id] = query(metric, scratch)
        }
      }
      try owner.execute("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }
    for metric in metrics { if let steps = results[metric.id] { proof.metrics.append((metric.id, steps)) } }
  }

  private func package(_ table: NodeID) -> PackageID {
    if case .table(let node) = graph.nodes[table].content { node.package } else { PackageID(UInt32(0)) }
  }

  /// Up, down, up again.
  private func migration(_ store: EventStore, _ connection: borrowing Connection) -> [ProofStep] {
    [
      step("migration \(store.migrationPath) applied", store.migration, connection),
      step("migration taken back", EventTable.rollback, connection),
      step("migration applied again", store.migration, connection),
    ]
  }

  private func query(_ metric: Metric, _ connection: borrowing Connection) -> [ProofStep] {
    guard let sql = metric.sql, let pasteable = metric.pasteableSQL else { return [] }
    let period: [String?] = ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"]
    let text = String(sql.reversed().drop { $0 == "\n" || $0 == ";" }.reversed())
    // A query over all time has no parameters to bind.
    let used = text.contains("$2") ? period : text.contains("$1") ? [period[0]] : []
    return [
      check("executed with a period") { () throws(DatabaseError) in "\(try connection.query(text, used).count) rows" },
      check("planned") { () throws(DatabaseError) in
        try connection.query("EXPLAIN " + text, used).first?.first?.map { String($0.prefix(80)) } ?? ""
      },
      check("executed as pasted") { () throws(DatabaseError) in "\(try connection.query(pasteable).count) rows" },
    ]
  }

  private func step(_ name: String, _ sql: String, _ connection: borrowing Connection) -> ProofStep {
    check(name) { () throws(DatabaseError) in
      try connection.execute(sql)
      return ""
    }
  }

  private func check(_ name: String, _ body: () throws(DatabaseError) -> String) -> ProofStep {
    do { return ProofStep(name, passed: true, detail: try body()) } catch {
      return ProofStep(name, passed: false, detail: error.description)
    }
  }
}
