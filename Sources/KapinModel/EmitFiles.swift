public import KapinBase

/// Routes in files: the path is the file's place.
public struct FileRoute: Sendable {
  public var files: [Glob]
  public var except: [Glob]
  /// The folders whose path is `/`, relative to the package.
  public var bases: [String]
  public var dropsLeaf: Bool
  public var indexNames: [String]
  public var rewriting: PathRewriting
  public var prefix: String
  /// Stands behind the path.
  public var suffix: String
  /// Exports that each are a route: name → method.
  public var exports: [(name: String, method: String)]
  public var form: RouteForm
  public var method: String
  /// The method may stand at the end of the file's name: `users.get.ts`.
  public var suffixes: [String: String]
  public var handler: [String]
  /// Exports that prepare the route's data on the server.
  public var loaders: [String]
  /// A call in the file that says which guards the route passes.
  public var guards: (call: ValuePattern, argument: ArgumentPattern)?
  /// What the handler reads of the request.
  public var inputs: [InputPattern]
  /// The handler compares the request's method with texts: each is a route of its own.
  public var comparesMethod: Bool
  /// Exports that must be there, and such that must not.
  public var requires: [String]
  public var without: [String]
  /// An export whose member says the path instead.
  public var path: [String]?
  /// An exported object whose keys are actions of the page.
  public var actions: String?
  /// Settings of the package that change the paths.
  public var settings: FileRouteSettings
  public init(files: [Glob], form: RouteForm, method: String) {
    self.files = files
    self.form = form
    self.method = method
    except = []
    bases = []
    dropsLeaf = false
    indexNames = []
    rewriting = PathRewriting()
    prefix = ""
    suffix = ""
    exports = []
    suffixes = [:]
    handler = []
    loaders = []
    guards = nil
    inputs = []
    comparesMethod = false
    requires = []
    without = []
    path = nil
    actions = nil
    settings = FileRouteSettings()
  }
}

/// Files whose function all routes of the package pass: middleware by its place.
public struct FileGuard: Sendable {
  public var files: [Glob]
  /// Exports, the first that exists.
  public var handler: [String]
  /// An exported member that lists the paths; nothing means all.
  public var paths: [String]?
  /// Only routes of this form pass it.
  public var form: RouteForm?
  /// The file's name is the guard's name, by which routes ask for it.
  public var isNamed: Bool
  public init(files: [Glob], handler: [String], paths: [String]?, form: RouteForm?, isNamed: Bool) {
    self.files = files
    self.handler = handler
    self.paths = paths
    self.form = form
    self.isNamed = isNamed
  }
}

/// Where a package's configuration says what its paths start with, and which files are pages.
public struct FileRouteSettings: Sendable, Hashable {
  public var files: [Glob] = []
  public var prefix: [[String]] = []
  /// The endings of page files, such as `page.tsx`.
  public var extensions: [String] = []
  /// The languages of which each may stand in front of a path.
  public var locales: [String] = []
  /// The endings where the configuration says none.
  public var usual: [String] = []
  public init() {}
}

/// `[*]` → `:{}`: a path segment with holes, and what it becomes; no result means that the file is no route.
public struct SegmentRewrite: Sendable, Hashable {
  /// The fixed parts around the holes.
  public var parts: [String]
  public var result: String?
  /// It may stand inside a segment, and more than once.
  public var isInner: Bool
  public init(parts: [String], result: String?, isInner: Bool) {
    self.parts = parts
    self.result = result
    self.isInner = isInner
  }
}
