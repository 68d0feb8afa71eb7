package import KapinBase

/// A module's declaration, or the module itself when `declaration` is `nil`.
package struct SymbolRef: Hashable, Sendable {
  package var module: ModuleID
  package var declaration: DeclarationID?
  package init(_ module: ModuleID, _ declaration: DeclarationID?) {
    self.module = module
    self.declaration = declaration
  }
}

package typealias ModuleID = ID<Module>

/// A parsed source file with its place in the project.
package struct Module: Sendable {
  package var file: FileID
  package var path: String
  package var language: SourceLanguage
  package var package: PackageID
  package var hash: ContentHash
  package var isTest: Bool
  package var facts: FrozenFacts
  /// Local name → name of the graph.
  package var names: [Name]
  /// For each import, what it leads to.
  package var targets: [ImportTarget]

  package init(
    file: FileID, path: String, language: SourceLanguage, package: PackageID, hash: ContentHash, isTest: Bool,
    facts: FrozenFacts, names: [Name], targets: [ImportTarget]
  ) {
    self.file = file
    self.path = path
    self.language = language
    self.package = package
    self.hash = hash
    self.isTest = isTest
    self.facts = facts
    self.names = names
    self.targets = targets
  }
}

package enum ImportTarget: Sendable, Hashable {
  case module(ModuleID)
  /// A file that exists and isn't source code.
  case file(String)
  case external(package: String, subpath: String, declared: Bool)
  case builtin(String)
  case unresolved(UnresolvedReason)
}

package enum UnresolvedReason: String, Sendable, CaseIterable {
  case missingFile = "missing-file"
  case outsideRoot = "outside-root"
  case notExported = "not-exported"
  case skippedFile = "skipped-file"
  case builtOutput = "built-output"
  case empty = "empty-specifier"
}

/// What linking knows: modules, packages, and relations between symbols.
package struct CodeGraph: Sendable {
  package var names: NameTable
  package var inventory: Inventory
  package var packages: Table<Package>
  package var modules: Table<Module>
  /// For each file, its module.
  package var moduleOfFile: [ModuleID?]
  package var relations: [CodeRelation] = []
  package var externalCalls: [ExternalCall] = []
  package var callsWithoutTarget = 0
  package var notes: [Diagnostic] = []

  package init(
    names: NameTable, inventory: Inventory, packages: Table<Package>, modules: Table<Module>,
    moduleOfFile: [ModuleID?]
  ) {
    self.names = names
    self.inventory = inventory
    self.packages = packages
    self.modules = modules
    self.moduleOfFile = moduleOfFile
  }

  package func place(_ module: ModuleID, _ offset: UInt32) -> Place {
    Place(modules[module].path, modules[module].facts.lines.position(offset))
  }

  /// The text of a module's own name.
  package func text(_ name: Name, in module: ModuleID) -> String { modules[module].facts.names[name] }
}

/// A relation that code itself states: a call, a rendered component.
package struct CodeRelation: Sendable {
  package enum Form: Sendable { case calls, callsPossibly, renders, triggers(event: Name) }
  package var form: Form
  package var from: SymbolRef
  package var to: SymbolRef
  package var at: UInt32
  package init(form: Form, from: SymbolRef, to: SymbolRef, at: UInt32) {
    self.form = form
    self.from = from
    self.to = to
    self.at = at
  }
}

/// A call of something that an external package gives: `checkout.sessions.create` of a client made by the package.
package struct ExternalCall: Sendable {
  package var package: String
  /// The names from the package's export on, joined by dots.
  package var path: String
  package var site: CallSite
  package var from: SymbolRef
  package init(package: String, path: String, site: CallSite, from: SymbolRef) {
    self.package = package
    self.path = path
    self.site = site
    self.from = from
  }
}

/// A value of one module.
package struct ValueRef: Hashable, Sendable, BitwiseCopyable {
  package var module: ModuleID
  package var value: ValueID
  package init(_ module: ModuleID, _ value: ValueID) {
    self.module = module
    self.value = value
  }
}
