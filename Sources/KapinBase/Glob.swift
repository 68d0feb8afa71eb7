/// A path cut at its slashes once, for many patterns.
public struct PathParts: Sendable {
  fileprivate let bytes: [UInt8]
  private var ends: [Int] = []

  public init(_ path: String) {
    bytes = Array(path.utf8)
    for index in bytes.indices where bytes[index] == 47 { ends.append(index) }
    ends.append(bytes.count)
  }

  fileprivate var count: Int { bytes.isEmpty ? 0 : ends.count }
  fileprivate func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1] + 1)..<ends[index] }
}

/// A path pattern: `*`, `?`, `[abc]`, `{a,b}`, `**` across folders.
///
/// The cost of a match is bounded by pattern × path.
public struct Glob: Sendable, Hashable {
  public let pattern: String
  private let alternatives: [[Segment]]
  /// Whether its braces give more alternatives than are looked at.
  public let isTooWide: Bool

  private enum Segment: Sendable, Hashable {
    case anyDepth
    case literal([UInt8])
    case wild([Piece])
  }

  private enum Piece: Sendable, Hashable {
    case byte(UInt8)
    case any
    case run
    case set([ClosedRange<UInt8>], negated: Bool)
  }

  /// At most this many alternatives come out of one pattern's braces.
  private static let expansionLimit = 256

  public init(_ pattern: String) {
    self.pattern = pattern
    let all = Self.expand(Array(pattern.utf8))
    isTooWide = all.count >= Self.expansionLimit
    alternatives = all.prefix(Self.expansionLimit).map { text in
      text.split(separator: 47, omittingEmptySubsequences: true).map { Self.segment(Array($0)) }
    }
  }

  public func matches(_ path: String) -> Bool { matches(PathParts(path)) }

  public func matches(_ path: PathParts) -> Bool {
    for pattern in alternatives where Self.match(pattern, path) { return true }
    return false
  }

  /// One `**` remembered is enough: a later one makes an earlier one's choice irrelevant.
  private static func match(_ pattern: [Segment], _ path: PathParts) -> Bool {
    // The commonest patterns of ignore files: a name anywhere.
    if pattern.count == 2, case .anyDepth = pattern[0], path.count > 0 {
      if case .anyDepth = pattern[1] { return true }
      return matchOne(pattern[1], path, path.count - 1)
    }
    var index = 0, position = 0
    var star = -1, resume = 0
    while position < path.count {
      if index < pattern.count, case .anyDepth = pattern[index] {
        star = index
        resume = position
        index += 1
      } else if index < pattern.count, matchOne(pattern[index], path, position) {
        index += 1
        position += 1
      } else if star >= 0 {
        index = star + 1
        resume += 1
        position = resume
      } else {
        return false
      }
    }
    while index < pattern.count, case .anyDepth = pattern[index] { index += 1 }
    return index == pattern.count
  }

  private static func matchOne(_ segment: Segment, _ path: PathParts, _ position: Int) -> Bool {
    switch segment {
    case .anyDepth: return true
    case .literal(let literal):
      let range = path.range(position)
      guard range.count == literal.count else { return false }
      for offset in 0..<literal.count where path.bytes[range.lowerBound + offset] != literal[offset] { return false }
      return true
    case .wild(let pieces): return matchWild(pieces, path.bytes, path.range(position))
    }
  }

  private static func matchWild(_ pieces: [Piece], _ text: [UInt8], _ range: Range<Int>) -> Bool {
    var piece = 0, position = range.lowerBound
    var star = -1, resume = 0
    while position < range.upperBound {
      if piece < pieces.count, case .run = pieces[piece] {
        star = piece
        resume = position
        piece += 1
      } else if piece < pieces.count, accepts(pieces[piece], text[position]) {
        piece += 1
        position += 1
      } else if star >= 0 {
        piece = star + 1
        resume += 1
        position = resume
      } else {
        return false
      }
    }
    while piece < pieces.count, case .run = pieces[piece] { piece += 1 }
    return piece == pieces.count
  }

  private static func accepts(_ piece: Piece, _ byte: UInt8) -> Bool {
    switch piece {
    case .byte(let wanted): wanted == byte
    case .any, .run: true
    case .set(let ranges, let negated): ranges.contains { $0.contains(byte) } != negated
    }
  }

  private static func segment(_ text: [UInt8]) -> Segment {
    if text == [42, 42] { return .anyDepth }
    var pieces: [Piece] = []
    var wild = false
    var index = 0
    while index < text.count {
      switch text[index] {
      case 42:
        wild = true
        if pieces.last != .run { pieces.append(.run) }
      case 63:
        wild = true
        pieces.append(.any)
      case 92 where index + 1 < text.count:
        index += 1
        pieces.append(.byte(text[index]))
      case 91:
        if let (set, end) = characterSet(text, from: index) {
          wild = true
          pieces.append(set)
          index = end
        } else {
          pieces.append(.byte(91))
        }
      case let byte: pieces.append(.byte(byte))
      }
      index += 1
    }
    if wild { return .wild(pieces) }
    return .literal(pieces.map { if case .byte(let byte) = $0 { byte } else { 0 } })
  }

  private static func characterSet(_ text: [UInt8], from start: Int) -> (Piece, Int)? {
    var index = start + 1
    var negated = false
    if index < text.count, text[index] == 33 || text[index] == 94 {
      negated = true
      index += 1
    }
    var ranges: [ClosedRange<UInt8>] = []
    let first = index
    while index < text.count, text[index] != 93 || index == first {
      if index + 2 < text.count, text[index + 1] == 45, text[index + 2] != 93, text[index] <= text[index + 2] {
        ranges.append(text[index]...text[index + 2])
        index += 3
      } else {
        ranges.append(text[index]...text[index])
        index += 1
      }
    }
    return index < text.count ? (.set(ranges, negated: negated), index) : nil
  }

  private static func expand(_ text: [UInt8]) -> [[UInt8]] {
    guard let open = text.firstIndex(of: 123) else { return [text] }
    var depth = 0
    var parts: [[UInt8]] = [[]]
    for index in open..<text.count {
      let byte = text[index]
      if byte == 123 { depth += 1 }
      if byte == 125 { depth -= 1 }
      if depth == 0 {
        guard parts.count > 1 else { break }
        let tails = expand(Array(text[(index + 1)...]))
        var all: [[UInt8]] = []
        for part in parts {
          for middle in expand(part) {
            for tail in tails where all.count < expansionLimit { all.append(Array(text[..<open]) + middle + tail) }
          }
        }
        return all
      }
      if byte == 44, depth == 1 { parts.append([]) } else if index > open { parts[parts.count - 1].append(byte) }
    }
    return [text]
  }
}
