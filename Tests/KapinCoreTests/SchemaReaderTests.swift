import KapinBase
import KapinExtract
import KapinModel
import Testing

struct SchemaReaderTests {
  @Test func sqlAccessNamesTablesAndColumns() throws {
    let read = try #require(
      SQLAccess.read("SELECT u.id, p.name FROM users u JOIN plans p ON p.id = u.plan_id WHERE u.mail = $1"))
    #expect(
      read == [
        SQLAccess(table: "users", columns: ["id", "mail", "plan_id"], writes: false),
        SQLAccess(table: "plans", columns: ["id", "name"], writes: false),
      ])
    let written = try #require(
      SQLAccess.read("WITH gone AS (DELETE FROM old RETURNING id) INSERT INTO kept (id, at) SELECT id, now() FROM gone")
    )
    #expect(written.contains(SQLAccess(table: "kept", columns: ["at", "id"], writes: true)))
    #expect(written.contains { $0.table == "old" && $0.writes })
    #expect(!written.contains { $0.table == "gone" }, "a name of the query is no table")
    #expect(SQLAccess.read("SELEC nonsense") == nil)
  }

  @Test func dumpsWithClientCommandsAreRead() {
    let sql = "\\connect x\nCREATE TABLE a (id int);\nCOPY a (id) FROM stdin;\n1;\n\\.\nCREATE TABLE b (id int);\n"
    let facts = SQLReader.read(Array(sql.utf8), path: "dump.sql")
    let names = facts.changes.compactMap { if case .create(let table) = $0 { table.name } else { nil } }
    #expect(names == ["a", "b"])
    #expect(facts.notes.isEmpty)
  }

  @Test func aBrokenStatementCostsOnlyItself() {
    let facts = SQLReader.read(
      Array("CREATE TABLE a (id int);\nCREATE TABLE ((;\nCREATE TABLE c (id int);".utf8), path: "x.sql")
    #expect(facts.changes.count == 2)
    #expect(facts.notes.first?.place?.position?.line == 2)
  }

  @Test func schemaLanguageSurvivesBrokenBlocks() {
    let text =
      "model A {\n  id Int @id\n  broken [\n}\nmodel B {\n  id Int @id @map(\"pk\") @db.BigInt\n  tags String[] @default([])\n}\n"
    let facts = PrismaReader.read(Array(text.utf8), path: "s.prisma")
    let tables = facts.changes.compactMap { if case .create(let table) = $0 { table } else { nil } }
    #expect(
      tables.contains { $0.name == "B" && $0.columns.map(\.name) == ["pk", "tags"] } || tables.first?.name == "A")
    #expect(tables.first?.place.position?.line == 1)
  }
}
