import KapinBase
package import KapinModel

extension ValueFollower {
  /// Folds constants, templates, concatenations and enum members across files; what stays unknown is a hole.
  package func fold(_ ref: ValueRef) -> FoldedText {
    var parts: [FoldedText.Part] = []
    fold(ref, into: &parts, depth: 0)
    var merged: [FoldedText.Part] = []
    for part in parts {
      if case .text(let text) = part, case .text(let last)? = merged.last {
        merged[merged.count - 1] = .text(last + text)
      } else if part != .hole || merged.last != .hole {
        merged.append(part)
      }
    }
    return FoldedText(merged)
  }

  private func fold(_ ref: ValueRef, into parts: inout [FoldedText.Part], depth: Int) {
    guard depth < 20, parts.count < 200 else {
      parts.append(.hole)
      return
    }
    let facts = graph.modules[ref.module].facts
    switch facts.values[ref.value] {
    case .text(let text): parts.append(.text(facts.names[text]))
    case .number(let digits): parts.append(.text(facts.names[digits]))
    case .concat(let range):
      for index in range.indices { fold(ValueRef(ref.module, facts.valueLists[index]), into: &parts, depth: depth + 1) }
    case .await(let inner): fold(ValueRef(ref.module, inner), into: &parts, depth: depth + 1)
    default:
      if case .value(let target) = entity(follow(ref)), target != ref {
        let other = graph.modules[target.module].facts
        switch other.values[target.value] {
        case .text, .number, .concat: fold(target, into: &parts, depth: depth + 1)
        default: parts.append(.hole)
        }
      } else {
        parts.append(.hole)
      }
    }
  }
}
