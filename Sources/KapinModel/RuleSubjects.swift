/// Which facts of a product a rule looks at, in the words of rule files.
extension RuleProgram {
  public func subjects(of rule: RuleInfo) -> [String] {
    switch rule.kind {
    case .framework, .schema, .client, .analytics:
      let finder = finders.first { $0.info.id == rule.id }
      let clauses = Set(finder?.emits.map(\.clauseName) ?? [])
      return clauses.sorted() + (finder?.capture == nil ? [] : ["capture"])
    case .feature:
      let feature = features.first { $0.info.id == rule.id }
      return Set((feature.map { $0.signals + $0.against } ?? []).flatMap { $0.condition.subjects }).sorted()
    case .metric:
      let sources = metrics.first { $0.info.id == rule.id }?.sources ?? []
      return (sources.contains { !$0.tables.isEmpty } ? ["columns", "tables"] : [])
        + (sources.contains { $0.event != nil } ? ["writes and handlers"] : [])
    case .people: return ["guards", "paths of routes"]
    case .generated: return ["file names", "first bytes"]
    case .alias: return ["configuration files", "imports"]
    }
  }
}

extension Emit {
  /// As rule files name the clause.
  var clauseName: String {
    switch self {
    case .callRoute, .fileRoute, .directiveRoute, .elementRoute: "route"
    case .table: "table"
    case .entries: "entries"
    case .controller: "controller"
    case .mount: "mount"
    case .expand: "expand"
    case .base, .baseElement: "base"
    case .modules: "modules"
    case .guardian, .fileGuard: "guard"
    case .mark: "mark"
    case .configRoute: "config"
    case .components: "components"
    case .shape: "shape"
    case .resolvers: "resolvers"
    case .schemaText, .schema: "schema"
    case .model: "model"
    case .handle: "handle"
    case .change: "change"
    case .access: "access"
    case .relation: "relation"
    case .runs: "runs"
    case .query: "sql"
    case .request: "request"
    case .proxy: "proxy"
    case .document: "document"
    case .event: "event"
    case .link: "navigate"
    }
  }
}

extension FeatureRule {
  /// The names that its signals give to what they find.
  public var captures: Set<String> { Set(signals.flatMap { $0.condition.captures }) }
}

extension GraphCondition {
  var captures: [String] {
    switch self {
    case .node(let pattern): [pattern.capture].compactMap { $0 } + pattern.relations.compactMap { $0.target?.capture }
    case .all(let inner), .any(let inner): inner.flatMap(\.captures)
    case .not: []
    }
  }

  var subjects: [String] {
    switch self {
    case .node(let pattern): [pattern.subject.name] + pattern.relations.map(\.form.rawValue)
    case .all(let inner), .any(let inner): inner.flatMap(\.subjects)
    case .not(let inner): inner.subjects
    }
  }
}

extension NodePattern.Subject {
  /// As rule files name it.
  public var name: String {
    switch self {
    case .route: "route"
    case .table: "table"
    case .write: "write"
    case .component: "component"
    case .symbol: "symbol"
    case .package: "package"
    case .environment: "env"
    case .text: "text"
    case .event: "event"
    case .module: "module"
    case .menu: "menu"
    case .column: "column"
    case .kind: "kind"
    case .document: "document"
    case .file: "file"
    case .call: "call"
    }
  }
}
