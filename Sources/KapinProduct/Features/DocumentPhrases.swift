import KapinBase
import KapinModel

/// What an item of the documentation may be called in the code: its lead without words that say nothing, and each two or
/// three words of it that stand together (`Wayback Machine` of `Send a page to the Wayback Machine`).
struct DocumentPhrases {
  struct Phrase {
    var words: [String]
    /// As the documentation writes it.
    var text: String
    /// Whether it is what the item is about, and not only a part of its sentence.
    var isLead: Bool
    /// Whether it is what one does with something: `Lock a document`.
    var isDeed = false
    /// Whether it is written as a name within the sentence: `Wayback Machine`.
    var isProper: Bool
  }

  /// A word, and whether the next one stands right behind it.
  private struct Token {
    var text: String
    var words: [String]
    var goesOn: Bool
    var isPlain: Bool
  }

  private static let lengths = 1...3
  private static let conjunctions: Set<String> = ["and", "or"]
  private static let articles: Set<String> = ["a", "an", "the", "your"]
  private let plain: WordFilter

  /// - Parameter plain: words that say nothing in a name's place: `easy`, `support`, `of`.
  init(plain: WordFilter) { self.plain = plain }

  /// The lead first, then the longer ones.
  func all(_ item: DocumentItem) -> [Phrase] {
    var found: [Phrase] = []
    func add(_ tokens: ArraySlice<Token>, isLead: Bool) {
      let words = tokens.flatMap(\.words)
      guard Self.lengths.contains(words.count), !found.contains(where: { $0.words == words }) else { return }
      let isProper = tokens.startIndex > 0 && tokens.allSatisfy { $0.text.first?.isUppercase ?? false }
      found.append(
        Phrase(words: words, text: tokens.map(\.text).joined(separator: " "), isLead: isLead, isProper: isProper))
    }
    let lead = tokens(item.lead)
    if isOne(lead) { for run in runs(lead) { add(run, isLead: true) } }
    // The first things that a sentence names are what it is about: `Use widgets to show the weather`.
    if let first = runs(lead).first, first.count > 1 || isMany(first) { add(first, isLead: true) }
    // What one does: `Lock a document`.
    let all = tokens(item.text)
    if all.count > 1, !all[0].isPlain, all[0].words.count == 1, all[1].words.count == 1,
      Self.articles.contains(all[1].words[0]), !found.contains(where: { $0.words == all[0].words })
    {
      found.append(Phrase(words: all[0].words, text: all[0].text, isLead: false, isDeed: true, isProper: false))
    }
    for run in runs(all) {
      for length in [3, 2] where run.count >= length {
        for start in run.startIndex...(run.endIndex - length) { add(run[start..<start + length], isLead: false) }
      }
    }
    return found
  }

  private func isMany(_ run: ArraySlice<Token>) -> Bool {
    guard let word = run.first?.words.last else { return false }
    return Words.singular(word) != word
  }

  /// Whether a lead is one thing, or some that stand beside one another: `Zoom and panning`.
  private func isOne(_ lead: [Token]) -> Bool {
    guard let first = lead.firstIndex(where: { !$0.isPlain }), let last = lead.lastIndex(where: { !$0.isPlain }) else {
      return false
    }
    return lead[first...last].allSatisfy { !$0.isPlain || Self.conjunctions.contains($0.words.joined()) }
  }

  private func tokens(_ text: String) -> [Token] {
    var found: [Token] = []
    for part in text.split(whereSeparator: { $0 == " " || $0 == "/" || $0 == "\n" || $0 == "\u{a0}" }) {
      let word = part.drop { !$0.isLetter && !$0.isNumber }
      guard let last = word.lastIndex(where: { $0.isLetter || $0.isNumber }) else {
        // A dash, or another mark that stands alone.
        if !found.isEmpty { found[found.count - 1].goesOn = false }
        continue
      }
      if word.startIndex != part.startIndex, !found.isEmpty { found[found.count - 1].goesOn = false }
      var inner = word[...last]
      for mark in ["'s", "’s"] where inner.hasSuffix(mark) { inner = inner.dropLast(2) }
      // `IDs` is no `i` and `ds`.
      let isAcronym = inner.hasSuffix("s") && inner.count > 2 && inner.dropLast().allSatisfy(\.isUppercase)
      let words = isAcronym ? [inner.lowercased()] : Words.split(String(inner))
      found.append(
        Token(
          text: String(inner), words: words, goesOn: word.endIndex == word.index(after: last),
          isPlain: plain.without([inner.lowercased()]).isEmpty || plain.without(words).isEmpty))
    }
    return found
  }

  /// Words that stand together, without plain ones and without marks between them.
  private func runs(_ tokens: [Token]) -> [ArraySlice<Token>] {
    var found: [ArraySlice<Token>] = []
    var start = tokens.startIndex
    for index in tokens.indices {
      if tokens[index].isPlain {
        if start < index { found.append(tokens[start..<index]) }
        start = index + 1
      } else if !tokens[index].goesOn {
        found.append(tokens[start...index])
        start = index + 1
      }
    }
    if start < tokens.endIndex { found.append(tokens[start...]) }
    return found
  }
}

/// Other forms of a word: `sharing` is `share`, `tagging` is `tag`, `archival` is `archive`.
enum WordForms {
  /// The word itself first.
  static func all(_ word: String) -> [String] {
    var found = [word]
    func add(_ stem: Substring, _ endings: [String]) {
      guard stem.count > 2 else { return }
      found += endings.map { stem + $0 }
      if let last = stem.last, stem.dropLast().last == last { found.append(String(stem.dropLast())) }
    }
    let singular = Words.singular(word)
    if singular.hasSuffix("ing") {
      add(singular.dropLast(3), ["", "e"])
    } else if singular.hasSuffix("ation") {
      add(singular.dropLast(5), ["e", "ate", ""])
    } else if singular.hasSuffix("ion") {
      add(singular.dropLast(3), ["", "e"])
    } else if singular.hasSuffix("al") {
      add(singular.dropLast(2), ["e", ""])
    } else if singular.hasSuffix("er") || singular.hasSuffix("ed") {
      add(singular.dropLast(2), ["", "e"])
    } else {
      found.append(singular + "ing")
      if singular.hasSuffix("e") { found.append(singular.dropLast() + "ing") }
    }
    return found
  }
}
