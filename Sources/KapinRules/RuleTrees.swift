import KapinBase

/// Rule files that were read once, as bytes: reading YAML is most of what loading rules costs.
package enum RuleTrees {
  private struct Row: BitwiseCopyable {
    /// 0 a text in quotes, 1 a plain one, 2 a list, 3 a mapping.
    var kind: UInt32
    var line: UInt32
    var column: UInt32
    /// The text, or how many items or pairs follow.
    var payload: UInt32
  }

  /// Raised when the form changes, so that older bytes are not read.
  package static let version = 1

  /// Trees in the order of the texts; a text that is no tree is left to be read again, for its error.
  package static func encode(_ texts: [RuleText]) -> [UInt8] {
    var rows: [Row] = []
    var strings: [String] = []
    var places: [String: UInt32] = [:]
    func add(_ node: RuleNode) {
      func row(_ kind: UInt32, _ payload: Int) {
        rows.append(
          Row(
            kind: kind, line: UInt32(node.position.line), column: UInt32(node.position.column),
            payload: UInt32(payload)))
      }
      switch node.content {
      case .scalar(let text, let isPlain):
        let place = places[text] ?? UInt32(strings.count)
        if Int(place) == strings.count {
          places[text] = place
          strings.append(text)
        }
        row(isPlain ? 1 : 0, Int(place))
      case .sequence(let items):
        row(2, items.count)
        items.forEach(add)
      case .mapping(let mapping):
        row(3, mapping.pairs.count)
        for (key, value) in mapping {
          add(key)
          add(value)
        }
      }
    }
    var starts: [Int32] = []
    for text in texts {
      guard case .success(let root?) = RuleYAML.read(text.text) else {
        starts.append(-1)
        continue
      }
      starts.append(Int32(rows.count))
      add(root)
    }
    var writer = ArchiveWriter()
    writer.put(starts)
    writer.put(rows)
    writer.put(strings.map { UInt32($0.utf8.count) })
    writer.put(strings.flatMap { Array($0.utf8) })
    return writer.bytes
  }

  /// Gives each text its tree; `false` when the bytes do not fit the texts.
  package static func attach(_ bytes: [UInt8], to texts: inout [RuleText]) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var reader = ArchiveReader(buffer)
      guard let starts = reader.take(Int32.self), starts.count == texts.count, let rows = reader.take(Row.self),
        let sizes = reader.take(UInt32.self), let all = reader.take(UInt8.self)
      else { return false }
      var strings: [String] = []
      strings.reserveCapacity(sizes.count)
      var offset = 0
      for size in sizes {
        guard Int(size) <= all.count - offset else { return false }
        strings.append(String(decoding: all[offset..<offset + Int(size)], as: UTF8.self))
        offset += Int(size)
      }
      for index in texts.indices where starts[index] >= 0 {
        var place = Int(starts[index])
        guard let node = node(rows, strings, &place, depth: 0) else { return false }
        texts[index].tree = node
      }
      return true
    }
  }

  private static func node(_ rows: [Row], _ strings: [String], _ place: inout Int, depth: Int) -> RuleNode? {
    guard place < rows.count, depth < 100 else { return nil }
    let row = rows[place]
    place += 1
    let position = Position(line: Int(row.line), column: Int(row.column))
    switch row.kind {
    case 0, 1:
      guard Int(row.payload) < strings.count else { return nil }
      return RuleNode(.scalar(strings[Int(row.payload)], isPlain: row.kind == 1), at: position)
    case 2:
      var items: [RuleNode] = []
      for _ in 0..<row.payload {
        guard let item = node(rows, strings, &place, depth: depth + 1) else { return nil }
        items.append(item)
      }
      return RuleNode(.sequence(items), at: position)
    case 3:
      var pairs: [(key: RuleNode, value: RuleNode)] = []
      for _ in 0..<row.payload {
        guard let key = node(rows, strings, &place, depth: depth + 1),
          let value = node(rows, strings, &place, depth: depth + 1)
        else { return nil }
        pairs.append((key, value))
      }
      return RuleNode(.mapping(RuleNode.Mapping(pairs: pairs)), at: position)
    default: return nil
    }
  }
}
