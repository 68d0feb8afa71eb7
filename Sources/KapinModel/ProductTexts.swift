public import KapinBase

/// A text on screen that code names by a key.
public struct Translation: Sendable {
  /// The keys down to it with dots: `settings.title`.
  public var key: String
  public var text: String
  public var place: Place
  public init(key: String, text: String, place: Place) {
    self.key = key
    self.text = text
    self.place = place
  }
}

/// Something that a document lists: an item of a list, a cell that leads a row, a heading.
public struct DocumentItem: Sendable {
  /// The headings that it stands under, outermost first.
  public var headings: [String]
  /// Whether it stands above others, as a heading does.
  public var isHeading = false
  /// The lead of the item that it is a part of.
  public var outer: String?
  /// What it is about: its bold or linked beginning, or what stands before the first mark.
  public var lead: String
  /// All of it, the lead too.
  public var text: String
  public var place: Place
  public init(headings: [String], lead: String, text: String, place: Place) {
    self.headings = headings
    self.lead = lead
    self.text = text
    self.place = place
  }
}
