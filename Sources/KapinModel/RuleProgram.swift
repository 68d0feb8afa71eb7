package import KapinBase

/// Every rule, checked and compiled, with the hash of all their sources.
package struct RuleProgram: Sendable {
  package var rules: [RuleInfo] = []
  package var finders: [FinderRule] = []
  package var features: [FeatureRule] = []
  package var metrics: [MetricRule] = []
  package var generated: [GeneratedRule] = []
  /// The template of the How to Apply guides.
  package var guide = Template([])
  package var hash = ContentHash("")
  package init() {}

  package func info(_ id: String) -> RuleInfo? { rules.first { $0.id == id } }
}

package enum RuleKind: String, Sendable, CaseIterable {
  case framework, schema, client, analytics, feature, metric, generated, alias
}

package struct RuleInfo: Sendable {
  package var id: String
  package var kind: RuleKind
  package var title: String
  package var place: Place
  package init(id: String, kind: RuleKind, title: String, place: Place) {
    self.id = id
    self.kind = kind
    self.title = title
    self.place = place
  }
}

/// Files that are made by a machine: skipped, with the rule as the reason.
package struct GeneratedRule: Sendable {
  package var id: String
  package var files: [Glob]
  /// Words that a generated file states in its first lines.
  package var markers: [String]
  package init(id: String, files: [Glob], markers: [String]) {
    self.id = id
    self.files = files
    self.markers = markers
  }
}

/// A rule that finds routes, tables, requests and such: kinds framework, schema, client, analytics.
package struct FinderRule: Sendable {
  package var info: RuleInfo
  /// Packages that must be declared or imported; empty means always.
  package var dependencies: [String]
  package var values: [String: ValuePattern]
  package var emits: [Emit]
  package var capture: CaptureTemplate?
  package init(
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
package indirect enum ValuePattern: Sendable, Hashable {
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
package struct ArgumentPattern: Sendable, Hashable {
  package enum Position: Sendable, Hashable { case index(Int), last, any }
  package var position: Position
  /// A member of the argument when it is an object.
  package var key: String?
  /// Used when the argument is missing or no text.
  package var fallback: String?
  /// The argument must be this value.
  package var value: ValuePattern?
  /// Take the argument of the call by this name down the chain of receivers.
  package var chain: String?
  package init(
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
package struct CallPattern: Sendable, Hashable {
  package var on: ValuePattern?
  package var methods: [String]
  package var call: ValuePattern?
  package var minimumArguments: Int
  package init(on: ValuePattern?, methods: [String], call: ValuePattern?, minimumArguments: Int) {
    self.on = on
    self.methods = methods
    self.call = call
    self.minimumArguments = minimumArguments
  }
}

package enum Emit: Sendable {
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

package struct CallRoute: Sendable {
  package var call: CallPattern
  /// Method name → HTTP method, where upper case is not enough.
  package var verbs: [String: String]
  package var verb: String?
  package var path: ArgumentPattern
  package var handler: ArgumentPattern
  package var form: RouteForm
  package init(
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

package struct FileRoute: Sendable {
  package var files: [Glob]
  package var except: [Glob]
  /// The folders whose path is `/`, relative to the package.
  package var bases: [String]
  package var dropsLeaf: Bool
  package var indexNames: [String]
  package var segments: [SegmentRewrite]
  package var prefix: String
  package var exports: [String]
  package var form: RouteForm
  package var method: String
  package var handler: [String]
  /// Exports that prepare the route's data on the server.
  package var loaders: [String]
  package init(
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
package struct SegmentRewrite: Sendable, Hashable {
  package var before: String
  package var after: String
  package var result: String?
  package init(before: String, after: String, result: String?) {
    self.before = before
    self.after = after
    self.result = result
  }
}

package struct AccessPattern: Sendable {
  package var on: ValuePattern
  package var verbs: [String: AccessVerb]
  package init(on: ValuePattern, verbs: [String: AccessVerb]) {
    self.on = on
    self.verbs = verbs
  }
}

/// How code that has a client of this rule stores an event, and how the table for it is made.
package struct CaptureTemplate: Sendable {
  /// The value that is the client.
  package var client: ValuePattern
  /// Statement over `{client}`, `{event}`, `{actor}`, `{key}`, `{subject}`.
  package var statement: String
  /// Text to append to a declarative schema file; `nil` when migrations say all.
  package var schema: String?
  package var schemaLanguage: SchemaLanguage
  /// The migration's path from the folder of migrations, over `{timestamp}` and `{number}`.
  package var migrationPath: String
  /// A shell command that the guide tells to run.
  package var apply: String
  package init(
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
