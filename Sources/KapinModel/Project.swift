package import KapinBase

package typealias FileID = ID<SourceFile>
package typealias PackageID = ID<Package>

/// A file that KAPIN reads: source code, a schema, a manifest or a compiler configuration.
package struct SourceFile: Sendable {
  package enum Form: Sendable, Equatable {
    case source(SourceLanguage)
    case schema(SchemaLanguage)
    case manifest
    case compilerConfig
  }
  /// Relative to the analysed roots, with `/`; with several roots it starts with the root's name.
  package var path: String
  package var root: Int
  package var byteCount: Int
  package var form: Form
  package var isTest: Bool
  package init(path: String, root: Int, byteCount: Int, form: Form, isTest: Bool) {
    self.path = path
    self.root = root
    self.byteCount = byteCount
    self.form = form
    self.isTest = isTest
  }
}

package enum SourceLanguage: String, Sendable, CaseIterable { case javascript, typescript, tsx }
package enum SchemaLanguage: String, Sendable, CaseIterable { case prisma, sql }

/// One analysed folder.
package struct Root: Sendable {
  package var name: String
  /// What its paths start with: empty for a single root.
  package var prefix: String
  package var commit: String?
  /// Where people read the commit's files on the web: `https://host/owner/name/blob/<commit>`.
  package var webAddress: String?
  package init(name: String, prefix: String, commit: String?, webAddress: String?) {
    self.name = name
    self.prefix = prefix
    self.commit = commit
    self.webAddress = webAddress
  }
}

/// What lies in the analysed folders, sorted by the bytes of paths; a file's position is its id.
package struct Inventory: Sendable {
  package var roots: [Root] = []
  package var files = Table<SourceFile>()
  /// Every path that exists and isn't ignored, read or not, so that imports of assets resolve.
  package var paths = PathIndex()
  package var skipped: [SkippedFile] = []
  package init() {}
}

package struct SkippedFile: Sendable, Hashable {
  package enum Reason: String, Sendable, CaseIterable {
    case tooLarge = "too-large"
    case minified, generated, vendored, binary, unreadable
    case linkOutOfTree = "link-out-of-tree"
    case ownOutput = "own-output"
    case limit = "limit-reached"
  }
  package var path: String
  package var reason: Reason
  package init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }
}

/// Byte-exact look-up of paths, and of the folders above them.
package struct PathIndex: Sendable {
  private var names = NameTable()
  private var files: [FileID?] = []
  private var isFolder: [Bool] = []

  package init() {}

  package mutating func insert(_ path: String, file: FileID? = nil) {
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

  package func file(_ path: String) -> FileID? { names.find(path).flatMap { files[$0.index] } }
  package func exists(_ path: String) -> Bool { names.find(path).map { !isFolder[$0.index] } ?? false }
  package func isFolder(_ path: String) -> Bool { names.find(path).map { isFolder[$0.index] } ?? path.isEmpty }
}

/// Path arithmetic on repository paths (`a/b/c`, no leading slash).
package enum Paths {
  /// `a/b/c` → `a/b`; empty at the top.
  package static func folder(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: 47) else { return "" }
    return String(path[..<slash])
  }

  package static func last(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: 47) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  package static func join(_ folder: String, _ path: String) -> String {
    folder.isEmpty ? path : path.isEmpty ? folder : folder + "/" + path
  }

  /// Resolves `.` and `..`; `nil` when the path leaves the top.
  package static func normalize(_ path: String) -> String? {
    var parts: [Substring] = []
    for part in path.split(separator: "/", omittingEmptySubsequences: true) {
      if part == "." { continue }
      if part == ".." {
        guard !parts.isEmpty else { return nil }
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }

  /// The path from one folder to a file, always with a leading `./` or `../`.
  package static func relative(from folder: String, to path: String) -> String {
    let a = folder.split(separator: "/"), b = path.split(separator: "/")
    var shared = 0
    while shared < a.count, shared < b.count - 1, a[shared] == b[shared] { shared += 1 }
    let ups = Array(repeating: "..", count: a.count - shared)
    let rest = b[shared...].map(String.init)
    return ((ups.isEmpty ? ["."] : ups) + rest).joined(separator: "/")
  }

  /// Whether a path lies in a folder; everything lies in the empty one.
  package static func isInside(_ path: String, _ folder: String) -> Bool {
    folder.isEmpty || path == folder || path.utf8.starts(with: (folder + "/").utf8)
  }
}

/// A package.json, as far as linking and rules need it.
package struct Manifest: Sendable {
  package var name: String?
  package var isModule = false
  package var entries: [String] = []
  package var exports: ExportMap?
  package var imports: ExportMap?
  package var workspaces: [String] = []
  /// Package name → version range, all kinds of dependency merged.
  package var dependencies: [(name: String, range: String)] = []
  package init() {}
}

/// The value of `exports` or `imports` in a package.json (Node.js documentation, "Packages").
package indirect enum ExportMap: Sendable {
  case target(String)
  case blocked
  case alternatives([ExportMap])
  /// Conditions or subpaths, in order.
  case keys([(key: String, value: ExportMap)])
}

/// A tsconfig.json or jsconfig.json, as far as linking needs it.
package struct CompilerConfig: Sendable {
  package var extends: [String] = []
  package var baseURL: String?
  package var paths: [(pattern: String, targets: [String])]?
  package var references: [String] = []
  package var rootDir: String?
  package var outDir: String?
  package init() {}
}

package struct Package: Sendable {
  /// Its folder; empty for the top.
  package var folder: String
  package var manifestPath: String?
  package var manifest: Manifest
  package init(folder: String, manifestPath: String?, manifest: Manifest) {
    self.folder = folder
    self.manifestPath = manifestPath
    self.manifest = manifest
  }
}
