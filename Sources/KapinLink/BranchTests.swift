import KapinBase
import KapinModel

/// The parts of functions that some of their calls never reach: `load(id)` leaves out what stands behind `if
/// (options?.deep)` in `function load(id, options)`.
///
/// What a function hands on of its own parameters is followed a few calls further.
final class BranchTests {
  unowned let follower: ValueFollower
  private var tests: [SymbolRef: [ParameterTest]] = [:]
  private var everyTest: [SymbolRef: [ParameterTest]] = [:]
  /// What functions write into what they get, by the modules that were read.
  private var written: [ModuleID: Set<Part>] = [:]
  /// By how many calls on they stand, from one.
  private var handedTests: [[SymbolRef: [ParameterTest]]] = []
  private var handingSites: [ModuleID: [DeclarationID: [HandingSite]]] = [:]
  private var fallbackIndex: [ModuleID: [BindingID: ValueID]] = [:]
  /// Calls that hand on are followed so far.
  private static let handedLimit = 3
  private static let testLimit = 64

  /// A test of a parameter or of a part of it.
  struct ParameterTest {
    /// Names as the graph has them.
    enum Step: Hashable {
      case member(Name)
      case fallback(ValueRef)
      /// Any item of a list.
      case item
      /// What a method gives: `request.json()`, `schema.parse(…)`.
      case called(Name)
    }
    var part: ApartPart
    var parameter: Int
    var steps: [Step]
    var literals: Range32
    var isNegated: Bool
  }

  /// A part of a parameter.
  struct Way: Hashable {
    var owner: DeclarationID
    var index: Int
    var steps: [ParameterTest.Step]
  }

  /// A call or element that passes what the function around it got.
  private struct HandingSite {
    var site: Site
    var at: UInt32
  }

  /// What a parameter, or a part of it, is known to be.
  private enum Known {
    case absent
    case value(ValueRef)
    case unknown
  }

  init(_ follower: ValueFollower) { self.follower = follower }

  enum Site { case call(CallID), element(ElementID) }

  /// - Returns: parts of the target, none inside another, and parts of what it hands on to.
  func apart(_ site: Site, in from: ModuleID, of target: SymbolRef) -> [ApartPart] {
    parts(of: target) { test in
      let (known, steps) = start(test, site, in: from, of: target)
      guard var known else { return false }
      for step in steps { known = known.flatMap { take(step, of: $0) } }
      // Of a list, no item may hold it.
      return known.allSatisfy { holds(test, $0) == false }
    }
  }

  /// The parts of a function, and of what it hands on to, whose tests fail.
  func parts(of function: SymbolRef, whose fails: (ParameterTest) -> Bool) -> [ApartPart] {
    let tests = allTests(of: function)
    guard !tests.isEmpty else { return [] }
    var own: [Range32] = []
    var further: [ApartPart] = []
    for test in tests where fails(test) {
      if test.part.through.isEmpty {
        own.append(test.part.range)
      } else if !further.contains(test.part) {
        further.append(test.part)
      }
    }
    return own.outermost.map { ApartPart(module: function.module, range: $0) } + further
  }

  /// What a site passes for the parameter of a test, and the steps from there.
  private func start(
    _ test: ParameterTest, _ site: Site, in from: ModuleID, of target: SymbolRef
  ) -> ([Known]?, ArraySlice<ParameterTest.Step>) {
    switch site {
    case .call(let call): return ([argument(test.parameter, CallSite(from, call), of: target)], test.steps[...])
    case .element(let element):
      guard test.parameter == 0, case .member(let name)? = test.steps.first else { return (nil, []) }
      return ([attribute(name, element, in: from)], test.steps.dropFirst())
    }
  }

  // MARK: What functions test

  /// Those of the function itself, then those further and further on.
  private func allTests(of function: SymbolRef) -> [ParameterTest] {
    if let known = everyTest[function] { return known }
    let found = (0...Self.handedLimit).flatMap { tests(of: function, $0) }
    everyTest[function] = found
    return found
  }

  /// - Parameter level: how many calls further on the tests stand.
  private func tests(of function: SymbolRef, _ level: Int) -> [ParameterTest] {
    guard level > 0 else { return tests(of: function) }
    while handedTests.count < level { handedTests.append([:]) }
    if let known = handedTests[level - 1][function] { return known }
    handedTests[level - 1][function] = []
    var found: [ParameterTest] = []
    if let id = function.declaration {
      for handing in handing(in: function.module)[id] ?? [] {
        for target in targets(of: handing.site, in: function.module) where target != function {
          for test in tests(of: target, level - 1) where found.count < Self.testLimit {
            if let handed = self.handed(test, by: handing, in: function, to: target) { found.append(handed) }
          }
        }
      }
    }
    handedTests[level - 1][function] = found
    return found
  }

  /// A test as one of what the function around a call got, when the call only passes that on.
  private func handed(
    _ test: ParameterTest, by handing: HandingSite, in function: SymbolRef, to target: SymbolRef
  ) -> ParameterTest? {
    var (known, steps) = start(test, handing.site, in: function.module, of: target)
    while let all = known, all.count == 1, case .value(let ref) = all[0] {
      if let way = way(to: ref.value, ref.module) {
        let whole = Way(owner: way.owner, index: way.index, steps: way.steps + steps)
        guard ref.module == function.module, way.owner == function.declaration, !isWritten(whole, in: ref.module)
        else { return nil }
        var own = test
        own.part.through.insert(ApartPart.Site(function.module, handing.at), at: 0)
        own.parameter = whole.index
        own.steps = whole.steps
        return own
      }
      guard let step = steps.popFirst() else { return nil }
      known = take(step, of: all[0])
    }
    return nil
  }

  /// By the function that got it, what hands on a part of a parameter.
  private func handing(in module: ModuleID) -> [DeclarationID: [HandingSite]] {
    if let known = handingSites[module] { return known }
    let facts = follower.graph.modules[module].facts
    var found: [DeclarationID: [HandingSite]] = [:]
    func add(_ site: Site, _ at: UInt32, _ values: some Sequence<ValueID>) {
      var owners: [DeclarationID] = []
      func look(_ value: ValueID, _ depth: Int) {
        if case .object(let members) = facts.values[value], depth < 3 {
          for row in facts.properties[members.indices] { look(row.value, depth + 1) }
        } else if let way = way(to: value, module), !owners.contains(way.owner) {
          owners.append(way.owner)
        }
      }
      for value in values { look(value, 0) }
      for owner in owners { found[owner, default: []].append(HandingSite(site: site, at: at)) }
    }
    for (index, call) in facts.calls.rows.enumerated() where !call.arguments.isEmpty {
      add(.call(CallID(index)), call.range.start, facts.valueLists[call.arguments.indices])
    }
    for (index, element) in facts.elements.rows.enumerated() where element.tag != ValueID(UInt32(0)) {
      add(
        .element(ElementID(index)), element.range.start, facts.attributes[element.attributes.indices].lazy.map(\.value))
    }
    handingSites[module] = found
    return found
  }

  private func targets(of site: Site, in module: ModuleID) -> [SymbolRef] {
    let facts = follower.graph.modules[module].facts
    let value: ValueID
    switch site {
    case .call(let call): value = facts.calls[call].callee
    case .element(let element): value = facts.elements[element].tag
    }
    let target = follower.follow(ValueRef(module, value))
    switch follower.entity(target) {
    case .declaration(let symbol):
      let made = follower.implementations(of: symbol)
      return made.isEmpty ? [symbol] : made
    case .member: return follower.method(target).map { [$0] } ?? []
    case .value(let made): return Relations.wrapped(made, follower).map { [$0] } ?? []
    default: return []
    }
  }

  private func tests(of function: SymbolRef) -> [ParameterTest] {
    if written[function.module] == nil { read(function.module) }
    return tests[function] ?? []
  }

  private func read(_ module: ModuleID) {
    let facts = follower.graph.modules[module].facts
    var parts: Set<Part> = []
    for row in facts.assignments {
      guard let way = way(to: row.target, module), case .member(let name)? = way.steps.last else { continue }
      parts.insert(Part(owner: way.owner, index: way.index, name: name))
    }
    written[module] = parts
    for test in facts.tests {
      guard let way = way(to: test.subject, module), !isWritten(way, in: module) else { continue }
      tests[SymbolRef(module, way.owner), default: []].append(
        ParameterTest(
          part: ApartPart(module: module, range: test.range), parameter: way.index, steps: way.steps,
          literals: test.literals, isNegated: test.isNegated))
    }
  }

  /// Whether a function writes into what it gets, which then is not what was passed.
  private func isWritten(_ way: Way, in module: ModuleID) -> Bool {
    if written[module] == nil { read(module) }
    guard let parts = written[module], !parts.isEmpty else { return false }
    return way.steps.contains { step in
      guard case .member(let name) = step else { return false }
      return parts.contains(Part(owner: way.owner, index: way.index, name: name))
    }
  }

  private struct Part: Hashable {
    var owner: DeclarationID
    var index: Int
    var name: Name
  }

  /// The parameter that a value is a part of, and the way to it.
  private func way(to value: ValueID, _ module: ModuleID) -> Way? {
    let facts = follower.graph.modules[module].facts
    var steps: [ParameterTest.Step] = []
    var value = value
    for _ in 0..<12 {
      switch facts.values[value] {
      case .member(let object, let name):
        steps.append(.member(follower.name(name, module)))
        value = object
      case .local(let binding):
        let row = facts.bindings[binding]
        guard !row.isReassigned else { return nil }
        if let fallback = fallbacks(in: module)[binding] { steps.append(.fallback(ValueRef(module, fallback))) }
        value = row.value
      case .index(let list, let by) where by == ValueID(UInt32(0)):
        steps.append(.item)
        value = list
      case .await(let inner): value = inner
      case .call(let call):
        guard let (object, reading) = Self.reading(call, facts, follower, module) else { return nil }
        steps += reading
        value = object
      case .parameter(let owner, let index):
        // `list.forEach((item) => …)`
        if index == 0, let list = listed(owner, module) {
          steps.append(.item)
          value = list
        } else {
          return Way(owner: owner, index: Int(index), steps: steps.reversed())
        }
      default: return nil
      }
    }
    return nil
  }

  private func fallbacks(in module: ModuleID) -> [BindingID: ValueID] {
    if let known = fallbackIndex[module] { return known }
    let rows = follower.graph.modules[module].facts.fallbacks
    let found = Dictionary(rows.map { ($0.binding, $0.value) }, uniquingKeysWith: { first, _ in first })
    fallbackIndex[module] = found
    return found
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

  // MARK: What calls pass

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

  private func attribute(_ wanted: Name, _ id: ElementID, in module: ModuleID) -> Known {
    let name = follower.graph.names[wanted]
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
  private func take(_ step: ParameterTest.Step, of known: Known) -> [Known] {
    switch (step, known) {
    case (.fallback(let value), .absent): return [.value(value)]
    case (.fallback, _): return [known]
    case (.member, .absent): return [.absent]
    case (.member(let name), .value(let ref)): return [member(name, of: ref)]
    case (.item, .value(let ref)):
      let facts = follower.graph.modules[ref.module].facts
      guard case .list(let range) = facts.values[ref.value] else { return [.unknown] }
      return facts.valueLists[range.indices].map { item in
        if case .spread = facts.values[item] { return .unknown }
        return .value(ValueRef(ref.module, item))
      }
    case (.item, .absent), (.called, _), (_, .unknown): return [.unknown]
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

  private func holds(_ test: ParameterTest, _ known: Known) -> Bool? {
    let module = test.part.module, facts = follower.graph.modules[test.part.module].facts
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
