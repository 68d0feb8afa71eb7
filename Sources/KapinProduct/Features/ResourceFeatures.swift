import KapinBase
import KapinModel

/// A noun around which tables, routes and components of a product cluster.
struct Resource {
  /// Singular words: `data`, `room`.
  var words: [String]
  var tables: [NodeID] = []
  /// Whether the path of a page ends in it, or a menu leads to it.
  var hasPage = false
  /// Whether routes that have it in their paths change something.
  var isChanged = false
  /// Whether a menu has an entry of the name, which leads to a place of the name.
  var isEntry = false
  /// What messages may say.
  var names: [String: String]
  /// With hyphens, of a thing in the plural: the same in every run.
  var id: String

  init(_ words: [String], title: String?, isThing: Bool) {
    self.words = words
    let one = words.joined(separator: " ")
    let many = isThing ? Words.plural(one) : one
    id = Words.split(many).joined(separator: "-")
    func large(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
    names = [
      "resource": one, "resources": many, "Resource": isThing ? large(one) : title ?? large(one),
      "Resources": title ?? large(many),
    ]
  }
}

/// Features that no rule names: one for each resource that the product clusters around.
struct ResourceFeatures {
  private let finder: FeatureFinder
  private let rule: FeatureRule
  private var graph: ProductGraph { finder.graph }

  init(_ finder: FeatureFinder, _ rule: FeatureRule) {
    self.finder = finder
    self.rule = rule
  }

  /// Adds what no feature has yet; what a feature has already joins it.
  func add(to features: inout [Feature]) {
    let judged = candidates().compactMap { resource -> (resource: Resource, feature: Feature)? in
      let feature = finder.judge(rule, resource: resource)
      return feature.confidence >= rule.threshold ? (resource, feature) : nil
    }
    var own: [Feature] = []
    for (resource, feature) in judged {
      if let parent = judged.first(where: { isPart(resource, of: $0.resource) }) {
        // What it is a part of comes later when its name is the longer one; it has the same routes then.
        if let place = own.firstIndex(where: { $0.id == parent.resource.id }) {
          finder.add(feature.tables + feature.routes + feature.components, to: &own[place])
        }
        continue
      }
      guard let place = features.firstIndex(where: { covers($0, resource) }) else {
        if let same = own.firstIndex(where: { isSame($0.id, feature.id) || isLook(resource, of: $0) }) {
          finder.add(feature.tables + feature.routes + feature.components, to: &own[same])
        } else {
          own.append(feature)
        }
        continue
      }
      switch naming(features[place], resource) {
      case .isAnother:
        features.remove(at: place)
        own.append(feature)
      case .isItsName:
        features[place].title = feature.title
        features[place].description = feature.description
        fallthrough
      case .isPart: finder.add(feature.tables + feature.routes + feature.components, to: &features[place])
      }
    }
    features += own
  }

  /// `poll option` is a part of `poll`, and `threads` are the `workspace threads`; what is named after a word of software
  /// (`page verification`) may be anything.
  private func isPart(_ resource: Resource, of other: Resource) -> Bool {
    if resource.words.count < other.words.count {
      return resource.tables.isEmpty && !other.tables.isEmpty
        && other.words.suffix(resource.words.count) == resource.words[...]
    }
    return resource.words.count > other.words.count && resource.words.starts(with: other.words)
      && !(rule.unlessKept + rule.unlessEntry).contains { Words.equals(other.words, phrase: $0) }
  }

  /// `sales estimates` are `sale estimates`.
  private func isSame(_ id: String, _ other: String) -> Bool {
    Words.split(id).map(Words.singular) == Words.split(other).map(Words.singular)
  }

  /// Whether a feature that was found is about the noun: its rule looks for it, or for the table of that name. What has
  /// a table and a page of its own is a feature beside one that other things make, too.
  private func covers(_ known: Feature, _ resource: Resource) -> Bool {
    if known.id == resource.id || isTitle(resource, of: known) || isShortTitle(resource, of: known)
      || isLook(resource, of: known)
    {
      return true
    }
    let phrases = finder.phrases(of: known.rule)
    let isWanted = phrases.contains { Words.equals(resource.words, phrase: $0.words) }
    let isKind =
      !resource.tables.isEmpty && phrases.contains { $0.isTable && Words.ends(resource.words, phrase: $0.words) }
    if isKind, !isWanted, isSoleKind(resource, of: known) { return true }
    // What a table is named after, and has a page of its own or, as a kind of thing, routes that change it.
    let isOwn = !resource.tables.isEmpty && (resource.hasPage || !isWanted && resource.isChanged)
    if resource.isEntry, isWanted, finder.confidence(of: known, without: resource) >= Self.standing { return false }
    return (isWanted || isKind) && !(isOwn && stands(known, without: resource))
  }

  /// `sale invoices` are the invoices of a product that has no others.
  private func isSoleKind(_ resource: Resource, of known: Feature) -> Bool {
    guard let last = resource.words.last, Words.contains(Words.split(known.title), phrase: [last]) else { return false }
    return !graph.nodes.ids.contains { id in
      guard case .table(let table) = graph.nodes[id].content, !resource.tables.contains(id) else { return false }
      return Words.ends(TableNames.words(table.table.name), phrase: [last])
    }
  }

  /// What a noun is to a feature that is about it.
  private enum Naming { case isPart, isItsName, isAnother }

  /// A feature that rests on nothing but one thing is called as the product calls that: the `posts` of one that has no
  /// other articles. What only ends in a word that the rule looks for is another thing: `vendor credits` limit nothing.
  private func naming(_ known: Feature, _ resource: Resource) -> Naming {
    let title = Words.split(known.title)
    guard !resource.tables.isEmpty || resource.isEntry, let last = resource.words.last,
      !Words.contains(title, phrase: [last]),
      !Words.contains(Words.split(known.id), phrase: [last]),
      finder.confidence(of: known, without: resource) < Self.standing
    else { return .isPart }
    let isWanted = finder.phrases(of: known.rule).contains { Words.equals(resource.words, phrase: $0.words) }
    return isWanted ? .isItsName : .isAnother
  }

  /// Below it, a feature is not there but for the thing that is looked away from.
  private static let standing = 0.5

  /// `Messages and chat` is about messages, and `monitoring` about monitors.
  private func isTitle(_ resource: Resource, of known: Feature) -> Bool {
    (Words.split(known.title).split(separator: "and") + [Words.split(known.id)[...]]).contains {
      Words.equals(resource.words, phrase: Array($0)) || Self.stem(resource.words) == Self.stem(Array($0))
    }
  }

  /// `Flags` without a table of their own are the `Feature flags`.
  private func isShortTitle(_ resource: Resource, of known: Feature) -> Bool {
    let title = Words.split(known.title)
    return resource.tables.isEmpty && !title.contains("and") && title.count == resource.words.count + 1
      && Words.equals(Array(title.suffix(resource.words.count)), phrase: resource.words)
  }

  /// Without the ending of what is done: `importing` is `import`, and `recurring` is `recurrence`.
  private static func stem(_ words: [String]) -> [String] {
    guard let last = words.last else { return [] }
    let ending = ["ing", "ence", "ance"].first { last.hasSuffix($0) && last.count > $0.count + 2 }
    return words.dropLast() + [ending.map { String(last.dropLast($0.count)) } ?? Words.singular(last)]
  }

  /// The `search bar` is how people have the search, where no table keeps such bars.
  private func isLook(_ resource: Resource, of known: Feature) -> Bool {
    guard resource.tables.isEmpty, resource.words.count > 1, let last = resource.words.last,
      rule.looks.contains(where: { Words.equals([last], phrase: $0) })
    else { return false }
    let rest = Array(resource.words.dropLast())
    return Words.equals(Words.split(known.id), phrase: rest) || Words.equals(Words.split(known.title), phrase: rest)
  }

  /// Whether tables and routes that have nothing of the noun in their names speak for the feature.
  private func stands(_ known: Feature, without resource: Resource) -> Bool {
    let others = (known.tables + known.routes).filter { id in
      switch graph.nodes[id].content {
      case .table(let table): !Words.contains(TableNames.words(table.table.name), phrase: resource.words)
      case .route(let route): !Words.contains(Words.split(RouteNames.literal(route)), phrase: resource.words)
      default: false
      }
    }
    return others.count > 1
  }

  // MARK: Candidates

  /// Nouns that the product may keep or show, and where they come from.
  private struct Nouns {
    var tables: [[String]: [NodeID]] = [:]
    /// What menus and links are called.
    var menus: Set<[String]> = []
    /// Of those, what the places are called, too, to which they lead.
    var entries: Set<[String]> = []
    /// Those in which paths of pages end.
    var pages: Set<[String]> = []
    /// Those that paths of what answers programs have.
    var asked: Set<[String]> = []
    /// Those that paths of what changes something have.
    var changed: Set<[String]> = []
    /// Those that the product lists and shows kinds of.
    var kinds: Set<[String]> = []
    /// Those whose tables the code writes.
    var written: Set<[String]> = []
    var all: Set<[String]> = []
  }

  /// Shortest first, so that parts follow what they belong to.
  private func candidates() -> [Resource] {
    let nouns = rule.each == .switch ? Nouns(all: switched()) : kept()
    let own = finder.ownNames
    return nouns.all.filter { noun in
      (1...3).contains(noun.count) && !own.contains(noun.joined()) && noun.allSatisfy { $0.utf8.count > 1 }
        && noun.contains { $0.utf8.count > 2 } && (rule.each == .switch || isThing(noun, nouns))
        && !rule.without.contains { Words.equals(noun, phrase: $0) } && !isDeed(noun, nouns)
        && !(rule.unlessKept.contains { Words.equals(noun, phrase: $0) } && !isKept(noun, nouns))
        && !(rule.unlessEntry.contains { Words.equals(noun, phrase: $0) } && !isEntry(noun, nouns))
    }.sorted { a, b in
      a.count != b.count ? a.count < b.count : a.joined(separator: " ").precedes(b.joined(separator: " "))
    }.map { words in
      var resource = Resource(words, title: title(words), isThing: rule.each == .resource && isCounted(words))
      resource.tables = nouns.tables[words] ?? []
      resource.hasPage = nouns.pages.contains(words) || nouns.menus.contains(words)
      resource.isChanged = nouns.changed.contains(words)
      resource.isEntry = nouns.entries.contains(words)
      return resource
    }
  }

  /// Whether a menu leads to it, and something answers for it or a table keeps it.
  private func isEntry(_ noun: [String], _ nouns: Nouns) -> Bool {
    nouns.entries.contains(noun)
      && (nouns.tables[noun] != nil || nouns.asked.contains { $0.starts(with: noun) })
  }

  /// Whether a table is named so and routes change it, or one after such a thing of something (`bookmark lists`), and
  /// there is a page; whether the code writes the table and there is a page; whether a menu leads to it; or whether the
  /// product lists and shows kinds of it.
  private func isKept(_ noun: [String], _ nouns: Nouns) -> Bool {
    if isEntry(noun, nouns) || nouns.kinds.contains(noun) { return true }
    if nouns.written.contains(noun) && nouns.pages.contains(noun) { return true }
    guard nouns.changed.contains(noun) else { return false }
    return nouns.tables[noun] != nil
      || nouns.pages.contains(noun) && nouns.tables.keys.contains { Words.ends($0, phrase: noun) }
  }

  /// What nobody writes in the plural is a deed or a state (`authorize`, `expired`), unless a table is named so, or
  /// people have a page for it that asks for it, or that a menu leads to.
  private func isThing(_ noun: [String], _ nouns: Nouns) -> Bool {
    nouns.tables[noun] != nil || isCounted(noun)
      || nouns.pages.contains(noun) && (nouns.asked.contains(noun) || nouns.menus.contains(noun))
  }

  /// `enable_screenshot_protection` switches screenshot protection.
  private func switched() -> Set<[String]> {
    var nouns: Set<[String]> = []
    let marks = Set(rule.switches)
    for node in graph.nodes {
      guard case .table(let table) = node.content else { continue }
      for column in table.table.columns where column.type.lowercased().hasPrefix("bool") {
        var words = Words.split(column.name)
        if words.first == "is" { words.removeFirst() }
        let count = words.count
        if let first = words.first, marks.contains(first) { words.removeFirst() }
        if let last = words.last, marks.contains(last) { words.removeLast() }
        if !words.isEmpty, words.count < count { nouns.insert(Self.singular(words)) }
      }
    }
    return nouns
  }

  /// Whether the product has many of it, and says so: nobody writes `redes`.
  private func isCounted(_ words: [String]) -> Bool {
    guard let last = words.last else { return false }
    let many = Words.plural(last)
    return many == last || finder.conditions.names.vocabulary.has(many)
  }

  /// Nouns by the names of tables, the segments of paths, and the namespaces of procedures.
  private func kept() -> Nouns {
    var nouns = Nouns()
    for id in graph.nodes.ids {
      guard case .table(let table) = graph.nodes[id].content else { continue }
      let words = TableNames.words(table.table.name, without: finder.conditions.names.tablePrefix)
      nouns.tables[Self.singular(words), default: []].append(id)
    }
    let written = Set(graph.accesses.lazy.filter(\.access.verb.writes).map(\.table))
    nouns.written = Set(nouns.tables.filter { !written.isDisjoint(with: $0.value) }.keys)
    for (words, tables) in nouns.tables where joins(words, tables, nouns.tables) { nouns.tables[words] = nil }
    for entry in finder.conditions.names.entries where !isAbout(entry.place) {
      let words = Self.singular(Words.split(entry.name))
      nouns.menus.insert(words)
      if entry.leadsThere, !isPlainKind(words) { nouns.entries.insert(words) }
    }
    // What can be done with a thing is no kind of it.
    let kinds = finder.conditions.names.kindRows.filter { !Words.begins($0.words, withOneOf: rule.deeds) }
    nouns.kinds = Set(Dictionary(grouping: kinds, by: \.noun).filter { $0.value.count >= Self.fewestKinds }.keys)
    nouns.all = Set(nouns.tables.keys).union(nouns.menus).union(nouns.kinds)
    for id in graph.nodes.ids {
      guard case .route(let route) = graph.nodes[id].content, route.form != .action, route.form != .job,
        !finder.conditions.names.isSite(route)
      else { continue }
      let path = segments(of: route)
      if route.form == .page, isAbout(path) { continue }
      let found = path.map { Self.singular(Words.split($0)) }.prefix { !isSignIn($0) }
      nouns.all.formUnion(found)
      if route.form == .page {
        if let last = found.last { nouns.pages.insert(last) }
      } else {
        nouns.asked.formUnion(found)
      }
      if Self.changing.contains(route.method) { nouns.changed.formUnion(found) }
    }
    return nouns
  }

  /// Pages below `/solutions` praise or explain the product.
  private func isAbout(_ path: [String]) -> Bool {
    guard path.count > 1, let first = path.first.map({ Words.split($0) }) else { return false }
    return rule.pagesNotUnder.contains { Words.equals(first, phrase: $0) }
  }

  /// `Create team`, `All lists`: what can be done with a thing, or a choice of them.
  private func isDeed(_ noun: [String], _ nouns: Nouns) -> Bool {
    noun.count > 1 && nouns.tables[noun] == nil && Words.begins(noun, withOneOf: rule.deeds)
  }

  /// `Team settings` are settings.
  private func isPlainKind(_ noun: [String]) -> Bool {
    noun.count > 1 && rule.without.contains { Words.equals(Array(noun.suffix(1)), phrase: $0) }
  }

  private func isSignIn(_ segment: [String]) -> Bool {
    rule.notUnder.contains { Words.equals(segment, phrase: $0) }
  }

  /// `roles_users` only joins roles and users.
  private func joins(_ words: [String], _ tables: [NodeID], _ all: [[String]: [NodeID]]) -> Bool {
    guard words.count > 1 else { return false }
    let isOfTwo = (1..<words.count).contains { cut in
      all[Self.singular(Array(words[..<cut]))] != nil && all[Self.singular(Array(words[cut...]))] != nil
    }
    return isOfTwo
      && tables.allSatisfy { id in
        guard case .table(let table) = graph.nodes[id].content else { return false }
        return table.table.columns.count { $0.references != nil } > 1
      }
  }

  /// Two may be a switch.
  private static let fewestKinds = 3
  private static let changing: Set<String> = ["POST", "PUT", "PATCH", "DELETE", "MUTATION"]

  /// Of a procedure `docker.getContainers` only the namespace is a noun.
  private func segments(of route: Route) -> [String] {
    RouteNames.literal(route).split(separator: "/").flatMap { segment -> [String] in
      let parts = segment.split(separator: ".").map(String.init)
      return route.form == .rpc && parts.count > 1 ? parts.dropLast() : [String(segment)]
    }
  }

  /// The last word in the singular: `order items` → `order item`.
  private static func singular(_ words: [String]) -> [String] {
    guard let last = words.last else { return [] }
    return words.dropLast() + [Words.singular(last)]
  }

  /// How the product itself writes it on the screen; of things in the plural.
  private func title(_ words: [String]) -> String? {
    let many = rule.each == .resource ? Words.split(Words.plural(words.joined(separator: " "))) : words
    let pattern = NodePattern(subject: .text, words: [many], without: [], line: Position(line: 1, column: 1))
    let texts = finder.conditions.named(pattern, nil).map(\.name).filter {
      Words.split($0) == many && $0.first?.isUppercase ?? false && $0 != $0.uppercased()
    }
    // Without what stands around it: `Registries (`.
    return texts.sortedByBytes().first.map { text in
      String(text.reversed().drop { !$0.isLetter && !$0.isNumber }.reversed())
    }
  }
}
