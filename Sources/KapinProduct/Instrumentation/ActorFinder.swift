import KapinBase
import KapinModel

/// Finds an expression by which a function already knows the person who acts: `session?.user?.id`, `req.user.id`.
struct ActorFinder {
  let graph: ProductGraph

  /// How code of the project gets from a parameter to a person: `user.id` of `req.user.id`.
  private let known: Set<String>

  init(_ graph: ProductGraph) {
    self.graph = graph
    var found: Set<String> = []
    for module in graph.code.modules where !module.isTest {
      for id in module.facts.values.ids {
        guard case .member = module.facts.values[id], let (root, names) = Self.chain(id, module.facts), names.count > 2,
          case .parameter = module.facts.values[module.facts.bindings[root].value]
        else { continue }
        found.insert(names.dropFirst().joined(separator: "."))
      }
    }
    known = found
  }

  /// - Parameters:
  ///   - position: the expression must be in scope there: bound before, in the function or as its parameter.
  func expression(
    in function: DeclarationID?, of module: ModuleID, before position: UInt32, _ phrases: [[String]]
  ) -> String? {
    guard let function else { return nil }
    let facts = graph.code.modules[module].facts
    let scope = facts.declarations[function].range
    var best: (rank: Int, text: String)?
    func offer(_ rank: Int, _ text: String) {
      if rank < best?.rank ?? Int.max { best = (rank, text) }
    }
    for id in facts.values.ids {
      let start = facts.valueStarts[id.index]
      guard scope.contains(start) else { continue }
      switch facts.values[id] {
      case .member:
        guard let (root, names) = Self.chain(id, facts), isInScope(root, function, position, facts) else { continue }
        let words = Words.split(names.joined(separator: "."))
        if let rank = phrases.firstIndex(where: { Words.ends(words, phrase: $0) || Words.equals(words, phrase: $0) }) {
          offer(rank * 2, names.joined(separator: "?."))
        } else if case .parameter = facts.values[facts.bindings[root].value] {
          // `req.user.team` is used here, `req.user.id` elsewhere: it is known here, too.
          for length in 2...max(2, names.count) where length <= names.count {
            let path = names.dropFirst().prefix(length - 1).joined(separator: ".") + ".id"
            let words = Words.split(path)
            guard known.contains(path), let rank = phrases.firstIndex(where: { Words.equals(words, phrase: $0) }) else {
              continue
            }
            offer(100 + rank, (names.prefix(length) + ["id"]).joined(separator: "?."))
          }
        }
      default: continue
      }
    }
    for (index, binding) in facts.bindings.rows.enumerated() {
      guard isInScope(BindingID(index), function, position, facts), !binding.isTopLevel else { continue }
      let words = Words.split(facts.names[binding.name])
      if let rank = phrases.firstIndex(where: { Words.equals(words, phrase: $0) }) {
        offer(rank * 2 + 1, facts.names[binding.name])
      }
    }
    return best.map { "\($0.text)?.toString() ?? null" }
  }

  /// `a.b.c` from a local name on.
  private static func chain(_ id: ValueID, _ facts: FrozenFacts) -> (BindingID, [String])? {
    var names: [String] = []
    var current = id
    for _ in 0..<6 {
      switch facts.values[current] {
      case .member(let object, let name):
        names.insert(facts.names[name], at: 0)
        current = object
      case .local(let binding): return (binding, [facts.names[facts.bindings[binding].name]] + names)
      default: return nil
      }
    }
    return nil
  }

  /// Bound before the position, by the function itself at a level that the position can see.
  private func isInScope(_ id: BindingID, _ function: DeclarationID, _ position: UInt32, _ facts: FrozenFacts) -> Bool {
    let binding = facts.bindings[id]
    guard binding.at < position, !binding.isTopLevel else { return false }
    guard binding.function == function else { return false }
    // Parameters come before the body; other names must not stand in an inner block that has ended.
    if binding.at < facts.declarations[function].body.start { return true }
    for statement in facts.statements.rows where statement.range.contains(binding.at) && statement.form != .declaration
    {
      if !statement.range.contains(position), statement.form != .expression { return false }
    }
    return true
  }
}
