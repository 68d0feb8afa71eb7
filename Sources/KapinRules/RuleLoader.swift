package import KapinBase
package import KapinModel

/// A rule file as it lies on disk.
package struct RuleText: Sendable {
  package var path: String
  package var text: String
  /// The pack that it belongs to.
  package var pack = ""
  /// The text as a tree, when it was read before.
  package var tree: RuleNode?
  package init(path: String, text: String) {
    self.path = path
    self.text = text
  }
}

/// What was wrong in rule files; each with file, line and column.
package struct RuleErrors: Error, Sendable, CustomStringConvertible {
  package var diagnostics: [Diagnostic]
  package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

/// Rule texts → checked rules → one compiled program.
package enum RuleLoader {
  package static let languageVersion = 1

  /// A later rule may replace an earlier one of its id when it says so, so that a repository can adapt a shipped rule.
  package static func load(_ texts: [RuleText]) throws(RuleErrors) -> RuleProgram {
    var problems: [Diagnostic] = []
    var program = RuleProgram()
    var places: [String: Int] = [:]
    var loaded: [LoadedRule] = []
    for text in texts where text.path.hasSuffix(guideName) {
      switch TemplateReader.read(text.text, names: guideFields) {
      case .success(let template): program.guide = template
      case .failure(let problem):
        problems.append(Diagnostic(.badRule, .error, problem.message, at: Place(text.path), help: problem.help))
      }
    }
    for text in texts where !text.path.hasSuffix(guideName) {
      let context = RuleContext(path: text.path)
      let rule = read(text, context)
      problems += context.problems
      guard let rule else { continue }
      if let earlier = places[rule.info.id] {
        if !rule.overrides { problems.append(taken(rule, by: loaded[earlier])) }
        loaded[earlier] = rule
      } else {
        places[rule.info.id] = loaded.count
        loaded.append(rule)
      }
    }
    for rule in loaded { add(rule, to: &program) }
    for metric in program.metrics where !program.features.contains(where: { $0.info.id == metric.feature }) {
      let ids = program.features.map(\.info.id)
      let nearest = Similarity.nearest(metric.feature, in: ids).map { "did you mean `\($0)`?" }
      problems.append(
        Diagnostic(
          .badRule, .error, "there is no feature rule `\(metric.feature)`", at: metric.info.place, help: nearest))
    }
    for metric in program.metrics {
      let known = program.features.first { $0.info.id == metric.feature }?.captures ?? []
      for name in metric.sources.flatMap({ $0.tables.compactMap(\.pattern.capture) }) where !known.contains(name) {
        problems.append(
          Diagnostic(
            .badRule, .error, "the feature `\(metric.feature)` captures nothing as `\(name)`", at: metric.info.place,
            help: "say `as: \(name)` in one of its signals"))
      }
    }
    for feature in program.features {
      let ids = program.features.map(\.info.id)
      for id in feature.implies + feature.excludes where !ids.contains(id) {
        let nearest = Similarity.nearest(id, in: ids).map { "did you mean `\($0)`?" }
        problems.append(
          Diagnostic(.badRule, .error, "there is no feature rule `\(id)`", at: feature.info.place, help: nearest))
      }
    }
    guard problems.isEmpty else { throw RuleErrors(diagnostics: problems) }
    program.hash = hash(texts)
    return program
  }

  /// Names without folders: the same rules have the same hash wherever they lie.
  package static func hash(_ texts: [RuleText]) -> ContentHash {
    ContentHash(texts.map { "\($0.path.split(separator: "/").last ?? "")\n\($0.text)" }.joined(separator: "\u{0}"))
  }

  /// Among so many lines the kind of a rule stands.
  private static let headLines = 16
  private static let kind = Array("kind: generated".utf8)

  /// Only what says which files are read.
  package static func loadGenerated(_ texts: [RuleText]) throws(RuleErrors) -> RuleProgram {
    try load(
      texts.filter { $0.text.utf8.split(separator: 10, maxSplits: headLines).contains { $0.elementsEqual(kind) } })
  }

  /// The program with another form of one of its rules, in the same place; `nil` when that cannot be read.
  package static func replacing(_ text: RuleText, in program: RuleProgram) -> RuleProgram? {
    let context = RuleContext(path: text.path)
    guard let rule = read(text, context), context.problems.isEmpty else { return nil }
    let id = rule.info.id
    var changed = program
    switch rule.content {
    case .finder(let new): changed.finders = program.finders.map { $0.info.id == id ? new : $0 }
    case .feature(let new): changed.features = program.features.map { $0.info.id == id ? new : $0 }
    case .metric(let new): changed.metrics = program.metrics.map { $0.info.id == id ? new : $0 }
    case .generated(let new): changed.generated = program.generated.map { $0.id == id ? new : $0 }
    case .alias(let new): changed.aliases = program.aliases.map { $0.info.id == id ? new : $0 }
    case .people(let new): changed.people = program.people.map { $0.info.id == id ? new : $0 }
    }
    return changed
  }

  /// What a rule means, for comparison: two texts with the same meaning are the same rule.
  static func meaning(_ text: RuleText) -> String? {
    let context = RuleContext(path: text.path)
    guard let rule = read(text, context), context.problems.isEmpty else { return nil }
    return RuleMeaning.text(rule.content)
  }

  private static func add(_ rule: LoadedRule, to program: inout RuleProgram) {
    program.rules.append(rule.info)
    switch rule.content {
    case .finder(let finder): program.finders.append(finder)
    case .feature(let feature): program.features.append(feature)
    case .metric(let metric): program.metrics.append(metric)
    case .generated(let generated): program.generated.append(generated)
    case .alias(let alias): program.aliases.append(alias)
    case .people(let people): program.people.append(people)
    }
  }

  /// The keys that decoders ask for in these rules, by the name of the mapping.
  package static func observedKeys(_ texts: [RuleText]) -> [String: Set<String>] {
    var all: [String: Set<String>] = [:]
    for text in texts where text.path.hasSuffix(".yml") {
      let context = RuleContext(path: text.path)
      _ = read(text, context)
      for (what, keys) in context.observed { all[what, default: []].formUnion(keys) }
    }
    return all
  }

  /// The template of guides stands among the rules.
  package static let guideName = "templates/how-to-apply.md"
  /// What a guide template may name.
  private static let guideFields: Set<String> = [
    "title", "question", "description", "decision", "feature", "type", "grain", "verdict", "reason", "sql", "migration",
    "out", "storePatch", "apply", "event", "eventSays", "eventPlace", "patch", "diff", "actor", "paramsFile", "period",
    "pasteable",
    "sqlFile", "verify", "roles", "caveats", "proof",
  ]

  private static func taken(_ rule: LoadedRule, by earlier: LoadedRule) -> Diagnostic {
    Diagnostic(
      .badRule, .error, "there is a rule `\(rule.info.id)` already, in \(earlier.info.place.path)", at: rule.info.place,
      help: "say `override: true` to replace it, or choose another id")
  }

  private struct LoadedRule {
    enum Content {
      case finder(FinderRule), feature(FeatureRule), metric(MetricRule), generated(GeneratedRule), alias(AliasRule)
      case people(PeopleRule)
    }
    var info: RuleInfo
    var content: Content
    /// Whether it may replace an earlier rule of its id.
    var overrides: Bool
  }

  private static func read(_ text: RuleText, _ context: RuleContext) -> LoadedRule? {
    let root: RuleNode?
    switch text.tree.map({ .success($0) }) ?? RuleYAML.read(text.text) {
    case .success(let read): root = read
    case .failure(let problem):
      let place = problem.position.map { Place(text.path, $0) } ?? Place(text.path)
      context.problems.append(Diagnostic(.badRule, .error, problem.message, at: place))
      return nil
    }
    guard let root else {
      context.fail("the file is empty", at: nil, help: "start with `kapin: 1`")
      return nil
    }
    guard var fields = RuleFields(root, in: context, what: "a rule") else { return nil }
    if let version = context.integer(fields.take("kapin"), "`kapin`") {
      if version != languageVersion {
        context.fail(
          "rule language \(version) is not known", at: root,
          help: "this version of KAPIN reads `kapin: \(languageVersion)`")
      }
    } else if context.problems.isEmpty {
      context.fail("`kapin` is missing", at: root, help: "state the version of the rule language: `kapin: 1`")
    }
    let id = context.required(fields.take("id"), "id", in: fields)
    let stem = text.path.split(separator: "/").last.map { $0.split(separator: ".").first.map(String.init) ?? "" } ?? ""
    if !id.isEmpty, id != stem {
      context.fail("the id `\(id)` differs from the file's name `\(stem)`", at: fields.take("id"))
    }
    let kindNode = fields.take("kind")
    if kindNode == nil { context.fail("`kind` is missing", at: root) }
    guard let kind = context.choice(kindNode, "`kind`", RuleKind.self) else { return nil }
    let title = context.required(fields.take("title"), "title", in: fields)
    let overrides = context.flag(fields.take("override"), "`override`")
    let info = RuleInfo(id: id, kind: kind, title: title, place: fields.place)
    let content: LoadedRule.Content
    switch kind {
    case .framework, .schema, .client, .analytics:
      content = .finder(FinderDecoder(context).decode(&fields, info))
    case .feature: content = .feature(FeatureDecoder(context).decode(&fields, info))
    case .metric: content = .metric(MetricDecoder(context).decode(&fields, info))
    case .alias: content = .alias(aliasRule(&fields, info, context))
    case .people: content = .people(peopleRule(&fields, info, context))
    case .generated:
      let files = context.globs(fields.take("files"), "`files`")
      let markers = context.texts(fields.take("markers"), "`markers`")
      var rule = GeneratedRule(id: id, files: files, markers: markers)
      rule.except = context.globs(fields.take("except"), "`except`")
      rule.prose = context.phrases(fields.take("prose"), "`prose`")
      rule.sites = context.phrases(fields.take("sites"), "`sites`")
      rule.translations = context.globs(fields.take("translations"), "`translations`")
      rule.documents = DocumentDecoder.decode(&fields, context)
      content = .generated(rule)
    }
    fields.finish(context)
    return LoadedRule(info: info, content: content, overrides: overrides)
  }

  private static func peopleRule(_ fields: inout RuleFields, _ info: RuleInfo, _ context: RuleContext) -> PeopleRule {
    let groups = context.items(fields.take("groups"), "`groups`").compactMap { node -> PeopleRule.Group? in
      guard var group = RuleFields(node, in: context, what: "a group") else { return nil }
      defer { group.finish(context) }
      let guards = group.take("guards")
      var anyGuard: Bool?
      if let word = guards?.string, ["any", "none"].contains(word) { anyGuard = word == "any" }
      return PeopleRule.Group(
        name: context.required(group.take("name"), "name", in: group),
        guards: anyGuard == nil ? context.phrases(guards, "`guards`") : [],
        paths: context.phrases(group.take("paths"), "`paths`"), anyGuard: anyGuard)
    }
    if groups.isEmpty { context.fail("a rule about people needs `groups`", at: nil) }
    return PeopleRule(info: info, groups: groups)
  }

  private static func aliasRule(_ fields: inout RuleFields, _ info: RuleInfo, _ context: RuleContext) -> AliasRule {
    let dependencies = condition(fields.take("when"), context).dependencies
    let files = context.globs(fields.take("files"), "`files`")
    let keys = context.texts(fields.take("read"), "`read`").map { $0.split(separator: ".").map(String.init) }
    var fixed: [(name: String, targets: [String])] = []
    if let mapping = RuleFields(fields.take("fixed"), in: context, what: "`fixed`") {
      fixed = mapping.node.map { ($0.key.string ?? "", context.texts($0.value, "a target")) }
    }
    if files.isEmpty != keys.isEmpty {
      context.fail("`files` and `read` belong together", at: nil, help: "files: the configurations; read: their keys")
    } else if files.isEmpty, fixed.isEmpty {
      context.fail("an alias rule needs `files` and `read`, or `fixed`", at: nil)
    }
    return AliasRule(info: info, dependencies: dependencies, files: files, keys: keys, fixed: fixed)
  }
}
