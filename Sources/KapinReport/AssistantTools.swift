package import KapinBase
import KapinModel
package import KapinQuery

/// The read-only questions that coding assistants may ask: their names, what they take, and their answers.
package struct AssistantTools {
  /// A tool with the JSON Schema of its arguments.
  package struct Tool: Sendable {
    package var name: String
    package var says: String
    /// Name, description, and whether it must be given.
    package var arguments: [(name: String, says: String, isRequired: Bool)]
  }

  package static let all: [Tool] = [
    Tool(
      name: "find", says: "Find routes, tables, components, functions, events or files by name. * stands for anything.",
      arguments: [
        ("name", "A name, such as LoginForm, users, POST /api/login, table:*, or an id.", true),
        ("limit", "At most so many; 50 unless said.", false),
      ]),
    Tool(
      name: "trace",
      says:
        "The shortest ways from one thing to another: from a page over its components, requests and handlers to tables and columns, each step with file and line.",
      arguments: [
        ("from", "Where it starts: a route, component, function or file.", true),
        ("to", "Where it ends: a table, users.email, event:*, a route …", true),
        ("via", "The last step: reads, writes, requests, emits …", false), ("limit", "At most so many.", false),
      ]),
    Tool(
      name: "callers", says: "What calls, renders, triggers, asks for or handles something.",
      arguments: [("name", "What it is called.", true)]),
    Tool(
      name: "callees", says: "What something calls, renders, asks for, reads, writes and emits.",
      arguments: [("name", "What it is called.", true)]),
    Tool(
      name: "readers", says: "What reads a table.", arguments: [("name", "The table.", true)]),
    Tool(
      name: "writers", says: "What writes a table.", arguments: [("name", "The table.", true)]),
    Tool(
      name: "impact", says: "What a change of a file or function may touch, nearest first.",
      arguments: [("name", "A file's path, or a name.", true), ("only", "A kind: route, symbol.", false)]),
    Tool(
      name: "routes", says: "The routes of the product with their guards and parameters.",
      arguments: [
        ("path", "Only paths that contain this.", false), ("method", "Only this method.", false),
        ("unguarded", "true: only those that no guard was found for.", false),
      ]),
    Tool(
      name: "tables", says: "The tables of the product with columns, keys and references.",
      arguments: [("name", "Only tables whose name contains this.", false)]),
  ]

  package enum Failure: Error { case unknownTool(String), wrongArguments(String) }

  private let index: GraphIndex
  private let text: TraceText

  package init(_ index: GraphIndex) {
    self.index = index
    text = TraceText(index)
  }

  /// - Returns: the answer as text, and as the JSON that other commands print.
  package func call(_ name: String, _ arguments: [String: String]) throws(Failure) -> (text: String, json: JSONText) {
    guard let tool = Self.all.first(where: { $0.name == name }) else { throw .unknownTool(name) }
    for argument in tool.arguments where argument.isRequired && arguments[argument.name]?.isEmpty != false {
      throw .wrongArguments("`\(argument.name)` is missing: \(argument.says)")
    }
    for given in arguments.keys.sortedByBytes() where !tool.arguments.contains(where: { $0.name == given }) {
      let names = tool.arguments.map(\.name).joined(separator: ", ")
      throw .wrongArguments("there is no argument `\(given)`; valid: \(names)")
    }
    let limit = max(1, min(500, arguments["limit"].flatMap { Int($0) } ?? (name == "trace" ? 10 : 50)))
    switch name {
    case "find": return find(try nodes(arguments["name"] ?? ""), limit)
    case "trace": return try trace(arguments, limit)
    case "routes": return routes(arguments)
    case "tables": return tables(arguments)
    default: return try answers(name, arguments)
    }
  }

  private func nodes(_ name: String) throws(Failure) -> [NodeID] {
    let found = NodeSearch(index).find(name).nodes
    guard found.isEmpty else { return found }
    let nearest = NodeSearch(index).nearest(name).map { " Did you mean \($0)?" } ?? ""
    throw .wrongArguments("nothing in the product is called `\(name)`.\(nearest)")
  }

  private func find(_ nodes: [NodeID], _ limit: Int) -> (text: String, json: JSONText) {
    let wire = GraphWire(graph: index.graph)
    let shown = nodes.prefix(limit)
    let lines = shown.map { id in
      let place = index.node(id).origin?.place.description ?? ""
      return "\(index.node(id).kind.rawValue)\t\(index.name(id))\t\(place)\t\(index.node(id).id)"
    }
    let rest = nodes.count > limit ? "\n… and \(nodes.count - limit) more" : ""
    return (
      lines.joined(separator: "\n") + rest,
      .object(["nodes": .list(shown.map { wire.node(index.node($0)) }), "count": .int(nodes.count)])
    )
  }

  private func trace(_ arguments: [String: String], _ limit: Int) throws(Failure) -> (text: String, json: JSONText) {
    let search = NodeSearch(index)
    let end = search.find(arguments["to"] ?? "")
    var question = TraceQuestion(
      from: try nodes(arguments["from"] ?? ""), to: Set(try nodes(arguments["to"] ?? "")))
    question.column = end.column
    question.limit = limit
    if let via = arguments["via"] {
      guard let kind = EdgeKind(rawValue: via) else {
        throw .wrongArguments(
          "there is no step `\(via)`; valid: \(EdgeKind.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      question.last = [kind]
    }
    let traces = index.traces(question)
    return (traces.isEmpty ? "no way leads there" : text.text(traces), text.json(traces))
  }

  private func answers(_ name: String, _ arguments: [String: String]) throws(Failure) -> (text: String, json: JSONText)
  {
    let subject = arguments["name"] ?? ""
    let nodes = try self.nodes(subject)
    var found = GraphQuestions.answer(name, nodes, index)
    if let only = arguments["only"] { found = found.filter { index.node($0.node).kind.rawValue == only } }
    return (found.isEmpty ? "there is none" : text.text(Array(found.prefix(200))), text.json(found))
  }

  private func routes(_ arguments: [String: String]) -> (text: String, json: JSONText) {
    var list = RouteList(index.graph)
    list.keep { row in
      (arguments["path"].map { row.route.path.contains($0) } ?? true)
        && (arguments["method"].map { $0.uppercased() == row.route.method } ?? true)
        && (arguments["unguarded"] != "true" || row.guards.isEmpty)
    }
    return (list.rows.isEmpty ? "no route fits" : list.tabbed, list.json)
  }

  private func tables(_ arguments: [String: String]) -> (text: String, json: JSONText) {
    var list = TableList(index.graph)
    list.keep { row in
      arguments["name"].map { row.table.table.name.contains($0) || row.table.table.codeName.contains($0) } ?? true
    }
    return (list.rows.isEmpty ? "no table fits" : list.text, list.json(index.graph))
  }
}
