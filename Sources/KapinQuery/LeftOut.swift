import KapinBase
import KapinModel

/// A part of a function that a way through the graph does not reach, as edges say it: `12:3-40:5`; behind the places of
/// calls that hand on what was passed, `20:5>12:3-40:5`.
struct LeftOut: Hashable {
  private var through: [Position]
  private var start: Position
  private var end: Position

  init?(_ text: String) {
    var places = text.split(separator: ">")
    guard let range = places.popLast()?.split(separator: "-"), range.count == 2, let start = Self.position(range[0]),
      let end = Self.position(range[1])
    else { return nil }
    through = places.compactMap { Self.position($0) }
    guard through.count == places.count else { return nil }
    self.start = start
    self.end = end
  }

  private static func position(_ text: Substring) -> Position? {
    let parts = text.split(separator: ":").compactMap { Int($0) }
    return parts.count == 2 ? Position(line: parts[0], column: parts[1]) : nil
  }

  /// Whether a place in the function that was reached lies in it.
  func contains(_ place: Position) -> Bool { through.isEmpty && start <= place && place < end }

  /// What is left of it when an edge of the reached function is followed; `nil` when it says nothing any more.
  ///
  /// - Parameter isInner: whether the edge leads to a function inside the reached one, whose places lie in that too.
  func after(_ edge: ProductEdge, isInner: Bool) -> LeftOut? {
    if isInner || edge.kind == .handles { return self }
    guard let next = through.first, edge.at?.position == next else { return nil }
    var rest = self
    rest.through.removeFirst()
    return rest
  }
}
