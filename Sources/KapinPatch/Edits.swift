import KapinBase
package import KapinEngine
package import KapinModel

/// Turns event plans into changed source files, in each file's own style.
package struct EditBuilder {
  private let graph: ProductGraph
  private let read: (String) -> [UInt8]?

  /// - Parameter trees: the analysed roots, in the order of the inventory.
  package init(_ graph: ProductGraph, _ trees: [any SourceTree]) {
    self.graph = graph
    read = { path in
      for (index, root) in graph.code.inventory.roots.enumerated() where path.hasPrefix(root.prefix) {
        if let bytes = trees[index].bytes(String(path.dropFirst(root.prefix.count))) { return bytes }
      }
      return nil
    }
  }

  /// The changes of several plans together; plans in one file share its imports.
  package func changes(for plans: [EventPlan]) -> [FileChange] {
    var modules: [ModuleID] = []
    for plan in plans where !modules.contains(plan.module) { modules.append(plan.module) }
    return modules.compactMap { module in
      let path = graph.code.modules[module].path
      guard let old = read(path) else { return nil }
      let edits = edits(plans.filter { $0.module == module }, module, old)
      return FileChange(path: path, old: old, new: Self.apply(edits, to: old))
    }
  }

  package func changes(for store: EventStore) -> [FileChange] {
    store.additions.compactMap { addition in
      if addition.appends {
        guard let old = read(addition.path) else { return nil }
        var new = old
        if new.last != 10 { new.append(10) }
        new += Array(addition.text.utf8)
        return FileChange(path: addition.path, old: old, new: new)
      }
      return FileChange(path: addition.path, old: nil, new: Array(addition.text.utf8))
    }
  }

  // MARK: Edits

  private struct Edit {
    var range: Range<Int>
    var text: String
  }

  private static func apply(_ edits: [Edit], to old: [UInt8]) -> [UInt8] {
    var new = old
    for edit in edits.enumerated().sorted(by: {
      $0.element.range.lowerBound != $1.element.range.lowerBound
        ? $0.element.range.lowerBound > $1.element.range.lowerBound : $0.offset > $1.offset
    }) {
      new.replaceSubrange(edit.element.range, with: Array(edit.element.text.utf8))
    }
    return new
  }

  private func edits(_ plans: [EventPlan], _ module: ModuleID, _ source: [UInt8]) -> [Edit] {
    let style = graph.code.modules[module].facts.style
    let newline = style.hasCarriageReturns ? "\r\n" : "\n"
    // The facts count without a byte order mark.
    let shift = source.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var edits: [Edit] = []
    for plan in plans {
      let statement = Self.styled(plan.statement, style)
      switch plan.insertion {
      case .after(let range):
        let end = Int(range.end) + shift
        let text =
          newline + Self.indented(statement, Self.indentation(source, at: Int(range.start) + shift), style, newline)
        edits.append(Edit(range: end..<end, text: text))
      case .before(let range):
        let start = Int(range.start) + shift
        let indent = Self.indentation(source, at: start)
        let text = Self.indented(statement, indent, style, newline)
        edits.append(Edit(range: start..<start, text: String(text.dropFirst(indent.count)) + newline + indent))
      case .aroundReturn(let range, let name, let awaits):
        let start = Int(range.start) + shift, end = Int(range.end) + shift
        let indent = Self.indentation(source, at: start)
        edits.append(Edit(range: start..<start + 6, text: "const \(name) =" + (awaits ? " await" : "")))
        let close = style.endsWithSemicolon ? ";" : ""
        let text = Self.indented(statement, indent, style, newline) + newline + indent + "return \(name)" + close
        edits.append(Edit(range: end..<end, text: newline + text))
      }
    }
    edits += imports(plans, module, style, newline, shift, source)
    return edits
  }

  private func imports(
    _ plans: [EventPlan], _ module: ModuleID, _ style: SourceStyle, _ newline: String, _ shift: Int, _ source: [UInt8]
  ) -> [Edit] {
    var lines: [String] = []
    for plan in plans {
      guard let name = plan.importName, let target = plan.importFrom else { continue }
      let specifier = Specifiers(graph: graph).specifier(for: target, in: module)
      let quoted = "\(style.quote)\(specifier)\(style.quote)"
      let close = style.endsWithSemicolon ? ";" : ""
      let line: String
      if usesRequire(module, style) {
        line = "const \(plan.importIsDefault ? name : "{ \(name) }") = require(\(quoted))\(close)"
      } else {
        line = "import \(plan.importIsDefault ? name : "{ \(name) }") from \(quoted)\(close)"
      }
      if !lines.contains(line) { lines.append(line) }
    }
    guard !lines.isEmpty else { return [] }
    let text = lines.joined(separator: newline)
    var offset = Int(style.importsEnd)
    if offset == 0 { offset = Int(style.prologueEnd) }
    if offset == 0 { return [Edit(range: shift..<shift, text: text + newline + newline)] }
    offset += shift
    return [Edit(range: offset..<offset, text: newline + text)]
  }

  private func usesRequire(_ id: ModuleID, _ style: SourceStyle) -> Bool {
    let module = graph.code.modules[id]
    if style.usesImport { return false }
    if style.usesRequire { return true }
    if module.language != .javascript || module.path.hasSuffix(".mjs") { return false }
    return !graph.code.packages[module.package].manifest.isModule
  }

  // MARK: Style

  private static func styled(_ statement: String, _ style: SourceStyle) -> String {
    var text = statement.trimmedNewlines
    if style.quote == "'", !text.contains("'") { text = text.replacing("\"", with: "'") }
    if !style.endsWithSemicolon, text.hasSuffix(";") { text.removeLast() }
    return text
  }

  /// Indents each line; the template's steps of two spaces become the file's own.
  private static func indented(_ text: String, _ indent: String, _ style: SourceStyle, _ newline: String) -> String {
    text.split(separator: "\n" as Character, omittingEmptySubsequences: false).map { (line: Substring) -> String in
      let spaces = line.prefix { $0 == " " }.count
      return indent + String(repeating: style.indentation, count: spaces / 2) + line.dropFirst(spaces)
    }.joined(separator: newline)
  }

  /// The white space in front of the line that holds an offset.
  private static func indentation(_ source: [UInt8], at offset: Int) -> String {
    var start = offset
    while start > 0, source[start - 1] != 10 { start -= 1 }
    let white = source[start..<offset].prefix { $0 == 32 || $0 == 9 }
    return String(decoding: white, as: UTF8.self)
  }
}

extension String {
  fileprivate var trimmedNewlines: String {
    var text = Substring(self)
    while text.last == "\n" || text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
