public import KapinBase

/// Which documents list the features of a product, and in which of their parts.
public struct DocumentRule: Sendable {
  /// Documents of which the parts under some headings list features.
  public var files: [Glob] = []
  /// Documents that are about one feature each: their titles.
  public var pages: [Glob] = []
  /// Phrases of the headings under which features are listed.
  public var under: [[String]] = []
  /// Phrases of headings, and of items themselves, that say that something is not there, or no feature.
  public var without: [[String]] = []
  public init() {}

  public var isEmpty: Bool { files.isEmpty && pages.isEmpty }

  /// Whether an item of a document is a feature of the product.
  public func lists(_ item: DocumentItem) -> Bool {
    let headings = item.headings.map(Words.split)
    guard headings.contains(where: isAbove), !(item.isHeading && isAbove(Words.split(item.text))) else { return false }
    // What a long text says beside is about something else.
    let text = Words.split(item.text)
    let own = text.count <= Self.longestRemark ? text : Words.split(item.lead)
    return !(headings + [own]).contains { words in
      without.contains { Words.contains(words, phrase: $0) }
    }
  }

  private func isAbove(_ heading: [String]) -> Bool { under.contains { Words.contains(heading, phrase: $0) } }

  /// `Dark mode (coming soon)` has fewer words than these.
  private static let longestRemark = 10
}
