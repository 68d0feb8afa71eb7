import KapinBase

/// Which files test the product instead of being it.
public enum TestPaths {
  public static func isTest(_ path: String) -> Bool {
    let lower = path.lowercased()
    // `__tests__`, `__mocks__`, `__stories__`: folders of tools; `__generated__` is code of the product.
    let isMade = lower.utf8.contains(UInt8(ascii: "_")) && lower.contains("__generated__")
    let parts = PathParts(isMade ? lower.replacing("__generated__", with: "generated") : lower)
    return patterns.contains { $0.matches(parts) }
  }

  private static let patterns = [
    "**/*.{test,tests,spec,stories,story,cy,e2e,mock}.*",
    "**/{test,tests,fixtures,e2e,cypress,playwright,stories,mocks,example,examples,seed,seeds}/**/*",
    "**/__*__/**/*",
    "**/seed.{ts,js}",
  ].map(Glob.init)
}
