import KapinBase
package import KapinModel
import KapinReport

/// The files of an analysis by their path in the output folder.
package enum OutputFiles {
  /// - Parameters:
  ///   - folder: the output folder's name as guides name it.
  ///   - sources: for each root, the way from the output folder to it.
  package static func all(_ analysis: Analysis, folder: String, sources: [String] = []) -> [(
    path: String, bytes: [UInt8]
  )] {
    var files: [(path: String, bytes: [UInt8])] = []
    func add(_ path: String, _ text: String) { files.append((path, Array(text.utf8))) }
    files.append(("graph.ndjson", GraphDump.bytes(analysis.graph, as: .ndjson)))
    add("features.json", ProductWire.features(analysis).pretty())
    add("metrics.json", ProductWire.metrics(analysis).pretty())
    add("findings.sarif", SARIFReport.document(analysis).pretty())
    add("proof.json", ProductWire.proof(analysis).pretty())
    for metric in analysis.metrics {
      let bundle = BundleFiles(metric, analysis)
      if let path = bundle.sql, let sql = metric.pasteableSQL { add(path, heading(metric) + sql) }
      if let path = bundle.parameterisedSQL, let sql = metric.sql {
        add(path, heading(metric) + "-- $1: from, $2: to (not included), both timestamptz\n" + sql)
      }
      add(bundle.guide, GuideText.render(metric, analysis, outputName: folder))
    }
    for store in analysis.stores { add(BundleFiles.migrationFile(store), store.migration) }
    for patch in analysis.patches { add(patch.path, patch.text) }
    add("report.html", HTMLReport.page(analysis, sources: sources))
    return files
  }

  private static func heading(_ metric: Metric) -> String { "-- \(metric.title): \(metric.rule.question)\n" }
}
