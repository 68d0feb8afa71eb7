import KapinBase
import KapinExtract
import KapinModel

/// The yardstick of benchmarks: the same files through tree-sitter on the same threads, and nothing else.
package enum RawParse {
  /// Parses every source file of the trees and throws the syntax trees away.
  /// - Returns: the number of files and their bytes.
  package static func run(_ trees: [any SourceTree], _ jobs: Int) -> (files: Int, bytes: Int) {
    let inventory = InventoryBuilder.build(trees, [])
    let prefixes = inventory.roots.map(\.prefix.utf8.count)
    let order = inventory.files.indices.sorted { inventory.files[$0].byteCount > inventory.files[$1].byteCount }
    struct State: ~Copyable { var reader = SourceReader() }
    let sizes = ParallelMap.run(count: order.count, order: order, jobs: jobs, makeState: { State() }) {
      state, index -> Int in
      let file = inventory.files[index]
      guard case .source(let language) = file.form else { return 0 }
      let path = String(decoding: file.path.utf8.dropFirst(prefixes[file.root]), as: UTF8.self)
      return trees[file.root].withBytes(path) { bytes in
        state.reader.parseOnly(bytes, as: language)
        return bytes.count
      } ?? 0
    }
    return (sizes.count { ($0 ?? 0) > 0 }, sizes.reduce(0) { $0 + ($1 ?? 0) })
  }
}
