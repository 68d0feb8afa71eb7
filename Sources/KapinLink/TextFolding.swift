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
        case .call(let call): foldResult(CallSite(target.module, call), into: &parts, bound, depth: depth + 1)
        default: parts.append(.hole)
        }
      } else if case .call(let call) = facts.values[ref.value] {
        foldResult(CallSite(ref.module, call), into: &parts, bound, depth: depth + 1)
      } else {
        parts.append(.hole)
      }
    }
  }

  /// The text that a function of the project gives back, with the call's arguments in the place of its parameters.
  private func foldResult(
    _ site: CallSite, into parts: inout [FoldedText.Part], _ bound: (ValueRef) -> ValueRef?, depth: Int
  ) {
    let facts = graph.modules[site.module].facts
    guard depth < 8,
      case .declaration(let function) = entity(follow(ValueRef(site.module, facts.calls[site.call].callee))),
      let id = function.declaration
    else {
      parts.append(.hole)
      return
    }
    let body = graph.modules[function.module].facts
    let row = body.declarations[id]
    guard row.returns.count == 1, row.form != .class, !row.flags.contains(.async) else {
      parts.append(.hole)
      return
    }
    let value = ValueRef(function.module, body.valueLists[row.returns.indices.lowerBound])
    fold(
      value, into: &parts,
      { ref in
        guard let index = self.parameterIndex(ref, of: function), let argument = self.argument(index, of: site) else {
          return bound(ref)
        }
        return bound(argument) ?? argument
      }, depth: depth + 1)
  }

  private func parameterIndex(_ ref: ValueRef, of function: SymbolRef) -> Int? {
    guard case .value(let target) = entity(follow(ref)), target.module == function.module,
      case .parameter(let owner, let index) = graph.modules[target.module].facts.values[target.value],
      owner == function.declaration
    else { return nil }
    return Int(index)
  }
}
