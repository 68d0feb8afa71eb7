public import KapinBase

public typealias EntityID = ID<Entity>

/// What a value means once it was followed through names, modules and returns: equal meanings have equal ids.
public enum Entity: FastHashable, Sendable {
  case unknown
  /// A literal, call, object … that no further step leads away from.
  case value(ValueRef)
  case declaration(SymbolRef)
  /// An instance of a class of the project (`this`).
  case instance(SymbolRef)
  case namespace(ModuleID)
  /// Everything an external package exports; its specifier.
  case package(Name)
  /// An export of an external package.
  case export(package: Name, name: Name)
  case global(Name)
  case member(of: EntityID, Name)
  /// What a class has from one that it extends: each class has its own.
  case inherited(EntityID, by: SymbolRef)
  /// A parameter of a function that was passed as an argument: the call, the argument's position, the parameter's.
  case callback(call: CallSite, argument: UInt16, parameter: UInt16)
  /// A parameter of a function, whoever calls it.
  case parameter(of: SymbolRef, UInt16)

  public var hashBits: UInt64 {
    switch self {
    case .unknown: 0
    case .value(let ref): ref.hashBits.mixed(with: 1)
    case .declaration(let ref): ref.hashBits.mixed(with: 2)
    case .instance(let ref): ref.hashBits.mixed(with: 3)
    case .namespace(let module): module.hashBits.mixed(with: 4)
    case .package(let name): name.hashBits.mixed(with: 5)
    case .export(let package, let name): UInt64(package.raw, name.raw).mixed(with: 6)
    case .global(let name): name.hashBits.mixed(with: 7)
    case .member(let object, let name): UInt64(object.raw, name.raw).mixed(with: 8)
    case .inherited(let id, let owner): owner.hashBits.mixed(with: id.hashBits).mixed(with: 9)
    case .callback(let call, let argument, let parameter):
      call.hashBits.mixed(with: UInt64(UInt32(argument), UInt32(parameter))).mixed(with: 10)
    case .parameter(let function, let index): function.hashBits.mixed(with: UInt64(index)).mixed(with: 11)
    }
  }
}

/// A text that may have parts that no reader can know.
public struct FoldedText: Sendable, Hashable {
  public enum Part: Sendable, Hashable { case text(String), hole }
  public var parts: [Part]
  public init(_ parts: [Part]) { self.parts = parts }

  public var isComplete: Bool { !parts.contains(.hole) }
  /// The text with each unknown part replaced.
  public func joined(hole: String) -> String {
    parts.map { if case .text(let text) = $0 { text } else { hole } }.joined()
  }
  public var text: String? { isComplete ? joined(hole: "") : nil }
}

/// Follows values across the project. Answers are remembered, so asking twice costs a look-up.
///
/// Declared here so that rules can ask without knowing how linking works.
public protocol ValueFollowing: AnyObject {
  var graph: CodeGraph { get }
  func follow(_ ref: ValueRef) -> EntityID
  func entity(_ id: EntityID) -> Entity
  /// The id of an entity, for keys of one's own.
  func intern(_ entity: Entity) -> EntityID
  /// The function called by a call or construction.
  func callee(of call: ValueRef) -> EntityID?
  func fold(_ ref: ValueRef) -> FoldedText
  /// The same with other values in the place of some: `bound` gives what stands for a value, or `nil`.
  func fold(_ ref: ValueRef, bound: (ValueRef) -> ValueRef?) -> FoldedText
  /// What a function of the project returns, when it is one thing made in it.
  func result(of function: SymbolRef) -> EntityID?
  /// The member of an object literal, followed.
  func member(_ id: EntityID, _ name: String) -> EntityID?
  /// The calls of a function of the project.
  func callSites(of function: SymbolRef) -> [CallSite]
  /// The value behind names, imports and exports, before any call is looked through.
  func definition(_ ref: ValueRef) -> ValueRef
  /// The value that a module exports under a name, through re-exports, before any call is looked through.
  func definition(ofExport name: String, in module: ModuleID) -> ValueRef?
  /// What a name means at the top level of a module.
  func topLevel(_ name: String, in module: ModuleID) -> EntityID?
  /// The members of each class of a module.
  func members(of module: ModuleID) -> [DeclarationID: [DeclarationID]]
  /// The stated type of a member of a class, as it is written, and the module that says it: of a field, a getter, or a
  /// parameter of the constructor that is a member, too (TypeScript Handbook, "Parameter Properties").
  func memberType(_ name: String, of owner: SymbolRef) -> (type: String, module: ModuleID)?
  /// The method that a call through a value of a stated type reaches.
  func method(_ id: EntityID) -> SymbolRef?
  /// The call that gets the object literal whose method it is: `this` in it is what `base.extend({ add() {} })` makes.
  func receiver(of method: SymbolRef) -> ValueRef?
  /// Parts of a handler that a request never reaches, by the constants that the request sends.
  ///
  /// - Parameters:
  ///   - site: the call that says what is sent.
  ///   - query: names and values of the address's query.
  func excluded(of handler: SymbolRef, by site: CallSite?, query: [String: String]) -> [ApartPart]
  /// What a module exports under a name.
  func export(_ name: String, of module: ModuleID) -> EntityID?
}

extension ValueFollowing {
  /// Methods of texts that leave most of a text as it is (ECMAScript, "String.prototype").
  private static var plainMethods: Set<String> {
    ["trim", "trimStart", "trimEnd", "replace", "replaceAll", "normalize"]
  }

  /// `text.trim()`, `text.replaceAll(a, b)`: the text.
  public func unchanged(_ call: ValueRef) -> ValueRef? {
    let facts = graph.modules[call.module].facts
    guard case .call(let id) = facts.values[call.value],
      case .member(let object, let name) = facts.values[facts.calls[id].callee],
      Self.plainMethods.contains(facts.names[name])
    else { return nil }
    return ValueRef(call.module, object)
  }

  /// What a call hands over at a place, counted from 0.
  public func argument(_ index: Int, of site: CallSite) -> ValueRef? { argument(index, of: site, depth: 0) }

  private func argument(_ index: Int, of site: CallSite, depth: Int) -> ValueRef? {
    let facts = graph.modules[site.module].facts
    for (position, place) in facts.calls[site.call].arguments.indices.enumerated() {
      let ref = ValueRef(site.module, facts.valueLists[place])
      if case .spread(let inner) = facts.values[ref.value] {
        return depth < 8 ? item(index - position, of: ValueRef(site.module, inner), depth) : nil
      }
      if position == index { return ref }
    }
    return nil
  }

  /// An item of what is spread: of a list, or of the further arguments of the one call of a function.
  private func item(_ index: Int, of ref: ValueRef, _ depth: Int) -> ValueRef? {
    guard case .value(let target) = entity(follow(ref)) else { return nil }
    let facts = graph.modules[target.module].facts
    switch facts.values[target.value] {
    case .list(let range):
      return index < range.count ? ValueRef(target.module, facts.valueLists[Int(range.start) + index]) : nil
    case .parameter(let id, let first):
      let function = SymbolRef(target.module, id)
      let sites = callSites(of: function)
      guard isRest(Int(first), of: function), sites.count == 1 else { return nil }
      return argument(Int(first) + index, of: sites[0], depth: depth + 1)
    default: return nil
    }
  }

  /// Whether a parameter takes all further arguments.
  public func isRest(_ index: Int, of function: SymbolRef) -> Bool {
    guard let id = function.declaration else { return false }
    let facts = graph.modules[function.module].facts
    let range = facts.declarations[id].parameters
    return index < range.count && facts.parameters[Int(range.start) + index].isRest
  }
}

extension ValueFollowing {
  /// The stated type of a parameter, as it is written.
  public func parameterType(_ index: Int, of function: SymbolRef) -> String? {
    guard let id = function.declaration else { return nil }
    let facts = graph.modules[function.module].facts
    let range = facts.declarations[id].parameters
    guard index < range.count else { return nil }
    return facts.parameters[Int(range.start) + index].type.map { facts.names[$0] }
  }

  /// What a parameter is where a call passes nothing for it.
  public func fallback(_ index: Int, of function: SymbolRef) -> ValueRef? {
    guard let id = function.declaration else { return nil }
    let facts = graph.modules[function.module].facts
    let range = facts.declarations[id].parameters
    guard index < range.count else { return nil }
    return facts.parameters[Int(range.start) + index].fallback.map { ValueRef(function.module, $0) }
  }
}

/// A call in a module.
public struct CallSite: Sendable, FastHashable {
  public var module: ModuleID
  public var call: CallID
  public init(_ module: ModuleID, _ call: CallID) {
    self.module = module
    self.call = call
  }

  public var hashBits: UInt64 { UInt64(module.raw, call.raw) }
}
