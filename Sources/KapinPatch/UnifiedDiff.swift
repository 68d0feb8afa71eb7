import KapinBase

/// A change of one file, whole texts on both sides; `old` is `nil` for a new file.
package struct FileChange: Sendable, Hashable {
  package var path: String
  package var old: [UInt8]?
  package var new: [UInt8]
  package init(path: String, old: [UInt8]?, new: [UInt8]) {
    self.path = path
    self.old = old
    self.new = new
  }
}

/// Unified diffs as `git apply` reads them (POSIX `diff -u`, with git's file headers).
package enum UnifiedDiff {
  private static let context = 3

  package static func text(_ changes: [FileChange]) -> String {
    changes.sortedByBytes { $0.path }.map(one).joined()
  }

  private static func one(_ change: FileChange) -> String {
    let old = lines(change.old ?? []), new = lines(change.new)
    guard old != new || change.old == nil else { return "" }
    var out = "diff --git a/\(change.path) b/\(change.path)\n"
    if change.old == nil { out += "new file mode 100644\n" }
    out += change.old == nil ? "--- /dev/null\n" : "--- a/\(change.path)\n"
    out += "+++ b/\(change.path)\n"
    for hunk in hunks(operations(old, new)) {
      out += "@@ -\(span(hunk.oldStart, hunk.oldCount)) +\(span(hunk.newStart, hunk.newCount)) @@\n"
      for operation in hunk.operations {
        let mark =
          switch operation.kind {
          case .keep: " "
          case .remove: "-"
          case .insert: "+"
          }
        out += mark + String(decoding: operation.line, as: UTF8.self)
        if operation.line.last != 10 { out += "\n\\ No newline at end of file\n" }
      }
    }
    return out
  }

  private static func span(_ start: Int, _ count: Int) -> String { count == 1 ? "\(start)" : "\(start),\(count)" }

  /// Lines with their newline; the last may lack it.
  private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    var all: [[UInt8]] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == 10 {
      all.append(Array(bytes[start...index]))
      start = index + 1
    }
    if start < bytes.count { all.append(Array(bytes[start...])) }
    return all
  }

  private struct Operation {
    enum Kind { case keep, remove, insert }
    var kind: Kind
    var line: [UInt8]
  }

  private struct Hunk {
    var oldStart: Int
    var newStart: Int
    var oldCount = 0
    var newCount = 0
    var operations: [Operation] = []
  }

  /// The shortest edit script, by the standard library's implementation of Myers' algorithm.
  private static func operations(_ old: [[UInt8]], _ new: [[UInt8]]) -> [Operation] {
    let difference = new.difference(from: old)
    var removed: Set<Int> = [], inserted: Set<Int> = []
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var operations: [Operation] = []
    var a = 0, b = 0
    while a < old.count || b < new.count {
      if a < old.count, removed.contains(a) {
        operations.append(Operation(kind: .remove, line: old[a]))
        a += 1
      } else if b < new.count, inserted.contains(b) {
        operations.append(Operation(kind: .insert, line: new[b]))
        b += 1
      } else {
        operations.append(Operation(kind: .keep, line: old[a]))
        a += 1
        b += 1
      }
    }
    return operations
  }

  private static func hunks(_ operations: [Operation]) -> [Hunk] {
    var kept = [Bool](repeating: false, count: operations.count)
    for (index, operation) in operations.enumerated() where operation.kind != .keep {
      for near in max(0, index - context)...min(operations.count - 1, index + context) { kept[near] = true }
    }
    var hunks: [Hunk] = []
    var oldLine = 1, newLine = 1
    var open: Hunk?
    for (index, operation) in operations.enumerated() {
      if kept[index] {
        var hunk = open ?? Hunk(oldStart: oldLine, newStart: newLine)
        hunk.operations.append(operation)
        if operation.kind != .insert { hunk.oldCount += 1 }
        if operation.kind != .remove { hunk.newCount += 1 }
        open = hunk
      } else if let done = open {
        hunks.append(done)
        open = nil
      }
      if operation.kind != .insert { oldLine += 1 }
      if operation.kind != .remove { newLine += 1 }
    }
    if let open { hunks.append(open) }
    // A side without lines counts from the line before (POSIX).
    return hunks.map { hunk in
      var hunk = hunk
      if hunk.oldCount == 0 { hunk.oldStart -= 1 }
      if hunk.newCount == 0 { hunk.newStart -= 1 }
      return hunk
    }
  }
}
