package import KapinBase
import KapinModel
package import KapinQuery

/// Traces and answers as text, JSON and Mermaid.
package struct TraceText {
  private let index: GraphIndex

  package init(_ index: GraphIndex) { self.index = index }

  /// A line for the start and one for each hop: what happens, to what, where, and how sure it is.
  package func text(_ traces: [Trace]) -> String {
    traces.map { trace in
      var rows: [[String]] = [[index.name(trace.start), "", place(trace.start), ""]]
      for hop in trace.hops {
        rows.append([
          "  " + verb(hop.edge) + " " + index.name(hop.to) + columns(hop.edge), "",
          hop.edge.at?.description ?? place(hop.to), hop.edge.confidence.rawValue,
        ])
      }
      let width = min(76, rows.map { $0[0].count }.max() ?? 0)
      return rows.map { row in
        let line = row[0].padded(to: width) + "  " + row[2] + (row[3].isEmpty ? "" : "  " + row[3])
        return String(line.reversed().drop { $0 == " " }.reversed())
      }.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  private func place(_ id: NodeID) -> String { index.node(id).origin?.place.description ?? "" }

  private func verb(_ edge: ProductEdge) -> String {
    var word = edge.kind == .handles ? "is handled by" : edge.kind.rawValue
    for case ("verb", .text(let own)) in edge.fields { word = own == "create" ? "writes (create)" : "writes (\(own))" }
    for case ("event", .text(let event)) in edge.fields { word += " on \(event)" }
    return word
  }

  private func columns(_ edge: ProductEdge) -> String {
    for case ("columns", .texts(let all)) in edge.fields { return " (\(all.joined(separator: ", ")))" }
    return ""
  }

  package func json(_ traces: [Trace]) -> JSONText {
    let wire = GraphWire(graph: index.graph)
    return .object([
      "kapin": .text("traces"), "version": .int(1),
      "traces": .list(
        traces.map { trace in
          .object([
            "from": .text(index.node(trace.start).id), "to": .text(index.node(trace.end).id),
            "confidence": .text(trace.confidence.rawValue), "hops": .list(trace.hops.map { wire.edge($0.edge) }),
          ])
        }),
    ])
  }

  /// A flowchart (Mermaid documentation, "Flowcharts – Basic Syntax").
  package func mermaid(_ traces: [Trace]) -> String {
    var lines = ["flowchart LR"]
    var numbers: [NodeID: Int] = [:]
    func name(_ id: NodeID) -> String {
      if let known = numbers[id] { return "n\(known)" }
      numbers[id] = numbers.count
      let label = index.name(id).map { $0 == "\"" ? "'" : String($0) }.joined()
      lines.append("  n\(numbers[id] ?? 0)[\"\(label)\"]")
      return "n\(numbers[id] ?? 0)"
    }
    var seen: Set<String> = []
    for trace in traces {
      var last = name(trace.start)
      for hop in trace.hops {
        let target = name(hop.to)
        let line = "  \(last) -->|\(verb(hop.edge))| \(target)"
        if seen.insert(line).inserted { lines.append(line) }
        last = target
      }
    }
    return lines.joined(separator: "\n")
  }

  // MARK: Answers

  /// A line for each answer: what it is, where, and the step that leads there.
  package func text(_ relatives: [Relative]) -> String {
    relatives.map { relative in
      let node = index.node(relative.node)
      return [
        node.kind.rawValue, index.name(relative.node), verb(relative.edge) + columns(relative.edge),
        relative.edge.at?.description ?? "", relative.edge.confidence.rawValue,
      ].joined(separator: "\t")
    }.joined(separator: "\n")
  }

  package func json(_ relatives: [Relative]) -> JSONText {
    let wire = GraphWire(graph: index.graph)
    return .object([
      "kapin": .text("answers"), "version": .int(1),
      "answers": .list(
        relatives.map { relative in
          .object([
            "node": .text(index.node(relative.node).id), "kind": .text(index.node(relative.node).kind.rawValue),
            "distance": .int(relative.distance), "edge": wire.edge(relative.edge),
          ])
        }),
    ])
  }
}
