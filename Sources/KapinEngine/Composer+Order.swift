import KapinBase
import KapinModel

/// Where something is registered: its place, and the function that the call stands in.
struct Registration {
  var place: Place
  var site: SymbolRef?
  init(_ place: Place, _ site: SymbolRef?) {
    self.place = place
    self.site = site
  }
}

/// Which of two registrations comes first when the code runs.
extension Composer {
  /// A guard counts for what is registered after it: in one file by its place; else where one function makes both, itself
  /// or by what it calls, by the order of these calls; else order is not known, and it counts.
  func comesBefore(_ a: Registration, _ b: Registration) -> Bool {
    guard let first = a.place.position, let second = b.place.position else { return true }
    if a.place.path == b.place.path, a.site == b.site { return first.isBefore(second) }
    let seconds = steps(b)
    // The innermost function that makes both decides; one call that leads to both says nothing.
    for step in steps(a) {
      guard let other = seconds.first(where: { $0.function == step.function }), other.at != step.at else { continue }
      return step.at.isBefore(other.at)
    }
    guard a.place.path == b.place.path else { return true }
    return first.isBefore(second)
  }

  /// The functions in which a registration is made, themselves or by a call, and where in them; the innermost first.
  private func steps(_ registration: Registration) -> [(function: SymbolRef, at: KapinBase.Position)] {
    guard let site = registration.site, let position = registration.place.position else { return [] }
    var found: [(function: SymbolRef, at: KapinBase.Position)] = []
    if code.modules[site.module].path == registration.place.path { found.append((site, position)) }
    var open = [site]
    for _ in 0..<3 {
      var next: [SymbolRef] = []
      for function in open {
        for call in follower.callSites(of: function).prefix(4) {
          let facts = code.modules[call.module].facts
          let around = SymbolRef(call.module, facts.calls[call.call].function)
          guard !found.contains(where: { $0.function == around }) else { continue }
          found.append((around, facts.lines.position(facts.calls[call.call].range.start)))
          next.append(around)
        }
      }
      open = next
    }
    return found
  }
}

extension KapinBase.Position {
  fileprivate func isBefore(_ other: Position) -> Bool {
    line < other.line || (line == other.line && column <= other.column)
  }
}
