import KapinBase
import KapinModel
import KapinRules

/// Prefixes of the functions that a registration stands in: `group(() => { … }).prefix("/admin")`, and components that
/// show routes of their own below the path that shows them.
extension Composer {
  /// The prefixes and guards around a function, one for each place where it stands.
  func scopes(around site: SymbolRef, _ mounting: Mounting, visited: Set<SymbolRef>) -> [Position] {
    let nothing = [Position(prefix: "", guards: [], confidence: .exact)]
    guard visited.count < 8, !visited.contains(site) else { return nothing }
    let facts = code.modules[site.module].facts
    var chain: [SymbolRef] = [], declaration = site.declaration
    while let id = declaration {
      chain.append(SymbolRef(site.module, id))
      declaration = facts.declarations[id].parent
    }
    if site.declaration == nil { chain = [site] }
    var found = nothing
    var isPlaced = false
    for function in chain.reversed() {
      for scope in mounting.scopes[function] ?? [] where scope.site == nil {
        found = found.map { below($0, scope) }
      }
      let places = (mounting.scopes[function] ?? []).filter { $0.site != nil && $0.site != function }
      guard !places.isEmpty else { continue }
      isPlaced = true
      found = places.prefix(8).flatMap { scope in
        scopes(around: scope.site ?? function, mounting, visited: visited.union(chain)).map { below($0, scope) }
      }
    }
    if isPlaced || mounting.placed.isEmpty { return found }
    // Inside a component that another one renders, its place is the other one's.
    guard let component = chain.first(where: { mounting.renderers[$0] != nil }) else { return found }
    let outer = (mounting.renderers[component] ?? []).prefix(6).flatMap {
      scopes(around: $0, mounting, visited: visited.union(chain))
    }.filter { !$0.prefix.isEmpty }
    return outer.isEmpty ? found : unique(outer)
  }

  private func unique(_ places: [Position]) -> [Position] {
    var seen: Set<String> = []
    return places.filter { seen.insert($0.prefix).inserted }
  }

  private func below(_ outer: Position, _ scope: FoundScope) -> Position {
    var place = outer
    place.prefix = RoutePath.join(outer.prefix, scope.prefix)
    if place.prefix == "/" { place.prefix = "" }
    place.guards += scope.guards.map { Guard(path: place.prefix.isEmpty ? "/" : place.prefix, passes: $0) }
    return place
  }

  /// A router's place, and the scope that its registration stands in.
  func joined(_ place: Position, _ scope: Position) -> Position {
    var result = place
    if !scope.prefix.isEmpty { result.prefix = RoutePath.join(place.prefix, scope.prefix) }
    result.guards += scope.guards.map {
      Guard(path: RoutePath.join(place.prefix, $0.path), passes: $0.passes)
    }
    return result
  }
}
