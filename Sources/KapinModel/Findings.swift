public import KapinBase

/// How sure a statement about the product is.
public enum Confidence: String, Sendable { case exact, resolved, heuristic }

/// Where a finding comes from: a file and line, and the rule that says so.
public struct Origin: Sendable, Hashable {
  public var place: Place
  public var end: Position?
  public var rule: String
  public var confidence: Confidence
  public init(place: Place, end: Position? = nil, rule: String, confidence: Confidence) {
    self.place = place
    self.end = end
    self.rule = rule
    self.confidence = confidence
  }
}

/// What the find phase says about the code before it is composed.
public enum Finding: Sendable {
  case route(FoundRoute)
  case mount(FoundMount)
  case guardian(FoundGuard)
  case scope(FoundScope)
  case packageGuard(FoundPackageGuard)
  case guardName(FoundGuardName)
  case base(FoundBase)
  case mark(FoundMark)
  case operation(FoundOperation)
  case schemaText(FoundSchemaText)
  case component(FoundComponent)
  /// The components of a module belong to the framework that a rule is about.
  case markup(ModuleID, rule: String, isOwn: Bool)
  case template(FoundTemplate)
  case model(FoundModel)
  case change(FoundChange)
  case access(FoundAccess)
  case relation(FoundRelation)
  case call(FoundCall)
  case query(FoundQuery)
  case request(FoundRequest)
  case document(FoundDocument)
  case event(FoundEvent)
  case client(FoundClient)
}

public enum RouteForm: String, Sendable, CaseIterable {
  case page, endpoint, action, rpc, graphql, socket, job, webhook
}

/// Something that a request passes before its handler.
public enum RouteGuard: Sendable, Hashable {
  case function(SymbolRef)
  /// The name under which the product registers a function.
  case named(String)
  /// What a package makes: `passport.authenticate` of `passport`.
  case external(package: String, name: String)
  /// What nothing was found for, by its words in the code of a module.
  case unresolved(ModuleID, name: String)
}

public struct FoundRoute: Sendable {
  public var form: RouteForm
  public var method: String
  /// As in the dump: `/users/:id`; `{?}` where a part is unknown.
  public var path: String
  /// The path before its segments were rewritten, where layouts are told apart by it.
  public var writtenPath: String?
  public var framework: String
  public var package: PackageID
  /// The value that it is registered on, for mounts; `nil` for file routes.
  public var owner: EntityID?
  public var handler: SymbolRef?
  /// What runs before the handler to prepare its data.
  public var loaders: [SymbolRef] = []
  /// What a handler that several routes share runs for this one.
  public var inner: [SymbolRef] = []
  public var guards: [RouteGuard]
  /// The function that the registration stands in.
  public var site: SymbolRef?
  /// What joins it to the paths of the routers around it.
  public var joiner = "/"
  public var version: String?
  public var host: String?
  /// Languages of which each may stand in front of the path.
  public var locales: [String] = []
  /// Its owner serves nothing until it is mounted.
  public var needsMount = false
  /// The constructions of its class that it was read for.
  public var constructions: [CallSite] = []
  /// Its handler is written in the call that registers it.
  public var isInline = false
  /// Its handler is what a file exports.
  public var isExport = false
  /// Of several functions of the call, the one before the last, which is the handler.
  public var beforeHandler: SymbolRef?
  /// It stands below the application's base, which a call elsewhere states.
  public var usesBase = false
  public var inputs: [RouteInput] = []
  /// Parts of the handler that only requests with other methods reach.
  public var apart: [Range32] = []
  public var origin: Origin
  public init(
    form: RouteForm, method: String, path: String, framework: String, package: PackageID, owner: EntityID?,
    handler: SymbolRef?, guards: [RouteGuard], origin: Origin
  ) {
    self.form = form
    self.method = method
    self.path = path
    self.framework = framework
    self.package = package
    self.owner = owner
    self.handler = handler
    self.guards = guards
    self.origin = origin
  }
}

/// Something that a route takes, and where it stands in the request.
public struct RouteInput: Sendable, Hashable {
  public var place: InputPattern.Place
  public var name: String
  /// `string`, `number`, `boolean`, `array` or `object`, where the code says so.
  public var type: String?
  public var required: Bool
  public init(place: InputPattern.Place, name: String, type: String? = nil, required: Bool) {
    self.place = place
    self.name = name
    self.type = type
    self.required = required
  }
}

/// A router put under another one with a prefix.
public struct FoundMount: Sendable {
  /// `nil` when the prefix is the router's own: it stands in front of all its routes.
  public var owner: EntityID?
  public var prefix: String
  public var target: EntityID
  public var guards: [RouteGuard]
  public var joiner = "/"
  /// The construction whose router it is: `new Controller(config).router`.
  public var construction: CallSite?
  /// The function that the call stands in.
  public var site: SymbolRef?
  public var origin: Origin
  public init(owner: EntityID?, prefix: String, target: EntityID, guards: [RouteGuard], origin: Origin) {
    self.owner = owner
    self.prefix = prefix
    self.target = target
    self.guards = guards
    self.origin = origin
  }
}

/// What is registered inside a function is below a prefix.
public struct FoundScope: Sendable {
  public var function: SymbolRef
  public var prefix: String
  public var guards: [RouteGuard]
  /// The function is one place among others below which its routes stand: the function that says so, whose own place
  /// counts too. `nil` where the function itself is handed to a call that adds the prefix.
  public var site: SymbolRef?
  public init(function: SymbolRef, prefix: String, guards: [RouteGuard]) {
    self.function = function
    self.prefix = prefix
    self.guards = guards
  }
}

/// A guard that the routes of a package pass which one rule finds.
public struct FoundPackageGuard: Sendable {
  public var rule: String
  public var package: PackageID
  public var passes: RouteGuard
  /// Prefixes of the paths that it is for, and of those that it is not for.
  public var included: [String]
  public var excluded: [String]
  /// The paths are as they are written, before segments are rewritten; it counts below its own path only.
  public var isWritten = false
  /// Only routes of this form.
  public var form: RouteForm?
  public init(rule: String, package: PackageID, passes: RouteGuard, included: [String], excluded: [String]) {
    self.rule = rule
    self.package = package
    self.passes = passes
    self.included = included
    self.excluded = excluded
  }
}

/// A guard with the name under which routes ask for it.
public struct FoundGuardName: Sendable {
  public var rule: String
  public var package: PackageID
  public var name: String
  public var symbol: SymbolRef
  public init(rule: String, package: PackageID, name: String, symbol: SymbolRef) {
    self.rule = rule
    self.package = package
    self.name = name
    self.symbol = symbol
  }
}

/// The prefix of all routes of an application that one rule finds.
public struct FoundBase: Sendable {
  public var rule: String
  public var module: ModuleID
  public var prefix: String
  public var except: [String]
  /// What stands before a version in the path; `nil` when versions are no part of paths.
  public var versionPrefix: String?
  public var defaultVersion: String?
  /// The application stands below each of the prefixes that its bases say.
  public var isOneOfSeveral = false
  public init(rule: String, module: ModuleID, prefix: String, except: [String] = []) {
    self.rule = rule
    self.module = module
    self.prefix = prefix
    self.except = except
  }
}

/// A call that tells what its function is for.
public struct FoundMark: Sendable {
  public var form: RouteForm
  public var from: SymbolRef
  public init(form: RouteForm, from: SymbolRef) {
    self.form = form
    self.from = from
  }
}

/// The markup of a component that stands apart from its code.
public struct FoundTemplate: Sendable {
  public var component: SymbolRef
  public var tags: [(name: String, place: Place)]
  /// Events and the methods of the component that answer them.
  public var handlers: [(event: String, method: String, place: Place)]
  public var rule: String
  public init(
    component: SymbolRef, tags: [(name: String, place: Place)],
    handlers: [(event: String, method: String, place: Place)], rule: String
  ) {
    self.component = component
    self.tags = tags
    self.handlers = handlers
    self.rule = rule
  }
}

/// A component that markup of a package knows by a name.
public struct FoundComponent: Sendable {
  /// In the form `UserCard`; of an element, the element's name.
  public var name: String
  public var component: SymbolRef
  public var package: PackageID
  public var rule: String
  public init(name: String, component: SymbolRef, package: PackageID, rule: String) {
    self.name = name
    self.component = component
    self.package = package
    self.rule = rule
  }
}

/// The text of a schema that stands in code.
public struct FoundSchemaText: Sendable {
  public var language: SchemaLanguage
  public var text: String
  public var module: ModuleID
  public var place: Place
  public init(language: SchemaLanguage, text: String, module: ModuleID, place: Place) {
    self.language = language
    self.text = text
    self.module = module
    self.place = place
  }
}

/// A function that answers a field of a schema language's root type.
public struct FoundOperation: Sendable {
  public var method: String
  public var field: String
  public var handler: SymbolRef
  public var module: ModuleID
  public var rule: String
  public init(method: String, field: String, handler: SymbolRef, module: ModuleID, rule: String) {
    self.method = method
    self.rule = rule
    self.field = field
    self.handler = handler
    self.module = module
  }
}

/// A function that all later routes of a value pass.
public struct FoundGuard: Sendable {
  public var owner: EntityID
  public var prefix: String
  public var guards: [RouteGuard]
  /// The function that the call stands in.
  public var site: SymbolRef
  public var origin: Origin
  public init(owner: EntityID, prefix: String, guards: [RouteGuard], site: SymbolRef, origin: Origin) {
    self.owner = owner
    self.site = site
    self.prefix = prefix
    self.guards = guards
    self.origin = origin
  }
}
