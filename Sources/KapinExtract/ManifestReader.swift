package import KapinBase
package import KapinModel
internal import KapinSyntax

/// Reads package.json files.
package enum ManifestReader {
  /// The manifest, and whether the JSON is broken somewhere.
  package static func read(_ bytes: [UInt8]) -> (manifest: Manifest, errorAt: Position?) {
    let (value, errorAt) = JSON.parse(bytes)
    var manifest = Manifest()
    let position = errorAt.map { at in bytes.withUnsafeBytes { LineTable($0).position(at) } }
    guard let value, value.members != nil else { return (manifest, position ?? Position(line: 1, column: 1)) }
    manifest.name = value["name"]?.text
    manifest.isModule = value["type"]?.text == "module"
    manifest.version = value["version"]?.text
    manifest.source = value["source"]?.text
    manifest.types = value["types"]?.text ?? value["typings"]?.text
    manifest.module = value["module"]?.text
    manifest.main = value["main"]?.text
    manifest.typesVersions = (value["typesVersions"]?.members ?? []).map { range, patterns in
      (range, (patterns.members ?? []).map { ($0.key, $0.value.items?.compactMap(\.text) ?? []) })
    }
    manifest.exports = value["exports"].map(exportMap)
    manifest.imports = value["imports"].map(exportMap)
    let workspaces = value["workspaces"]
    manifest.workspaces = (workspaces?.items ?? workspaces?["packages"]?.items ?? []).compactMap(\.text)
    var seen: Set<String> = []
    for key in ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"] {
      for (name, range) in value[key]?.members ?? [] where seen.insert(name).inserted {
        manifest.dependencies.append((name, range.text ?? "*"))
      }
    }
    return (manifest, position)
  }

  private static func exportMap(_ json: JSON) -> ExportMap {
    switch json {
    case .string(let text): .target(text)
    case .list(let items): .alternatives(items.map(exportMap))
    case .object(let members): .keys(members.map { ($0.key, exportMap($0.value)) })
    default: .blocked
    }
  }
}

/// Reads tsconfig.json and jsconfig.json files (TypeScript documentation, "TSConfig Reference").
package enum CompilerConfigReader {
  package static func read(_ bytes: [UInt8]) -> (config: CompilerConfig, errorAt: Position?) {
    let (value, errorAt) = JSON.parse(bytes)
    var config = CompilerConfig()
    let position = errorAt.map { at in bytes.withUnsafeBytes { LineTable($0).position(at) } }
    guard let value, value.members != nil else {
      return (config, bytes.allSatisfy { $0 <= 32 } ? nil : position ?? Position(line: 1, column: 1))
    }
    switch value["extends"] {
    case .string(let one)?: config.extends = [one]
    case .list(let several)?: config.extends = several.compactMap(\.text)
    default: break
    }
    config.references = value["references"]?.items?.compactMap { $0["path"]?.text } ?? []
    config.files = value["files"]?.items?.compactMap(\.text)
    config.include = value["include"]?.items?.compactMap(\.text)
    config.exclude = value["exclude"]?.items?.compactMap(\.text)
    guard let options = value["compilerOptions"] else { return (config, position) }
    config.baseURL = options["baseUrl"]?.text
    config.rootDir = options["rootDir"]?.text
    config.outDir = options["outDir"]?.text
    func texts(_ value: JSON?) -> [String]? { value?.items.map { $0.compactMap(\.text) } }
    config.rootDirs = texts(options["rootDirs"])
    config.moduleSuffixes = texts(options["moduleSuffixes"])
    config.customConditions = texts(options["customConditions"])
    if let paths = options["paths"]?.members {
      config.paths = paths.map { ($0.key, $0.value.items?.compactMap(\.text) ?? []) }
    }
    return (config, position)
  }
}
