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
    /// The literal segments of the place that it leads to: those of `/settings/api-keys`, or `apiKeys` of `paths.apiKeys`.
    var place: [String] = []

    /// Whether the place is called so, too: what menu and address agree on is the product's own word.
    var leadsThere: Bool {
      let name = Words.split(name).map(Words.singular), last = Words.split(place.last ?? "").map(Words.singular)
      return !last.isEmpty && name.suffix(last.count) == last[...]
    }
  }

  private let facts: FrozenFacts
  private let translations: ProductTranslations

  init(_ facts: FrozenFacts, _ translations: ProductTranslations) {
    self.facts = facts
    self.translations = translations
  }

  private static let nameKeys: Set<String> = [
    "label", "title", "name", "text", "labelKey", "titleKey", "nameKey", "textKey", "i18nKey",
  ]
  /// Attributes that name a link which has no text inside.
  private static let nameAttributes: Set<String> = ["label", "title", "name", "text"]
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
      var name: Entry?, place: [String] = [], isLink = false, isMarked = false, isSeen = false
      for property in facts.properties[range.indices] where property.form == .plain {
        let key = facts.names[property.name]
        if name == nil, Self.nameKeys.contains(key), let text = label(property.value) {
          name = Entry(name: text, at: property.at)
        }
        isMarked = isMarked || Self.markKeys.contains(key)
        isSeen = isSeen || Self.lookKeys.contains(key)
        let isSure = Self.linkKeys.contains(key)
        if isSure || Self.pathKeys.contains(key), leads(property.value, isSure: isSure) {
          isLink = true
          if place.isEmpty { place = self.place(property.value) }
        }
      }
      name?.place = place
      return isLink || isMarked && isSeen ? name : nil
    }
  }

  /// The segments of a place; none where its end is not literal.
  private func place(_ value: ValueID) -> [String] {
    switch facts.values[value] {
    case .text(let text): return Self.segments(facts.names[text])
    case .concat(let parts):
      let texts = parts.indices.map { index -> String? in
        if case .text(let text) = facts.values[facts.valueLists[index]] { return facts.names[text] }
        return nil
      }
      return texts.last.flatMap { $0 } == nil ? [] : texts.flatMap { Self.segments($0 ?? "") }
    case .member(_, let name): return [facts.names[name]]
    case .call(let call): return place(facts.calls[call].callee)
    default: return []
    }
  }

  private static func segments(_ path: String) -> [String] {
    path.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").map(String.init)
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
    // `Company |||| Companies`: one and many, as some libraries write it.
    if let known = translations.text(text) {
      return String((known.split(separator: "|").last ?? "").drop { $0 == " " })
    }
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
    facts.elements.rows.compactMap { element in
      let attributes = facts.attributes[element.attributes.indices]
      let link = attributes.first { Self.linkKeys.contains(facts.names[$0.name]) && leads($0.value, isSure: false) }
      guard let link, var entry = name(element.range) ?? name(attributes) else { return nil }
      entry.place = place(link.value)
      return entry
    }
  }

  /// The only text in a link.
  private func name(_ range: Range32) -> Entry? {
    let inside = facts.texts.filter { range.start <= $0.at && $0.at < range.end }
    if inside.isEmpty { return translated(range) }
    guard inside.count == 1, let name = short(facts.names[inside[0].text]) else { return nil }
    return Entry(name: name, at: inside[0].at)
  }

  /// `<NavItem to="/groups" label="Groups" />`
  private func name(_ attributes: ArraySlice<Attribute>) -> Entry? {
    attributes.lazy.filter { Self.nameAttributes.contains(facts.names[$0.name]) }.compactMap { attribute in
      label(attribute.value).map { Entry(name: $0, at: attribute.at) }
    }.first
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
