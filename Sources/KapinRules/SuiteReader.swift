import KapinBase

/// A rule's Markdown suite: headings are tests, fenced blocks are files, comments behind `//>` are expectations.
package struct Suite: Sendable {
  package struct File: Sendable {
    package var path: String
    package var text: String
    /// The line of the suite on which the file's first line stands, from 0.
    package var firstLine: Int
    /// Expectations may stand behind its lines.
    package var takesComments: Bool
  }

  /// Something that must be found: at a line of a file, or at no line.
  package struct Expectation: Hashable, Sendable, CustomStringConvertible {
    package var path: String?
    package var line: Int?
    package var text: String
    package init(path: String?, line: Int?, text: String) {
      self.path = path
      self.line = line
      self.text = text
    }
    package var description: String {
      guard let path, let line else { return text }
      return "\(path):\(line) \(text)"
    }
  }

  package struct Test: Sendable {
    package var name: String
    package var line: Int
    package var files: [File] = []
    package var expectations: [Expectation] = []
    /// The lines of the `expect` block's content, half-open, when there is one.
    package var expectLines: Range<Int>?
  }

  package var ruleID: String
  package var path: String
  package var lines: [String]
  package var tests: [Test] = []
}

package enum SuiteReader {
  package static let mark = "//>"

  package static func read(_ text: String, path: String) -> Suite {
    let stem = path.split(separator: "/").last.map { String($0.dropLast(3)) } ?? path
    var suite = Suite(
      ruleID: stem, path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    var current: Suite.Test?
    var index = 0
    while index < suite.lines.count {
      let line = suite.lines[index]
      if line.hasPrefix("## ") {
        if let current, !current.files.isEmpty { suite.tests.append(current) }
        current = Suite.Test(name: String(line.dropFirst(3)), line: index + 1)
      } else if line.hasPrefix("```"), line.count > 3 {
        let info = line.drop { $0 == "`" }.split(separator: " ").map(String.init)
        let fence = line.prefix { $0 == "`" }
        var end = index + 1
        while end < suite.lines.count, suite.lines[end] != fence { end += 1 }
        let content = Array(suite.lines[min(index + 1, end)..<end])
        if info.first == "expect" {
          current?.expectLines = index + 1..<end
          current?.expectations += content.compactMap(expectation)
        } else if info.count > 1 {
          read(content, path: info[1], language: info[0], firstLine: index + 1, into: &current)
        }
        index = end
      }
      index += 1
    }
    if let current, !current.files.isEmpty { suite.tests.append(current) }
    return suite
  }

  private static func read(
    _ content: [String], path: String, language: String, firstLine: Int, into test: inout Suite.Test?
  ) {
    var stripped: [String] = []
    for (offset, line) in content.enumerated() {
      let (code, expectations) = split(line)
      stripped.append(code)
      for text in expectations {
        test?.expectations.append(Suite.Expectation(path: path, line: offset + 1, text: text))
      }
    }
    test?.files.append(
      Suite.File(
        path: path, text: stripped.joined(separator: "\n") + "\n", firstLine: firstLine,
        takesComments: ["ts", "tsx", "js", "jsx", "mjs", "cjs", "vue", "svelte", "astro", "prisma", "graphql"].contains(
          language)))
  }

  /// The code of a line, and the expectations behind it; several are divided by ` | `.
  package static func split(_ line: String) -> (code: String, expectations: [String]) {
    guard let mark = line.firstRange(of: mark) else { return (line, []) }
    var code = line[..<mark.lowerBound]
    while code.last == " " { code = code.dropLast() }
    let texts = line[mark.upperBound...].split(separator: " | ").map { part in
      String(part.drop { $0 == " " })
    }
    return (String(code), texts)
  }

  /// `path:line text` or `text`.
  private static func expectation(_ line: String) -> Suite.Expectation? {
    guard !line.isEmpty else { return nil }
    let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
    if parts.count == 2, let colon = parts[0].lastIndex(of: ":"),
      let number = Int(parts[0][parts[0].index(after: colon)...])
    {
      return Suite.Expectation(path: String(parts[0][..<colon]), line: number, text: parts[1])
    }
    return Suite.Expectation(path: nil, line: nil, text: line)
  }
}
