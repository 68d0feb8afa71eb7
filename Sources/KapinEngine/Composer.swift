import KapinBase
import KapinExtract
import KapinLink
import KapinModel
import KapinRules

/// Joins the code graph and all findings into the product graph.
///
/// Each kind of node has its own file (`Composer+….swift`); they run in the order of `compose`.
struct Composer {
  let follower: any ValueFollowing
  let program: RuleProgram
  let extracted: ExtractedProject
  var graph: ProductGraph
  var packageNodes: [NodeID] = []
  var moduleNodes: [NodeID] = []
  var routeNodes: [NodeID] = []
  var tableNodes: [NodeID] = []
  /// Tables by what clients call them.
  var tablesByCodeName: [String: [NodeID]] = [:]
  var knownAccesses: Set<AccessKey> = []
  /// What views of the database read.
  var views: [String: [String]] = [:]
  /// What the code says that relations of a table lead to, by their names.
  var relationTargets: [NodeID: [String: NodeID]] = [:]
  /// Tables whose rows come along with those of another, unasked.
  var eagerTargets: [NodeID: [NodeID]] = [:]
  /// What queries mean by relations, once all tables are known.
  var knownRelations: [RelationKey: (NodeID, isSure: Bool)?] = [:]
  /// The tables of what code means by a model.
  var modelNodes: [EntityID: NodeID] = [:]

  /// Known as soon as symbols are.
  private(set) var conditions: BranchConditions?

  init(_ follower: any ValueFollowing, _ program: RuleProgram, _ extracted: ExtractedProject) {
    self.follower = follower
    self.program = program
    self.extracted = extracted
    graph = ProductGraph(code: follower.graph)
    graph.rulesHash = program.hash
  }

  mutating func compose(_ findings: [Finding]) -> ProductGraph {
    packages()
    modules()
    symbols()
    conditions = BranchConditions(graph, follower)
    imports()
    exports()
    tables(findings)
    routes(findings)
    frameworks(findings)
    relations(findings)
    components(findings)
    accesses(findings)
    requests(findings)
    documents(findings)
    actions()
    events(findings)
    environment()
    graph.clients = findings.compactMap { if case .client(let client) = $0 { client } else { nil } }
    coverage()
    graph.notes = extracted.notes + graph.code.notes + graph.notes
    return graph
  }

  var code: CodeGraph { _read { yield graph.code } }

  mutating func edge(
    _ kind: EdgeKind, _ from: NodeID, _ to: NodeID, at: Place? = nil, confidence: Confidence = .exact,
    rule: String? = nil, fields: [(key: String, value: EdgeField)] = []
  ) {
    var fields = fields
    if let position = at?.position, case .symbol(let symbol, _) = graph.nodes[from].content,
      let when = conditions?.conditions(of: symbol.module, position), !when.isEmpty
    {
      fields.append(("when", .texts(when)))
    }
    graph.edges.append(ProductEdge(kind, from, to, at: at, confidence: confidence, rule: rule, fields: fields))
  }

  func packageName(_ id: PackageID) -> String {
    let folder = code.packages[id].folder
    return folder.isEmpty ? "." : folder
  }

  // MARK: Packages and modules

  private mutating func packages() {
    for id in code.packages.ids {
      let package = code.packages[id]
      let node = ProductNode(
        id: "package:" + NodeIDs.escape(packageName(id)), kind: .package,
        content: .package(name: package.manifest.name, manifest: package.manifestPath), origin: nil)
      packageNodes.append(graph.add(node))
    }
    for id in code.packages.ids {
      let package = code.packages[id]
      for (name, range) in package.manifest.dependencies where !name.isEmpty {
        let workspace = code.packages.ids.first { code.packages[$0].manifest.name == name }
        let target = workspace.map { packageNodes[$0.index] } ?? external(name, range: range, builtin: false)
        edge(
          .depends, packageNodes[id.index], target, at: package.manifestPath.map { Place($0) },
          fields: [("range", .text(range))])
      }
    }
  }

  private mutating func external(_ name: String, range: String?, builtin: Bool) -> NodeID {
    graph.add(
      ProductNode(
        id: "external:" + NodeIDs.escape(name), kind: .external, content: .external(range: range, builtin: builtin),
        origin: nil))
  }

  private mutating func modules() {
    for id in code.modules.ids {
      let module = code.modules[id]
      let node = graph.add(
        ProductNode(id: "module:" + NodeIDs.escape(module.path), kind: .module, content: .module(id), origin: nil))
      moduleNodes.append(node)
      edge(.contains, packageNodes[module.package.index], node)
    }
  }

  private mutating func imports() {
    var skipped = ByteKeyed<SkippedFile.Reason>()
    for file in code.inventory.skipped { skipped[file.path] = file.reason }
    for id in code.modules.ids {
      for (index, target) in code.modules[id].targets.enumerated() {
        let row = code.modules[id].facts.imports[index]
        let specifier = code.text(row.specifier, in: id)
        if case .several(let all) = target {
          for one in all {
            guard let to = node(of: one, skipped) else { continue }
            edge(
              .imports, moduleNodes[id.index], to, at: code.place(id, row.at), confidence: .heuristic,
              fields: [("form", .text("dynamic")), ("specifier", .text(specifier))])
          }
          graph.coverage.importsResolved += 1
          continue
        }
        let to: NodeID
        var form = formName(row.form)
        switch target {
        case .several: continue
        case .module(let other):
          to = moduleNodes[other.index]
          graph.coverage.importsResolved += 1
        case .file(let path):
          to = fileNode(path, skipped)
          form = "asset"
          graph.coverage.importsResolved += 1
        case .external(let package, _, _):
          to = external(package, range: nil, builtin: false)
          graph.coverage.importsExternal += 1
        case .builtin(let name):
          to = external(name, range: nil, builtin: true)
          graph.coverage.importsExternal += 1
        case .unresolved(let reason):
          to = graph.add(
            ProductNode(
              id: "unresolved:\(reason.rawValue):" + NodeIDs.escape(specifier), kind: .unresolved,
              content: .unresolved(reason, specifier: specifier), origin: nil))
          graph.coverage.importsUnresolved[reason, default: 0] += 1
        }
        let rule = code.modules[id].aliasRules[index]
        edge(
          .imports, moduleNodes[id.index], to, at: code.place(id, row.at),
          confidence: rule == nil ? .exact : .resolved, rule: rule,
          fields: [("form", .text(form)), ("specifier", .text(specifier))])
      }
    }
  }

  private mutating func node(of target: ImportTarget, _ skipped: ByteKeyed<SkippedFile.Reason>) -> NodeID? {
    switch target {
    case .module(let module): moduleNodes[module.index]
    case .file(let path): fileNode(path, skipped)
    default: nil
    }
  }

  private mutating func fileNode(_ path: String, _ skipped: ByteKeyed<SkippedFile.Reason>) -> NodeID {
    graph.add(
      ProductNode(id: "file:" + NodeIDs.escape(path), kind: .file, content: .file(skipped[path]), origin: nil))
  }

  private func formName(_ form: Import.Form) -> String {
    switch form {
    case .static: "static"
    case .sideEffect: "side-effect"
    case .dynamic: "dynamic"
    case .require: "require"
    case .reexport: "re-export"
    case .type: "type"
    case .asset: "asset"
    case .glob: "dynamic"
    }
  }

  private mutating func exports() {
    for id in code.modules.ids {
      let facts = code.modules[id].facts
      for export in facts.exports {
        guard let value = export.value,
          case .declaration(let ref) = follower.entity(follower.follow(ValueRef(id, value))),
          let target = graph.symbols[ref]
        else { continue }
        edge(
          .exports, moduleNodes[id.index], target, at: code.place(id, export.at),
          fields: [("name", .text(facts.names[export.name]))])
      }
    }
  }

  private mutating func coverage() {
    graph.coverage.filesSeen = code.inventory.files.count
    let unread = Set(code.inventory.skipped.map(\.path))
    graph.coverage.filesParsed = code.inventory.files.count { !unread.contains($0.path) }
    graph.coverage.filesWithSyntaxErrors = code.modules.filter(\.facts.hasSyntaxErrors).map(\.path)
    graph.coverage.skipped = code.inventory.skipped
    graph.coverage.callsWithoutTarget = code.callsWithoutTarget
  }
}
