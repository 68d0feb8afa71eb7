/// Calls that ask a server for something, or lead to a page.
public struct RequestClause: Sendable {
  public var call: CallPattern
  /// Where the method stands, when it is not the called method's name.
  public var method: ArgumentPattern?
  /// Where the path stands, the first that is there; a function stands for what it gives.
  public var path: [ArgumentPattern]
  /// The member of a client factory's argument that paths are relative to.
  public var base: String?
  public var navigates: Bool
  /// Paths stand below a base address that is set elsewhere.
  public var isRelative = false
  public init(
    call: CallPattern, method: ArgumentPattern?, path: [ArgumentPattern], base: String?, navigates: Bool
  ) {
    self.call = call
    self.method = method
    self.path = path
    self.base = base
    self.navigates = navigates
  }
}

/// Clients whose members spell the path: `client.posts.list.query()`.
public struct ProxyClause: Sendable {
  /// The value at which the path starts.
  public var root: ValuePattern
  /// Name of the last member → method of the route.
  public var calls: [String: String]
  /// Members that are no part of the path.
  public var ignored: [String]
  public var joiner: String
  /// The method of the route where the last member does not say it.
  public var method = "ANY"
  /// Among the arguments of what made the root: the object whose members, called alike, say path and method.
  public var contract: ArgumentPattern?
  public init(root: ValuePattern, calls: [String: String], ignored: [String], joiner: String) {
    self.root = root
    self.calls = calls
    self.ignored = ignored
    self.joiner = joiner
  }
}

/// Calls that emit an event.
public struct EventClause: Sendable {
  public var call: CallPattern
  public var name: ArgumentPattern
  /// The object whose keys are the event's properties.
  public var properties: ArgumentPattern?
  public init(call: CallPattern, name: ArgumentPattern, properties: ArgumentPattern?) {
    self.call = call
    self.name = name
    self.properties = properties
  }
}
