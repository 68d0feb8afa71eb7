package import KapinBase
package import KapinModel

/// What rules found, for editors and code hosts (OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0").
///
/// Each piece of evidence for a feature is a result of level `note`; what was skipped or guessed is one of level
/// `warning` or `note`. Columns count UTF-16 units.
package enum SARIFReport {
  package static func document(_ analysis: Analysis) -> JSONText {
    let rows = results(analysis)
    var order: [String: Int] = [:]
    var descriptors: [JSONText] = []
    for row in rows where order[row.rule] == nil {
      order[row.rule] = descriptors.count
      descriptors.append(descriptor(row, analysis))
    }
    let run = JSONText.object([
      "tool": .object([
        "driver": .object([
          "name": .text("KAPIN"), "version": .text(EngineVersion.text), "rules": .list(descriptors),
          "semanticVersion": .text(EngineVersion.text),
        ])
      ]),
      "columnKind": .text("utf16CodeUnits"),
      "results": .list(rows.map { result($0, order[$0.rule] ?? 0) }),
    ])
    return .object([
      "$schema": .text("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"),
      "version": .text("2.1.0"), "runs": .list([run]),
    ])
  }

  private struct Row {
    var rule: String
    var title: String
    var level: String
    var message: String
    var place: Place?
    var rank: Double?
  }

  private static func results(_ analysis: Analysis) -> [Row] {
    var rows: [Row] = []
    for feature in analysis.features {
      for evidence in feature.evidence {
        rows.append(
          Row(
            rule: evidence.rule, title: "", level: "note", message: "\(feature.title): \(evidence.says)",
            place: evidence.place, rank: evidence.weight * 100))
      }
    }
    for note in analysis.graph.notes + analysis.graph.coverage.schemaDisagreements {
      rows.append(
        Row(
          rule: "kapin-\(note.id.rawValue)", title: note.id.rawValue.replacing("-", with: " "),
          level: note.severity.rawValue, message: note.message, place: note.place, rank: nil))
    }
    return rows
  }

  private static func descriptor(_ row: Row, _ analysis: Analysis) -> JSONText {
    let info = analysis.program.info(row.rule)
    let description = analysis.features.first { $0.rule == row.rule && $0.id == row.rule }?.description
    return .object([
      "id": .text(row.rule), "shortDescription": .object(["text": .text(info?.title ?? row.title)]),
      "fullDescription": description.map { .object(["text": .text($0)]) },
    ])
  }

  private static func result(_ row: Row, _ rule: Int) -> JSONText {
    .object([
      "ruleId": .text(row.rule), "ruleIndex": .int(rule), "level": .text(row.level),
      "message": .object(["text": .text(row.message)]), "rank": row.rank.map { .decimal($0) },
      "locations": row.place.flatMap(location).map { .list([$0]) },
    ])
  }

  private static func location(_ place: Place) -> JSONText? {
    guard !place.path.isEmpty else { return nil }
    let region = place.position.map {
      JSONText.object(["startLine": .int($0.line), "startColumn": .int($0.column)])
    }
    return .object([
      "physicalLocation": .object([
        "artifactLocation": .object(["uri": .text(address(place.path))]), "region": region,
      ])
    ])
  }

  /// A relative reference (RFC 3986): what is not unreserved or a slash is percent-encoded.
  private static func address(_ path: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
    let hex = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in path.utf8 {
      if plain.contains(byte) { bytes.append(byte) } else { bytes += [37, hex[Int(byte >> 4)], hex[Int(byte & 15)]] }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
