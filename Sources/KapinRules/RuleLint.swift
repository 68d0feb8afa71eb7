package import KapinBase
package import KapinModel
import Yams

/// What is allowed in a rule and still probably wrong.
package enum RuleLint {
  /// Findings about rules and their suites, by place.
  package static func check(_ rules: [RuleText], suites: [String: Suite], program: RuleProgram) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for text in rules where text.path.hasSuffix(".yml") {
      guard let root = try? Yams.compose(yaml: text.text), let mapping = root.mapping,
        let id = mapping[Node("id")]?.string
      else { continue }
      unusedValues(mapping, text.path, &found)
      breadth(id, program, text.path, &found)
      suite(id, suites[id], text.path, &found)
    }
    return found
  }

  private static func warn(_ message: String, _ path: String, _ node: Node?, help: String, _ found: inout [Diagnostic])
  {
    let place = node?.mark.map { Place(path, line: $0.line, column: $0.column) } ?? Place(path)
    found.append(Diagnostic(.badRule, .warning, message, at: place, help: help))
  }

  /// Names of `values` that no clause and no other value uses.
  private static func unusedValues(_ rule: Node.Mapping, _ path: String, _ found: inout [Diagnostic]) {
    guard let values = rule[Node("values")]?.mapping else { return }
    var used: Set<String> = []
    func collect(_ node: Node) {
      switch node {
      case .scalar(let scalar): used.insert(scalar.string)
      case .sequence(let items): items.forEach(collect)
      case .mapping(let rows): for (_, value) in rows { collect(value) }
      case .alias: break
      }
    }
    for (key, value) in rule where key.string != "values" { collect(value) }
    for (key, value) in values {
      var own: Set<String> = []
      swap(&own, &used)
      collect(value)
      // A value that only refers to itself is still unused.
      used.remove(key.string ?? "")
      used.formUnion(own)
    }
    for (key, _) in values where !used.contains(key.string ?? "") {
      warn(
        "the value `\(key.string ?? "")` is never used", path, key, help: "use it in a clause, or delete it", &found)
    }
  }

  private static func breadth(_ id: String, _ program: RuleProgram, _ path: String, _ found: inout [Diagnostic]) {
    if let rule = program.finders.first(where: { $0.info.id == id }), rule.when.isEmpty {
      let isBroad = rule.emits.contains { emit in
        switch emit {
        case .callRoute(let route): !names(route.call, rule)
        case .fileRoute: true
        default: false
        }
      }
      if isBroad {
        warn(
          "the rule counts everywhere, and looks at more than values of one package", path, nil,
          help: "say `when: { dependency: … }` or `when: { file: … }`", &found)
      }
    }
    if let feature = program.features.first(where: { $0.info.id == id }) {
      for signal in feature.signals where signal.weight >= 0.5 {
        for words in signal.words where words.count == 1 && words[0].utf8.count <= 3 && !signal.isExact {
          warn(
            "the word `\(words[0])` alone decides; short words occur everywhere", path, nil,
            help: "use a phrase, `named`, or a smaller weight", &found)
        }
      }
    }
  }

  /// Whether a call pattern starts from something with a name: an export or a global.
  private static func names(_ call: CallPattern, _ rule: FinderRule) -> Bool {
    [call.on, call.call].compactMap { $0 }.allSatisfy { names($0, rule, depth: 0) }
  }

  private static func names(_ pattern: ValuePattern, _ rule: FinderRule, depth: Int) -> Bool {
    guard depth < 12 else { return true }
    switch pattern {
    case .export(let package, _): return package != "*"
    case .global: return true
    case .named(let name): return rule.values[name].map { names($0, rule, depth: depth + 1) } ?? false
    case .call(let inner), .new(let inner), .member(_, let inner), .callback(let inner, _, _):
      return names(inner, rule, depth: depth + 1)
    case .any(let all): return all.allSatisfy { names($0, rule, depth: depth + 1) }
    case .typed, .mounted, .function, .anything, .called, .memberParameter: return false
    }
  }

  private static func suite(_ id: String, _ suite: Suite?, _ path: String, _ found: inout [Diagnostic]) {
    guard let suite else {
      warn(
        "the rule has no suite", path, nil, help: "write \(id).md beside it; `kapin rules new` shows how", &found)
      return
    }
    // A metric that cannot be told is as good as one that is not found.
    let isLookAlike = { (test: Suite.Test) in
      test.expectations.isEmpty || test.expectations.allSatisfy { $0.text.hasPrefix("metric \(id) cannot") }
    }
    if !suite.tests.contains(where: isLookAlike) {
      found.append(
        Diagnostic(
          .badRule, .warning, "no test is a look-alike: one that is near and must not match", at: Place(suite.path),
          help: "add a test without expectations"))
    }
    if !suite.tests.contains(where: { !$0.expectations.isEmpty }) {
      found.append(
        Diagnostic(
          .badRule, .warning, "no test expects anything", at: Place(suite.path),
          help: "write what must be found behind `//>`, or run `kapin rules test \(id) --update`"))
    }
  }
}
