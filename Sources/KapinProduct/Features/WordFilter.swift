import KapinBase

/// Takes phrases out of names; singular and plural are the same.
struct WordFilter {
  private var single: Set<String> = []
  private var longer: [[String]] = []

  init(_ phrases: [[String]]) {
    for phrase in phrases {
      let words = phrase.map(Words.singular)
      // Written together, too: `signup`.
      single.insert(phrase.joined())
      if words.count == 1 { single.insert(words[0]) } else if !words.isEmpty { longer.append(words) }
    }
    longer.sort {
      $0.count != $1.count ? $0.count > $1.count : $0.joined(separator: " ").precedes($1.joined(separator: " "))
    }
  }

  /// What is left of a name, long phrases taken first.
  func without(_ words: [String]) -> [String] {
    guard !words.isEmpty else { return [] }
    var names = words
    var keys = words.map(Words.singular)
    for phrase in longer where phrase.count <= keys.count {
      var start = 0
      while start + phrase.count <= keys.count {
        if keys[start..<(start + phrase.count)].elementsEqual(phrase) {
          keys.removeSubrange(start..<(start + phrase.count))
          names.removeSubrange(start..<(start + phrase.count))
        } else {
          start += 1
        }
      }
    }
    return zip(names, keys).filter { !single.contains($0.1) }.map(\.0)
  }
}
