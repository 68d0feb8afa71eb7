import KapinBase
import KapinModel

/// What the product's own menus and links are called: what it says itself that it has.
///
/// An entry is an object with a name and a place to go (`{ title: "Groups", href: "/groups" }`), a tab (`{ id: "errors",
/// label: "Errors", icon: Bug }`), or a link with a text.
struct ProductMenu {
  struct Entry {
    var name: String
    var at: UInt32
  }

  private let facts: FrozenFacts
  private let translations: ProductTranslations

  init(_ facts: FrozenFacts, _ translations: ProductTranslations) {
    self.facts = facts
    self.translations = translations
  }

  private static let nameKeys: Set<String> = ["label", "title", "name", "text", "labelKey", "titleKey", "i18nKey"]
  /// Keys under which anything but a text with another host is a place to go.
  private static let linkKeys: Set<String> = ["href", "to"]
  /// Keys that have other meanings, too: their text must be a path.
  private static let pathKeys: Set<String> = ["path", "url", "link", "route", "pathname"]
  /// Keys of a tab beside its name: which one it is, and how it looks.
  private static let markKeys: Set<String> = ["id", "key", "value", "tab"]
  private static let lookKeys: Set<String> = ["icon", "component", "content", "panel", "Icon", "Component"]
  /// What has more words is a sentence.
  private static let longestName = 3

  func entries() -> [Entry] { objects() + links() }

  // MARK: Objects

  private func objects() -> [Entry] {
    facts.values.rows.compactMap { value in
      guard case .object(let range) = value, (2...16).contains(range.count) else { return nil }
      var name: Entry?, isLink = false, isMarked = false, isSeen = false
      for property in facts.properties[range.indices] where property.form == .plain {
        let key = facts.names[property.name]
        if name == nil, Self.nameKeys.contains(key), let text = label(property.value) {
          name = Entry(name: text, at: property.at)
        }
        isMarked = isMarked || Self.markKeys.contains(key)
        isSeen = isSeen || Self.lookKeys.contains(key)
        if Self.linkKeys.contains(key) { isLink = isLink || leads(property.value, isSure: true) }
        if Self.pathKeys.contains(key) { isLink = isLink || leads(property.value, isSure: false) }
      }
      return isLink || isMarked && isSeen ? name : nil
    }
  }

  /// Whether a value is a place in the product.
  private func leads(_ value: ValueID, isSure: Bool) -> Bool {
    switch facts.values[value] {
    case .text(let text): facts.names[text].hasPrefix("/")
    case .concat(let parts):
      parts.indices.contains { index in
        if case .text(let text) = facts.values[facts.valueLists[index]] { return facts.names[text].contains("/") }
        return false
      }
    case .member, .call: isSure
    default: false
    }
  }

  /// A short text, or the last part of the key under which translations have it: `t("sidebar.groups")`.
  private func label(_ value: ValueID) -> String? {
    switch facts.values[value] {
    case .text(let text): return short(keyed(facts.names[text]))
    case .call(let call):
      guard let first = facts.calls[call].arguments.indices.first,
        case .text(let text) = facts.values[facts.valueLists[first]]
      else { return nil }
      return short(keyed(facts.names[text]))
    default: return nil
    }
  }

  private func keyed(_ text: String) -> String {
    if let known = translations.text(text) { return known }
    guard !text.contains(" "), let last = text.split(whereSeparator: { $0 == "." || $0 == ":" }).last else {
      return text
    }
    return String(last)
  }

  private func short(_ text: String) -> String? {
    (1...Self.longestName).contains(Words.split(text).count) && text.utf8.count < 40 ? text : nil
  }

  // MARK: Links

  private func links() -> [Entry] {
    let texts = facts.texts
    return facts.elements.rows.compactMap { element in
      let isLink = facts.attributes[element.attributes.indices].contains { attribute in
        Self.linkKeys.contains(facts.names[attribute.name]) && leads(attribute.value, isSure: false)
      }
      guard isLink else { return nil }
      let inside = texts.filter { element.range.start <= $0.at && $0.at < element.range.end }
      if inside.isEmpty { return translated(element.range) }
      guard inside.count == 1, let name = short(facts.names[inside[0].text]) else { return nil }
      return Entry(name: name, at: inside[0].at)
    }
  }

  /// The only call with a text in a link: `<Link to="/groups">{t("sidebar.groups")}</Link>`.
  private func translated(_ range: Range32) -> Entry? {
    var found: Entry?
    for call in facts.calls.rows where range.start < call.range.start && call.range.end < range.end {
      guard let first = call.arguments.indices.first, case .text(let text) = facts.values[facts.valueLists[first]]
      else {
        continue
      }
      guard found == nil, let name = short(keyed(facts.names[text])) else { return nil }
      found = Entry(name: name, at: call.range.start)
    }
    return found
  }
}
