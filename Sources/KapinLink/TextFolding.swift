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
    case .either(let range):
      foldEither(ref, range, into: &parts, bound, depth: depth)
    case .await(let inner): fold(ValueRef(ref.module, inner), into: &parts, bound, depth: depth + 1)
    default:
      if let other = bound(ref) {
        fold(other, into: &parts, bound, depth: depth + 1)
      } else if case .value(let target) = entity(follow(ref)), target != ref {
        let other = graph.modules[target.module].facts
        switch other.values[target.value] {
        case .text, .number, .concat: fold(target, into: &parts, bound, depth: depth + 1)
        case .either(let range):
          foldEither(target, range, into: &parts, bound, depth: depth)
        case .call(let call):
          foldResult(CallSite(target.module, call), of: target, into: &parts, bound, depth: depth + 1)
        default: parts.append(.hole)
        }
      } else if case .call(let call) = facts.values[ref.value] {
        foldResult(CallSite(ref.module, call), of: ref, into: &parts, bound, depth: depth + 1)
      } else {
        parts.append(.hole)
      }
    }
  }

  /// The alternative that its condition chooses, or the one text that the code itself gives
  /// (`process.env.BASE ?? "/api"`).
  private func foldEither(
    _ ref: ValueRef, _ range: Range32, into parts: inout [FoldedText.Part], _ bound: (ValueRef) -> ValueRef?, depth: Int
  ) {
    let facts = graph.modules[ref.module].facts
    let first = range.indices.lowerBound
    if let condition = facts.condition(of: ref.value), range.count == 2 {
      guard let holds = holds(condition, ref.module, bound, depth) else {
        return foldAlike(ref, range, into: &parts, bound, depth: depth)
      }
      return fold(
        ValueRef(ref.module, facts.valueLists[holds ? first : first + 1]), into: &parts, bound, depth: depth + 1)
    }
    guard range.count == 2, case .text(let text) = facts.values[facts.valueLists[first + 1]] else {
      return parts.append(.hole)
    }
    if case .text = facts.values[facts.valueLists[first]] { return parts.append(.hole) }
    parts.append(.text(facts.names[text]))
  }

  /// What two alternatives have in common, when they are one address with and without a query: `q ? `${path}?${q}` :
  /// path`.
  private func foldAlike(
    _ ref: ValueRef, _ range: Range32, into parts: inout [FoldedText.Part], _ bound: (ValueRef) -> ValueRef?, depth: Int
  ) {
    let facts = graph.modules[ref.module].facts
    let both = range.indices.map { index -> [FoldedText.Part] in
      var own: [FoldedText.Part] = []
      fold(ValueRef(ref.module, facts.valueLists[index]), into: &own, bound, depth: depth + 1)
      return Self.address(own)
    }
    guard both[0] == both[1], both[0] != [.hole] else { return parts.append(.hole) }
    parts += both[0]
  }

  /// A text up to its query.
  private static func address(_ parts: [FoldedText.Part]) -> [FoldedText.Part] {
    var kept: [FoldedText.Part] = []
    for part in parts {
      guard case .text(let text) = part, let query = text.firstIndex(of: "?") else {
        kept.append(part)
        continue
      }
      if query > text.startIndex { kept.append(.text(String(text[..<query]))) }
      break
    }
    return kept
  }

  /// `text.startsWith("http")` and its kin (ECMAScript, "String.prototype.startsWith"), where both texts begin alike or
  /// are known.
  private func asks(_ call: CallID, _ module: ModuleID, _ bound: (ValueRef) -> ValueRef?, _ depth: Int) -> Bool? {
    let facts = graph.modules[module].facts
    guard case .member(let object, let name) = facts.values[facts.calls[call].callee],
      let first = facts.calls[call].arguments.indices.first,
      case .text(let literal) = facts.values[facts.valueLists[first]]
    else { return nil }
    let wanted = facts.names[literal]
    var own: [FoldedText.Part] = []
    fold(ValueRef(module, object), into: &own, bound, depth: depth + 1)
    let text = FoldedText(own)
    switch facts.names[name] {
    case "startsWith":
      guard case .text(let start)? = own.first, text.isComplete || start.count >= wanted.count else { return nil }
      return start.hasPrefix(wanted)
    case "endsWith": return text.text.map { $0.hasSuffix(wanted) }
    case "includes": return text.text.map { $0.firstRange(of: wanted) != nil }
    default: return nil
    }
  }

  /// Whether a condition holds, when its subject is a literal once parameters have their values.
  private func holds(
    _ condition: Condition, _ module: ModuleID, _ bound: (ValueRef) -> ValueRef?, _ depth: Int
  ) -> Bool? {
    let subject = ValueRef(module, condition.subject)
    if condition.literal == nil, depth < 16,
      case .call(let call) = graph.modules[module].facts.values[condition.subject]
    {
      return asks(call, module, bound, depth).map { $0 != condition.isNegated }
    }
    guard let value = constant(bound(subject) ?? subject) else { return nil }
    let isTrue: Bool
    if let literal = condition.literal {
      guard let other = constant(ValueRef(module, literal)) else { return nil }
      isTrue = value == other
    } else {
      switch value {
      case .bool(let flag): isTrue = flag
      case .text(let text): isTrue = !text.isEmpty
      case .number(let digits): isTrue = digits != "0"
      case .null: isTrue = false
      }
    }
    return isTrue != condition.isNegated
  }

  enum Constant: Equatable { case text(String), number(String), bool(Bool), null }

  func constant(_ ref: ValueRef) -> Constant? {
    var target = ref
    if case .value(let followed) = entity(follow(ref)) { target = followed }
    let facts = graph.modules[target.module].facts
    switch facts.values[target.value] {
    case .text(let text): return .text(facts.names[text])
    case .number(let digits): return .number(facts.names[digits])
    case .bool(let flag): return .bool(flag)
    case .null: return .null
    default: return nil
    }
  }

  /// The text that a function of the project gives back, with the call's arguments in the place of its parameters.
  private func foldResult(
    _ site: CallSite, of value: ValueRef, into parts: inout [FoldedText.Part], _ bound: (ValueRef) -> ValueRef?,
    depth: Int
  ) {
    let facts = graph.modules[site.module].facts
    if depth < 16, let text = unchanged(value) {
      return fold(text, into: &parts, bound, depth: depth + 1)
    }
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
    let result = ValueRef(function.module, body.valueLists[row.returns.indices.lowerBound])
    fold(
      result, into: &parts,
      { ref in
        guard let index = self.parameterIndex(ref, of: function),
          let argument = self.argument(index, of: site) ?? self.fallback(index, of: function)
        else {
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
