import KapinBase
import KapinModel

/// The lexical scopes of one file, numbered in the order in which they open.
///
/// A name is looked up after the walk, because functions and `var` may be used before they are declared.
struct ScopeTree {
  private struct Scope {
    var parent: UInt32
    /// The last scope that opened inside it.
    var last: UInt32
    var isFunction: Bool
  }

  struct Pending {
    var value: ValueID
    var scope: UInt32
  }

  struct Reassignment {
    var name: Name
    var value: ValueID
    var scope: UInt32
  }

  private struct Entry {
    var scope: UInt32
    var binding: BindingID
    var next: Int32
  }

  private var scopes = [Scope(parent: 0, last: 0, isFunction: true)]
  /// For each name the newest entry, or -1.
  private var heads: [Int32] = []
  private var entries: [Entry] = []
  var pending: [Pending] = []
  var reassignments: [Reassignment] = []

  mutating func reset() {
    scopes.removeAll(keepingCapacity: true)
    scopes.append(Scope(parent: 0, last: 0, isFunction: true))
    heads.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    pending.removeAll(keepingCapacity: true)
    reassignments.removeAll(keepingCapacity: true)
  }

  mutating func open(inside parent: UInt32, isFunction: Bool) -> UInt32 {
    scopes.append(Scope(parent: parent, last: UInt32(scopes.count), isFunction: isFunction))
    return UInt32(scopes.count - 1)
  }

  mutating func close(_ scope: UInt32) { scopes[Int(scope)].last = UInt32(scopes.count - 1) }

  func parent(of scope: UInt32) -> UInt32 { scopes[Int(scope)].parent }

  /// The function (or file) scope around a scope: where `var` declares.
  func functionScope(_ scope: UInt32) -> UInt32 {
    var scope = scope
    while !scopes[Int(scope)].isFunction { scope = scopes[Int(scope)].parent }
    return scope
  }

  mutating func bind(_ name: Name, _ binding: BindingID, in scope: UInt32) {
    if name.index >= heads.count {
      heads.append(contentsOf: repeatElement(-1, count: name.index + 1 - heads.count))
    }
    entries.append(Entry(scope: scope, binding: binding, next: heads[name.index]))
    heads[name.index] = Int32(entries.count - 1)
  }

  /// The binding in the innermost scope around `scope`; the first one declared there.
  func resolve(_ name: Name, from scope: UInt32) -> BindingID? {
    guard name.index < heads.count else { return nil }
    var best: Entry?
    var index = heads[name.index]
    while index >= 0 {
      let entry = entries[Int(index)]
      let isAround = entry.scope == 0 || (entry.scope <= scope && scope <= scopes[Int(entry.scope)].last)
      if isAround, entry.scope >= best?.scope ?? 0 { best = entry }
      index = entry.next
    }
    return best?.binding
  }
}
