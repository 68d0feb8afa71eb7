import KapinBase
import KapinModel

/// Names of tables as words.
enum TableNames {
  /// Without the schema: `auth.users` is `users`.
  static func words(_ name: String) -> [String] {
    Words.split(name.split(separator: ".").last.map(String.init) ?? name)
  }

  /// Without the word, too, that most tables of the product begin with.
  static func words(_ name: String, without prefix: String?) -> [String] {
    let words = words(name)
    return words.count > 1 && words[0] == prefix ? Array(words.dropFirst()) : words
  }

  /// The word that most tables of a product begin with (`app_users`, `app_posts`).
  static func commonPrefix(_ graph: ProductGraph) -> String? {
    var counts: [String: Int] = [:]
    var all = 0
    for node in graph.nodes {
      guard case .table(let table) = node.content else { continue }
      all += 1
      let words = words(table.table.name)
      if words.count > 1 { counts[words[0], default: 0] += 1 }
    }
    guard all >= fewest else { return nil }
    return counts.first { $0.value * 4 > all * 3 }?.key
  }

  private static let fewest = 4
}
