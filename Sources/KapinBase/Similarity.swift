/// Finds the known word nearest to a misspelt one, for error messages.
public enum Similarity {
  /// The candidate with the smallest edit distance, if it is near enough to be a likely misspelling.
  public static func nearest(_ word: String, in candidates: [String]) -> String? {
    let limit = max(1, word.utf8.count / 3 + 1)
    return candidates.map { (distance(word, $0), $0) }
      .filter { $0.0 <= limit }
      .min { $0.0 != $1.0 ? $0.0 < $1.0 : $0.1.precedes($1.1) }?.1
  }

  /// Optimal string alignment distance (Damerau–Levenshtein with adjacent transpositions).
  public static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a.utf8), b = Array(b.utf8)
    var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { rows[i][0] = i }
    for j in 0...b.count { rows[0][j] = j }
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    for i in 1...a.count {
      for j in 1...b.count {
        let cost = a[i - 1] == b[j - 1] ? 0 : 1
        rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
        }
      }
    }
    return rows[a.count][b.count]
  }
}
