package import KapinBase
package import KapinModel

/// Words by number; singular and plural have the same one.
struct Vocabulary {
  private var numbers: [String: Int32] = [:]
  private var names: [String: [Int32]] = [:]
  private var bySingular: [String: Int32] = [:]

  mutating func number(_ word: String) -> Int32 {
    if let known = numbers[word] { return known }
    let singular = Words.singular(word)
    let number = bySingular[singular] ?? Int32(bySingular.count)
    bySingular[singular] = number
    numbers[word] = number
    return number
  }

  /// The number of a word that stands beside the product: no name has it for that.
  mutating func foreign(_ word: String) -> Int32 {
    if let known = known(word) { return known }
    let number = Int32(bySingular.count)
    bySingular[Words.singular(word)] = number
    return number
  }

  /// Whether some name has the word as it is.
  func has(_ word: String) -> Bool { numbers[word] != nil }

  /// The number of a word that some name or document has.
  func known(_ word: String) -> Int32? { numbers[word] ?? bySingular[Words.singular(word)] }

  /// The words of a name, split once.
  mutating func words(_ name: String) -> [Int32] {
    if let known = names[name] { return known }
    let words = Words.split(name).map { number($0) }
    names[name] = words
    return words
  }
}

/// A phrase in the numbers of a vocabulary.
struct Phrase {
  /// `nil` when no name has all the words apart.
  var words: [Int32]?
  /// All of it written together: `signup`.
  var joined: Int32?
  init(_ phrase: [String], _ vocabulary: Vocabulary) {
    let numbers = phrase.compactMap { vocabulary.known($0) }
    words = numbers.count == phrase.count ? numbers : nil
    joined = vocabulary.known(phrase.joined())
  }

  /// Whether some name may have it.
  var isKnown: Bool { words != nil || joined != nil }

  /// Whether it occurs, written apart or together.
  func occurs(in row: [Int32]) -> Bool {
    if let joined, row.contains(joined) { return true }
    guard let words, row.count >= words.count else { return false }
    return (0...(row.count - words.count)).contains { start in
      words.indices.allSatisfy { row[start + $0] == words[$0] }
    }
  }

  /// Whether a name ends in it: in English compounds the last word says what a thing is.
  func ends(_ row: [Int32]) -> Bool {
    if let joined, row.last == joined { return true }
    guard let words, row.count >= words.count else { return false }
    return row.suffix(words.count).elementsEqual(words)
  }

  func isAll(of row: [Int32]) -> Bool { (joined != nil && row.count == 1 && row[0] == joined) || words == row }
}

/// Names of one sort of thing, found by their words.
struct NameIndex {
  struct Row {
    var words: [Int32]
    var match: ConditionMatch
    /// The position in what the owner keeps beside the names.
    var extra: Int
  }
  private(set) var rows: [Row] = []
  private var byWord: [Int32: [Int32]] = [:]

  mutating func add(_ words: [Int32], _ match: ConditionMatch, extra: Int = 0) {
    let number = Int32(rows.count)
    rows.append(Row(words: words, match: match, extra: extra))
    for (index, word) in words.enumerated() where !words[..<index].contains(word) {
      byWord[word, default: []].append(number)
    }
  }

  /// Rows that may have one of the phrases, in order; all when there are none.
  func candidates(_ phrases: [Phrase]) -> [Row] {
    var found: Set<Int32> = []
    for phrase in phrases {
      if let joined = phrase.joined { found.formUnion(byWord[joined] ?? []) }
      if let first = phrase.words?.first { found.formUnion(byWord[first] ?? []) }
    }
    return found.sorted().map { rows[Int($0)] }
  }
}

/// Something of the product that a condition is about.
package struct ConditionMatch: Sendable {
  package var place: Place
  package var name: String
  package var node: NodeID?
  /// What its patterns captured for it.
  var captured: [String: String] = [:]
}
