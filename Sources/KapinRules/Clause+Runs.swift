import KapinBase
import KapinModel

/// Functions of the product that a library calls back.
extension Clause {
  /// `server.token(…)` of `server = new Server({ model })`: functions of the model.
  func runs(_ runs: RunsClause, _ site: CallSite) {
    guard matches(runs.call, site) else { return }
    let objects = select(runs.object, .call(site)).map { follower.follow($0) }
    guard !objects.isEmpty else {
      say("no object of functions is found in it")
      return
    }
    for object in objects {
      for name in runs.members {
        guard let function = function(name, of: object) else { continue }
        finder.add(
          .call(FoundCall(from: from(site), to: function, site: site, origin: origin(site, .resolved))))
      }
    }
  }

  private func function(_ name: String, of object: EntityID) -> SymbolRef? {
    if let member = follower.member(object, name), case .declaration(let symbol) = follower.entity(member) {
      return symbol
    }
    guard let id = finder.graph.names.find(name) else { return nil }
    return follower.method(follower.intern(.member(of: object, id)))
  }
}
