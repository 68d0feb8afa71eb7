package import KapinBase
package import KapinModel
import Yams

/// A rule file as it lies on disk.
package struct RuleText: Sendable {
  package var path: String
  package var text: String
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
  /// A longer rule file is refused: rules are written by hand.
  private static let sizeLimit = 256 * 1024

  /// Later rules with the id of an earlier one replace it, so that a repository can adapt a shipped rule.
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
        loaded[earlier] = rule
      } else {
        places[rule.info.id] = loaded.count
        loaded.append(rule)
      }
    }
    for rule in loaded {
      program.rules.append(rule.info)
      switch rule.content {
      case .finder(let finder): program.finders.append(finder)
      case .feature(let feature): program.features.append(feature)
      case .metric(let metric): program.metrics.append(metric)
      case .generated(let generated): program.generated.append(generated)
      case .alias(let alias): program.aliases.append(alias)
      }
    }
    for metric in program.metrics where !program.features.contains(where: { $0.info.id == metric.feature }) {
      let ids = program.features.map(\.info.id)
      let nearest = Similarity.nearest(metric.feature, in: ids).map { "did you mean `\($0)`?" }
      problems.append(
        Diagnostic(
          .badRule, .error, "there is no feature rule `\(metric.feature)`", at: metric.info.place, help: nearest))
    }
    guard problems.isEmpty else { throw RuleErrors(diagnostics: problems) }
    // Names without folders: the same rules have the same hash wherever they lie.
    program.hash = ContentHash(
      texts.map { "\($0.path.split(separator: "/").last ?? "")\n\($0.text)" }.joined(separator: "\u{0}"))
    return program
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

  private struct LoadedRule {
    enum Content {
      case finder(FinderRule), feature(FeatureRule), metric(MetricRule), generated(GeneratedRule), alias(AliasRule)
    }
    var info: RuleInfo
    var content: Content
  }

  private static func read(_ text: RuleText, _ context: RuleContext) -> LoadedRule? {
    guard text.text.utf8.count <= sizeLimit else {
      context.fail("the file is larger than \(sizeLimit / 1024) KiB", at: nil)
      return nil
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: text.text)
    } catch let error as YamlError {
      context.problems.append(yamlProblem(error, text.path))
      return nil
    } catch {
      context.fail("\(error)", at: nil)
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
    let info = RuleInfo(id: id, kind: kind, title: title, place: fields.place)
    let content: LoadedRule.Content
    switch kind {
    case .framework, .schema, .client, .analytics:
      content = .finder(FinderDecoder(context).decode(&fields, info))
    case .feature: content = .feature(FeatureDecoder(context).decode(&fields, info))
    case .metric: content = .metric(MetricDecoder(context).decode(&fields, info))
    case .alias: content = .alias(aliasRule(&fields, info, context))
    case .generated:
      let files = context.globs(fields.take("files"), "`files`")
      let markers = context.texts(fields.take("markers"), "`markers`")
      content = .generated(GeneratedRule(id: id, files: files, markers: markers))
    }
    fields.finish(context)
    return LoadedRule(info: info, content: content)
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

  private static func yamlProblem(_ error: YamlError, _ path: String) -> Diagnostic {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return Diagnostic(
        .badRule, .error, "not valid YAML: \(problem)", at: Place(path, line: mark.line, column: mark.column))
    default:
      return Diagnostic(.badRule, .error, "not valid YAML: \(error)", at: Place(path))
    }
  }
}
