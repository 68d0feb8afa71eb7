package import KapinBase

package typealias NodeID = ID<ProductNode>

/// A node of the product graph; what it is decides which fields it has.
package struct ProductNode: Sendable {
  package enum Content: Sendable {
    case package(name: String?, manifest: String?)
    case external(range: String?, builtin: Bool)
    case module(ModuleID)
    case file
    case unresolved(UnresolvedReason, specifier: String)
    case symbol(SymbolRef, component: Bool)
    case route(Route)
    case table(TableNode)
    case env
  }
  /// The public id: `route:.:GET /users`.
  package var id: String
  package var kind: NodeKind
  package var content: Content
  package var origin: Origin?
  package init(id: String, kind: NodeKind, content: Content, origin: Origin?) {
    self.id = id
    self.kind = kind
    self.content = content
    self.origin = origin
  }
}

package enum NodeKind: String, Sendable, CaseIterable {
  case env, event, external, file, module, package, route, symbol, table, unresolved
}

package struct Route: Sendable {
  package var form: RouteForm
  package var method: String
  package var path: String
  package var framework: String
  package var package: PackageID
  /// Names of the path's parameters.
  package var parameters: [String]
  package init(
    form: RouteForm, method: String, path: String, framework: String, package: PackageID, parameters: [String]
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
package struct TableNode: Sendable {
  package var table: SchemaTable
  package var provider: String?
  /// The schema rule that the table comes from.
  package var source: String
  package var package: PackageID
  package var primaryKey: [String] { table.columns.filter(\.primary).map(\.name) }
  package init(table: SchemaTable, provider: String?, source: String, package: PackageID) {
    self.table = table
    self.provider = provider
    self.source = source
    self.package = package
  }
}

package enum EdgeKind: String, Sendable, CaseIterable {
  case calls, contains, depends, exports, guards, handles, imports, mounts, navigates, reads, references, renders
  case requests, triggers, uses, writes
}

package struct ProductEdge: Sendable {
  package var kind: EdgeKind
  package var from: NodeID
  package var to: NodeID
  package var at: Place?
  package var confidence: Confidence
  package var rule: String?
  /// Extra fields of the edge's kind: `specifier`, `form`, `name`, `order`, `columns`, `event`, `column`, `range`.
  package var fields: [(key: String, value: EdgeField)]
  package init(
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

package enum EdgeField: Sendable, Hashable { case text(String), number(Int), texts([String]) }

/// What was seen, skipped, guessed or left open.
package struct Coverage: Sendable {
  package var filesSeen = 0
  package var filesParsed = 0
  package var filesWithSyntaxErrors: [String] = []
  package var skipped: [SkippedFile] = []
  package var importsResolved = 0
  package var importsExternal = 0
  package var importsUnresolved: [UnresolvedReason: Int] = [:]
  package var routesWithUnknownParts = 0
  package var callsWithoutTarget = 0
  package var requestsWithoutRoute = 0
  package var queriesNotRead = 0
  package var schemaDisagreements: [Diagnostic] = []
  package init() {}
}

/// The code graph with all that rules found, joined: everything after reads this.
package struct ProductGraph: Sendable {
  package var code: CodeGraph
  package var nodes = Table<ProductNode>()
  package var edges: [ProductEdge] = []
  package var coverage = Coverage()
  package var clients: [FoundClient] = []
  /// Every access with its place in the code, for edits.
  package var accesses: [ResolvedAccess] = []
  package var notes: [Diagnostic] = []
  package var rulesHash = ContentHash("")
  /// Ids by their bytes; an id's name has the number of its node.
  private var ids = NameTable()
  private(set) package var symbols: [SymbolRef: NodeID] = [:]

  package init(code: CodeGraph) { self.code = code }

  /// Adds a node, or returns the one that has the id already.
  @discardableResult
  package mutating func add(_ node: ProductNode) -> NodeID {
    if let known = ids.find(node.id) { return NodeID(known.index) }
    let id = nodes.append(node)
    _ = ids.intern(node.id)
    if case .symbol(let ref, _) = node.content { symbols[ref] = id }
    if case .module(let module) = node.content { symbols[SymbolRef(module, nil)] = id }
    return id
  }

  package func node(id: String) -> NodeID? { ids.find(id).map { NodeID($0.index) } }

  /// The node of a symbol: its own, else of the nearest declaration around it that has one, else the module's.
  package func node(of ref: SymbolRef) -> NodeID? {
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
package struct ResolvedAccess: Sendable {
  package var access: FoundAccess
  package var table: NodeID
  package init(access: FoundAccess, table: NodeID) {
    self.access = access
    self.table = table
  }
}
