import KapinBase
package import KapinModel

/// Packages that are about the product instead of being it: documentation, marketing, demonstrations.
package struct ProductSites {
  package private(set) var packages: Set<PackageID> = []

  /// A package counts by what its folder is called, and only where another one has pages: a product may well be called
  /// `website`.
  package init(_ graph: ProductGraph, _ generated: [GeneratedRule]) {
    let named = Set(
      graph.code.packages.ids.filter { id in
        let folder = graph.code.packages[id].folder
        return generated.contains { $0.isSite(folder) }
      })
    let hasProduct = graph.nodes.contains { node in
      guard case .route(let route) = node.content else { return false }
      return route.form == .page && !named.contains(route.package)
    }
    if hasProduct { packages = named }
  }

  /// Whether a file lies outside of these packages.
  func allows(_ path: String, _ graph: ProductGraph) -> Bool {
    !packages.contains { path.hasPrefix(graph.code.packages[$0].folder + "/") }
  }

  func has(_ module: ModuleID, _ graph: ProductGraph) -> Bool {
    packages.contains(graph.code.modules[module].package)
  }
}
