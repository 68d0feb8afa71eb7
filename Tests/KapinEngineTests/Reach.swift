import KapinBase
import KapinModel
import KapinQuery

extension GraphIndex {
  /// Of some names, those that a way leads to from what a text finds.
  ///
  /// - Parameter prefix: what stands before each name in its id: `symbol:store.ts#`.
  func reached(from start: String, among names: [String], of prefix: String) -> [String] {
    let search = NodeSearch(self)
    return names.filter { name in
      let question = TraceQuestion(from: search.find(start).nodes, to: Set(search.find(prefix + name).nodes))
      return !traces(question).isEmpty
    }
  }
}
