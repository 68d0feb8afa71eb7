import Foundation
import KapinBase
package import KapinRules

/// Reads rule files and suites from a folder.
package enum RuleFolder {
  package struct Suite: Sendable {
    package var path: String
    package var text: String
  }

  /// All `.yml` files below the folder and the guide template, sorted by path.
  package static func rules(_ folder: String) throws(TreeError) -> [RuleText] {
    let all = try files(folder, ending: [".yml", RuleLoader.guideName])
    let isGuide = { (file: (path: String, text: String)) in file.path.hasSuffix(RuleLoader.guideName) }
    return (all.filter { !isGuide($0) } + all.filter(isGuide)).map { RuleText(path: $0.path, text: $0.text) }
  }

  /// All `.md` files that stand beside a rule.
  package static func suites(_ folder: String) throws(TreeError) -> [Suite] {
    let rules = Set(try files(folder, ending: [".yml"]).map { $0.path.dropLast(4) })
    return try files(folder, ending: [".md"]).filter { rules.contains($0.path.dropLast(3)) }
      .map { Suite(path: $0.path, text: $0.text) }
  }

  private static func files(_ folder: String, ending: [String]) throws(TreeError) -> [(path: String, text: String)] {
    guard let all = FileManager.default.enumerator(atPath: folder) else {
      throw TreeError(description: "there is no rule folder \(folder)")
    }
    let paths = all.compactMap { $0 as? String }.filter { path in ending.contains { path.hasSuffix($0) } }
      .sortedByBytes()
    return try paths.map { path throws(TreeError) in
      guard let data = FileManager.default.contents(atPath: folder + "/" + path) else {
        throw TreeError(description: "\(folder)/\(path) cannot be read")
      }
      return (folder + "/" + path, String(decoding: data, as: UTF8.self))
    }
  }

  /// The shipped rules: `$KAPIN_RULES`, beside an installed program, or in the checkout that the program was built in.
  package static func shipped() -> String? {
    let manager = FileManager.default
    if let given = ProcessInfo.processInfo.environment["KAPIN_RULES"] { return given }
    guard let program = try? manager.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
    var folder = (program as NSString).deletingLastPathComponent
    let installed = (folder as NSString).deletingLastPathComponent + "/share/kapin/rules"
    if manager.fileExists(atPath: installed) { return installed }
    while folder.count > 1 {
      if manager.fileExists(atPath: folder + "/Package.swift"), manager.fileExists(atPath: folder + "/Rules") {
        return folder + "/Rules"
      }
      folder = (folder as NSString).deletingLastPathComponent
    }
    return nil
  }
}
