import KapinBase
import KapinModel

/// Functions behind arguments: handlers and guards.
extension Clause {
  /// The function behind a handler: itself, what a wrapper wraps, or what `bind` binds.
  func function(_ ref: ValueRef, depth: Int = 0) -> SymbolRef? {
    guard depth < 4 else { return nil }
    // `wrap(handler)`: what is wrapped comes before what the wrapper returns.
    let own = finder.graph.modules[ref.module].facts
    if case .call(let call) = own.values[ref.value] {
      for index in own.calls[call].arguments.indices.reversed() {
        if let found = function(ValueRef(ref.module, own.valueLists[index]), depth: depth + 1) { return found }
      }
    }
    switch follower.entity(follower.follow(ref)) {
    case .declaration(let symbol): return isFunction(symbol) ? symbol : nil
    case .value(let inner):
      let facts = finder.graph.modules[inner.module].facts
      switch facts.values[inner.value] {
      case .call(let call):
        if case .member(let object, let name) = facts.values[facts.calls[call].callee], facts.names[name] == "bind" {
          return function(ValueRef(inner.module, object), depth: depth + 1)
        }
        return inner == ref ? nil : function(inner, depth: depth + 1)
      case .list(let range):
        return range.indices.last.flatMap { function(ValueRef(inner.module, facts.valueLists[$0]), depth: depth + 1) }
      default: return nil
      }
    default: return nil
    }
  }

  private func isFunction(_ ref: SymbolRef) -> Bool {
    guard let id = ref.declaration else { return false }
    switch finder.graph.modules[ref.module].facts.declarations[id].form {
    case .function, .arrow, .method, .getter: return true
    default: return false
    }
  }

  func functions(_ ref: ValueRef) -> [SymbolRef] {
    let facts = finder.graph.modules[ref.module].facts
    if case .list(let range) = facts.values[ref.value] {
      return range.indices.compactMap { function(ValueRef(ref.module, facts.valueLists[$0])) }
    }
    if let found = function(ref) { return [found] }
    // `authorize("admin")`: the function that makes the guard stands for it.
    if case .call(let call) = facts.values[ref.value],
      case .declaration(let maker) = follower.entity(follower.follow(ValueRef(ref.module, facts.calls[call].callee)))
    {
      return [maker]
    }
    return []
  }
}
