import KapinBase
import KapinModel

/// What parameters are: what is handed to a callback, or what all calls of a function pass for them.
extension ValueFollower {
  /// A function that more calls than this pass values to is a tool, not a place where one thing is handed over.
  private static let siteLimit = 40

  func parameter(_ function: SymbolRef, _ index: UInt16, _ ref: ValueRef) -> EntityID {
    sawParameter = true
    if let id = function.declaration, let (call, position) = arguments(of: function.module)[id] {
      return intern(.callback(call: CallSite(function.module, call), argument: position, parameter: index))
    }
    if followsParameters, let calls = sites[function], calls.count <= Self.siteLimit {
      var found: EntityID?
      for site in calls {
        guard let argument = argument(Int(index), of: site) else { continue }
        let target = follow(argument)
        guard isReference(target) else { continue }
        if let found, found != target { return intern(.value(ref)) }
        found = target
      }
      if let found { return found }
    }
    return intern(.value(ref))
  }

  private func arguments(of module: ModuleID) -> [DeclarationID: (call: CallID, position: UInt16)] {
    if let known = argumentOf[module.index] { return known }
    var found: [DeclarationID: (call: CallID, position: UInt16)] = [:]
    let facts = graph.modules[module].facts
    for (index, call) in facts.calls.rows.enumerated() {
      for (position, argument) in call.arguments.indices.enumerated() {
        if case .declaration(let id) = facts.values[facts.valueLists[argument]] {
          found[id] = (CallID(index), UInt16(truncatingIfNeeded: position))
        }
      }
    }
    argumentOf[module.index] = found
    return found
  }
}
