import KapinBase
import KapinExtract
import KapinModel

/// The facts of all files of a project.
struct ExtractedProject: Sendable {
  var inventory: Inventory
  var sources: [(file: FileID, hash: ContentHash, facts: FileFacts)] = []
  var manifests: [(file: FileID, manifest: Manifest)] = []
  var configs: [(path: String, config: CompilerConfig)] = []
  var workspaces: [(file: FileID, patterns: [String])] = []
  var schemas: [(file: FileID, language: SchemaLanguage, facts: SchemaFacts)] = []
  var notes: [Diagnostic] = []
  var hashes: [ContentHash?]
}

/// Reads all files in parallel: bytes → tree → facts; bytes and tree are gone when a file is done.
enum Extraction {
  private enum Result: Sendable {
    case source(FileFacts), manifest(Manifest, Position?), config(CompilerConfig, Position?)
    case workspace([String])
    case schema(SchemaLanguage, SchemaFacts)
    case skipped(SkippedFile.Reason)
  }

  private struct Read: Sendable {
    var result: Result
    var hash: ContentHash?
    /// It came from the cache, where it stays.
    var isKnown = false
  }

  private struct State: ~Copyable {
    var reader = SourceReader()
  }

  static func run(
    _ trees: [any SourceTree], _ inventory: Inventory, _ generated: [GeneratedRule], _ control: RunControl
  ) -> ExtractedProject {
    let files = inventory.files
    // Large files first, so that no thread is left with one at the end.
    let order = files.indices.sorted {
      files[$0].byteCount != files[$1].byteCount ? files[$0].byteCount > files[$1].byteCount : $0 < $1
    }
    let markers = generated.flatMap(\.markers).map { Array($0.utf8) }
    let prefixes = inventory.roots.map(\.prefix.utf8.count)
    let results = ParallelMap.run(count: files.count, order: order, jobs: control.jobs, makeState: { State() }) {
      state, index in
      if control.stop() != nil { return Read(result: .skipped(.limit), hash: nil) }
      let file = files[index]
      if let known = Self.known(file, control.cache) {
        control.progress(.extract, index, files.count)
        return known
      }
      let path = String(decoding: file.path.utf8.dropFirst(prefixes[file.root]), as: UTF8.self)
      let read = trees[file.root].withBytes(path) { bytes in
        let hash = ContentHash(bytes)
        if case .source(let language) = file.form, let result = control.cache?.result(hash, language) {
          return Read(result: Self.result(result), hash: hash, isKnown: true)
        }
        return Read(result: Self.read(bytes, file, markers, &state.reader), hash: hash)
      }
      control.progress(.extract, index, files.count)
      return read ?? Read(result: .skipped(.unreadable), hash: nil)
    }
    if control.stop() == nil { control.cache?.keep(cached(results, files)) }
    var project = collect(results, inventory, control)
    ExtendedConfigs.add(to: &project, trees)
    return project
  }

  /// What the cache has of a source file that did not change, without reading it.
  private static func known(_ file: SourceFile, _ cache: (any FactCache)?) -> Read? {
    guard let cache, let stamp = file.stamp, case .source(let language) = file.form,
      let hash = cache.hash(of: file.path, stamp), let found = cache.result(hash, language)
    else { return nil }
    return Read(result: result(found), hash: hash, isKnown: true)
  }

  private static func result(_ cached: CachedResult) -> Result {
    switch cached {
    case .facts(let facts): .source(facts)
    case .skipped(let reason): .skipped(reason)
    }
  }

  private static func cached(_ results: [Read?], _ files: Table<SourceFile>) -> [CachedFile] {
    zip(results, files).compactMap { read, file in
      guard let read, let hash = read.hash else { return nil }
      var result: CachedResult?
      var language: SourceLanguage?
      if case .source(let own) = file.form { language = own }
      if language != nil, !read.isKnown {
        switch read.result {
        case .source(let facts): result = .facts(facts)
        case .skipped(let reason): result = .skipped(reason)
        default: break
        }
      }
      return CachedFile(path: file.path, stamp: file.stamp, hash: hash, language: language, result: result)
    }
  }

  private static func read(
    _ bytes: UnsafeRawBufferPointer, _ file: SourceFile, _ markers: [[UInt8]], _ reader: inout SourceReader
  ) -> Result {
    switch file.form {
    case .source(let language):
      if bytes.prefix(8_192).contains(0) { return .skipped(.binary) }
      if isMinified(bytes) { return .skipped(.minified) }
      if isGenerated(bytes, markers) { return .skipped(.generated) }
      return .source(reader.facts(of: bytes, as: language))
    case .manifest:
      let (manifest, errorAt) = ManifestReader.read(Array(bytes))
      return .manifest(manifest, errorAt)
    case .compilerConfig:
      let (config, errorAt) = CompilerConfigReader.read(Array(bytes))
      return .config(config, errorAt)
    case .workspace: return .workspace(WorkspaceReader.read(Array(bytes), isJSON: file.path.hasSuffix(".json")))
    case .schema(let language):
      if bytes.prefix(8_192).contains(0) { return .skipped(.binary) }
      switch language {
      case .prisma: return .schema(.prisma, PrismaReader.read(Array(bytes), path: file.path))
      case .sql: return .schema(.sql, SQLReader.read(Array(bytes), path: file.path))
      case .graphql: return .schema(.graphql, GraphQLReader.read(bytes))
      }
    }
  }

  /// Lines of more than 1,000 bytes on average are no hand's work.
  private static func isMinified(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > 20_000 else { return false }
    var lines = 1
    for byte in bytes where byte == 10 { lines += 1 }
    return bytes.count / lines > 1_000
  }

  private static func isGenerated(_ bytes: UnsafeRawBufferPointer, _ markers: [[UInt8]]) -> Bool {
    guard !markers.isEmpty else { return false }
    let head = UnsafeRawBufferPointer(rebasing: bytes.prefix(512))
    return markers.contains { contains(head, $0) }
  }

  private static func contains(_ text: UnsafeRawBufferPointer, _ wanted: [UInt8]) -> Bool {
    guard let first = wanted.first, text.count >= wanted.count else { return false }
    return wanted.withUnsafeBytes { wanted in
      var start = 0
      while start <= text.count - wanted.count {
        if text[start] == first,
          UnsafeRawBufferPointer(rebasing: text[start..<start + wanted.count]).elementsEqual(wanted)
        {
          return true
        }
        start += 1
      }
      return false
    }
  }

  private static func collect(_ results: [Read?], _ inventory: Inventory, _ control: RunControl) -> ExtractedProject {
    var project = ExtractedProject(inventory: inventory, hashes: [])
    for (index, read) in results.enumerated() {
      let file = FileID(index)
      let path = inventory.files[file].path
      project.hashes.append(read?.hash)
      switch read?.result {
      case .source(let facts)?:
        for note in facts.notes {
          let place = Place(path, facts.lines.position(note.at))
          project.notes.append(Diagnostic(note.id, .warning, note.message, at: place))
        }
        project.sources.append((file, read?.hash ?? ContentHash(""), facts))
      case .manifest(let manifest, let errorAt)?:
        if let errorAt { project.notes.append(brokenJSON(path, errorAt)) }
        project.manifests.append((file, manifest))
      case .config(let config, let errorAt)?:
        if let errorAt { project.notes.append(brokenJSON(path, errorAt)) }
        project.configs.append((path, config))
      case .workspace(let patterns)?: project.workspaces.append((file, patterns))
      case .schema(let language, let facts)?:
        project.notes += facts.notes
        project.schemas.append((file, language, facts))
      case .skipped(let reason)?: project.inventory.skipped.append(SkippedFile(path: path, reason: reason))
      case nil: project.inventory.skipped.append(SkippedFile(path: path, reason: .limit))
      }
    }
    project.inventory.skipped = project.inventory.skipped.sortedByBytes { $0.path }
    for file in project.inventory.skipped {
      guard let says = explanation(file) else { continue }
      project.notes.append(Diagnostic(.skippedFile, .warning, "left out: \(says)", at: Place(file.path)))
    }
    if let stop = control.stop() {
      project.notes.append(
        Diagnostic(
          .stoppedEarly, .warning, "\(stop.rawValue); the result covers what was read until then",
          help: "raise --timeout or --memory-limit, or analyse a part of the repository"))
    }
    return project
  }

  /// What a user should hear of; machine-made and foreign files are only counted.
  private static func explanation(_ file: SkippedFile) -> String? {
    switch file.reason {
    case .tooLarge: "larger than \(InventoryBuilder.sizeLimit >> 20) MB"
    case .binary: "binary content in a file of source code"
    case .unreadable: "it cannot be read; check its permissions"
    case .linkOutOfTree where InventoryBuilder.form(file.path) == nil && Paths.last(file.path).contains("."): nil
    case .linkOutOfTree: "a link that leads out of the folder, or nowhere"
    case .minified, .generated, .vendored, .ownOutput, .limit: nil
    }
  }

  private static func brokenJSON(_ path: String, _ at: Position) -> Diagnostic {
    Diagnostic(.badConfig, .warning, "the JSON is broken here; what could be read was used", at: Place(path, at))
  }
}
