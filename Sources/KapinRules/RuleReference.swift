import KapinBase

/// The reference of rule keys as a page: made from the same table as the schema, so that it cannot be stale.
package enum RuleReference {
  package static var page: String {
    var lines = [
      "# Keys of rule files", "",
      "Made by `kapin-dev schema` from the table that also gives `kapin rules schema`. How rules are written is told in [rules.md](rules.md).",
    ]
    let order = ["a rule", "`when`", "a value", "an argument"]
    for name in order + RuleKeys.all.keys.filter({ !order.contains($0) }).sortedByBytes() {
      lines += [
        "", "## \(name.prefix(1).uppercased() + name.dropFirst())", "", "| key | is | means |", "|---|---|---|",
      ]
      for key in RuleKeys.all[name] ?? [] {
        lines.append("| `\(key.name)` | \(form(key.form)) | \(key.says.replacing("|", with: "\\|")) |")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func form(_ form: RuleKeys.Form) -> String {
    switch form {
    case .text: "text"
    case .texts: "text, or several"
    case .flag: "true or false"
    case .integer: "whole number"
    case .number: "number"
    case .globs: "glob, or several"
    case .pairs: "mapping of texts"
    case .any: ""
    case .value: "value, or several"
    case .argument: "argument, or several"
    case .choice(let all): all.joined(separator: ", ")
    case .mapping(let name): name
    case .list(let name): "list of \(name)"
    case .map, .values: "mapping of values"
    }
  }
}
