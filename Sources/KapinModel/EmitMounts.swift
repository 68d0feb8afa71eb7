/// A router put under another one.
public struct MountClause: Sendable {
  public var call: CallPattern
  public var prefix: ArgumentPattern
  public var target: ArgumentPattern
  /// The router that it is put under, when it is not the one that the call is made on.
  public var owner: ArgumentPattern?
  /// Everything that is registered inside the target function is below the prefix.
  public var isScope: Bool
  public var guards: [ArgumentPattern]
  /// Routers that serve nothing until they are mounted.
  public var parts: ValuePattern?
  public var rewriting: PathRewriting
  public init(call: CallPattern, prefix: ArgumentPattern, target: ArgumentPattern) {
    self.call = call
    self.prefix = prefix
    self.target = target
    owner = nil
    isScope = false
    guards = []
    rewriting = PathRewriting()
  }
}

/// A call that mounts all modules of a folder, the folders below it as prefixes.
public struct ExpandClause: Sendable {
  public var call: CallPattern
  public var folder: ArgumentPattern
  public var prefix: ArgumentPattern?
  /// The argument that says which plugin does it.
  public var plugin: ArgumentPattern?
  /// The parameter of each module's exported function that is the router.
  public var parameter: Int
  public var exports: [String]
  public var rewriting: PathRewriting
  public init(call: CallPattern, folder: ArgumentPattern) {
    self.call = call
    self.folder = folder
    prefix = nil
    plugin = nil
    parameter = 0
    exports = ["default"]
    rewriting = PathRewriting()
  }
}

/// A call that puts all routes of an application below a prefix.
public struct BaseClause: Sendable {
  public var call: CallPattern
  public var prefix: ArgumentPattern
  /// Paths that stay where they are.
  public var except: ArgumentPattern?
  /// The prefix holds a version: `v` and what a route says, or what this argument says.
  public var version: ArgumentPattern?
  public var defaultVersion: ArgumentPattern?
  /// Must be there, or the call says nothing.
  public var requires: ArgumentPattern?
  /// The application stands below each prefix that such calls say.
  public var isOneOfSeveral = false
  public init(call: CallPattern, prefix: ArgumentPattern) {
    self.call = call
    self.prefix = prefix
    except = nil
    version = nil
    defaultVersion = nil
    requires = nil
  }
}

/// A call whose functions later routes pass.
public struct GuardClause: Sendable {
  public var call: CallPattern
  public var prefix: ArgumentPattern
  public var functions: ArgumentPattern
  /// A list of objects that each have a prefix and functions.
  public var list: ArgumentPattern?
  /// All routes of the package pass it, whatever they are registered on.
  public var isPackageWide: Bool
  /// The prefix is compared with paths as they are written, before segments are rewritten.
  public var isWritten: Bool
  /// Routers, or classes of routes, that it stands before, where they are handed to the call.
  public var owner: ArgumentPattern?
  /// It only gives its function a name, by which routes ask for it.
  public var name: ArgumentPattern?
  /// Must be there, or the call says nothing.
  public var requires: ArgumentPattern?
  /// An object whose keys are names of guards; nothing passes them yet.
  public var names: ArgumentPattern?
  public init(call: CallPattern, prefix: ArgumentPattern, functions: ArgumentPattern) {
    self.call = call
    self.prefix = prefix
    self.functions = functions
    list = nil
    isPackageWide = false
    isWritten = false
    owner = nil
    name = nil
    requires = nil
    names = nil
  }
}

/// Prefixes of classes that are listed by modules: a table of modules with paths.
public struct ModuleTree: Sendable {
  public var call: CallPattern
  public var list: ArgumentPattern
  public var path: ArgumentPattern
  public var module: ArgumentPattern
  public var children: ArgumentPattern
  /// The decorator of a module, and where it lists its classes.
  public var decorator: ValuePattern
  public var members: ArgumentPattern
  public init(
    call: CallPattern, list: ArgumentPattern, path: ArgumentPattern, module: ArgumentPattern,
    children: ArgumentPattern, decorator: ValuePattern, members: ArgumentPattern
  ) {
    self.call = call
    self.list = list
    self.path = path
    self.module = module
    self.children = children
    self.decorator = decorator
    self.members = members
  }
}
