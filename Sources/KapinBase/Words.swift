/// Splits identifiers, paths and prose into lower-case words, and matches word phrases.
public enum Words {
  /// `signUpPage`, `sign-up_page` and `Sign up page` all give `sign`, `up`, `page`.
  public static func split(_ text: String) -> [String] {
    var words: [String] = []
    var current: [UInt8] = []
    var previous: UInt8 = 0
    let bytes = Array(text.utf8)
    func isLower(_ b: UInt8) -> Bool { b >= 97 && b <= 122 }
    func isUpper(_ b: UInt8) -> Bool { b >= 65 && b <= 90 }
    func isDigit(_ b: UInt8) -> Bool { b >= 48 && b <= 57 }
    func flush() {
      if !current.isEmpty { words.append(String(decoding: current, as: UTF8.self)) }
      current.removeAll(keepingCapacity: true)
    }
    for (index, byte) in bytes.enumerated() {
      if isUpper(byte) {
        let next = index + 1 < bytes.count ? bytes[index + 1] : 0
        if isLower(previous) || isDigit(previous) || (isUpper(previous) && isLower(next)) { flush() }
        current.append(byte + 32)
      } else if isLower(byte) || isDigit(byte) || byte >= 128 {
        current.append(byte)
      } else {
        flush()
      }
      previous = byte
    }
    flush()
    return words
  }

  /// Whether a phrase ("sign up") occurs as consecutive words, written apart or together, in singular or plural.
  public static func contains(_ words: [String], phrase: [String]) -> Bool {
    guard !phrase.isEmpty else { return false }
    let joined = phrase.joined()
    if words.contains(where: { same($0, joined) }) { return true }
    guard words.count >= phrase.count else { return false }
    for start in 0...(words.count - phrase.count)
    where phrase.indices.allSatisfy({ same(words[start + $0], phrase[$0]) }) {
      return true
    }
    return false
  }

  /// Whether the words are the phrase and nothing else.
  public static func equals(_ words: [String], phrase: [String]) -> Bool {
    let a = words.joined(), b = phrase.joined()
    return same(a, b)
  }

  /// Whether the words end in the phrase: in English compounds the last word says what a thing is, so `app_user` is
  /// a user and `user_setting` is a setting.
  public static func ends(_ words: [String], phrase: [String]) -> Bool {
    guard !phrase.isEmpty, words.count >= phrase.count else { return equals(words, phrase: phrase) }
    if same(words[words.count - 1], phrase.joined()) { return true }
    return equals(Array(words.suffix(phrase.count)), phrase: phrase)
  }

  /// Whether the first word is one of some phrases: `create team` begins with `create`.
  public static func begins(_ words: [String], withOneOf phrases: [[String]]) -> Bool {
    guard let first = words.first else { return false }
    return phrases.contains { equals([first], phrase: $0) }
  }

  private static func same(_ a: String, _ b: String) -> Bool { a == b || singular(a) == singular(b) }

  /// English plural endings taken off: `categories` → `category`, `boxes` → `box`, `users` → `user`.
  public static func singular(_ word: String) -> String {
    let isPlural = word.utf8.last == 115  // "s", as nearly all plurals end
    guard isPlural || irregularEnds.contains(word.utf8.last ?? 0) else { return word }
    if uncountable.contains(word) { return word }
    guard isPlural else { return irregular.first { word == $0.many }?.one ?? word }
    if word.count > 4, word.hasSuffix("ies") { return String(word.dropLast(3)) + "y" }
    for ending in ["sses", "xes", "ches", "shes"] where word.hasSuffix(ending) { return String(word.dropLast(2)) }
    if word.count > 3, !word.hasSuffix("ss"), !word.hasSuffix("us"), !word.hasSuffix("is") {
      return String(word.dropLast())
    }
    return word
  }

  /// The plural of an English noun, which may be the end of a longer name, by the rules that object mappers use
  /// (inflection): `category` → `categories`, `person` → `people`; what is plural already stays.
  public static func plural(_ name: String) -> String {
    let small = name.lowercased()
    for word in uncountable where small.hasSuffix(word) { return name }
    for (one, many) in irregular {
      if small.hasSuffix(many) { return name }
      if small.hasSuffix(one) {
        return name.dropLast(one.count) + matching(many, name.dropFirst(name.count - one.count))
      }
    }
    if small.hasSuffix("s"), !small.hasSuffix("ss"), !small.hasSuffix("us"), !small.hasSuffix("is") { return name }
    if small.hasSuffix("is") { return name.dropLast(2) + "es" }
    if ["ss", "us", "sh", "ch", "x", "z"].contains(where: { small.hasSuffix($0) }) { return name + "es" }
    if small.hasSuffix("y"), let before = small.dropLast().last, !"aeiou".contains(before) {
      return name.dropLast() + "ies"
    }
    return name + "s"
  }

  private static func matching(_ word: String, _ old: Substring) -> String {
    old.first?.isUppercase == true ? word.prefix(1).uppercased() + word.dropFirst() : word
  }

  private static let uncountable = [
    "equipment", "information", "metadata", "money", "species", "series", "news", "feedback", "media", "data", "sms",
  ]
  private static let irregular: [(one: String, many: String)] = [
    ("person", "people"), ("child", "children"), ("man", "men"), ("datum", "data"),
  ]
  private static let irregularEnds = Set(irregular.compactMap(\.many.utf8.last))

  /// `workspace invite` → `workspaceInvite`.
  public static func camelCase(_ words: [String]) -> String {
    guard let first = words.first else { return "" }
    return first + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
