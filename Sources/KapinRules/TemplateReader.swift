import KapinBase
package import KapinModel

/// Reads templates and checks every placeholder when the rule is loaded.
package enum TemplateReader {
  package struct Problem: Error {
    package var message: String
    package var help: String?
  }

  private static let forms: Set<String> = ["time", "within", "column", "date", "id"]

  package static func read(_ text: String, names: Set<String>, what: String = "table or role of this source")
    -> Result<Template, Problem>
  {
    var stack: [(name: String, present: Bool, parts: [Template.Part])] = [("", true, [])]
    var plain = ""
    var rest = Substring(text)
    func flush() {
      if !plain.isEmpty { stack[stack.count - 1].parts.append(.text(plain)) }
      plain = ""
    }
    while let open = rest.firstIndex(of: "{") {
      plain += rest[..<open]
      let after = rest.index(after: open)
      guard let close = rest[after...].firstIndex(of: "}") else { return fail("`{` is not closed") }
      let tag = rest[after..<close]
      rest = rest[rest.index(after: close)...]
      let mark = tag.first
      let name = String(mark == "#" || mark == "^" || mark == "/" ? tag.dropFirst() : tag)
      if mark == "/" {
        guard stack.count > 1, stack[stack.count - 1].name == name else { return fail("`{/\(name)}` closes nothing") }
        flush()
        let done = stack.removeLast()
        stack[stack.count - 1].parts.append(.section(name: name, present: done.present, done.parts))
        continue
      }
      let pieces = name.split(separator: ".", maxSplits: 1).map(String.init)
      let base = pieces.first ?? ""
      guard names.contains(base) else {
        let nearest = Similarity.nearest(base, in: names.sortedByBytes()).map { "did you mean `\($0)`?" }
        return .failure(
          Problem(
            message: "`{\(tag)}` names no \(what)",
            help: nearest ?? "known: \(names.sortedByBytes().joined(separator: ", "))"))
      }
      flush()
      if mark == "#" || mark == "^" {
        stack.append((name, mark == "#", []))
      } else {
        if pieces.count == 2, !forms.contains(pieces[1]) {
          return fail("`.\(pieces[1])` is no form; known: \(forms.sortedByBytes().joined(separator: ", "))")
        }
        stack[stack.count - 1].parts.append(.value(name: base, form: pieces.count == 2 ? pieces[1] : nil))
      }
    }
    plain += rest
    flush()
    guard stack.count == 1 else { return fail("`{#\(stack[stack.count - 1].name)}` is not closed") }
    return .success(Template(stack[0].parts))
  }

  private static func fail(_ message: String) -> Result<Template, Problem> {
    .failure(Problem(message: message, help: nil))
  }
}
