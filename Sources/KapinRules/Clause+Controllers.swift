import KapinBase
import KapinModel

/// Decorated methods of decorated classes.
extension Clause {
  func controllers(_ controller: ControllerRoute, _ module: ModuleID) {
    let facts = finder.graph.modules[module].facts
    guard !facts.decorators.isEmpty else { return }
    var classes: [DeclarationID] = []
    for decorator in facts.decorators where facts.declarations[decorator.target].form == .class {
      guard let type = controller.type, self.decorator(decorator, type, module) != nil,
        !classes.contains(decorator.target)
      else { continue }
      classes.append(decorator.target)
    }
    if controller.type == nil {
      for decorator in facts.decorators {
        let row = facts.declarations[decorator.target]
        guard row.form == .method, let owner = row.parent, !classes.contains(owner) else { continue }
        classes.append(owner)
      }
    }
    for id in classes { read(controller, SymbolRef(module, id)) }
  }

  /// The call of a decorator (or its bare name) when it is what the pattern says.
  func decorator(_ row: Decorator, _ pattern: ValuePattern, _ module: ModuleID) -> Subject? {
    let facts = finder.graph.modules[module].facts
    if case .call(let call) = facts.values[row.value] {
      let callee = follower.follow(ValueRef(module, facts.calls[call].callee))
      if matcher.matches(pattern, callee) { return .call(CallSite(module, call)) }
      return composed(callee, pattern)
    }
    let id = follower.follow(ValueRef(module, row.value))
    return matcher.matches(pattern, id) ? .object(ValueRef(module, row.value)) : composed(id, pattern)
  }

  /// Whether a decorator is what a pattern says.
  func isDecorator(_ row: Decorator, _ pattern: ValuePattern, _ module: ModuleID) -> Bool {
    decorator(row, pattern, module) != nil
  }

  /// A decorator of the project that puts others together: `applyDecorators(Get(), UseGuards(X))`.
  private func composed(_ id: EntityID, _ pattern: ValuePattern) -> Subject? {
    guard case .declaration(let function) = follower.entity(id), let body = function.declaration else { return nil }
    let facts = finder.graph.modules[function.module].facts
    let range = facts.declarations[body].range
    for (index, call) in facts.calls.rows.enumerated()
    where range.encloses(call.range) {
      if matcher.matches(pattern, follower.follow(ValueRef(function.module, call.callee))) {
        return .call(CallSite(function.module, CallID(index)))
      }
    }
    return nil
  }

  private func decorators(_ symbol: SymbolRef, _ pattern: ValuePattern) -> [Subject] {
    let facts = finder.graph.modules[symbol.module].facts
    return facts.decorators.filter { $0.target == symbol.declaration }
      .compactMap { decorator($0, pattern, symbol.module) }
  }

  private func read(_ controller: ControllerRoute, _ owner: SymbolRef) {
    let entity = follower.intern(.declaration(owner))
    let listed = follower.intern(.instance(owner))
    var version: String?, host: String?
    for type in controller.type.map({ decorators(owner, $0) }) ?? [] {
      version = controller.version.flatMap { text(of: $0, type) }
      host = controller.host.flatMap { text(of: $0, type) }
      for prefix in controller.prefix.flatMap({ paths(of: $0, type) }) ?? [] {
        finder.add(
          .mount(
            FoundMount(
              owner: listed, prefix: controller.rewriting.apply(prefix) ?? "/", target: entity, guards: [],
              origin: origin(owner))))
      }
    }
    let guards = controller.guards.flatMap { self.guards(owner, $0) }
    methods(controller, owner, owner, guards, (version, host), done: [], depth: 0)
  }

  /// The class's own methods and those that it inherits.
  private func methods(
    _ controller: ControllerRoute, _ type: SymbolRef, _ owner: SymbolRef, _ guards: [RouteGuard],
    _ stated: (version: String?, host: String?), done: Set<String>, depth: Int
  ) {
    guard depth < 6, let id = type.declaration else { return }
    let facts = finder.graph.modules[type.module].facts
    var done = done
    for member in follower.members(of: type.module)[id] ?? [] {
      let row = facts.declarations[member]
      guard row.form == .method || row.form == .field || row.form == .signature, !done.contains(facts.names[row.name])
      else {
        continue
      }
      done.insert(facts.names[row.name])
      let symbol = SymbolRef(type.module, member)
      let own = guards + controller.guards.flatMap { self.guards(symbol, $0) }
      for decorator in facts.decorators where decorator.target == member {
        guard let subject = self.decorator(decorator, controller.routes, type.module) else { continue }
        let name = decoratorName(decorator, type.module)
        add(controller, subject, name, symbol, owner, own, stated)
      }
    }
    if let heritage = facts.declarations[id].heritage {
      var target = follower.follow(ValueRef(type.module, heritage))
      // `extends Base(Dto)`: a function that returns the class.
      if case .value(let ref) = follower.entity(target), let callee = follower.callee(of: ref),
        case .declaration(let maker) = follower.entity(callee), let result = follower.result(of: maker)
      {
        target = result
      }
      if case .declaration(let parent) = follower.entity(target), parent != type {
        methods(controller, parent, owner, guards, stated, done: done, depth: depth + 1)
      }
    }
  }

  func decoratorName(_ row: Decorator, _ module: ModuleID) -> String {
    switch decoratorEntity(row, module) {
    case .export(_, let name), .member(_, let name): return finder.graph.names[name]
    default: return ""
    }
  }

  /// The package that a decorator comes from.
  func decoratorPackage(_ row: Decorator, _ module: ModuleID) -> Name? {
    var entity = decoratorEntity(row, module)
    while case .member(let object, _) = entity { entity = follower.entity(object) }
    switch entity {
    case .export(let package, _), .package(let package): return package
    default: return nil
    }
  }

  private func decoratorEntity(_ row: Decorator, _ module: ModuleID) -> Entity {
    let facts = finder.graph.modules[module].facts
    var callee = row.value
    if case .call(let call) = facts.values[callee] { callee = facts.calls[call].callee }
    return follower.entity(follower.follow(ValueRef(module, callee)))
  }

  private func add(
    _ controller: ControllerRoute, _ subject: Subject, _ decorator: String, _ method: SymbolRef, _ owner: SymbolRef,
    _ guards: [RouteGuard], _ stated: (version: String?, host: String?)
  ) {
    let facts = finder.graph.modules[method.module].facts
    guard let id = method.declaration else { return }
    let name = facts.names[facts.declarations[id].name]
    var verb = decorator.uppercased()
    switch controller.verb {
    case .fixed(let text): verb = text
    case .method(let table): verb = table[decorator] ?? verb
    case .argument(let pattern): verb = text(of: pattern, subject)?.uppercased() ?? verb
    }
    var texts = paths(of: controller.path, subject) ?? []
    if controller.namesPath, texts.isEmpty || texts == ["/"] { texts = [name] }
    if texts.isEmpty { texts = ["/"] }
    var inputs: [RouteInput] = []
    for (place, pattern) in controller.inputs { inputs += self.inputs(of: method, place, pattern) }
    for text in texts {
      guard let path = controller.rewriting.apply(text) else { continue }
      var found = FoundRoute(
        form: controller.form, method: verb, path: path, framework: rule.info.id,
        package: finder.graph.modules[owner.module].package,
        owner: controller.prefix == nil ? nil : follower.intern(.declaration(owner)),
        handler: method, guards: guards, origin: origin(method))
      if path.contains("{?}") { found.origin.confidence = .resolved }
      found.usesBase = controller.form == .endpoint
      found.version = stated.version
      found.host = stated.host
      if let pattern = controller.methodVersion, let own = methodVersion(method, pattern) { found.version = own }
      found.joiner = controller.rewriting.joiner
      found.inputs = inputs
      finder.add(.route(found))
    }
  }

  private func methodVersion(_ method: SymbolRef, _ pattern: ValuePattern) -> String? {
    decorators(method, pattern).lazy.compactMap { self.text(of: ArgumentPattern(), $0) }.first
  }

  private func guards(_ symbol: SymbolRef, _ pattern: ValuePattern) -> [RouteGuard] {
    decorators(symbol, pattern).flatMap { subject -> [RouteGuard] in
      guard case .call = subject else { return [] }
      return select(ArgumentPattern(position: .any), subject).flatMap { functions($0, external: true) }
    }
  }

  func origin(_ symbol: SymbolRef) -> Origin {
    let facts = finder.graph.modules[symbol.module].facts
    let start = symbol.declaration.map { facts.declarations[$0].nameAt } ?? 0
    return Origin(place: finder.graph.place(symbol.module, start), rule: rule.info.id, confidence: .exact)
  }

  /// Parameters that a decorator marks: `@Query("page") page: number`, `@Body() dto: CreateDto`.
  private func inputs(of method: SymbolRef, _ place: InputPattern.Place, _ pattern: ValuePattern) -> [RouteInput] {
    let facts = finder.graph.modules[method.module].facts
    guard let id = method.declaration else { return [] }
    let rows = facts.parameters[facts.declarations[id].parameters.indices]
    return facts.decorators.filter { $0.target == id }.flatMap { decorator -> [RouteInput] in
      guard let subject = self.decorator(decorator, pattern, method.module) else { return [] }
      // The parameter that follows the decorator.
      let row = rows.first { $0.at <= decorator.at && decorator.at < $0.at + 400 && follows($0, decorator, rows) }
      let type = row?.type.map { facts.names[$0] }
      if let name = text(of: ArgumentPattern(), subject) {
        return [RouteInput(place: place, name: name, type: type.flatMap(Self.plainType), required: place == .path)]
      }
      return type.flatMap { members(ofType: $0, in: method.module, place) } ?? []
    }
  }

  private func follows(_ row: Parameter, _ decorator: Decorator, _ rows: ArraySlice<Parameter>) -> Bool {
    rows.last { $0.at <= decorator.at }?.at == row.at
  }

  static func plainType(_ type: String) -> String? {
    ["string", "number", "boolean"].contains(type) ? type : type.hasSuffix("[]") ? "array" : nil
  }

  /// The fields of a class or interface of the project, by the name of the type.
  func members(ofType type: String, in module: ModuleID, _ place: InputPattern.Place) -> [RouteInput] {
    guard let symbol = declared(type, in: module), let id = symbol.declaration else { return [] }
    let facts = finder.graph.modules[symbol.module].facts
    return facts.declarations.rows.filter { $0.parent == id && $0.form == .field }.map { row in
      return RouteInput(
        place: place, name: facts.names[row.name], type: row.type.flatMap { Self.plainType(facts.names[$0]) },
        required: !row.flags.contains(.optional))
    }
  }

  func declared(_ type: String, in module: ModuleID) -> SymbolRef? {
    let name = String(type.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" })
    if let found = follower.topLevel(name, in: module), case .declaration(let symbol) = follower.entity(found) {
      return symbol
    }
    let facts = finder.graph.modules[module].facts
    guard let wanted = facts.names.find(name) else { return nil }
    for (index, row) in facts.declarations.rows.enumerated()
    where row.name == wanted && (row.form == .interface || row.form == .type || row.form == .class) {
      return SymbolRef(module, DeclarationID(index))
    }
    return nil
  }
}
