import KapinBase
import KapinModel

/// What the parts of a screen are called: headings, and titles of cards, sections and tabs.
struct ScreenHeadings {
  struct Heading {
    var text: String
    var at: UInt32
  }

  private static let headingTags: Set<String> = ["h1", "h2", "h3", "h4", "legend"]
  /// Last words of components that show a title: `CardTitle`.
  private static let titleWords: Set<String> = ["title", "heading", "legend"]
  /// Last words of components that have one: `SettingsCard title="PII masking"`.
  private static let partWords: Set<String> = [
    "section", "card", "panel", "tab", "group", "accordion", "setting", "block",
  ]
  private static let titleKeys: Set<String> = ["title", "label", "heading", "header"]
  /// What has more words is a sentence.
  private static let longest = 4
  /// Names have none of these.
  private static let speech: Set<Character> = ["!", "?", "…", "{", "}"]

  private let facts: FrozenFacts
  private let translations: ProductTranslations

  init(_ facts: FrozenFacts, _ translations: ProductTranslations) {
    self.facts = facts
    self.translations = translations
  }

  /// In the order of the file.
  func all() -> [Heading] {
    facts.elements.rows.enumerated().compactMap { index, element -> Heading? in
      let tag = facts.names[element.tagName]
      let last = Words.split(tag).last ?? ""
      if Self.headingTags.contains(tag) || Self.titleWords.contains(last) {
        return written(ElementID(index), element.range)
      }
      guard Self.partWords.contains(last) else { return nil }
      return facts.attributes[element.attributes.indices].lazy
        .filter { Self.titleKeys.contains(facts.names[$0.name]) }
        .compactMap { attribute in text(attribute.value).map { Heading(text: $0, at: attribute.at) } }.first
    }.filter { heading in
      (1...Self.longest).contains(Words.split(heading.text).count) && heading.text.utf8.count < 50
        && !heading.text.contains { Self.speech.contains($0) }
    }
  }

  /// The only text in a heading, or what its only call with a text gives.
  private func written(_ id: ElementID, _ range: Range32) -> Heading? {
    let own = facts.texts.filter { $0.element == id }
    if own.count == 1 { return Heading(text: facts.names[own[0].text], at: own[0].at) }
    guard own.isEmpty else { return nil }
    let calls = facts.calls.rows.filter { range.start < $0.range.start && $0.range.end < range.end }
    guard calls.count == 1, let text = argument(calls[0]) else { return nil }
    return Heading(text: text, at: calls[0].range.start)
  }

  private func text(_ value: ValueID) -> String? {
    switch facts.values[value] {
    case .text(let text): facts.names[text]
    case .call(let call): argument(facts.calls[call])
    default: nil
    }
  }

  /// What people read for the key that a call is given.
  private func argument(_ call: Call) -> String? {
    guard let first = call.arguments.indices.first, case .text(let text) = facts.values[facts.valueLists[first]]
    else { return nil }
    return translations.text(facts.names[text])
  }
}
