import KapinBase

/// Reads a mapping of a rule file key by key, and reports what it does not know.
///
/// Every error has a file, line and column, and names the nearest valid key.
struct RuleFields {
  let node: RuleNode.Mapping
  let place: Place
  private let what: String
  private(set) var known: [String] = []

  init?(_ node: RuleNode?, in context: RuleContext, what: String) {
    guard let node else { return nil }
    guard let mapping = node.mapping else {
      context.fail("\(what) must be a mapping of keys", at: node)
      return nil
    }
    self.what = what
    self.node = Self.merged(mapping)
    place = context.place(node)
  }

  /// The mapping that a whole file is.
  static func whole(_ text: String, in context: RuleContext, what: String) -> RuleFields? {
    switch RuleYAML.read(text) {
    case .failure(let problem):
      context.problems.append(
        Diagnostic(.badRule, .error, problem.message, at: Place(context.path, problem.position)))
      return nil
    case .success(nil):
      context.fail("the file is empty", at: nil)
      return nil
    case .success(let root?): return RuleFields(root, in: context, what: what)
    }
  }

  /// With the keys of what `<<` names, where the mapping has no own ones (YAML, "Merge Key Language-Independent Type").
  static func merged(_ mapping: RuleNode.Mapping) -> RuleNode.Mapping {
    guard let base = mapping["<<"]?.mapping else { return mapping }
    var pairs = mapping.filter { $0.key.string != "<<" }.map { ($0.key, $0.value) }
    for (key, value) in base where mapping[key.string ?? ""] == nil { pairs.append((key, value)) }
    return RuleNode.Mapping(pairs: pairs)
  }

  mutating func take(_ key: String) -> RuleNode? {
    known.append(key)
    return node[key]
  }

  /// Reports keys that nobody took.
  func finish(_ context: RuleContext) {
    context.observed[what, default: []].formUnion(known)
    for (key, _) in node {
      let name = key.string ?? ""
      guard !known.contains(name) else { continue }
      let nearest = Similarity.nearest(name, in: known).map { "did you mean `\($0)`?" }
      context.fail(
        "unknown key `\(name)`", at: key,
        help: nearest ?? "valid keys: \(known.sortedByBytes().joined(separator: ", "))")
    }
  }
}

/// Where a rule is read from, and what was wrong in it.
final class RuleContext {
  let path: String
  var problems: [Diagnostic] = []
  /// The keys that each kind of mapping was asked for.
  var observed: [String: Set<String>] = [:]

  init(path: String) { self.path = path }

  func place(_ node: RuleNode) -> Place {
    Place(path, node.position)
  }

  func fail(_ message: String, at node: RuleNode?, help: String? = nil) {
    problems.append(Diagnostic(.badRule, .error, message, at: node.map(place) ?? Place(path), help: help))
  }

  // MARK: Values

  func text(_ node: RuleNode?, _ what: String) -> String? {
    guard let node else { return nil }
    guard let text = node.string else {
      fail("\(what) must be text", at: node)
      return nil
    }
    return text
  }

  func required(_ node: RuleNode?, _ what: String, in fields: RuleFields) -> String {
    if let text = text(node, what) { return text }
    if node == nil { problems.append(Diagnostic(.badRule, .error, "`\(what)` is missing", at: fields.place)) }
    return ""
  }

  /// One text or a list of texts.
  func texts(_ node: RuleNode?, _ what: String) -> [String] {
    guard let node else { return [] }
    if let sequence = node.sequence { return sequence.compactMap { text($0, what) } }
    return text(node, what).map { [$0] } ?? []
  }

  func flag(_ node: RuleNode?, _ what: String) -> Bool {
    guard let node else { return false }
    guard let flag = node.bool else {
      fail("\(what) must be true or false", at: node)
      return false
    }
    return flag
  }

  /// A mapping of texts, in order.
  func pairs(_ node: RuleNode?, _ what: String) -> [(key: String, value: String)] {
    guard let node else { return [] }
    guard let mapping = node.mapping else {
      fail("\(what) must be a mapping", at: node)
      return []
    }
    return RuleFields.merged(mapping).map { ($0.key.string ?? "", text($0.value, what) ?? "") }
  }

  func integer(_ node: RuleNode?, _ what: String) -> Int? {
    guard let node else { return nil }
    guard let number = node.int else {
      fail("\(what) must be a whole number", at: node)
      return nil
    }
    return number
  }

  func number(_ node: RuleNode?, _ what: String, in range: ClosedRange<Double>) -> Double? {
    guard let node else { return nil }
    guard let number = node.float ?? node.int.map(Double.init), range.contains(number) else {
      fail("\(what) must be a number from \(range.lowerBound) to \(range.upperBound)", at: node)
      return nil
    }
    return number
  }

  func choice<T: RawRepresentable & CaseIterable>(_ node: RuleNode?, _ what: String, _ type: T.Type) -> T?
  where T.RawValue == String {
    guard let node, let text = text(node, what) else { return nil }
    if let value = T(rawValue: text) { return value }
    let all = T.allCases.map(\.rawValue)
    let nearest = Similarity.nearest(text, in: all).map { "did you mean `\($0)`?" }
    fail("\(what) cannot be `\(text)`", at: node, help: nearest ?? "valid: \(all.joined(separator: ", "))")
    return nil
  }

  /// One or several of the cases.
  func choices<T: RawRepresentable & CaseIterable>(_ node: RuleNode?, _ what: String, _ type: T.Type) -> [T]
  where T.RawValue == String {
    guard let node else { return [] }
    return (node.sequence ?? [node]).compactMap { choice($0, what, type) }
  }

  func globs(_ node: RuleNode?, _ what: String) -> [Glob] {
    let globs = texts(node, what).map(Glob.init)
    for glob in globs where glob.isTooWide {
      fail("the braces of `\(glob.pattern)` give too many alternatives", at: node, help: "write several patterns")
    }
    return globs
  }

  /// Phrases: `sign up` → two words; matched however they are written together.
  func phrases(_ node: RuleNode?, _ what: String) -> [[String]] {
    texts(node, what).map { Words.split($0) }.filter { !$0.isEmpty }
  }

  func items(_ node: RuleNode?, _ what: String) -> [RuleNode] {
    guard let node else { return [] }
    guard let sequence = node.sequence else {
      fail("\(what) must be a list", at: node)
      return []
    }
    return sequence
  }
}
