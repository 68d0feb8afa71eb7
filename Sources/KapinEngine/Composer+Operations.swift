import KapinBase
import KapinExtract
import KapinModel
import KapinRules

/// Fields of a schema language's root types, joined with the functions that answer them.
extension Composer {
  private struct Key: Hashable {
    var package: PackageID
    var method: String
    var field: String
  }

  /// A schema counts where some function of its package answers one of its fields: a copy for clients has none.
  mutating func operations(_ findings: [Finding]) {
    var handlers: [Key: SymbolRef] = [:]
    var answering: [PackageID: String] = [:]
    for case .operation(let found) in findings {
      let package = code.modules[found.module].package
      answering[package] = found.rule
      let key = Key(package: package, method: found.method, field: found.field)
      if handlers[key] == nil { handlers[key] = found.handler }
    }
    guard !answering.isEmpty else { return }
    for (operation, package, place) in declared(findings) {
      guard let rule = answering[package] else { continue }
      var route = FoundRoute(
        form: .graphql, method: operation.method, path: "/" + operation.name, framework: rule, package: package,
        owner: nil, handler: handlers[Key(package: package, method: operation.method, field: operation.name)],
        guards: [], origin: Origin(place: place, rule: rule, confidence: .exact))
      route.inputs = operation.arguments
      add(route)
    }
  }

  private func declared(_ findings: [Finding]) -> [(operation: SchemaOperation, package: PackageID, place: Place)] {
    var all: [(SchemaOperation, PackageID, Place)] = []
    for (file, language, facts) in extracted.schemas where language == .graphql {
      let entry = code.inventory.files[file]
      guard !entry.isTest else { continue }
      let package = packageAround(entry.path)
      for operation in facts.operations { all.append((operation, package, Place(entry.path, operation.position))) }
    }
    for case .schemaText(let text) in findings where text.language == .graphql {
      for operation in GraphQLReader.read(text.text) {
        all.append((operation, code.modules[text.module].package, text.place))
      }
    }
    return all
  }

  private func packageAround(_ path: String) -> PackageID {
    var best = PackageID(0)
    for id in code.packages.ids where Paths.isInside(path, code.packages[id].folder) {
      if code.packages[id].folder.utf8.count >= code.packages[best].folder.utf8.count { best = id }
    }
    return best
  }
}
