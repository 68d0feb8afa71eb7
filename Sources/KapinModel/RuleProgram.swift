public import KapinBase

/// Every rule, checked and compiled, with the hash of all their sources.
public struct RuleProgram: Sendable {
  public var rules: [RuleInfo] = []
  public var finders: [FinderRule] = []
  public var features: [FeatureRule] = []
  public var metrics: [MetricRule] = []
  public var generated: [GeneratedRule] = []
  public var aliases: [AliasRule] = []
  /// The template of the How to Apply guides.
  public var guide = Template([])
  public var hash = ContentHash("")
  public init() {}

  public func info(_ id: String) -> RuleInfo? { rules.first { $0.id == id } }
}

public enum RuleKind: String, Sendable, CaseIterable {
  case framework, schema, client, analytics, feature, metric, generated, alias
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

/// Files that are made by a machine: skipped, with the rule as the reason.
public struct GeneratedRule: Sendable {
  public var id: String
  public var files: [Glob]
  /// Words that a generated file states in its first lines.
  public var markers: [String]
  public init(id: String, files: [Glob], markers: [String]) {
    self.id = id
    self.files = files
    self.markers = markers
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

/// A rule that finds routes, tables, requests and such: kinds framework, schema, client, analytics.
public struct FinderRule: Sendable {
  public var info: RuleInfo
  /// Packages that must be declared or imported; empty means always.
  public var dependencies: [String]
  public var values: [String: ValuePattern]
  public var emits: [Emit]
  public var capture: CaptureTemplate?
  public init(
    info: RuleInfo, dependencies: [String], values: [String: ValuePattern], emits: [Emit], capture: CaptureTemplate?
  ) {
    self.info = info
    self.dependencies = dependencies
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
  /// A parameter or field whose annotated type ends in one of these names.
  case typed([String])
  case any([ValuePattern])
}

/// Which argument of a call, and what to take from it.
public struct ArgumentPattern: Sendable, Hashable {
  public enum Position: Sendable, Hashable { case index(Int), last, any }
  public var position: Position
  /// A member of the argument when it is an object.
  public var key: String?
  /// Used when the argument is missing or no text.
  public var fallback: String?
  /// The argument must be this value.
  public var value: ValuePattern?
  /// Take the argument of the call by this name down the chain of receivers.
  public var chain: String?
  public init(
    position: Position, key: String? = nil, fallback: String? = nil, value: ValuePattern? = nil, chain: String? = nil
  ) {
    self.position = position
    self.key = key
    self.fallback = fallback
    self.value = value
    self.chain = chain
  }
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

public enum Emit: Sendable {
  case callRoute(CallRoute)
  case fileRoute(FileRoute)
  case directiveRoute(directive: String, form: RouteForm, method: String)
  case mount(CallPattern, prefix: ArgumentPattern, target: ArgumentPattern)
  case guardian(CallPattern, prefix: ArgumentPattern)
  case access(AccessPattern)
  case query(CallPattern, text: ArgumentPattern)
  /// `base` names the member of a client factory's argument that paths are relative to.
  case request(CallPattern, method: ArgumentPattern?, path: ArgumentPattern, base: String?, navigates: Bool)
  case link(element: ValuePattern?, tag: String?, attribute: String)
  case schema(SchemaLanguage, files: [Glob], except: [Glob])
}

public struct CallRoute: Sendable {
  public var call: CallPattern
  /// Method name → HTTP method, where upper case is not enough.
  public var verbs: [String: String]
  public var verb: String?
  public var path: ArgumentPattern
  public var handler: ArgumentPattern
  public var form: RouteForm
  public init(
    call: CallPattern, verbs: [String: String], verb: String?, path: ArgumentPattern, handler: ArgumentPattern,
    form: RouteForm
  ) {
    self.call = call
    self.verbs = verbs
    self.verb = verb
    self.path = path
    self.handler = handler
    self.form = form
  }
}

public struct FileRoute: Sendable {
  public var files: [Glob]
  public var except: [Glob]
  /// The folders whose path is `/`, relative to the package.
  public var bases: [String]
  public var dropsLeaf: Bool
  public var indexNames: [String]
  public var segments: [SegmentRewrite]
  public var prefix: String
  public var exports: [String]
  public var form: RouteForm
  public var method: String
  public var handler: [String]
  /// Exports that prepare the route's data on the server.
  public var loaders: [String]
  public init(
    files: [Glob], except: [Glob], bases: [String], dropsLeaf: Bool, indexNames: [String], segments: [SegmentRewrite],
    prefix: String, exports: [String], form: RouteForm, method: String, handler: [String], loaders: [String]
  ) {
    self.files = files
    self.except = except
    self.bases = bases
    self.dropsLeaf = dropsLeaf
    self.indexNames = indexNames
    self.segments = segments
    self.prefix = prefix
    self.exports = exports
    self.form = form
    self.method = method
    self.handler = handler
    self.loaders = loaders
  }
}

/// `[*]` → `:{}`: a path segment with one hole, and what it becomes; `nil` means that the file is no route.
public struct SegmentRewrite: Sendable, Hashable {
  public var before: String
  public var after: String
  public var result: String?
  public init(before: String, after: String, result: String?) {
    self.before = before
    self.after = after
    self.result = result
  }
}

public struct AccessPattern: Sendable {
  public var on: ValuePattern
  public var verbs: [String: AccessVerb]
  public init(on: ValuePattern, verbs: [String: AccessVerb]) {
    self.on = on
    self.verbs = verbs
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
