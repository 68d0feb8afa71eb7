/// A value written out so that equal values give equal texts: the entries of dictionaries and sets are sorted.
package enum RuleMeaning {
  package static func text(_ value: Any) -> String {
    let mirror = Mirror(reflecting: value)
    let parts = mirror.children.map { "\($0.label ?? ""):\(text($0.value))" }
    switch mirror.displayStyle {
    case .dictionary, .set:
      return "{\(parts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ","))}"
    case .enum where parts.isEmpty: return "\(value)"
    case .none where parts.isEmpty: return "\(value)"
    default: return "\(mirror.subjectType)(\(parts.joined(separator: ",")))"
    }
  }
}
