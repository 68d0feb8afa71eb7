import KapinBase
import KapinModel

/// What functions are among the handlers of all routes.
extension Composer {
  /// Functions that end the chains of many routes, each after a function of its own: they only send what that one left.
  func responders(_ findings: [Finding]) -> Set<SymbolRef> {
    var ends: [SymbolRef: Int] = [:], before: [SymbolRef: Set<SymbolRef>] = [:]
    for case .route(let route) in findings {
      guard let handler = route.handler, let own = route.beforeHandler else { continue }
      ends[handler, default: 0] += 1
      before[handler, default: []].insert(own)
    }
    func isInline(_ symbol: SymbolRef) -> Bool {
      symbol.declaration.map { !code.modules[symbol.module].facts.declarations[$0].isNamed } ?? false
    }
    // Functions that are written in the calls are less often shared checks than named ones.
    return Set(
      ends.filter { end, count in
        let own = before[end, default: []]
        return own.count * 2 >= count && count >= (own.allSatisfy(isInline) ? 3 : 8)
      }.keys)
  }

  /// Functions that make a telling call, themselves or by what they call.
  func marked(_ findings: [Finding]) -> [SymbolRef: RouteForm] {
    var found: [SymbolRef: RouteForm] = [:]
    var open: [(symbol: SymbolRef, form: RouteForm)] = []
    for case .mark(let mark) in findings { open.append((mark.from, mark.form)) }
    guard !open.isEmpty else { return found }
    var callers: [SymbolRef: [SymbolRef]] = [:]
    for relation in code.relations {
      if case .calls = relation.form { callers[relation.to, default: []].append(relation.from) }
    }
    for _ in 0..<3 {
      var next: [(symbol: SymbolRef, form: RouteForm)] = []
      for (symbol, form) in open {
        var declaration = symbol.declaration
        while let id = declaration {
          let around = SymbolRef(symbol.module, id)
          if found[around] == nil {
            found[around] = form
            next += (callers[around] ?? []).map { ($0, form) }
          }
          declaration = code.modules[symbol.module].facts.declarations[id].parent
        }
      }
      open = next
    }
    return found
  }
}
