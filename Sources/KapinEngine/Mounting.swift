import KapinBase
import KapinModel
import KapinRules

/// Where routers stand: what was found about mounts, prefixes and guards, by the router that it is about.
struct Mounting {
  private(set) var mounts: [EntityID: [FoundMount]] = [:]
  private(set) var own: [EntityID: [FoundMount]] = [:]
  private(set) var guards: [EntityID: [FoundGuard]] = [:]
  private(set) var scopes: [SymbolRef: [FoundScope]] = [:]
  /// Components that stand below a path.
  private(set) var placed: Set<SymbolRef> = []
  /// Who renders a component; filled when some component stands below a path.
  private(set) var renderers: [SymbolRef: [SymbolRef]] = [:]
  /// Modules that others of the product import.
  var imported: Set<ModuleID> = []
  /// Folders in which files with routers are imported.
  var routerFolders: Set<String> = []
  private(set) var bases: [FoundBase] = []
  private(set) var packageGuards: [FoundPackageGuard] = []
  private var guardNames: [String: [String: [FoundGuardName]]] = [:]

  init(_ findings: [Finding], _ relations: [CodeRelation] = []) {
    for finding in findings {
      switch finding {
      case .mount(let mount):
        if mount.owner == nil {
          own[mount.target, default: []].append(mount)
        } else {
          mounts[mount.target, default: []].append(mount)
        }
      case .guardian(let row): guards[row.owner, default: []].append(row)
      case .scope(let scope): scopes[scope.function, default: []].append(scope)
      case .base(let base): bases.append(base)
      case .packageGuard(let row): packageGuards.append(row)
      case .guardName(let row): guardNames[row.rule, default: [:]][row.name, default: []].append(row)
      default: break
      }
    }
    for (function, all) in scopes where all.contains(where: { $0.site != nil && $0.site != function }) {
      placed.insert(function)
    }
    guard !placed.isEmpty else { return }
    for relation in relations {
      if case .renders = relation.form { renderers[relation.to, default: []].append(relation.from) }
    }
  }

  /// The function of a guard: of a name, the one that the package registers, else the only one there is.
  func symbol(_ guardian: RouteGuard, _ route: FoundRoute) -> SymbolRef? {
    switch guardian {
    case .function(let symbol): return symbol
    case .named(let name):
      let rows = guardNames[route.framework]?[name] ?? []
      return (rows.first { $0.package == route.package } ?? (rows.count == 1 ? rows[0] : nil))?.symbol
    case .external, .unresolved: return nil
    }
  }
}
