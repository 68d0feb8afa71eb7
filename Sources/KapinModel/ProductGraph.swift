public import KapinBase

public typealias NodeID = ID<ProductNode>

/// A node of the product graph; what it is decides which fields it has.
public struct ProductNode: Sendable {
  public enum Content: Sendable {
    case package(name: String?, manifest: String?)
    case external(range: String?, builtin: Bool)
    case module(ModuleID)
    /// A file that code imports and KAPIN does not read as code; why, when it would have been code.
    case file(SkippedFile.Reason?)
    case unresolved(UnresolvedReason, specifier: String)
    case symbol(SymbolRef, component: Bool)
    // Few and large: they stand apart, so that a node stays small.
    indirect case route(Route)
    indirect case table(TableNode)
    case env
    /// Providers that get the event, by their rules.
    case event(providers: [String])
  }
  /// The public id: `route:.:GET /users`.
  public var id: String
  public var kind: NodeKind
  public var content: Content
  public var origin: Origin?
  public init(id: String, kind: NodeKind, content: Content, origin: Origin?) {
    self.id = id
    self.kind = kind
    self.content = content
    self.origin = origin
  }
}

public enum NodeKind: String, Sendable, CaseIterable {
  case env, event, external, file, module, package, route, symbol, table, unresolved
}

public struct Route: Sendable {
  public var form: RouteForm
  public var method: String
  public var path: String
  public var framework: String
  public var package: PackageID
  public var parameters: [RouteInput]
  /// What the code says of versions and hosts.
  public var version: String?
  public var host: String?
  /// Languages of which each may stand in front of the path.
  public var locales: [String] = []
  public init(
    form: RouteForm, method: String, path: String, framework: String, package: PackageID, parameters: [RouteInput]
  ) {
    self.form = form
    self.method = method
    self.path = path
    self.framework = framework
    self.package = package
    self.parameters = parameters
  }
}

/// A persisted record type with what schema files say about it.
public struct TableNode: Sendable {
  public var table: SchemaTable
  public var provider: String?
  /// The schema rule that the table comes from.
  public var source: String
  public var package: PackageID
  public var primaryKey: [String] { table.columns.filter(\.primary).map(\.name) }
  public init(table: SchemaTable, provider: String?, source: String, package: PackageID) {
    self.table = table
    self.provider = provider
    self.source = source
    self.package = package
  }
}

public enum EdgeKind: String, Sendable, CaseIterable {
  case calls, contains, depends, emits, exports, guards, handles, imports, mounts, navigates, reads, references, renders
  case requests, triggers, uses, writes
}

public struct ProductEdge: Sendable {
  public var kind: EdgeKind
  public var from: NodeID
  public var to: NodeID
  public var at: Place?
  public var confidence: Confidence
  public var rule: String?
  /// Extra fields of the edge's kind: `specifier`, `form`, `name`, `order`, `columns`, `event`, `column`, `range`.
  public var fields: [(key: String, value: EdgeField)]
  public init(
    _ kind: EdgeKind, _ from: NodeID, _ to: NodeID, at: Place? = nil, confidence: Confidence = .exact,
    rule: String? = nil, fields: [(key: String, value: EdgeField)] = []
  ) {
    self.kind = kind
    self.from = from
    self.to = to
    self.at = at
    self.confidence = confidence
    self.rule = rule
    self.fields = fields
  }
}

extension ProductEdge {
  /// What the edge says under a key; of guards, `name` is what the product calls them.
  public func text(_ key: String) -> String? {
    for case (key, .text(let text)) in fields { return text }
    return nil
  }
}

public enum EdgeField: Sendable, Hashable { case text(String), number(Int), texts([String]) }

/// What was seen, skipped, guessed or left open.
public struct Coverage: Sendable {
  public var filesSeen = 0
  public var filesParsed = 0
  public var filesWithSyntaxErrors: [String] = []
  public var skipped: [SkippedFile] = []
  public var importsResolved = 0
  public var importsExternal = 0
  public var importsUnresolved: [UnresolvedReason: Int] = [:]
  public var routesWithUnknownParts = 0
  public var callsWithoutTarget = 0
  public var requestsWithoutRoute = 0
  public var queriesNotRead = 0
  public var schemaDisagreements: [Diagnostic] = []
  public init() {}
}

/// The code graph with all that rules found, joined: everything after reads this.
public struct ProductGraph: Sendable {
  public var code: CodeGraph
  public var nodes = Table<ProductNode>()
  public var edges: [ProductEdge] = []
  public var coverage = Coverage()
  public var clients: [FoundClient] = []
  /// The rule whose framework a module's components belong to.
  public var componentFrameworks: [ModuleID: String] = [:]
  /// Every access with its place in the code, for edits.
  public var accesses: [ResolvedAccess] = []
  /// What files of translations say, for what follows the graph.
  public var translations: [Translation] = []
  /// What the product's documentation lists as its features.
  public var documented: [DocumentItem] = []
  public var notes: [Diagnostic] = []
  public var rulesHash = ContentHash("")
  /// Ids by their bytes; an id's name has the number of its node.
  private var ids = NameTable()
  private(set) public var symbols: [SymbolRef: NodeID] = [:]

  public init(code: CodeGraph) { self.code = code }

  /// Adds a node, or returns the one that has the id already.
  @discardableResult
  public mutating func add(_ node: ProductNode) -> NodeID {
    let name = ids.intern(node.id)
    guard name.index == nodes.count else { return NodeID(name.index) }
    let id = nodes.append(node)
    if case .symbol(let ref, _) = node.content { symbols[ref] = id }
    if case .module(let module) = node.content { symbols[SymbolRef(module, nil)] = id }
    return id
  }

  public func node(id: String) -> NodeID? { ids.find(id).map { NodeID($0.index) } }

  /// The node of a symbol: its own, else of the nearest declaration around it that has one, else the module's.
  public func node(of ref: SymbolRef) -> NodeID? {
    let facts = code.modules[ref.module].facts
    var declaration = ref.declaration
    while let id = declaration {
      if let node = symbols[SymbolRef(ref.module, id)] { return node }
      declaration = facts.declarations[id].parent
    }
    return symbols[SymbolRef(ref.module, nil)]
  }
}

/// A read or write of a table that is in the graph.
public struct ResolvedAccess: Sendable {
  public var access: FoundAccess
  public var table: NodeID
  public init(access: FoundAccess, table: NodeID) {
    self.access = access
    self.table = table
  }
}
