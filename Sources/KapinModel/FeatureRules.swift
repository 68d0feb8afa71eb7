public import KapinBase

/// What speaks for or against a feature.
public struct FeatureRule: Sendable {
  public enum Each: String, Sendable, CaseIterable {
    /// What tables are named after, and segments of paths.
    case resource
    /// What columns with a truth value switch on or off.
    case `switch`
    /// What the product's documentation lists as its features.
    case documented
  }
  public var info: RuleInfo
  public var title: Template
  public var description: Template
  /// One feature for each such noun of the product, instead of one.
  public var each: Each?
  /// The words that columns which are switches begin or end with.
  public var switches: [String] = []
  /// Phrases of nouns that make no feature of their own.
  public var without: [[String]]
  /// Phrases of nouns that make one only where a table is named so and routes change it.
  public var unlessKept: [[String]] = []
  /// Phrases of segments below which a path names deeds of signing in, and no nouns.
  public var notUnder: [[String]] = []
  /// Nouns that are things only where a menu leads to them.
  public var unlessEntry: [[String]] = []
  /// Words with which no thing's name begins.
  public var deeds: [[String]] = []
  /// Segments below which pages are about the product.
  public var pagesNotUnder: [[String]] = []
  /// Phrases that say nothing of what can be done, in the names of capabilities.
  public var plain: [[String]] = []
  /// Last words of nouns that say how something looks on the screen: `search bar`.
  public var looks: [[String]] = []
  /// Last words of what documentation lists that only say how it is had: `tracking`, `mode`.
  public var endings: [[String]] = []
  /// First words of it that may be missing in the code: `custom`.
  public var beginnings: [[String]] = []
  public var signals: [Signal]
  public var against: [Signal]
  /// The confidence from which the feature is reported.
  public var threshold: Double
  /// Features that are there where this one is.
  public var implies: [String]
  /// Features that are not reported where this one is.
  public var excludes: [String]

  public init(info: RuleInfo) {
    self.info = info
    title = Template([.text(info.title)])
    description = Template([])
    each = nil
    without = []
    signals = []
    against = []
    threshold = 0
    implies = []
    excludes = []
  }
}

public struct Signal: Sendable {
  public var condition: GraphCondition
  /// The part of full confidence that this signal gives alone, 0 to 1.
  public var weight: Double
  /// The evidence in words, over the captures and `{name}` of what matched.
  public var says: Template
  public var line: Position
  public init(condition: GraphCondition, weight: Double, says: Template, line: Position) {
    self.condition = condition
    self.weight = weight
    self.says = says
    self.line = line
  }
}

/// What must hold of the product graph.
public indirect enum GraphCondition: Sendable {
  case node(NodePattern)
  /// What the first matches, when all others match something.
  case all([GraphCondition])
  case any([GraphCondition])
  case not(GraphCondition)
}

/// Which things of the product: by what they are, by the words of their names, and by what is related to them.
public struct NodePattern: Sendable {
  public enum Subject: Sendable, Hashable {
    case route(methods: [String], forms: [RouteForm])
    case table(columns: [[String]])
    /// Code that creates, updates or deletes rows of a table.
    case write(verbs: [AccessVerb])
    case component, symbol, package, environment, text, event, module, column
    /// Kinds of things that the code lists and the product shows: `kanban view` of `enum ViewType`.
    case kind
    /// What the product's documentation lists as its features.
    case document
    /// Paths of files that are no code.
    case file
    /// Entries of menus, and links; perhaps only those that lead to a place which is called so, too.
    case menu(leadsThere: Bool)
    /// A call of a package's function; the words are paths (`checkout.sessions.create`).
    case call(package: String)
  }
  public var subject: Subject
  /// Phrases; any of them must occur in the name. For packages, exact names. None: any name.
  public var words: [[String]]
  /// Phrases of which none may occur.
  public var without: [[String]]
  /// The whole name must be the phrase.
  public var isExact = false
  /// The name must end in the phrase.
  public var isEnd = false
  /// Fewer matches than these are no match.
  public var count = 1
  /// Under which name messages, titles and metrics know what matched.
  public var capture: String?
  public var relations: [RelationPattern] = []
  public var line: Position
  public init(subject: Subject, words: [[String]], without: [[String]], line: Position) {
    self.subject = subject
    self.words = words
    self.without = without
    self.line = line
  }
}

/// What must be related to a thing of the product, or must not be.
public struct RelationPattern: Sendable {
  public enum Form: String, Sendable, CaseIterable {
    /// Itself or by what it calls, renders, asks for and handles.
    case reads, writes, calls, emits, uses, renders, requests
    case navigates, guards, imports, references
    /// Whether something leads to it.
    case reachableFrom = "reachable-from"
  }
  public var form: Form
  /// For `writes`: what the code does.
  public var verbs: [AccessVerb]
  /// `nil` means anything.
  public var target: NodePattern?
  public var isNegated: Bool
  public init(form: Form, verbs: [AccessVerb], target: NodePattern?, isNegated: Bool) {
    self.form = form
    self.verbs = verbs
    self.target = target
    self.isNegated = isNegated
  }
}

/// Who uses a part of the product, told from what guards its routes.
public struct PeopleRule: Sendable {
  public struct Group: Sendable {
    public var name: String
    /// Phrases of which a guard of the route, or its path, must have one.
    public var guards: [[String]]
    public var paths: [[String]]
    /// Whether any guard, or none, is enough.
    public var anyGuard: Bool?
    public init(name: String, guards: [[String]], paths: [[String]], anyGuard: Bool?) {
      self.name = name
      self.guards = guards
      self.paths = paths
      self.anyGuard = anyGuard
    }
  }
  public var info: RuleInfo
  /// The first group that fits a route counts.
  public var groups: [Group]
  public init(info: RuleInfo, groups: [Group]) {
    self.info = info
    self.groups = groups
  }
}
