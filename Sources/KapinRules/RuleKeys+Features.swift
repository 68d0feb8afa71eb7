/// Keys of rules about features and people.
extension RuleKeys {
  private static let conditions = [
    Key("route", .mapping("the signal `route`"), "Paths, without parameters, and names of actions."),
    Key("table", .mapping("the signal `table`"), "Names of tables: the phrase must be their end."),
    Key("write", .mapping("the signal `write`"), "Code that writes such a table."),
    Key("component", .mapping("the signal `component`"), "Names of components."),
    Key("symbol", .mapping("the signal `symbol`"), "Names of functions and methods."),
    Key("module", .mapping("the signal `module`"), "Paths of source files."),
    Key("column", .mapping("the signal `column`"), "Names of columns."),
    Key("event", .mapping("the signal `event`"), "Names of events that the code emits."),
    Key("env", .mapping("the signal `env`"), "Environment variables that the code reads."),
    Key("text", .mapping("the signal `text`"), "Words on the screen."),
    Key("menu", .mapping("the signal `menu`"), "Entries of menus, and links in the product."),
    Key(
      "kind", .mapping("the signal `kind`"),
      "Kinds of things that the code lists and the product shows: `kanban view` of `enum ViewType`."),
    Key("document", .mapping("the signal `document`"), "What the documentation lists as the product's features."),
    Key("file", .mapping("the signal `file`"), "Paths of files that are no code: `AndroidManifest.xml`."),
    Key("package", .any, "Packages that the code imports; installed alone is nothing."),
    Key("call", .mapping("the signal `call`"), "Calls of what a package gives."),
    Key("all", .list("a condition"), "All of these; the first one is the evidence."),
    Key("any", .list("a condition"), "One of these."),
    Key("not", .mapping("a condition"), "Not this; beside something that is there, in `all`."),
  ]

  private static let names = [
    Key("words", .texts, "Phrases of which one occurs in the name."),
    Key("named", .texts, "Phrases of which one is the whole name."),
    Key("ends", .texts, "Phrases in which the name ends."),
    Key("without", .texts, "Phrases of which none occurs in the name."),
    Key("count", .integer, "Fewer than these are none."),
    Key("as", .text, "A name for what matched first, for `says`, `title`, `description` and metrics: `{name}`."),
  ]

  private static let relations = [
    Key("reads", .mapping("the signal `table`"), "It reads such a table, itself or by what it runs; `any` for any."),
    Key("writes", .mapping("`writes`"), "It writes such a table."),
    Key("calls", .any, "It calls such a function (`words`), or one of a package (`package`, `named`)."),
    Key("emits", .mapping("the signal `event`"), "It emits such an event."),
    Key("uses", .mapping("the signal `env`"), "It reads such an environment variable."),
    Key("renders", .mapping("the signal `component`"), "It shows such a component."),
    Key("requests", .mapping("the signal `route`"), "It asks for such a route."),
    Key("navigates", .mapping("the signal `route`"), "It leads to such a route."),
    Key("guards", .mapping("the signal `symbol`"), "A guard of the route has such a name; `any` for any guard."),
    Key("imports", .texts, "What it runs imports one of these packages."),
    Key("references", .mapping("the signal `table`"), "The table refers to such a table."),
    Key(
      "reachable-from", .mapping("`reachable-from`"), "Something of this kind leads to it, by what runs and by links."),
  ]

  private static let related = names + relations + [Key("lacks", .mapping("`lacks`"), "Relations that must not be.")]

  static let features: [String: [Key]] = [
    "a signal": conditions + [
      Key("weight", .number, "The confidence that it gives alone, from 0 to 1."),
      Key("says", .text, "The evidence in words, over `{name}` and captures."),
    ],
    "a condition": conditions,
    "the signal `route`": related + [
      Key("method", .texts, "HTTP methods, PAGE, ACTION, RPC, QUERY, MUTATION, …"),
      Key("type", .texts, "page, endpoint, action, rpc, graphql, socket, job, webhook."),
    ],
    "the signal `table`": related + [Key("columns", .texts, "Phrases of columns; each must be there.")],
    "the signal `write`": related + [Key("verb", .texts, "create, update, delete.")],
    "the signal `component`": related,
    "the signal `symbol`": related,
    "the signal `module`": related,
    "the signal `column`": related,
    "the signal `event`": related,
    "the signal `env`": related,
    "the signal `text`": related,
    "the signal `menu`": related + [
      Key("leads-there", .flag, "Only entries that lead to a place which is called so, too: “Groups” to `/groups`.")
    ],
    "the signal `kind`": related,
    "the signal `document`": related,
    "the signal `file`": related,
    "`documents`": [
      Key("files", .globs, "Documents of which some parts list features: `README.md`."),
      Key("pages", .globs, "Documents that are about one feature each, which is their title: `docs/features/*.md`."),
      Key("under", .texts, "Phrases of the headings under which features are listed."),
      Key("without", .texts, "Phrases of headings and items that say that something is not there: `coming soon`."),
    ],
    "the signal `call`": [
      Key("package", .text, "The package."),
      Key("named", .texts, "Paths of what is called: `checkout.sessions.create`."),
    ],
    "the signal `package`": [
      Key("named", .texts, "The packages."),
      Key("count", .integer, "Fewer imports than these are none."),
      Key("as", .text, "A name for what matched first."),
    ],
    "`writes`": [
      Key("words", .texts, "Phrases in which the table's name ends."),
      Key("without", .texts, "Phrases of which none occurs in it."),
      Key("columns", .texts, "Phrases of columns of the table; each must be there."),
      Key("verb", .texts, "create, update, delete; none means any."),
      Key("as", .text, "A name for the table."),
    ],
    "`reachable-from`": conditions,
    "`lacks`": relations,
    "a group": [
      Key("name", .text, "What the people are called."),
      Key("guards", .any, "Phrases of guards; `any` or `none`."),
      Key("paths", .texts, "Phrases of paths."),
    ],
    "a pack": [
      Key("pack", .text, "Its name."),
      Key("version", .text, "Its version."),
      Key("description", .text, "One sentence for people."),
      Key("requires", .integer, "The least version of the rule language."),
    ],
    "a configuration": [Key("rules", .texts, "Folders and archives of rules, relative to the repository.")],
  ]
}
