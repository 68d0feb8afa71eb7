import ArgumentParser
import KapinBase
import KapinEngine
import KapinModel
import KapinQuery
import KapinReport

struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Ask the graph: who calls, reads or writes something, and what a change of a file may touch.",
    discussion: """
      QUESTIONS
        callers    what calls, renders, triggers, asks for or handles it
        callees    what it calls, renders, triggers, asks for, reads, writes and emits
        readers    what reads a table
        writers    what writes a table
        impact     what a change of a file or node may touch, at any distance: routes, components, functions
        paths      the ways between two: the same as kapin trace, with --to

      EXAMPLES
        kapin query writers invoices .
        kapin query callers sendMail .
        kapin query impact src/lib/prices.ts . --only route
        kapin query paths /checkout . --to payments

      One answer a line: kind, name, step, place, how sure. Exit code 1 when there is none.
      """)

  enum Question: String, CaseIterable, ExpressibleByArgument {
    case callers, callees, readers, writers, impact, paths
  }
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  @Argument(help: "One of: \(Question.allCases.map(\.rawValue).joined(separator: ", ")).") var question: Question
  @Argument(help: "What it is about: a route, table, function, component, file, event or id.") var subject: String
  @Argument(help: ArgumentHelp("Folders of a product.", valueName: "path")) var paths: [String] = ["."]
  @Option(help: "Where paths end.") var to: String?
  @Option(help: "Only answers of this kind: route, symbol, table, event, …") var only: String?
  @Option(help: "One of: text, json.") var format: Format = .text

  @OptionGroup var list: ListOutput
  @OptionGroup var options: SharedOptions

  func run() throws {
    if let only, NodeKind(rawValue: only) == nil {
      throw Failure(
        .wrongUse, "there is no kind `\(only)`; valid: \(NodeKind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    if question == .paths, to == nil { throw Failure(.wrongUse, "paths need --to") }
    let index = GraphIndex(try options.graph(of: paths))
    let search = NodeSearch(index)
    let text = TraceText(index)
    let nodes = search.find(subject).nodes
    guard !nodes.isEmpty else {
      let nearest = search.nearest(subject).map { " Did you mean \($0)?" } ?? ""
      throw Failure(.notFound, "nothing in the product is called `\(subject)`.\(nearest)")
    }
    if question == .paths, let to {
      let traces = index.traces(TraceQuestion(from: nodes, to: Set(search.find(to).nodes)))
      try format == .json ? list.write(text.json(traces)) : list.write(text.text(traces))
      if traces.isEmpty { throw Failure(.notFound, "no way leads from \(subject) to \(to)") }
      return
    }
    var answers = GraphQuestions.answer(question.rawValue, nodes, index)
    if let only { answers = answers.filter { index.node($0.node).kind.rawValue == only } }
    try format == .json ? list.write(text.json(answers)) : list.write(text.text(answers))
    if !options.quiet { Terminal.note("\(answers.count) answers") }
    if answers.isEmpty { throw Failure(.notFound, "there is none") }
  }
}
