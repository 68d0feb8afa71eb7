package import KapinBase
package import KapinModel

/// What the graph could not tell, place by place.
package enum GraphGaps {
  package struct Gap {
    package var reason: String
    package var place: Place
    package var what: String
  }

  private static let undeclared = "undeclared-package"
  private static let unknownPath = "unknown-path"
  private static let syntax = "syntax-error"

  package static var reasons: [String] {
    UnresolvedReason.allCases.map(\.rawValue) + [undeclared, unknownPath, syntax]
  }

  /// Gaps in the order of reasons, then of places.
  package static func find(_ graph: ProductGraph) -> [Gap] {
    var gaps: [Gap] = []
    for id in graph.code.modules.ids {
      let module = graph.code.modules[id]
      for (index, target) in module.targets.enumerated() {
        let row = module.facts.imports[index]
        let specifier = module.facts.names[row.specifier]
        switch target {
        case .unresolved(let reason):
          gaps.append(Gap(reason: reason.rawValue, place: graph.code.place(id, row.at), what: specifier))
        case .external(let package, _, false):
          gaps.append(Gap(reason: undeclared, place: graph.code.place(id, row.at), what: package))
        default: break
        }
      }
    }
    for node in graph.nodes {
      guard case .route(let route) = node.content, route.path.contains("{?}"), let place = node.origin?.place else {
        continue
      }
      gaps.append(Gap(reason: unknownPath, place: place, what: "\(route.method) \(route.path)"))
    }
    gaps += graph.coverage.filesWithSyntaxErrors.map { Gap(reason: syntax, place: Place($0), what: "") }
    let order = Dictionary(uniqueKeysWithValues: reasons.enumerated().map { ($0.element, $0.offset) })
    return gaps.enumerated().sorted {
      let a = order[$0.element.reason] ?? 99, b = order[$1.element.reason] ?? 99
      return a != b ? a < b : $0.offset < $1.offset
    }.map(\.element)
  }
}
