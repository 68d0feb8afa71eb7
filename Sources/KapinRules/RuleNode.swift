package import KapinBase

/// A value in a rule file, with its place: what is left of YAML once it is read.
package struct RuleNode: Sendable {
  package enum Content: Sendable {
    /// What is not in quotes may be a number or a truth value.
    case scalar(String, isPlain: Bool)
    case sequence([RuleNode])
    case mapping(Mapping)
  }

  package struct Mapping: Sendable, Sequence {
    package var pairs: [(key: RuleNode, value: RuleNode)]
    package subscript(_ key: String) -> RuleNode? { pairs.first { $0.key.string == key }?.value }
    package func makeIterator() -> IndexingIterator<[(key: RuleNode, value: RuleNode)]> { pairs.makeIterator() }
  }

  package var content: Content
  package var position: Position
  package init(_ content: Content, at position: Position) {
    self.content = content
    self.position = position
  }

  package var string: String? { if case .scalar(let text, _) = content { text } else { nil } }
  package var sequence: [RuleNode]? { if case .sequence(let items) = content { items } else { nil } }
  package var mapping: Mapping? { if case .mapping(let mapping) = content { mapping } else { nil } }
  private var plain: String? { if case .scalar(let text, isPlain: true) = content { text } else { nil } }

  /// By the core schema (YAML 1.2, "Core Schema").
  var bool: Bool? {
    switch plain {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }
  var int: Int? { plain.flatMap { Int($0) } }
  var float: Double? { plain.flatMap { Double($0) } }
}
