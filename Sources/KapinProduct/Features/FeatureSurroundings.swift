import KapinBase
package import KapinModel
import KapinQuery

/// What the graph tells about a feature beside its evidence: where it lives, who uses it, and in which order.
package final class FeatureSurroundings {
  private let graph: ProductGraph
  private let people: [PeopleRule]
  private lazy var index = GraphIndex(graph)
  private lazy var users = AppUsers(graph)
  private lazy var steps = StepFinder(index)

  package init(_ graph: ProductGraph, _ people: [PeopleRule]) {
    self.graph = graph
    self.people = people
  }

  func complete(_ feature: inout Feature) {
    feature.apps = users.apps(of: feature.routes + feature.components)
    feature.steps = steps.steps(of: feature.routes)
    feature.people = groups(feature.routes)
  }

  /// Each group once, in the order of the rule from the last to the first: visitors come before administrators.
  private func groups(_ routes: [NodeID]) -> [String] {
    var found: Set<String> = []
    for route in routes {
      if let name = group(route) { found.insert(name) }
    }
    return people.flatMap(\.groups).map(\.name).reversed().filter { found.contains($0) }
  }

  /// The routes of each group, for the suites of rules about people.
  package func routes() -> [(group: String, routes: [String])] {
    people.flatMap(\.groups).map(\.name).map { name in
      (name, graph.nodes.ids.filter { self.group($0) == name }.map { self.index.name($0) })
    }
  }

  private func group(_ id: NodeID) -> String? {
    guard case .route(let route) = graph.nodes[id].content else { return nil }
    let guards = index.out[id.index].map { graph.edges[$0] }.filter { $0.kind == .guards }
    let names = guards.map { Words.split($0.text("name") ?? index.name($0.to)) }
    let path = Words.split(RouteNames.literal(route))
    for group in people.flatMap(\.groups) {
      if let any = group.anyGuard, any == !guards.isEmpty { return group.name }
      let isGuarded = group.guards.contains { phrase in names.contains { Words.contains($0, phrase: phrase) } }
      if isGuarded || group.paths.contains(where: { Words.contains(path, phrase: $0) }) { return group.name }
    }
    return nil
  }
}

/// Which applications of a repository use a symbol, be it through shared packages.
struct AppUsers {
  private let graph: ProductGraph
  /// For each module, the applications that reach it, as bits of `apps`.
  private var reached: [UInt64]
  private var apps: [PackageID] = []

  init(_ graph: ProductGraph) {
    self.graph = graph
    reached = Array(repeating: 0, count: graph.code.modules.count)
    var withRoutes: Set<PackageID> = []
    for node in graph.nodes {
      if case .route(let route) = node.content { withRoutes.insert(route.package) }
    }
    apps = Array(
      withRoutes.sorted { graph.code.packages[$0].folder.precedes(graph.code.packages[$1].folder) }.prefix(64))
    for (bit, app) in apps.enumerated() { spread(from: app, 1 << UInt64(bit)) }
  }

  /// All that the modules of an application import, over as many packages as it takes.
  private mutating func spread(from app: PackageID, _ bit: UInt64) {
    let graph = graph
    var queue = Array(
      graph.code.modules.ids.filter { graph.code.modules[$0].package == app && !graph.code.modules[$0].isTest })
    for id in queue { reached[id.index] |= bit }
    while let id = queue.popLast() {
      for target in graph.code.modules[id].targets {
        for next in Self.modules(target) where reached[next.index] & bit == 0 {
          reached[next.index] |= bit
          queue.append(next)
        }
      }
    }
  }

  private static func modules(_ target: ImportTarget) -> [ModuleID] {
    switch target {
    case .module(let id): [id]
    case .several(let all): all.flatMap(modules)
    default: []
    }
  }

  /// The applications of routes and components; the package itself where no application uses it.
  func apps(of nodes: [NodeID]) -> [NodeID] {
    var found: Set<PackageID> = []
    for node in nodes {
      switch graph.nodes[node].content {
      case .route(let route): found.insert(route.package)
      case .symbol(let ref, _):
        let bits = reached[ref.module.index]
        if bits == 0 { found.insert(graph.code.modules[ref.module].package) }
        for bit in apps.indices where bits & (1 << UInt64(bit)) != 0 { found.insert(apps[bit]) }
      default: break
      }
    }
    return found.compactMap { package in
      let folder = graph.code.packages[package].folder
      return graph.node(id: "package:" + (folder.isEmpty ? "." : folder))
    }.sorted { graph.nodes[$0].id.precedes(graph.nodes[$1].id) }
  }
}
