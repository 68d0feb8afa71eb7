public import KapinBase

/// What a rule finds: one clause of its `emit`.
public indirect enum Emit: Sendable {
  case callRoute(CallRoute)
  case fileRoute(FileRoute)
  case directiveRoute(directive: String, form: RouteForm, method: String)
  case table(RouteTable)
  case entries(RouteEntries)
  case elementRoute(ElementRoute)
  case controller(ControllerRoute)
  case mount(MountClause)
  case expand(ExpandClause)
  case base(BaseClause)
  /// An element whose attribute is the prefix of all routes of the rule.
  case baseElement(ValuePattern, attribute: String)
  case modules(ModuleTree)
  case guardian(GuardClause)
  case fileGuard(FileGuard)
  /// Routes whose handler makes such a call are of this form.
  case mark(CallPattern, form: RouteForm)
  case configRoute(ConfigRoute)
  case components(ComponentNames)
  case shape(ShapeClause)
  /// Objects of functions that answer fields of a schema language's root types: the object's keys, and their methods.
  case resolvers([(root: String, method: String)])
  /// A call that gets the text of a schema.
  case schemaText(CallPattern, text: ArgumentPattern, language: SchemaLanguage)
  case model(ModelClause)
  case handle(HandleClause)
  case change(ChangeClause)
  case access(AccessPattern)
  case relation(RelationClause)
  case runs(RunsClause)
  /// A call that gets SQL; what it gives may run it later, by methods of such names.
  case query(CallPattern, text: ArgumentPattern, runs: [String])
  case request(RequestClause)
  case proxy(ProxyClause)
  /// A call that gets a document of a query language.
  case document(CallPattern, document: ArgumentPattern)
  case event(EventClause)
  case link(element: ValuePattern?, tag: String?, attribute: String)
  case schema(SchemaLanguage, files: [Glob], except: [Glob])
}

/// Which argument of a call, and what to take from it; of an object literal, only the keys count.
public struct ArgumentPattern: Sendable, Hashable {
  public enum Position: Sendable, Hashable {
    case index(Int), last, any
    /// The first text that starts with a slash.
    case path
  }
  /// Whose arguments: the call's own, those of the call that gave the called function (`route("/x")(options)`), those of
  /// the call that it is a method of, or those of the call that is its first argument (`use(mount("/x", app))`).
  public enum Of: String, Sendable, CaseIterable { case call, callee, receiver, argument }
  public var position: Position = .index(0)
  public var of = Of.call
  /// Members of the object there, the first that exists; each is a path of names.
  public var keys: [[String]] = []
  /// Used when the argument is missing or no text.
  public var fallback: String?
  /// The argument must be one of these texts; empty means any.
  public var text: [String] = []
  /// The argument must be this value.
  public var value: ValuePattern?
  /// Take the argument of the call by this name down the chain of receivers.
  public var chain: String?
  /// Take the arguments of the calls by these names that are made on what the call gives.
  public var after: [String] = []
  /// Of each item of the list there, take this; at most one.
  public var items: [ArgumentPattern] = []
  /// Only items that have this; at most one.
  public var having: [ArgumentPattern] = []
  /// What the function there returns.
  public var returned = false
  /// The member of what the function there returns.
  public var returnedKey: String?
  /// The function there calls this, itself or through functions of the project; at most one.
  public var reaches: [ValuePattern] = []
  /// The parameter of the function there.
  public var parameter: Int?
  /// The text itself; nothing is looked up.
  public var constant: String?
  /// The value of the call itself.
  public var isResult = false
  /// The value that the call is made on.
  public var isSelf = false
  public init(position: Position = .index(0), fallback: String? = nil) {
    self.position = position
    self.fallback = fallback
  }
}

/// How a found path or name becomes a route's path.
public struct PathRewriting: Sendable, Hashable {
  /// What divides segments, beside `/`.
  public var separators: String = ""
  public var segments: [SegmentRewrite] = []
  /// For the last segment, before the others.
  public var last: [SegmentRewrite] = []
  /// What joins the paths of nested routers.
  public var joiner = "/"
  public init() {}
}

/// The method of a route.
public enum VerbPattern: Sendable, Hashable {
  /// From the called method's name: by the table, else in upper case.
  case method([String: String])
  case fixed(String)
  case argument(ArgumentPattern)
}

/// A route for each call.
public struct CallRoute: Sendable {
  public enum Naming: String, Sendable, CaseIterable {
    /// The module and the variable that holds what the call gives.
    case variable
    /// The handler's name; the path when it has none.
    case handler
  }
  public var call: CallPattern
  public var verb: VerbPattern
  public var path: ArgumentPattern
  public var handler: ArgumentPattern
  /// Where guards stand; empty means: functions between path and handler.
  public var guards: [ArgumentPattern]
  /// An object whose keys are methods and whose values are handlers.
  public var methods: ArgumentPattern?
  /// Must be there, or the call is no route.
  public var requires: ArgumentPattern?
  /// The routes hang on the value that the call gives, not on the one that it is called on.
  public var ownsResult: Bool
  /// It has no path: it is reached by a name.
  public var naming: Naming?
  public var rewriting: PathRewriting
  /// Paths that are no routes.
  public var except: [String]
  /// Actions of a resource: suffix of the path and method for each name.
  public var actions: [(name: String, method: String, path: String)]
  /// Folders in which a handler that is a text lies: `Users/AuthController.login`.
  public var folders: [String]
  /// Names of the actions that a call keeps, or leaves out.
  public var only: ArgumentPattern?
  public var never: ArgumentPattern?
  public var form: RouteForm
  /// The place of each input: `query`, `body`, `headers`, `path`.
  public var inputs: [InputPattern]
  public init(
    call: CallPattern, verb: VerbPattern, path: ArgumentPattern, handler: ArgumentPattern, form: RouteForm
  ) {
    self.call = call
    self.verb = verb
    self.path = path
    self.handler = handler
    self.form = form
    guards = []
    methods = nil
    requires = nil
    ownsResult = false
    naming = nil
    rewriting = PathRewriting()
    except = []
    actions = []
    folders = []
    only = nil
    never = nil
    inputs = []
  }
}

/// Route objects in a list, which may hold lists of their own.
public struct RouteTable: Sendable {
  /// Where such a list stands: an argument of a call, or a value of an annotated type.
  /// The prefix of a list is what its call says.
  public var calls: [(call: CallPattern, list: ArgumentPattern, prefix: ArgumentPattern?)]
  public var types: [String]
  /// Files whose default export is such a list, or has it as a member.
  public var files: [Glob]
  public var member: [String]
  public var path: ArgumentPattern
  public var children: ArgumentPattern?
  public var index: ArgumentPattern?
  public var handler: ArgumentPattern
  public var guards: [ArgumentPattern]
  public var loaders: [ArgumentPattern]
  public var verb: VerbPattern
  /// Calls that stand for route objects: `route("x", "./x.tsx", [...])`.
  public var items: [TableItem]
  public var rewriting: PathRewriting
  public var form: RouteForm
  public init(path: ArgumentPattern, handler: ArgumentPattern, verb: VerbPattern, form: RouteForm) {
    self.path = path
    self.handler = handler
    self.verb = verb
    self.form = form
    calls = []
    types = []
    files = []
    member = []
    children = nil
    index = nil
    guards = []
    loaders = []
    items = []
    rewriting = PathRewriting()
  }
}

public struct TableItem: Sendable {
  public var call: ValuePattern
  public var path: ArgumentPattern?
  public var handler: ArgumentPattern?
  public var children: ArgumentPattern?
  public init(call: ValuePattern, path: ArgumentPattern?, handler: ArgumentPattern?, children: ArgumentPattern?) {
    self.call = call
    self.path = path
    self.handler = handler
    self.children = children
  }
}

/// An object whose keys are paths or names, and whose values are routes or routers.
public struct RouteEntries: Sendable {
  public var call: CallPattern
  public var object: ArgumentPattern
  /// A value that is a router itself: mounted under its key.
  public var router: ValuePattern?
  /// A value that is a route, as a call: `procedure.query(handler)`.
  public var leaf: CallPattern?
  /// Must be there, or the member is no route.
  public var requires: ArgumentPattern?
  /// The member of a value that is an object with the path, instead of the key.
  public var path: ArgumentPattern?
  public var verb: VerbPattern
  public var handler: ArgumentPattern
  /// Calls down the chain of the leaf that are guards or schemas.
  public var guards: [String]
  public var inputs: [(place: InputPattern.Place, chain: String)]
  /// Keys are paths, and values handlers or objects of methods.
  public var keysArePaths: Bool
  /// Objects in objects are routers too.
  public var nests: Bool
  /// The keys, one by one, that may hold handlers by the same names: another call's object.
  public var implementation: (call: CallPattern, contract: ArgumentPattern, handlers: ArgumentPattern)?
  public var prefix: ArgumentPattern?
  public var rewriting: PathRewriting
  public var form: RouteForm
  public init(call: CallPattern, object: ArgumentPattern, verb: VerbPattern, form: RouteForm) {
    self.call = call
    self.object = object
    self.verb = verb
    self.form = form
    router = nil
    leaf = nil
    requires = nil
    path = nil
    handler = ArgumentPattern(position: .last)
    guards = []
    inputs = []
    keysArePaths = false
    nests = false
    implementation = nil
    prefix = nil
    rewriting = PathRewriting()
  }
}

/// JSX elements that are routes, nested in each other.
public struct ElementRoute: Sendable {
  public var element: ValuePattern
  public var path: [String]
  public var handler: [String]
  public var index: String?
  public var loaders: [String]
  public var rewriting: PathRewriting
  public init(element: ValuePattern, path: [String], handler: [String]) {
    self.element = element
    self.path = path
    self.handler = handler
    loaders = []
    rewriting = PathRewriting()
  }
}

/// Decorated methods of decorated classes.
public struct ControllerRoute: Sendable {
  /// The decorator of the class; `nil` when any class will do.
  public var type: ValuePattern?
  public var prefix: ArgumentPattern?
  public var version: ArgumentPattern?
  public var host: ArgumentPattern?
  /// A method's decorator with its version.
  public var methodVersion: ValuePattern?
  /// Decorators of methods, and the method that each stands for.
  public var routes: ValuePattern
  public var verb: VerbPattern
  public var path: ArgumentPattern
  /// The name of the method is the path where the decorator gives none.
  public var namesPath: Bool
  public var guards: [ValuePattern]
  public var inputs: [(place: InputPattern.Place, decorator: ValuePattern)]
  public var form: RouteForm
  public var rewriting: PathRewriting
  public init(
    type: ValuePattern?, routes: ValuePattern, verb: VerbPattern, path: ArgumentPattern, form: RouteForm
  ) {
    self.type = type
    self.routes = routes
    self.verb = verb
    self.path = path
    self.form = form
    prefix = nil
    version = nil
    host = nil
    methodVersion = nil
    namesPath = false
    guards = []
    inputs = []
    rewriting = PathRewriting()
  }
}

/// Routes that a configuration file (JSON or YAML) lists.
public struct ConfigRoute: Sendable {
  public var files: [String]
  /// The path of keys to the entries; `*` is each member or item.
  public var at: [String]
  public var path: [String]
  public var verb: [String]
  public var method: String
  /// The key, by its place in `at`, that names the route.
  public var name: Int?
  public var rewriting = PathRewriting()
  /// Keys from the entry up to the handler, `file.export`.
  public var handler: [String]
  public var form: RouteForm
  public init(files: [String], at: [String], form: RouteForm) {
    self.files = files
    self.at = at
    self.form = form
    path = []
    verb = []
    method = "ANY"
    name = nil
    handler = []
  }
}
