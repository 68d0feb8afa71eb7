import KapinEngine
import KapinFiles
import KapinModel
import KapinRules
import KapinTesting

/// The shipped rules, loaded once.
enum Shipped {
  static let program: RuleProgram = {
    do { return try RuleLoader.load(try RuleFolder.rules(Checkout.root + "/Rules")) } catch {
      fatalError("the shipped rules do not load: \(error)")
    }
  }()

  static func graph(_ files: [String: String], jobs: Int = 1) -> ProductGraph {
    Engine.analyze([MemoryTree(files)], program, RunControl(jobs: jobs))
  }
}
