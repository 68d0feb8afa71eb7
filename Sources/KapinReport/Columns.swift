extension String {
  /// With spaces behind it, so that columns of a list line up.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
