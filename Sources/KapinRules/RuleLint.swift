package import KapinBase
package import KapinModel

/// What is allowed in a rule and still probably wrong.
package enum RuleLint {
  /// Findings about rules and their suites, by place.
  package static func check(_ rules: [RuleText], suites: [String: Suite], program: RuleProgram) -> [Diagnostic] {
    var found: [Diagnostic] = []
    let ids = Set(
      rules.compactMap { $0.path.split(separator: "/").last }.filter { $0.hasSuffix(".yml") }.map {
        String($0.dropLast(4))
      })
    shadows(program, own: ids, &found)
    overlaps(program, own: ids, &found)
    for text in rules where text.path.hasSuffix(".yml") {
      guard case .success(let root?) = RuleYAML.read(text.text), let mapping = root.mapping,
        let id = mapping["id"]?.string
      else { continue }
      unusedValues(mapping, text.path, &found)
      breadth(id, program, text.path, &found)
      suite(id, suites[id], text.path, &found)
    }
    return found
  }

  private static func warn(
    _ message: String, _ path: String, _ node: RuleNode?, help: String, _ found: inout [Diagnostic]
  ) {
    let place = node.map { Place(path, $0.position) } ?? Place(path)
    found.append(Diagnostic(.badRule, .warning, message, at: place, help: help))
  }

  /// Names of `values` that no clause and no other value uses.
  private static func unusedValues(_ rule: RuleNode.Mapping, _ path: String, _ found: inout [Diagnostic]) {
    guard let values = rule["values"]?.mapping else { return }
    var used: Set<String> = []
    func collect(_ node: RuleNode) {
      switch node.content {
      case .scalar(let text, _): used.insert(text)
      case .sequence(let items): items.forEach(collect)
      case .mapping(let rows): for (_, value) in rows { collect(value) }
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
        case .callRoute(let route): !PatternRoots.areNamed(route.call, rule)
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
        guard case .node(let pattern) = signal.condition, !pattern.isExact, pattern.subject != .package,
          pattern.subject != .document
        else {
          continue
        }
        for words in pattern.words where words.count == 1 && words[0].utf8.count <= 2 {
          warn(
            "the word `\(words[0])` alone decides; short words occur everywhere", path, nil,
            help: "use a phrase, `named`, or a smaller weight", &found)
        }
      }
    }
  }

  /// Phrases that another one of the list finds already, and strong signals that two rules share.
  private static func shadows(_ program: RuleProgram, own ids: Set<String>, _ found: inout [Diagnostic]) {
    var strong: [String: (rule: RuleInfo, phrase: String)] = [:]
    for feature in program.features where feature.each == nil {
      for signal in feature.signals {
        guard case .node(let pattern) = signal.condition, !pattern.isExact, pattern.subject != .package,
          pattern.subject != .document
        else {
          continue
        }
        let place = Place(feature.info.place.path, pattern.line)
        for phrase in pattern.words {
          let text = phrase.joined(separator: " ")
          if ids.contains(feature.info.id),
            let other = pattern.words.first(where: { $0 != phrase && isShadowed(phrase, by: $0, pattern) })
          {
            found.append(
              Diagnostic(
                .badRule, .warning,
                "the phrase `\(text)` is shadowed: `\(other.joined(separator: " "))` finds it already",
                at: place, help: "delete it"))
          }
          guard signal.weight >= 0.6, pattern.relations.isEmpty, case .table(columns: []) = pattern.subject else {
            continue
          }
          if let known = strong[text], known.rule.id != feature.info.id {
            guard ids.contains(feature.info.id) || ids.contains(known.rule.id) else { continue }
            found.append(
              Diagnostic(
                .badRule, .warning, "the rule overlaps with `\(known.rule.id)`: a table named `\(text)` decides both",
                at: place, help: "leave it to one of them, or give it less weight"))
          } else {
            strong[text] = (feature.info, text)
          }
        }
      }
    }
  }

  private static func isShadowed(_ phrase: [String], by other: [String], _ pattern: NodePattern) -> Bool {
    // Of two that find each other, the first stays.
    func finds(_ a: [String], _ b: [String]) -> Bool {
      switch pattern.subject {
      case .table, .write: Words.ends(b, phrase: a)
      default: pattern.isEnd ? Words.ends(b, phrase: a) : Words.contains(b, phrase: a)
      }
    }
    guard finds(other, phrase) else { return false }
    guard finds(phrase, other) else { return true }
    return pattern.words.firstIndex(of: other) ?? 0 < pattern.words.firstIndex(of: phrase) ?? 0
  }

  /// Finders of which one says all that another one says.
  private static func overlaps(_ program: RuleProgram, own ids: Set<String>, _ found: inout [Diagnostic]) {
    var known: [String: RuleInfo] = [:]
    for rule in program.finders {
      let meaning = RuleMeaning.text(rule.when) + RuleMeaning.text(rule.values) + RuleMeaning.text(rule.emits)
      if let other = known[meaning], ids.contains(rule.info.id) {
        found.append(
          Diagnostic(
            .badRule, .warning, "the rule says the same as `\(other.id)`", at: rule.info.place, help: "delete one"))
      }
      known[meaning] = known[meaning] ?? rule.info
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
