import ArgumentParser
import KapinBase
import KapinEngine
import KapinModel
import KapinReport

struct Routes: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the routes of a product: pages, endpoints, actions, jobs and sockets.",
    discussion: """
      One line a route, by application: method, path, framework, place, and the guards that it passes. Parameters are
      :id, the rest of a path is *rest, optional parts end with ?, and {?} is a part that could not be read.

      EXAMPLES
        kapin routes .
        kapin routes . --unguarded --type endpoint
        kapin routes . --method POST --path users
        kapin routes . --format openapi --output openapi.json

      Exit code 1 when no route fits.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case table, tsv, json, openapi }

  @Argument(help: ArgumentHelp("Folders of a product.", valueName: "path"))
  var paths: [String] = ["."]

  @Option(help: "Only routes of this method: GET, POST, PAGE, ACTION, JOB, …") var method: String?
  @Option(help: "Only routes of this type: \(RouteForm.allCases.map(\.rawValue).joined(separator: ", ")).")
  var type: String?
  @Option(help: "Only routes that this rule found.") var framework: String?
  @Option(help: "Only routes of the package in this folder.") var app: String?
  @Option(help: "Only routes whose path contains this text.") var path: String?
  @Flag(help: "Only routes that no guard was found for.") var unguarded = false
  @Option(help: "One of: table, tsv, json, openapi (3.1, endpoints only).") var format: Format = .table
  @OptionGroup var list: ListOutput
  @OptionGroup var options: SharedOptions

  func run() throws {
    let program = try options.program(for: paths)
    if let type, RouteForm(rawValue: type) == nil {
      let nearest =
        Similarity.nearest(type, in: RouteForm.allCases.map(\.rawValue)).map { " Did you mean \($0)?" } ?? ""
      throw Failure(.wrongUse, "there is no type `\(type)`.\(nearest)")
    }
    if let framework, program.info(framework) == nil {
      let nearest = Similarity.nearest(framework, in: program.rules.map(\.id)).map { " Did you mean \($0)?" } ?? ""
      throw Failure(.wrongUse, "there is no rule `\(framework)`.\(nearest)")
    }
    let trees = try options.trees(paths)
    let graph = Engine.analyze(trees, program, options.control(options.snapshot(of: paths, program)))
    Terminal.endProgress()
    try options.checkInterruption()
    var routes = RouteList(graph)
    let all = routes.rows.count
    routes.keep { row in
      (method.map { $0.uppercased() == row.route.method } ?? true)
        && (type.map { $0 == row.route.form.rawValue } ?? true)
        && (framework.map { $0 == row.route.framework } ?? true) && (app.map { $0 == row.app } ?? true)
        && (path.map { row.route.path.contains($0) } ?? true) && (!unguarded || row.guards.isEmpty)
    }
    switch format {
    case .table: try list.write(routes.table)
    case .tsv: try list.write(routes.tabbed)
    case .json: try list.write(routes.json)
    case .openapi:
      try list.write(OpenAPIDocument.document(routes, title: trees.map(\.name).joined(separator: ", ")))
    }
    if !options.quiet { Terminal.note("\(routes.rows.count) of \(all) routes") }
    if routes.rows.isEmpty { throw Failure(.notFound, all == 0 ? "no routes were found" : "no route fits the filters") }
  }
}
