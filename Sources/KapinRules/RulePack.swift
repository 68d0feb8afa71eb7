package import KapinBase

/// Rules that are handed on together, with a version and, in a lock, a hash.
package struct RulePack: Sendable {
  /// The folder or archive.
  package var path: String
  /// As its manifest says; the last part of the path where there is none.
  package var name: String
  package var version: String?
  package var texts: [RuleText]

  /// The file of a pack that says what it is.
  package static let manifestName = "pack.yml"

  /// Reads the manifest, when there is one, and leaves the rules.
  package init(path: String, texts all: [RuleText]) throws(RuleErrors) {
    self.path = path
    name = path.split(separator: "/").last.map(String.init) ?? path
    texts = all.filter { !Self.isManifest($0.path, in: path) }
    if let manifest = all.first(where: { Self.isManifest($0.path, in: path) }) { try read(manifest) }
    for index in texts.indices { texts[index].pack = name }
  }

  private static func isManifest(_ file: String, in folder: String) -> Bool { file == folder + "/" + manifestName }

  private mutating func read(_ manifest: RuleText) throws(RuleErrors) {
    let context = RuleContext(path: manifest.path)
    if var fields = RuleFields.whole(manifest.text, in: context, what: "a pack") {
      name = context.required(fields.take("pack"), "pack", in: fields)
      version = context.required(fields.take("version"), "version", in: fields)
      _ = context.text(fields.take("description"), "`description`")
      let requires = fields.take("requires")
      if let wanted = context.integer(requires, "`requires`"), wanted > RuleLoader.languageVersion {
        context.fail(
          "the pack needs rule language \(wanted); this version of KAPIN reads \(RuleLoader.languageVersion)",
          at: requires, help: "use a newer KAPIN, or an older version of the pack")
      }
      fields.finish(context)
    }
    if !context.problems.isEmpty { throw RuleErrors(diagnostics: context.problems) }
  }

  /// Of names and texts, wherever the pack lies.
  package var hash: ContentHash {
    ContentHash(
      ([name, version ?? ""] + texts.map { "\($0.path.dropFirst(path.utf8.count))\n\($0.text)" })
        .joined(separator: "\u{0}"))
  }
}

/// What `.kapin/config.yml` of an analysed repository says.
package struct ProjectConfig: Sendable {
  /// Folders and archives with rules, relative to the repository.
  package var rules: [String] = []

  package static func read(_ text: String, path: String) throws(RuleErrors) -> ProjectConfig {
    let context = RuleContext(path: path)
    var config = ProjectConfig()
    if var fields = RuleFields.whole(text, in: context, what: "a configuration") {
      config.rules = context.texts(fields.take("rules"), "`rules`")
      fields.finish(context)
    }
    if !context.problems.isEmpty { throw RuleErrors(diagnostics: context.problems) }
    return config
  }
}
