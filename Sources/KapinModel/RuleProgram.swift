public import KapinBase

/// Every rule, checked and compiled, with the hash of all their sources.
public struct RuleProgram: Sendable {
  public var rules: [RuleInfo] = []
  public var finders: [FinderRule] = []
  public var features: [FeatureRule] = []
  public var metrics: [MetricRule] = []
  public var generated: [GeneratedRule] = []
  public var aliases: [AliasRule] = []
  public var people: [PeopleRule] = []
  /// The template of the How to Apply guides.
  public var guide = Template([])
  public var hash = ContentHash("")
  public init() {}

  public func info(_ id: String) -> RuleInfo? { rules.first { $0.id == id } }
}

public enum RuleKind: String, Sendable, CaseIterable {
  case framework, schema, client, analytics, feature, metric, people, generated, alias
}

public struct RuleInfo: Sendable {
  public var id: String
  public var kind: RuleKind
  public var title: String
  public var place: Place
  public init(id: String, kind: RuleKind, title: String, place: Place) {
    self.id = id
    self.kind = kind
    self.title = title
    self.place = place
  }
}

/// Files that are made by a machine, which are skipped with the rule as the reason, and files of prose.
public struct GeneratedRule: Sendable {
  public var id: String
  public var files: [Glob]
  /// Of those, files that are analysed all the same: what people call is in them.
  public var except: [Glob] = []
  /// Phrases of paths of files that are analysed, but whose words on screen are no evidence of what the product does:
  /// legal texts.
  public var prose: [[String]] = []
  /// What folders of packages are called that are about the product, beside others that are it.
  public var sites: [[String]] = []
  /// Files whose values are texts on screen.
  public var translations: [Glob] = []
  /// Where the product's documentation lists its features.
  public var documents = DocumentRule()
  /// Words that a generated file states in its first lines.
  public var markers: [String]
  public init(id: String, files: [Glob], markers: [String]) {
    self.id = id
    self.files = files
    self.markers = markers
  }

  /// Whether a machine makes the files of that name, and nobody needs them.
  public func isMade(_ path: PathParts) -> Bool {
    files.contains { $0.matches(path) } && !except.contains { $0.matches(path) }
  }

  /// Whether a package's folder is called so: `apps/docs`.
  public func isSite(_ folder: String) -> Bool {
    guard let last = folder.split(separator: "/").last else { return false }
    let words = Words.split(String(last))
    return sites.contains { Words.equals(words, phrase: $0) }
  }

  /// Whether the values of a file are texts on screen.
  public func isTranslation(_ path: String) -> Bool {
    guard !translations.isEmpty else { return false }
    let parts = PathParts(path)
    return translations.contains { $0.matches(parts) }
  }

  /// Whether a file's words on screen are no evidence.
  public func isProse(_ path: String) -> Bool {
    guard !prose.isEmpty else { return false }
    let words = Words.split(path)
    return prose.contains { Words.contains(words, phrase: $0) }
  }
}

/// Names that a bundler, test runner or framework lets imports start with.
public struct AliasRule: Sendable {
  public var info: RuleInfo
  /// Packages of which one must be declared; empty means always.
  public var dependencies: [String]
  /// Configuration files, relative to the package, and the keys in them under which aliases stand.
  public var files: [Glob]
  public var keys: [[String]]
  /// Alias → folders of the package, the first that has the file counts.
  public var fixed: [(name: String, targets: [String])]
  public init(
    info: RuleInfo, dependencies: [String], files: [Glob], keys: [[String]], fixed: [(name: String, targets: [String])]
  ) {
    self.info = info
    self.dependencies = dependencies
    self.files = files
    self.keys = keys
    self.fixed = fixed
  }
}

/// Where a rule counts: one of its packages is declared or imported, or one of its files exists. Nothing means always.
public struct RuleCondition: Sendable, Hashable {
  public var dependencies: [String]
  /// File names in the package's folder or in one above it.
  public var files: [String]
  public init(dependencies: [String] = [], files: [String] = []) {
    self.dependencies = dependencies
    self.files = files
  }
  public var isEmpty: Bool { dependencies.isEmpty && files.isEmpty }
}

/// A rule that finds routes, tables, requests and such: kinds framework, schema, client, analytics.
public struct FinderRule: Sendable {
  public var info: RuleInfo
  public var when: RuleCondition
  public var values: [String: ValuePattern]
  public var emits: [Emit]
  public var capture: CaptureTemplate?
  public init(
    info: RuleInfo, when: RuleCondition, values: [String: ValuePattern], emits: [Emit], capture: CaptureTemplate?
  ) {
    self.info = info
    self.when = when
    self.values = values
    self.emits = emits
    self.capture = capture
  }
}

/// What a followed value must be.
public indirect enum ValuePattern: Sendable, Hashable {
  /// An export of an external package; `*` as package means any.
  case export(package: String, name: String)
  case global(String)
  /// Another value of the same rule.
  case named(String)
  case call(ValuePattern), new(ValuePattern)
  /// Member by one of these names; empty means any.
  case member([String], of: ValuePattern)
  /// A parameter of a function given to a call.
  case callback(call: ValuePattern, argument: Int, parameter: Int)
  /// A parameter, field or variable whose annotated type has one of these names.
  case typed([String])
  /// A parameter of a function that a `mount` clause of this rule hands a router to.
  case mounted
  /// A function of the project, of one of these names; empty means any.
  case function([String])
  /// Whatever it is.
  case anything
  /// A parameter or member that code calls by one of these names, and of which nothing else is known.
  case called([String])
  /// A parameter of a function that is a member of an object which has other members too.
  case memberParameter(member: String, beside: [String], parameter: Int)
  case any([ValuePattern])
}

/// Which calls: of a value, or of a member of a value.
public struct CallPattern: Sendable, Hashable {
  public var on: ValuePattern?
  public var methods: [String]
  public var call: ValuePattern?
  public var minimumArguments: Int
  public init(on: ValuePattern?, methods: [String], call: ValuePattern?, minimumArguments: Int) {
    self.on = on
    self.methods = methods
    self.call = call
    self.minimumArguments = minimumArguments
  }
}

/// How code that has a client of this rule stores an event, and how the table for it is made.
public struct CaptureTemplate: Sendable {
  /// The value that is the client.
  public var client: ValuePattern
  /// Statement over `{client}`, `{event}`, `{actor}`, `{key}`, `{subject}`.
  public var statement: String
  /// Text to append to a declarative schema file; `nil` when migrations say all.
  public var schema: String?
  public var schemaLanguage: SchemaLanguage
  /// The migration's path from the folder of migrations, over `{timestamp}` and `{number}`.
  public var migrationPath: String
  /// A shell command that the guide tells to run.
  public var apply: String
  public init(
    client: ValuePattern, statement: String, schema: String?, schemaLanguage: SchemaLanguage, migrationPath: String,
    apply: String
  ) {
    self.client = client
    self.statement = statement
    self.schema = schema
    self.schemaLanguage = schemaLanguage
    self.migrationPath = migrationPath
    self.apply = apply
  }
}
