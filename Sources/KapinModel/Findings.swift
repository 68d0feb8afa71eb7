package import KapinBase

/// How sure a statement about the product is.
package enum Confidence: String, Sendable { case exact, resolved, heuristic }

/// Where a finding comes from: a file and line, and the rule that says so.
package struct Origin: Sendable, Hashable {
  package var place: Place
  package var end: Position?
  package var rule: String
  package var confidence: Confidence
  package init(place: Place, end: Position? = nil, rule: String, confidence: Confidence) {
    self.place = place
    self.end = end
    self.rule = rule
    self.confidence = confidence
  }
}

/// What the find phase says about the code before it is composed.
package enum Finding: Sendable {
  case route(FoundRoute)
  case mount(FoundMount)
  case guardian(FoundGuard)
  case access(FoundAccess)
  case query(FoundQuery)
  case request(FoundRequest)
  case client(FoundClient)
}

package enum RouteForm: String, Sendable, CaseIterable {
  case page, endpoint, action, rpc, graphql, socket, job, webhook
}

package struct FoundRoute: Sendable {
  package var form: RouteForm
  package var method: String
  /// As in the dump: `/users/:id`; `{?}` where a part is unknown.
  package var path: String
  package var framework: String
  package var package: PackageID
  /// The value that it is registered on, for mounts; `nil` for file routes.
  package var owner: EntityID?
  package var handler: SymbolRef?
  /// What runs before the handler to prepare its data.
  package var loaders: [SymbolRef] = []
  package var guards: [SymbolRef]
  package var origin: Origin
  package init(
    form: RouteForm, method: String, path: String, framework: String, package: PackageID, owner: EntityID?,
    handler: SymbolRef?, guards: [SymbolRef], origin: Origin
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

/// A router put under another one with a prefix.
package struct FoundMount: Sendable {
  package var owner: EntityID
  package var prefix: String
  package var target: EntityID
  package var guards: [SymbolRef]
  package var origin: Origin
  package init(owner: EntityID, prefix: String, target: EntityID, guards: [SymbolRef], origin: Origin) {
    self.owner = owner
    self.prefix = prefix
    self.target = target
    self.guards = guards
    self.origin = origin
  }
}

/// A function that all later routes of a value pass.
package struct FoundGuard: Sendable {
  package var owner: EntityID
  package var prefix: String
  package var guards: [SymbolRef]
  package var origin: Origin
  package init(owner: EntityID, prefix: String, guards: [SymbolRef], origin: Origin) {
    self.owner = owner
    self.prefix = prefix
    self.guards = guards
    self.origin = origin
  }
}

/// A table by its name in code, read or written.
package struct FoundAccess: Sendable {
  package var from: SymbolRef
  package var module: ModuleID
  package var statement: StatementID?
  package var offset: UInt32
  package var call: CallID
  package var tableCodeName: String
  package var verb: AccessVerb
  package var columns: [String]
  /// The rule whose schema the table belongs to.
  package var origin: Origin
  package init(
    from: SymbolRef, module: ModuleID, statement: StatementID?, offset: UInt32, call: CallID, tableCodeName: String,
    verb: AccessVerb, columns: [String], origin: Origin
  ) {
    self.from = from
    self.module = module
    self.statement = statement
    self.offset = offset
    self.call = call
    self.tableCodeName = tableCodeName
    self.verb = verb
    self.columns = columns
    self.origin = origin
  }
}

package enum AccessVerb: String, Sendable, CaseIterable {
  case read, create, update, delete
  package var writes: Bool { self != .read }
}

/// SQL text that the code sends.
package struct FoundQuery: Sendable {
  package var from: SymbolRef
  package var module: ModuleID
  package var statement: StatementID?
  package var offset: UInt32
  package var call: CallID
  package var sql: FoldedText
  package var origin: Origin
  package init(
    from: SymbolRef, module: ModuleID, statement: StatementID?, offset: UInt32, call: CallID, sql: FoldedText,
    origin: Origin
  ) {
    self.from = from
    self.module = module
    self.statement = statement
    self.offset = offset
    self.call = call
    self.sql = sql
    self.origin = origin
  }
}

/// A request to a route, or a navigation to a page.
package struct FoundRequest: Sendable {
  package var from: SymbolRef
  package var method: String
  package var path: FoldedText
  package var navigates: Bool
  package var origin: Origin
  package init(from: SymbolRef, method: String, path: FoldedText, navigates: Bool, origin: Origin) {
    self.from = from
    self.method = method
    self.path = path
    self.navigates = navigates
    self.origin = origin
  }
}

/// A database client that code can use: how an edit may write an event.
package struct FoundClient: Sendable {
  package var rule: String
  package var module: ModuleID
  /// The name that the module's top level knows it by.
  package var localName: String
  /// The name under which the module exports it, if it does.
  package var exportName: String?
  package init(rule: String, module: ModuleID, localName: String, exportName: String?) {
    self.rule = rule
    self.module = module
    self.localName = localName
    self.exportName = exportName
  }
}
