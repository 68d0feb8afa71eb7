public import KapinBase

/// A module's declaration, or the module itself when `declaration` is `nil`.
public struct SymbolRef: FastHashable, Sendable {
  public var module: ModuleID
  public var declaration: DeclarationID?
  public init(_ module: ModuleID, _ declaration: DeclarationID?) {
    self.module = module
    self.declaration = declaration
  }

  public var hashBits: UInt64 { UInt64(module.raw, declaration?.raw ?? .max) }
}

public typealias ModuleID = ID<Module>

/// A parsed source file with its place in the project.
public struct Module: Sendable {
  public var file: FileID
  public var path: String
  public var language: SourceLanguage
  public var package: PackageID
  public var hash: ContentHash
  public var isTest: Bool
  public var facts: FrozenFacts
  /// Local name → name of the graph.
  public var names: [Name]
  /// For each import, what it leads to.
  public var targets: [ImportTarget]
  /// The alias rule that an import's target rests on, by the import's position.
  public var aliasRules: [Int: String] = [:]

  public init(
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

public enum ImportTarget: Sendable, Hashable {
  case module(ModuleID)
  /// A file that exists and isn't source code.
  case file(String)
  case external(package: String, subpath: String, declared: Bool)
  case builtin(String)
  /// What a pattern fits: modules and files.
  case several([ImportTarget])
  case unresolved(UnresolvedReason)
}

public enum UnresolvedReason: String, Sendable, CaseIterable {
  case missingFile = "missing-file"
  case outsideRoot = "outside-root"
  case notExported = "not-exported"
  case skippedFile = "skipped-file"
  case builtOutput = "built-output"
  case empty = "empty-specifier"
  /// Known only when the code runs.
  case computed
}

/// What linking knows: modules, packages, and relations between symbols.
///
/// One reference, so that handing it on copies nothing.
public final class CodeGraph: Sendable {
  public let names: NameTable
  public let inventory: Inventory
  public let packages: Table<Package>
  public let modules: Table<Module>
  /// For each file, its module.
  public let moduleOfFile: [ModuleID?]
  public let notes: [Diagnostic]
  public let relations: [CodeRelation]
  public let externalCalls: [ExternalCall]
  public let callsWithoutTarget: Int

  public init(
    names: NameTable, inventory: Inventory, packages: Table<Package>, modules: Table<Module>,
    moduleOfFile: [ModuleID?], notes: [Diagnostic] = [], relations: [CodeRelation] = [],
    externalCalls: [ExternalCall] = [], callsWithoutTarget: Int = 0
  ) {
    self.names = names
    self.inventory = inventory
    self.packages = packages
    self.modules = modules
    self.moduleOfFile = moduleOfFile
    self.notes = notes
    self.relations = relations
    self.externalCalls = externalCalls
    self.callsWithoutTarget = callsWithoutTarget
  }

  /// The same with what its code relates.
  public func with(
    relations: [CodeRelation], externalCalls: [ExternalCall], callsWithoutTarget: Int
  ) -> CodeGraph {
    CodeGraph(
      names: names, inventory: inventory, packages: packages, modules: modules, moduleOfFile: moduleOfFile,
      notes: notes,
      relations: relations, externalCalls: externalCalls, callsWithoutTarget: callsWithoutTarget)
  }

  public func place(_ module: ModuleID, _ offset: UInt32) -> Place {
    Place(modules[module].path, modules[module].facts.lines.position(offset))
  }

  /// The text of a module's own name.
  public func text(_ name: Name, in module: ModuleID) -> String { modules[module].facts.names[name] }
}

/// A relation that code itself states: a call, a rendered component.
public struct CodeRelation: Sendable {
  public enum Form: Sendable { case calls, callsPossibly, renders, triggers(event: Name) }
  public var form: Form
  public var from: SymbolRef
  public var to: SymbolRef
  public var at: UInt32
  /// Parts of the target that this call or element never reaches, by what it passes.
  public var apart: [ApartPart]
  /// The rule that says so, of what only a rule knows.
  public var rule: String?
  public init(form: Form, from: SymbolRef, to: SymbolRef, at: UInt32, apart: [ApartPart] = []) {
    self.apart = apart
    self.form = form
    self.from = from
    self.to = to
    self.at = at
  }
}

/// A part of a function that is never reached on a way, by what is passed on it.
public struct ApartPart: Hashable, Sendable {
  /// A place in a file, by its offset.
  public struct Site: Hashable, Sendable {
    public var module: ModuleID
    public var at: UInt32
    public init(_ module: ModuleID, _ at: UInt32) {
      self.module = module
      self.at = at
    }
  }
  /// Calls and elements further on by which alone the function with the part is meant: each hands on what it gets.
  public var through: [Site]
  public var module: ModuleID
  public var range: Range32
  public init(through: [Site] = [], module: ModuleID, range: Range32) {
    self.through = through
    self.module = module
    self.range = range
  }
}

/// A call of something that an external package gives: `checkout.sessions.create` of a client made by the package.
public struct ExternalCall: Sendable {
  public var package: String
  /// The names from the package's export on, joined by dots.
  public var path: String
  public var site: CallSite
  public var from: SymbolRef
  public init(package: String, path: String, site: CallSite, from: SymbolRef) {
    self.package = package
    self.path = path
    self.site = site
    self.from = from
  }
}

/// A value of one module.
public struct ValueRef: FastHashable, Sendable, BitwiseCopyable {
  public var module: ModuleID
  public var value: ValueID
  public init(_ module: ModuleID, _ value: ValueID) {
    self.module = module
    self.value = value
  }

  public var hashBits: UInt64 { UInt64(module.raw, value.raw) }
}
