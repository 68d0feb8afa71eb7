/// Guesses how a file is indented from its first lines.
enum Indentation {
  private static let sample = 4_096

  static func guess(_ source: UnsafeRawBufferPointer) -> String {
    var counts = [Int](repeating: 0, count: 9)
    var tabs = 0, spaces = 0
    var index = 0
    let end = min(source.count, sample)
    while index < end {
      var width = 0
      if source[index] == 9 { tabs += 1 }
      while index < end, source[index] == 32 {
        width += 1
        index += 1
      }
      // The lines of a block comment start with a space and an asterisk.
      if width > 1, index < end, source[index] > 32, source[index] != 42 {
        spaces += 1
        if width <= 8 { counts[width] += 1 }
      }
      while index < end, source[index] != 10 { index += 1 }
      index += 1
    }
    if tabs > spaces { return "\t" }
    let width = [2, 4, 3, 8].first { counts[$0] > 0 } ?? 2
    return String(repeating: " ", count: width)
  }

  static func hasCarriageReturns(_ source: UnsafeRawBufferPointer) -> Bool {
    guard let line = source.prefix(sample).firstIndex(of: 10), line > 0 else { return false }
    return source[line - 1] == 13
  }
}
