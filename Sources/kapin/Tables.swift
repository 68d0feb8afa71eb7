import ArgumentParser
import KapinModel
import KapinReport

struct Tables: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the tables of a product with their columns, and how many places read and write them.",
    discussion: """
      From schemas, models in code and replayed migrations: names, types, keys, defaults and references as the database
      has them. Where several sources declare one table, it is listed once.

      EXAMPLES
        kapin tables .
        kapin tables . --name invoice
        kapin tables . --format tsv > columns.tsv
        kapin tables . --format json | jq '.tables[] | {name, writers}'

      Exit code 1 when no table fits.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case table, tsv, json }

  @Argument(help: ArgumentHelp("Folders of a product.", valueName: "path"))
  var paths: [String] = ["."]

  @Option(help: "Only tables whose name, in the database or in code, contains this text.") var name: String?
  @Option(help: "Only tables of this source: the rule that found them.") var source: String?
  @Option(help: "Only tables of the package in this folder.") var app: String?
  @Flag(help: "Only tables that nothing reads or writes.") var unused = false
  @Option(help: "One of: table, tsv (a line a column), json.") var format: Format = .table

  @OptionGroup var list: ListOutput
  @OptionGroup var options: SharedOptions

  func run() throws {
    let graph = try options.graph(of: paths)
    var tables = TableList(graph)
    let all = tables.rows.count
    tables.keep { row in
      (name.map { row.table.table.name.contains($0) || row.table.table.codeName.contains($0) } ?? true)
        && (source.map { $0 == row.table.source } ?? true) && (app.map { $0 == row.app } ?? true)
        && (!unused || row.readers.isEmpty && row.writers.isEmpty)
    }
    switch format {
    case .table: try list.write(tables.text)
    case .tsv: try list.write(tables.tabbed)
    case .json: try list.write(tables.json(graph))
    }
    if !options.quiet { Terminal.note("\(tables.rows.count) of \(all) tables") }
    if tables.rows.isEmpty { throw Failure(.notFound, all == 0 ? "no tables were found" : "no table fits the filters") }
  }
}
