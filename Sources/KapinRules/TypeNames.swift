import KapinBase
import KapinModel

/// The words of types as code writes them, and what those words stand for: `K` of `import { Knex as K }` is `Knex`, too,
/// and `Db` of `type Db = Knex | Transaction` is both.
final class TypeNames {
  private struct Key: Hashable {
    var type: String
    var module: ModuleID
  }

  private let follower: any ValueFollowing
  private var memo: [Key: Set<String>] = [:]

  init(_ follower: any ValueFollowing) { self.follower = follower }

  /// `Database.Transaction`, `Pool | undefined`, `Readonly<Pool>`: one of the names is a whole word of the type.
  func has(_ names: [String], _ type: String, in module: ModuleID) -> Bool {
    let known = words(type, in: module)
    return names.contains { known.contains($0) }
  }

  private func words(_ type: String, in module: ModuleID) -> Set<String> {
    let key = Key(type: type, module: module)
    if let known = memo[key] { return known }
    let written = Self.split(type)
    // Aliases may lead back here.
    memo[key] = Set(written)
    var found = Set(written)
    for word in written {
      guard let id = follower.topLevel(word, in: module) else { continue }
      switch follower.entity(id) {
      case .export(_, let name): found.insert(follower.graph.names[name])
      case .declaration(let symbol):
        guard let alias = follower.aliased(symbol) else { continue }
        found.formUnion(words(alias, in: symbol.module))
      default: break
      }
    }
    memo[key] = found
    return found
  }

  private static func split(_ type: String) -> [String] {
    type.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "$" }.map(String.init)
  }
}

extension ValueFollowing {
  /// What a type alias stands for, as it is written; an object or a function that only has such a thing is none.
  fileprivate func aliased(_ symbol: SymbolRef) -> String? {
    guard let id = symbol.declaration else { return nil }
    let facts = graph.modules[symbol.module].facts
    let row = facts.declarations[id]
    guard row.form == .type, let type = row.type.map({ facts.names[$0] }), !type.contains("{"), !type.contains("=>")
    else { return nil }
    return type
  }
}
