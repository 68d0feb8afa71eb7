import ArgumentParser
import KapinBase
import KapinEngine
import KapinModel
import KapinQuery
import KapinReport

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "The way from a screen over its controls, requests and handlers to the columns that it reads and writes.",
    discussion: """
      FROM and TO are a route ("POST /api/login", /login), a table (users) or one of its columns (users.email), a
      component or function (LoginForm), a file, an event, or any id of the dump; * stands for anything, and a kind in
      front narrows it: "route:*", "table:*", "event:*". Each hop has its place and how sure it is.

      EXAMPLES
        kapin trace /checkout "table:*" . --via writes     what does this page write?
        kapin trace "route:*" users.email .                who reaches this column?
        kapin trace LoginForm sessions . --format mermaid  as a picture
        kapin trace "route:*" "event:*" .                  which routes lead to events?

      Exit code 1 when no way leads there.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, mermaid }

  @Argument(help: "Where it starts.") var from: String
  @Argument(help: "Where it ends.") var to: String
  @Argument(help: ArgumentHelp("Folders of a product.", valueName: "path")) var paths: [String] = ["."]

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("The last step must be one of these: reads, writes, requests, emits, …", valueName: "step"))
  var via: [String] = []
  @Option(help: "At most so many traces.") var limit = 20
  @Option(help: "One of: text, json, mermaid.") var format: Format = .text

  @OptionGroup var list: ListOutput
  @OptionGroup var options: SharedOptions

  func run() throws {
    guard limit > 0 else { throw Failure(.wrongUse, "--limit is a number from 1") }
    let kinds = try Set(via.map(Self.kind))
    let index = GraphIndex(try options.graph(of: paths))
    let search = NodeSearch(index)
    let start = search.find(from), end = search.find(to)
    for (text, answer) in [(from, start), (to, end)] where answer.nodes.isEmpty {
      let nearest = search.nearest(text).map { " Did you mean \($0)?" } ?? ""
      throw Failure(.notFound, "nothing in the product is called `\(text)`.\(nearest)")
    }
    var question = TraceQuestion(from: start.nodes, to: Set(end.nodes))
    question.last = kinds
    question.column = end.column
    question.limit = limit
    let traces = index.traces(question)
    let text = TraceText(index)
    switch format {
    case .text: try list.write(text.text(traces))
    case .json: try list.write(text.json(traces))
    case .mermaid: try list.write(text.mermaid(traces))
    }
    if traces.isEmpty { throw Failure(.notFound, "no way leads from \(from) to \(to)") }
    if !options.quiet {
      let more = traces.count == limit ? "; there may be more: --limit" : ""
      Terminal.note("\(traces.count) traces\(more)")
    }
  }

  static func kind(_ text: String) throws -> EdgeKind {
    if let kind = EdgeKind(rawValue: text) { return kind }
    let nearest = Similarity.nearest(text, in: EdgeKind.allCases.map(\.rawValue)).map { " Did you mean \($0)?" } ?? ""
    throw Failure(.wrongUse, "there is no step `\(text)`.\(nearest)")
  }
}
