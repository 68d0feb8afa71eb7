/// A value of a configuration file (JSON or YAML), with the line that it stands on.
public indirect enum ConfigValue: Sendable {
  case text(String, line: Int)
  case list([ConfigValue])
  case object([(key: String, value: ConfigValue)])

  public var text: String? { if case .text(let text, _) = self { text } else { nil } }

  public subscript(key: String) -> ConfigValue? {
    if case .object(let rows) = self { rows.first { $0.key == key }?.value } else { nil }
  }

  /// The line of the value, or of the first text in it.
  public var line: Int? {
    switch self {
    case .text(_, let line): line
    case .list(let items): items.lazy.compactMap(\.line).first
    case .object(let rows): rows.lazy.compactMap(\.value.line).first
    }
  }
}

/// A configuration file that rules ask for.
public struct ConfigFile: Sendable {
  public var path: String
  public var package: PackageID
  public var value: ConfigValue
  public init(path: String, package: PackageID, value: ConfigValue) {
    self.path = path
    self.package = package
    self.value = value
  }
}
