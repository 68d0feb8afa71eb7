import KapinBase
import KapinModel

/// The calls of methods on what calls of the same module give, in place or by a variable that keeps it.
struct NextCalls {
  private var onValue: [ValueID: [CallID]] = [:]

  init(_ facts: FrozenFacts) {
    var byBinding: [BindingID: [CallID]] = [:]
    for (index, call) in facts.calls.rows.enumerated() {
      guard case .member(let object, _) = facts.values[call.callee] else { continue }
      switch facts.values[object] {
      case .call, .new: onValue[object, default: []].append(CallID(index))
      case .local(let binding): byBinding[binding, default: []].append(CallID(index))
      default: break
      }
    }
    for (index, row) in facts.bindings.rows.enumerated() where !row.isTopLevel && !row.isReassigned {
      // What is awaited is the result, no chain that goes on.
      guard case .call = facts.values[row.value], let calls = byBinding[BindingID(index)] else { continue }
      onValue[row.value, default: []] += calls
    }
  }

  func calls(on value: ValueID) -> [CallID] { onValue[value] ?? [] }
}
