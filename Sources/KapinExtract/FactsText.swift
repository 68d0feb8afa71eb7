import KapinBase
package import KapinModel

/// Facts as text: for people, and for tests that compare them.
package enum FactsText {
  package static func render(_ facts: FileFacts) -> String {
    var lines: [String] = []
    func at(_ offset: UInt32) -> String {
      let position = facts.lines.position(offset)
      return "\(position.line):\(position.column)"
    }
    for row in facts.imports { lines.append("\(at(row.at)) import \(row.form) \(facts.names[row.specifier])") }
    for row in facts.exports {
      let value = row.value.map { " = \(self.value($0, facts))" } ?? ""
      lines.append("\(at(row.at)) export \(row.form) \(facts.names[row.name])\(value)\(row.isType ? " type" : "")")
    }
    for row in facts.declarations {
      let parent = row.parent.map { " in \(facts.names[facts.declarations[$0].name])" } ?? ""
      let returns = row.returns.indices.map { value(facts.valueLists[$0], facts) }
      let result = returns.isEmpty ? "" : " returns \(returns.joined(separator: " | "))"
      lines.append("\(at(row.nameAt)) \(row.form) \(facts.names[row.name])\(parent)\(result)")
    }
    for row in facts.calls {
      let arguments = row.arguments.indices.map { value(facts.valueLists[$0], facts) }.joined(separator: ", ")
      let marks = (row.flags.contains(.new) ? "new " : "") + (row.flags.contains(.awaited) ? "await " : "")
      lines.append("\(at(row.range.start)) call \(marks)\(value(row.callee, facts))(\(arguments))")
    }
    for row in facts.elements {
      let attributes = row.attributes.indices.map {
        " \(facts.names[facts.attributes[$0].name])=\(value(facts.attributes[$0].value, facts))"
      }.joined()
      lines.append("\(at(row.range.start)) element \(facts.names[row.tagName])\(attributes)")
    }
    for row in facts.texts { lines.append("\(at(row.at)) text \(facts.names[row.text])") }
    for row in facts.decorators { lines.append("\(at(row.at)) decorator \(value(row.value, facts))") }
    for row in facts.assignments {
      lines.append("\(at(row.at)) assign \(value(row.target, facts)) = \(value(row.value, facts))")
    }
    for row in facts.environment { lines.append("\(at(row.at)) environment \(facts.names[row.name])") }
    for row in facts.tests {
      let wanted = row.literals.indices.map { value(facts.valueLists[$0], facts) }.joined(separator: " | ")
      let relation = wanted.isEmpty ? "" : row.isNegated ? " ≠ \(wanted)" : " = \(wanted)"
      let sign = wanted.isEmpty && row.isNegated ? "not " : ""
      lines.append(
        "\(at(row.range.start))-\(at(row.range.end)) only when \(sign)\(value(row.subject, facts))\(relation)")
    }
    for row in facts.directives { lines.append("directive \(facts.names[row])") }
    for row in facts.notes { lines.append("\(at(row.at)) note \(row.message)") }
    return lines.joined(separator: "\n")
  }

  /// A value as code-like text, four levels deep.
  static func value(_ id: ValueID, _ facts: FileFacts, depth: Int = 0) -> String {
    guard depth < 4 else { return "…" }
    func inner(_ id: ValueID) -> String { value(id, facts, depth: depth + 1) }
    func list(_ range: Range32) -> [String] { range.indices.map { inner(facts.valueLists[$0]) } }
    switch facts.values[id] {
    case .unknown: return "?"
    case .text(let text): return "\"\(facts.names[text])\""
    case .number(let digits): return facts.names[digits]
    case .bool(let flag): return String(flag)
    case .null: return "null"
    case .concat(let range): return "concat(\(list(range).joined(separator: ", ")))"
    case .either(let range): return "either(\(list(range).joined(separator: ", ")))"
    case .local(let binding): return facts.names[facts.bindings[binding].name]
    case .global(let name): return "global \(facts.names[name])"
    case .this: return "this"
    case .imported(let id, let name): return "\(facts.names[facts.imports[id].specifier])#\(facts.names[name])"
    case .member(let object, let name): return "\(inner(object)).\(facts.names[name])"
    case .index(let object, let index): return "\(inner(object))[\(inner(index))]"
    case .call(let call): return "\(inner(facts.calls[call].callee))()"
    case .new(let call): return "new \(inner(facts.calls[call].callee))"
    case .await(let value): return "await \(inner(value))"
    case .declaration(let id): return "<\(facts.declarations[id].form) \(facts.names[facts.declarations[id].name])>"
    case .parameter(_, let index): return "parameter \(index)"
    case .object(let range):
      return
        "{\(range.indices.map { "\(facts.names[facts.properties[$0].name]): \(inner(facts.properties[$0].value))" }.joined(separator: ", "))}"
    case .list(let range): return "[\(list(range).joined(separator: ", "))]"
    case .spread(let value): return "...\(inner(value))"
    case .element(let id): return "<\(facts.names[facts.elements[id].tagName])>"
    }
  }
}
