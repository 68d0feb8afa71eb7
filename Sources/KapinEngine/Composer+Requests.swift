import KapinBase
import KapinExtract
import KapinModel
import KapinRules

/// What code asks of routes beside addresses: fields of a query language, and functions that run on the server.
extension Composer {
  mutating func documents(_ findings: [Finding]) {
    var routes: [String: [NodeID]] = [:]
    for id in routeNodes {
      guard case .route(let route) = graph.nodes[id].content, route.form == .graphql else { continue }
      routes[route.method + " " + route.path, default: []].append(id)
    }
    guard !routes.isEmpty else { return }
    for case .document(let document) in findings {
      guard let from = graph.node(of: document.from) else { continue }
      for field in GraphQLDocument.fields(document.text) {
        for route in routes[field.method + " /" + field.name] ?? [] {
          edge(.requests, from, route, at: document.origin.place, confidence: .resolved, rule: document.origin.rule)
        }
      }
    }
  }

  /// Whoever calls an action, hands it to a call, or gives it to an element asks for its route.
  mutating func actions() {
    var routes: [SymbolRef: NodeID] = [:]
    let isAction = Set(
      routeNodes.filter { id in
        if case .route(let route) = graph.nodes[id].content { route.form == .action } else { false }
      })
    guard !isAction.isEmpty else { return }
    for edge in graph.edges where edge.kind == .handles && isAction.contains(edge.from) {
      if case .symbol(let symbol, _) = graph.nodes[edge.to].content { routes[symbol] = edge.from }
    }
    var seen: Set<[Int]> = []
    func add(_ from: SymbolRef, _ value: ValueRef, _ at: UInt32) {
      guard isName(code.modules[value.module].facts.values[value.value]),
        case .declaration(let symbol) = follower.entity(follower.follow(value)), let route = routes[symbol],
        symbol.module != from.module, let node = graph.node(of: from),
        seen.insert([node.index, route.index]).inserted
      else { return }
      edge(
        .requests, node, route, at: code.place(from.module, at), confidence: .resolved,
        rule: graph.nodes[route].origin?.rule)
    }
    for id in code.modules.ids where !code.modules[id].isTest {
      let facts = code.modules[id].facts
      // An action is of another module: what imports none has none.
      guard code.modules[id].targets.contains(where: { if case .module = $0 { true } else { false } }) else { continue }
      for call in facts.calls.rows {
        add(SymbolRef(id, call.function), ValueRef(id, call.callee), call.range.start)
        for index in call.arguments.indices {
          add(SymbolRef(id, call.function), ValueRef(id, facts.valueLists[index]), call.range.start)
        }
      }
      for element in facts.elements.rows {
        for attribute in facts.attributes[element.attributes.indices] {
          add(SymbolRef(id, element.function), ValueRef(id, attribute.value), attribute.at)
        }
      }
    }
  }

  /// Whether a value may stand for a function of another module.
  private func isName(_ value: Value) -> Bool {
    switch value {
    case .local, .imported, .member, .either, .call: true
    default: false
    }
  }

  mutating func events(_ findings: [Finding]) {
    for case .event(let event) in findings {
      guard let from = graph.node(of: event.from) else { continue }
      let id = "event:" + NodeIDs.escape(event.name)
      let node: NodeID
      if let known = graph.node(id: id) {
        node = known
        if case .event(let providers) = graph.nodes[known].content, !providers.contains(event.origin.rule) {
          graph.nodes.rows[known.index].content = .event(providers: (providers + [event.origin.rule]).sortedByBytes())
        }
      } else {
        node = graph.add(
          ProductNode(id: id, kind: .event, content: .event(providers: [event.origin.rule]), origin: event.origin))
      }
      edge(
        .emits, from, node, at: event.origin.place, confidence: event.origin.confidence, rule: event.origin.rule,
        fields: event.properties.isEmpty ? [] : [("properties", .texts(event.properties))])
    }
  }
}
