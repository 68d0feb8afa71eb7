import KapinBase
import KapinModel

/// The parts of functions that some of their calls never reach: `load(id)` leaves out what stands behind `if
/// (options?.deep)` in `function load(id, options)`.
///
/// One call deep: what a function hands on of its own parameters is not known.
final class BranchTests {
  private let follower: ValueFollower
  private var tests: [SymbolRef: [ParameterTest]] = [:]
  private var read: Set<ModuleID> = []

  /// A test of a parameter or of a part of it.
  private struct ParameterTest {
    enum Step {
      case member(Name)
      case fallback(ValueID)
      /// Any item of a list.
      case item
    }
    var range: Range32
    var parameter: Int
    var steps: [Step]
    var literals: Range32
    var isNegated: Bool
  }

  /// What a parameter, or a part of it, is known to be.
  private enum Known {
    case absent
    case value(ValueRef)
    case unknown
  }

  init(_ follower: ValueFollower) { self.follower = follower }

  enum Site { case call(CallID), element(ElementID) }

  /// - Returns: ranges of the target's file, ascending, none inside another.
  func apart(_ site: Site, in from: ModuleID, of target: SymbolRef) -> [Range32] {
    let own = tests(of: target)
    guard !own.isEmpty else { return [] }
    let facts = follower.graph.modules[target.module].facts
    var found: [Range32] = []
    for test in own {
      var known: [Known]
      var steps = test.steps[...]
      switch site {
      case .call(let call): known = [argument(test.parameter, CallSite(from, call), of: target)]
      case .element(let element):
        guard test.parameter == 0, case .member(let name)? = steps.popFirst() else { continue }
        known = [attribute(follower.graph.names[follower.name(name, target.module)], element, in: from)]
      }
      for step in steps { known = known.flatMap { take(step, of: $0, target.module) } }
      // Of a list, no item may hold it.
      guard known.allSatisfy({ holds(test, $0, facts, target.module) == false }) else { continue }
      found.append(test.range)
    }
    return found.outermost
  }

  private func tests(of function: SymbolRef) -> [ParameterTest] {
    if read.insert(function.module).inserted {
      let facts = follower.graph.modules[function.module].facts
      let fallbacks = Dictionary(
        facts.fallbacks.map { ($0.binding, $0.value) }, uniquingKeysWith: { first, _ in first })
      // What a function writes into what it gets is not what was passed.
      var written: Set<Part> = []
      for row in facts.assignments {
        guard let way = way(to: row.target, function.module, fallbacks), case .member(let name)? = way.steps.last else {
          continue
        }
        written.insert(Part(owner: way.owner, index: way.index, name: name))
      }
      for test in facts.tests {
        guard let way = way(to: test.subject, function.module, fallbacks) else { continue }
        let isWritten = way.steps.contains { step in
          guard case .member(let name) = step else { return false }
          return written.contains(Part(owner: way.owner, index: way.index, name: name))
        }
        guard !isWritten else { continue }
        tests[SymbolRef(function.module, way.owner), default: []].append(
          ParameterTest(
            range: test.range, parameter: Int(way.index), steps: way.steps, literals: test.literals,
            isNegated: test.isNegated))
      }
    }
    return tests[function] ?? []
  }

  private struct Part: Hashable {
    var owner: DeclarationID
    var index: UInt16
    var name: Name
  }

  /// The parameter that a value is a part of, and the way to it.
  private func way(
    to value: ValueID, _ module: ModuleID, _ fallbacks: [BindingID: ValueID]
  ) -> (owner: DeclarationID, index: UInt16, steps: [ParameterTest.Step])? {
    let facts = follower.graph.modules[module].facts
    var steps: [ParameterTest.Step] = []
    var value = value
    for _ in 0..<12 {
      switch facts.values[value] {
      case .member(let object, let name):
        steps.append(.member(name))
        value = object
      case .local(let binding):
        let row = facts.bindings[binding]
        guard !row.isReassigned else { return nil }
        if let fallback = fallbacks[binding] { steps.append(.fallback(fallback)) }
        value = row.value
      case .index(let list, let by) where by == ValueID(UInt32(0)):
        steps.append(.item)
        value = list
      case .parameter(let owner, let index):
        // `list.forEach((item) => …)`
        if index == 0, let list = listed(owner, module) {
          steps.append(.item)
          value = list
        } else {
          return (owner, index, steps.reversed())
        }
      default: return nil
      }
    }
    return nil
  }

  /// The list whose items a function gets one by one (ECMAScript, "Array.prototype.forEach" and its kin).
  private func listed(_ function: DeclarationID, _ module: ModuleID) -> ValueID? {
    let facts = follower.graph.modules[module].facts
    guard let (call, position) = follower.arguments(of: module)[function], position == 0,
      case .member(let object, let name) = facts.values[facts.calls[call].callee],
      ["forEach", "map", "flatMap", "filter", "some", "every", "find"].contains(facts.names[name])
    else { return nil }
    return object
  }

  private func argument(_ index: Int, _ site: CallSite, of function: SymbolRef) -> Known {
    guard !follower.isRest(index, of: function) else { return .unknown }
    let facts = follower.graph.modules[site.module].facts
    let call = facts.calls[site.call]
    guard !call.flags.contains(.tagged) else { return .unknown }
    for place in call.arguments.indices.prefix(index + 1) {
      if case .spread = facts.values[facts.valueLists[place]] { return .unknown }
    }
    if index < call.arguments.count {
      return .value(ValueRef(site.module, facts.valueLists[Int(call.arguments.start) + index]))
    }
    return follower.fallback(index, of: function).map { .value($0) } ?? .absent
  }

  private func attribute(_ name: String, _ id: ElementID, in module: ModuleID) -> Known {
    guard name != "children" else { return .unknown }
    let facts = follower.graph.modules[module].facts
    var found = Known.absent
    for row in facts.attributes[facts.elements[id].attributes.indices] {
      let own = facts.names[row.name]
      // What is spread may bring anything.
      if own.isEmpty { return .unknown }
      // An attribute without a value is true, which nothing here stands for.
      if own == name { found = row.value == ValueID(UInt32(0)) ? .unknown : .value(ValueRef(module, row.value)) }
    }
    return found
  }

  /// What a part of something known is; of a list, each of its items.
  private func take(_ step: ParameterTest.Step, of known: Known, _ module: ModuleID) -> [Known] {
    switch (step, known) {
    case (.fallback(let value), .absent): return [.value(ValueRef(module, value))]
    case (.fallback, _): return [known]
    case (.member, .absent): return [.absent]
    case (.member(let name), .value(let ref)): return [member(follower.name(name, module), of: ref)]
    case (.item, .value(let ref)):
      let facts = follower.graph.modules[ref.module].facts
      guard case .list(let range) = facts.values[ref.value] else { return [.unknown] }
      return facts.valueLists[range.indices].map { item in
        if case .spread = facts.values[item] { return .unknown }
        return .value(ValueRef(ref.module, item))
      }
    case (.item, .absent), (_, .unknown): return [.unknown]
    }
  }

  /// Only of what is written right there: a variable may be changed before it is passed.
  private func member(_ wanted: Name, of ref: ValueRef) -> Known {
    let facts = follower.graph.modules[ref.module].facts
    guard case .object(let range) = facts.values[ref.value] else { return .unknown }
    for row in facts.properties[range.indices].reversed() {
      switch row.form {
      case .spread, .computed: return .unknown
      case .plain, .shorthand, .method:
        if follower.name(row.name, ref.module) == wanted { return .value(ValueRef(ref.module, row.value)) }
      }
    }
    return .absent
  }

  private func holds(_ test: ParameterTest, _ known: Known, _ facts: FrozenFacts, _ module: ModuleID) -> Bool? {
    guard !test.literals.isEmpty else { return truth(known).map { $0 != test.isNegated } }
    let own: ValueFollower.Constant?
    switch known {
    case .absent: own = nil
    case .value(let ref):
      guard let constant = follower.constant(ref), constant != .null else { return nil }
      own = constant
    case .unknown: return nil
    }
    var isOneOf = false
    for place in test.literals.indices {
      // `null` and `undefined` are one value here, so that comparisons with them decide nothing.
      guard let literal = follower.constant(ValueRef(module, facts.valueLists[place])), literal != .null
      else { return nil }
      isOneOf = isOneOf || literal == own
    }
    return isOneOf != test.isNegated
  }

  private func truth(_ known: Known) -> Bool? {
    switch known {
    case .absent: return false
    case .unknown: return nil
    case .value(let ref):
      switch follower.constant(ref) {
      case .text(let text): return !text.isEmpty
      case .number(let digits): return digits != "0"
      case .bool(let flag): return flag
      case .null: return false
      case nil:
        switch follower.graph.modules[ref.module].facts.values[ref.value] {
        case .object, .list, .declaration, .new, .element: return true
        default: return nil
        }
      }
    }
  }
}
