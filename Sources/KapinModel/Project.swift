public import KapinBase

public typealias FileID = ID<SourceFile>
public typealias PackageID = ID<Package>

/// What a disk says of a file without reading it: when all of it is the same, the content is.
public struct FileStamp: Hashable, Sendable, BitwiseCopyable {
  public var byteCount: Int64
  /// Nanoseconds since 1970 of the last change of content, and of content or attributes.
  public var modified: Int64
  public var changed: Int64
  public var node: UInt64
  public init(byteCount: Int64, modified: Int64, changed: Int64, node: UInt64) {
    self.byteCount = byteCount
    self.modified = modified
    self.changed = changed
    self.node = node
  }
}

/// A file that KAPIN reads: source code, a schema, a manifest, a compiler configuration or a list of workspace members.
public struct SourceFile: Sendable {
  public enum Form: Sendable, Equatable {
    case source(SourceLanguage)
    case schema(SchemaLanguage)
    case manifest
    case compilerConfig
    /// The list of a workspace's members, beside its package.json.
    case workspace
  }
  /// Relative to the analysed roots, with `/`; with several roots it starts with the root's name.
  public var path: String
  public var root: Int
  public var byteCount: Int
  public var form: Form
  public var isTest: Bool
  public var stamp: FileStamp?
  public init(path: String, root: Int, byteCount: Int, form: Form, isTest: Bool, stamp: FileStamp?) {
    self.stamp = stamp
    self.path = path
    self.root = root
    self.byteCount = byteCount
    self.form = form
    self.isTest = isTest
  }
}

public enum SourceLanguage: String, Sendable, CaseIterable {
  case javascript, typescript, tsx
  /// Component files; their script blocks are read.
  case vue, svelte, astro
  public var isComponentFile: Bool { self == .vue || self == .svelte || self == .astro }
}
public enum SchemaLanguage: String, Sendable, CaseIterable { case prisma, sql, graphql }

/// One analysed folder.
public struct Root: Sendable {
  public var name: String
  /// What its paths start with: empty for a single root.
  public var prefix: String
  public var commit: String?
  /// Where people read the commit's files on the web: `https://host/owner/name/blob/<commit>`.
  public var webAddress: String?
  public init(name: String, prefix: String, commit: String?, webAddress: String?) {
    self.name = name
    self.prefix = prefix
    self.commit = commit
    self.webAddress = webAddress
  }
}

/// What lies in the analysed folders, sorted by the bytes of paths; a file's position is its id.
public struct Inventory: Sendable {
  public var roots: [Root] = []
  public var files = Table<SourceFile>()
  /// Every path that exists and isn't ignored, read or not, so that imports of assets resolve.
  public var paths = PathIndex()
  public var skipped: [SkippedFile] = []
  public init() {}
}

public struct SkippedFile: Sendable, Hashable {
  public enum Reason: String, Sendable, CaseIterable {
    case tooLarge = "too-large"
    case minified, generated, vendored, binary, unreadable
    case linkOutOfTree = "link-out-of-tree"
    case ownOutput = "own-output"
    case limit = "limit-reached"
  }
  public var path: String
  public var reason: Reason
  public init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }
}

/// Byte-exact look-up of paths, and of the folders above them.
public struct PathIndex: Sendable {
  private var names = NameTable()
  private var files: [FileID?] = []
  private var isFolder: [Bool] = []

  public init() {}

  public mutating func insert(_ path: String, file: FileID? = nil) {
    let name = names.intern(path)
    if name.index == files.count {
      files.append(file)
      isFolder.append(false)
      var folder = Paths.folder(path)
      while !folder.isEmpty {
        let parent = names.intern(folder)
        if parent.index < files.count {
          if isFolder[parent.index] { break }
          isFolder[parent.index] = true
        } else {
          files.append(nil)
          isFolder.append(true)
        }
        folder = Paths.folder(folder)
      }
    } else {
      isFolder[name.index] = false
      if let file { files[name.index] = file }
    }
  }

  /// The paths of all files below a folder, sorted by bytes.
  public func files(in folder: String) -> [String] {
    (0..<names.count).lazy.filter { !isFolder[$0] }.map { names[Name($0)] }
      .filter { folder.isEmpty || $0.hasPrefix(folder + "/") }.sortedByBytes()
  }

  /// Whether a file has this path, and which one when KAPIN reads it.
  public func lookUp(_ path: UnsafeRawBufferPointer) -> (exists: Bool, file: FileID?) {
    guard let name = names.find(path), !isFolder[name.index] else { return (false, nil) }
    return (true, files[name.index])
  }

  public func file(_ path: String) -> FileID? { names.find(path).flatMap { files[$0.index] } }
  public func exists(_ path: String) -> Bool { names.find(path).map { !isFolder[$0.index] } ?? false }
  public func isFolder(_ path: String) -> Bool { names.find(path).map { isFolder[$0.index] } ?? path.isEmpty }
}

/// Path arithmetic on repository paths (`a/b/c`, no leading slash).
public enum Paths {
  /// `a/b/c` → `a/b`; empty at the top.
  public static func folder(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: 47) else { return "" }
    return String(path[..<slash])
  }

  public static func last(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: 47) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  public static func join(_ folder: String, _ path: String) -> String {
    folder.isEmpty ? path : path.isEmpty ? folder : folder + "/" + path
  }

  /// Resolves `.` and `..`; `nil` when the path leaves the top.
  public static func normalize(_ path: String) -> String? {
    let dot = UInt8(ascii: "."), slash = UInt8(ascii: "/")
    var out: [UInt8] = []
    out.reserveCapacity(path.utf8.count)
    var path = path
    let isInside = path.withUTF8 { bytes -> Bool in
      var start = 0
      while start < bytes.count {
        var end = start
        while end < bytes.count, bytes[end] != slash { end += 1 }
        let count = end - start
        if count == 2, bytes[start] == dot, bytes[start + 1] == dot {
          guard !out.isEmpty else { return false }
          out.removeSubrange((out.lastIndex(of: slash) ?? 0)...)
        } else if count > 0, !(count == 1 && bytes[start] == dot) {
          if !out.isEmpty { out.append(slash) }
          out.append(contentsOf: bytes[start..<end])
        }
        start = end + 1
      }
      return true
    }
    return isInside ? String(decoding: out, as: UTF8.self) : nil
  }

  /// The path from one folder to a file, always with a leading `./` or `../`.
  public static func relative(from folder: String, to path: String) -> String {
    let a = folder.split(separator: "/"), b = path.split(separator: "/")
    var shared = 0
    while shared < a.count, shared < b.count - 1, a[shared] == b[shared] { shared += 1 }
    let ups = Array(repeating: "..", count: a.count - shared)
    let rest = b[shared...].map(String.init)
    return ((ups.isEmpty ? ["."] : ups) + rest).joined(separator: "/")
  }

  /// Whether a path lies in a folder; everything lies in the empty one.
  public static func isInside(_ path: String, _ folder: String) -> Bool {
    folder.isEmpty || path == folder || path.utf8.starts(with: (folder + "/").utf8)
  }
}

/// A package.json, as far as linking and rules need it.
public struct Manifest: Sendable {
  public var name: String?
  public var version: String?
  public var isModule = false
  public var source: String?
  public var types: String?
  public var module: String?
  public var main: String?
  /// Range of compiler versions → patterns and their targets, in order.
  public var typesVersions: [(range: String, patterns: [(pattern: String, targets: [String])])] = []
  public var exports: ExportMap?
  public var imports: ExportMap?
  public var workspaces: [String] = []
  /// Package name → version range, all kinds of dependency merged.
  public var dependencies: [(name: String, range: String)] = []
  public init() {}
}

/// The value of `exports` or `imports` in a package.json (Node.js documentation, "Packages").
public indirect enum ExportMap: Sendable {
  case target(String)
  case blocked
  case alternatives([ExportMap])
  /// Conditions or subpaths, in order.
  case keys([(key: String, value: ExportMap)])
}

/// A tsconfig.json or jsconfig.json, as far as linking needs it.
public struct CompilerConfig: Sendable {
  public var extends: [String] = []
  public var baseURL: String?
  public var paths: [(pattern: String, targets: [String])]?
  public var references: [String] = []
  public var rootDir: String?
  public var outDir: String?
  public var rootDirs: [String]?
  public var moduleSuffixes: [String]?
  public var customConditions: [String]?
  public var files: [String]?
  public var include: [String]?
  public var exclude: [String]?
  public init() {}
}

/// A name that imports below a folder may start with.
public struct ImportAlias: Sendable {
  /// The folder of the package that it is valid in.
  public var scope: String
  /// Without `*` it stands for itself and for all below it; `isExact` for itself alone.
  public var pattern: String
  public var isExact: Bool
  /// Where it leads, best first, relative to the project.
  public var targets: [String]
  public var rule: String
  public init(scope: String, pattern: String, isExact: Bool, targets: [String], rule: String) {
    self.scope = scope
    self.pattern = pattern
    self.isExact = isExact
    self.targets = targets
    self.rule = rule
  }
}

public struct Package: Sendable {
  /// Its folder; empty for the top.
  public var folder: String
  public var manifestPath: String?
  public var manifest: Manifest
  public init(folder: String, manifestPath: String?, manifest: Manifest) {
    self.folder = folder
    self.manifestPath = manifestPath
    self.manifest = manifest
  }
}
