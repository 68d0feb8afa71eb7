import KapinBase
import KapinExtract
import KapinModel
import KapinRules

/// Fields of a schema language's root types, joined with the functions that answer them.
extension Composer {
  mutating func operations(_ findings: [Finding]) {
  }
}
