import KapinBase
package import KapinModel

extension ValueFollower {
  /// Folds constants, templates, concatenations and enum members across files; what stays unknown is a hole.
  package func fold(_ ref: ValueRef) -> FoldedText { fold(ref) { _ in nil } }

  package func fold(_ ref: ValueRef, bound: (ValueRef) -> ValueRef?) -> FoldedText {
    var parts: [FoldedText.Part] = []
    fold(ref, into: &parts, bound, depth: 0)
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

  private func fold(
    _ ref: ValueRef, into parts: inout [FoldedText.Part], _ bound: (ValueRef) -> ValueRef?, depth: Int
  ) {
    guard depth < 20, parts.count < 200 else {
      parts.append(.hole)
      return
    }
    let facts = graph.modules[ref.module].facts
    switch facts.values[ref.value] {
    case .text(let text): parts.append(.text(facts.names[text]))
    case .number(let digits): parts.append(.text(facts.names[digits]))
    case .concat(let range):
      for index in range.indices {
        fold(ValueRef(ref.module, facts.valueLists[index]), into: &parts, bound, depth: depth + 1)
      }
    case .await(let inner): fold(ValueRef(ref.module, inner), into: &parts, bound, depth: depth + 1)
    default:
      if let other = bound(ref) {
        fold(other, into: &parts, bound, depth: depth + 1)
      } else if case .value(let target) = entity(follow(ref)), target != ref {
        let other = graph.modules[target.module].facts
        switch other.values[target.value] {
        case .text, .number, .concat: fold(target, into: &parts, bound, depth: depth + 1)
        case .either(let range):
          // `process.env.BASE ?? "/api"`: the one text that the code itself gives.
          let texts = range.indices.filter { index in
            if case .text = other.values[other.valueLists[index]] { true } else { false }
          }
          if texts.count == 1, range.count == 2, texts[0] != range.indices.lowerBound,
            case .text(let text) = other.values[other.valueLists[texts[0]]]
          {
            parts.append(.text(other.names[text]))
          } else {
            parts.append(.hole)
          }
        default: parts.append(.hole)
        }
      } else {
        parts.append(.hole)
      }
    }
  }
}
