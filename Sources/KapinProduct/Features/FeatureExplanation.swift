import KapinBase
package import KapinModel

extension FeatureFinder {
  /// Clause by clause: what each signal looked for, and what it found or where it stopped.
  package func explain(_ rule: FeatureRule, resource: String? = nil) -> [String] {
    let binding = resource.map { Words.split($0).map(Words.singular) }
    var lines: [String] = []
    for (signals, sign) in [(rule.signals, "for"), (rule.against, "against")] {
      for signal in signals {
        let found = conditions.find(signal.condition, binding)
        let place = "\(rule.info.place.path):\(signal.line.line)"
        let looked = ConditionText.describe(signal.condition).replacing("$resource", with: resource ?? "")
        if found.matches.isEmpty {
          lines.append("  – \(sign), weight \(signal.weight): nothing found [\(place)]")
          lines.append("      looked for \(looked)")
          lines += nearest(found)
        } else {
          lines.append("  + \(sign), weight \(signal.weight): \(found.matches.count) found [\(place)]")
          lines.append("      looked for \(looked)")
          let own = Dictionary(found.captures.map { ($0.name, $0.match.name) }, uniquingKeysWith: { a, _ in a })
          lines += found.matches.prefix(3).map { match in
            let says = signal.says.render { name, _ in
              name == "name" ? match.name : own[name] ?? binding?.joined(separator: " ")
            }
            return "      \(match.place)  \(says)"
          }
        }
      }
    }
    return lines
  }

  private func nearest(_ found: ConditionMatcher.Found) -> [String] {
    guard found.near > 0 else { return [] }
    guard let stopped = found.stopped else { return ["      \(found.near) have such names, but not enough of them"] }
    return ["      \(found.near) have such names, but none \(ConditionText.describe(stopped))"]
  }
}

/// Conditions in words.
enum ConditionText {
  static func describe(_ condition: GraphCondition) -> String {
    switch condition {
    case .node(let pattern): describe(pattern)
    case .all(let all): all.map(describe).joined(separator: ", and ")
    case .any(let all): all.map(describe).joined(separator: ", or ")
    case .not(let inner): "no \(describe(inner))"
    }
  }

  private static func describe(_ pattern: NodePattern) -> String {
    var text = subject(pattern.subject)
    let words = pattern.words.map { "“\($0.joined(separator: " "))”" }.joined(separator: ", ")
    switch (pattern.isExact, pattern.isEnd) {
    case _ where words.isEmpty: break
    case (true, _): text += " named \(words)"
    case (_, true): text += " that ends in \(words)"
    default: text += " with \(words)"
    }
    if !pattern.without.isEmpty {
      text += " without \(pattern.without.map { "“\($0.joined(separator: " "))”" }.joined(separator: ", "))"
    }
    if pattern.count > 1 { text += ", at least \(pattern.count)" }
    for relation in pattern.relations { text += " that \(describe(relation))" }
    return text
  }

  static func describe(_ relation: RelationPattern) -> String {
    let verbs = relation.verbs.isEmpty ? "" : " (\(relation.verbs.map(\.rawValue).joined(separator: ", ")))"
    let target = relation.target.map(describe) ?? "anything"
    let form =
      relation.form == .guards
      ? "has the guard" : relation.form == .reachableFrom ? "is reachable from" : relation.form.rawValue
    return (relation.isNegated ? "not " : "") + "\(form)\(verbs) \(target)"
  }

  private static func subject(_ subject: NodePattern.Subject) -> String {
    switch subject {
    case .route(let methods, let forms):
      ([methods.joined(separator: "/"), forms.map(\.rawValue).joined(separator: "/")].filter { !$0.isEmpty } + ["route"])
        .joined(separator: " ")
    case .table(let columns):
      columns.isEmpty
        ? "table" : "table with columns \(columns.map { $0.joined(separator: " ") }.joined(separator: ", ")) and a name"
    case .write(let verbs): "code that does \(verbs.map(\.rawValue).joined(separator: "/")) on a table"
    case .component: "component"
    case .symbol: "function"
    case .package: "imported package"
    case .environment: "environment variable"
    case .text: "text on screen"
    case .event: "event"
    case .module: "file"
    case .menu: "entry of a menu, or link,"
    case .column: "column"
    case .kind: "kind of thing"
    case .document: "item of the documentation"
    case .file: "file that is no code,"
    case .call(let package): "call of \(package)"
    }
  }
}
