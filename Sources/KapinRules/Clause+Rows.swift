import KapinBase
import KapinModel

/// Rows that models give, and the models behind them.
extension Clause {
  /// The model that gave a row: `await User.findOne()`, one of what `findAll` gave, or the first of `[row, created]`.
  func model(ofRow id: EntityID, _ methods: [String], depth: Int) -> TableReference? {
    guard depth < 4 else { return nil }
    if case .instance(let type) = follower.entity(id), let own = rowModel(type) { return own }
    if let (type, module) = follower.declaredType(of: id), let named = declared(type, in: module),
      let own = rowModel(named)
    {
      return own
    }
    let call: CallSite, object: ValueID
    switch follower.entity(id) {
    case .value(let ref):
      let own = finder.graph.modules[ref.module].facts
      switch own.values[ref.value] {
      case .index(let list, _):
        return model(ofRow: follower.follow(ValueRef(ref.module, list)), methods, depth: depth + 1)
      case .either(let range):
        return range.indices.lazy.compactMap {
          self.model(ofRow: self.follower.follow(ValueRef(ref.module, own.valueLists[$0])), methods, depth: depth + 1)
        }.first
      case .call(let made):
        guard case .member(let owner, let name) = own.values[own.calls[made].callee] else { return nil }
        guard methods.contains(own.names[name]) else {
          // `query.where(…).limit(1)`: further calls of the chain give the same rows.
          return model(ofRow: follower.follow(ValueRef(ref.module, owner)), methods, depth: depth + 1)
        }
        (call, object) = (CallSite(ref.module, made), owner)
      default: return nil
      }
    case .callback(let site, 0, 0):
      let own = self.facts(site)
      guard case .member(let rows, _) = own.values[own.calls[site.call].callee] else { return nil }
      return model(ofRow: follower.follow(ValueRef(site.module, rows)), methods, depth: depth + 1)
    default: return nil
    }
    return handled(ValueRef(call.module, object))?.0
  }

  /// The model that a class is.
  private func rowModel(_ type: SymbolRef) -> TableReference? {
    if let own = finder.modelMembers.rows[type] { return .model(own) }
    return finder.modelIn(follower.intern(.declaration(type)), rule: ref.rule).map { .model($0) }
  }
}
