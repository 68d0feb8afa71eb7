import KapinModel

extension Inventory {
  /// What a file holds, from the tree of the root that it lies in; `nil` when it can't be read.
  func withBytes<R>(_ path: String, in trees: [any SourceTree], _ body: (UnsafeRawBufferPointer) -> R) -> R? {
    guard let root = roots.lastIndex(where: { path.hasPrefix($0.prefix) }) else { return nil }
    return trees[root].withBytes(String(path.dropFirst(roots[root].prefix.count)), body)
  }
}
