import KapinBase
import Yams

/// Reads YAML into rule nodes. A rule file is untrusted: its depth and size are bounded, before and after aliases.
enum RuleYAML {
  struct Problem: Error {
    var message: String
    var position: Position?
  }

  /// A longer rule file is refused: rules are written by hand.
  private static let sizeLimit = 256 * 1024
  /// Nested deeper than any rule, and not deep enough to exhaust the reader's stack.
  private static let depthLimit = 64
  /// Nodes with aliases written out; an alias of aliases of aliases stands for more than any rule holds.
  private static let nodeLimit = 50_000

  static func read(_ text: String) -> Result<RuleNode?, Problem> {
    guard text.utf8.count <= sizeLimit else {
      return .failure(Problem(message: "the file is larger than \(sizeLimit / 1024) KiB", position: nil))
    }
    if let problem = danger(text) { return .failure(problem) }
    let root: Node?
    do {
      // Without resolving tags: what is a number is decided by who asks for one.
      root = try Yams.compose(yaml: text, .basic)
    } catch let error as YamlError {
      return .failure(problem(error))
    } catch {
      return .failure(Problem(message: "\(error)", position: nil))
    }
    guard let root else { return .success(nil) }
    var count = 0
    guard let node = convert(root, 0, &count) else {
      return .failure(
        Problem(
          message: count > nodeLimit
            ? "the file stands for more than \(nodeLimit) values once its aliases are written out"
            : "the file is nested deeper than \(depthLimit)", position: nil))
    }
    return .success(node)
  }

  /// What a reader that descends by recursion does not survive: depth is counted before it reads.
  private static func danger(_ text: String) -> Problem? {
    var depth = 0, line = 1, column = 0, opening = 0
    var startsLine = true
    for byte in text.utf8 {
      column += 1
      switch byte {
      case UInt8(ascii: "\n"):
        (line, column, opening, startsLine) = (line + 1, 0, 0, true)
        continue
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
      case UInt8(ascii: "-"), UInt8(ascii: "?"): if startsLine { opening += 1 }
      case UInt8(ascii: " "): if startsLine { opening += 1 }
      default: startsLine = false
      }
      if depth > depthLimit || opening > depthLimit * 4 {
        return Problem(
          message: "the file is nested deeper than \(depthLimit)", position: Position(line: line, column: column))
      }
    }
    return nil
  }

  private static func convert(_ node: Node, _ depth: Int, _ count: inout Int) -> RuleNode? {
    count += 1
    guard count <= nodeLimit, depth <= depthLimit else { return nil }
    let position = node.mark.map { Position(line: $0.line, column: $0.column) } ?? Position(line: 1, column: 1)
    switch node {
    case .scalar(let scalar):
      return RuleNode(.scalar(scalar.string, isPlain: scalar.style == .plain || scalar.style == .any), at: position)
    case .sequence(let items):
      var all: [RuleNode] = []
      for item in items {
        guard let item = convert(item, depth + 1, &count) else { return nil }
        all.append(item)
      }
      return RuleNode(.sequence(all), at: position)
    case .mapping(let mapping):
      var all: [(key: RuleNode, value: RuleNode)] = []
      for (key, value) in mapping {
        guard let key = convert(key, depth + 1, &count), let value = convert(value, depth + 1, &count) else {
          return nil
        }
        all.append((key, value))
      }
      return RuleNode(.mapping(RuleNode.Mapping(pairs: all)), at: position)
    case .alias: return RuleNode(.scalar("", isPlain: true), at: position)
    }
  }

  private static func problem(_ error: YamlError) -> Problem {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      Problem(message: "not valid YAML: \(problem)", position: Position(line: mark.line, column: mark.column))
    default: Problem(message: "not valid YAML: \(error)", position: nil)
    }
  }
}
