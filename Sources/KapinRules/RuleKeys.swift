/// The keys of rule files and what they mean: from here come the schema for editors and the nearest valid key.
///
/// A test holds it against what the decoders ask for.
package enum RuleKeys {
  package enum Form: Sendable {
    case text, texts, flag, integer, number, globs, pairs, any
    /// A pattern of a value (`web.Router`, `{ call: … }`), one or several.
    case value
    /// An argument (`{ arg: 0, key: url }`), a text, `result` or `self`; one or several.
    case argument
    case choice([String])
    /// A mapping, or a list of mappings, with keys of their own.
    case mapping(String), list(String)
    /// A mapping from names to such.
    case map(String), values
  }

  package struct Key: Sendable {
    package var name: String
    package var form: Form
    package var says: String
    init(_ name: String, _ form: Form, _ says: String) {
      self.name = name
      self.form = form
      self.says = says
    }
  }

  static let call = [
    Key("on", .value, "The value that the call is made on; with `method`."),
    Key("method", .texts, "Names of the methods; none means any."),
    Key("call", .value, "The value that is called itself."),
    Key("arguments", .integer, "The least number of arguments."),
  ]
  private static let rewriting = [
    Key(
      "segments", .pairs,
      "Path segments with `*` as hole, and what they become: `\"[*]\": \":{}\"`, `skip` for no route; `~` in front: inside a segment."
    ),
    Key("last", .pairs, "The same for the last segment, before the others."),
    Key("separators", .text, "What divides segments beside the slash."),
    Key("joiner", .text, "What joins the paths of nested routers; a slash unless said."),
  ]
  private static let verbs = [
    Key("verb", .any, "The method: a text, or the argument that says it."),
    Key("verbs", .pairs, "Names of methods and the HTTP method that each stands for; others in upper case."),
  ]
  private static let form = [
    Key(
      "type", .choice(["page", "endpoint", "action", "rpc", "graphql", "socket", "job", "webhook"]),
      "What kind of route it is.")
  ]

  /// The keys of each mapping, by the name that error messages give it.
  package static let all: [String: [Key]] = routes.merging(data) { a, _ in a }.merging(features) { a, _ in a }

  static let routes: [String: [Key]] = [
    "a rule": [
      Key("kapin", .integer, "Version of the rule language: 1."),
      Key("id", .text, "The file's name without its ending."),
      Key(
        "kind",
        .choice(["framework", "schema", "client", "analytics", "feature", "metric", "people", "generated", "alias"]),
        "What the rule teaches."),
      Key("title", .text, "What people call it."),
      Key("when", .mapping("`when`"), "Where the rule counts."),
      Key("values", .values, "Names for values that are followed across files."),
      Key("emit", .list("an entry of `emit`"), "What is found; one key an entry."),
      Key("capture", .mapping("`capture`"), "How code stores an event."),
      Key("files", .globs, "Files that a machine makes, or configurations with aliases."),
      Key("except", .globs, "Of generated files, those that are analysed all the same."),
      Key("markers", .texts, "Words in the first 512 bytes of generated files."),
      Key("prose", .texts, "Phrases of paths of files whose words on screen are no evidence of features: legal texts."),
      Key("sites", .texts, "Folders of packages about the product, where others are it: `apps/docs`."),
      Key("translations", .globs, "Files of one language whose values are words on screen: `**/locales/en.json`."),
      Key("documents", .mapping("`documents`"), "Where a product's documentation lists its features."),
      Key("read", .texts, "Keys of the configuration under which aliases stand."),
      Key("fixed", .any, "Aliases that always hold, and their folders."),
      Key("description", .text, "One sentence for people."),
      Key("override", .flag, "The rule replaces one of its id that was loaded before."),
      Key(
        "each", .choice(["resource", "switch", "documented"]),
        "One feature for each noun of the product, or for each thing that its documentation lists, instead of one."),
      Key("switches", .texts, "Words that columns which are switches begin or end with."),
      Key("without", .texts, "Phrases of nouns that make no feature."),
      Key("unless-kept", .texts, "Phrases of nouns that make one only where a table is named so and routes change it."),
      Key("not-under", .texts, "Segments of paths below which no nouns are taken: `/auth/activate`."),
      Key(
        "unless-entry", .texts,
        "Nouns that are things only where a menu leads to them, and something answers for them: `metrics`."),
      Key("deeds", .texts, "Words with which no thing's name begins, unless a table is called so: `create team`."),
      Key(
        "pages-not-under", .texts,
        "First segments below which pages, and what menus lead to there, are about the product: `/solutions/agencies`."
      ),
      Key("plain", .texts, "Phrases that are left out of what capabilities are called: `list`, `dialog`."),
      Key("looks", .texts, "Last words of nouns that say how something is shown: the `search bar` is the search."),
      Key("endings", .texts, "Last words of what documentation lists that only say how it is had: `Zen mode`."),
      Key("beginnings", .texts, "First words of it that may be missing in the code: `Custom themes`."),
      Key("implies", .texts, "Features that are there where this one is."),
      Key("excludes", .texts, "Features that are not reported where this one is."),
      Key("groups", .list("a group"), "Who there is; the first group that fits a route counts."),
      Key("threshold", .number, "The confidence from which a feature is reported."),
      Key("signals", .list("a signal"), "What speaks for the feature."),
      Key("against", .list("a signal"), "What speaks against it."),
      Key("feature", .text, "The feature that the metric belongs to."),
      Key("question", .text, "What the metric answers."),
      Key("decision", .text, "What is decided by it."),
      Key("grain", .text, "hour, day, week, month or snapshot."),
      Key("caveats", .texts, "What a reader must know."),
      Key("sources", .list("a source"), "Where the numbers come from; the first that binds counts."),
    ] + form,
    "`when`": [
      Key("dependency", .texts, "Packages of which one is declared around the module, or imported by it."),
      Key("file", .texts, "File names of which one lies in the package's folder or above."),
    ],
    "an argument": [
      Key("arg", .any, "Its place: a number, `last`, `any`, or `path` (the first text that starts with a slash)."),
      Key(
        "of", .choice(["call", "callee", "receiver", "argument"]),
        "Whose arguments: of the call, of the call that gave the called function, of the one that gave the receiver, or of the one that is the first argument."
      ),
      Key("key", .texts, "A member of the object there (`a.b`; `.` is itself); the first that exists."),
      Key("else", .text, "Used when it is missing or no text."),
      Key("text", .texts, "It must be one of these texts."),
      Key("is", .value, "It must be this value."),
      Key("chain", .text, "Of the call of this name down the chain of receivers."),
      Key("after", .texts, "Of the calls of these names further on in the chain: `get(…).use(auth)`."),
      Key("items", .argument, "What to take of each item of the list there."),
      Key("having", .argument, "Only objects that have this, before `key` is looked up."),
      Key("parameter", .integer, "The parameter of the function there."),
      Key("returns", .any, "What the function there returns; a text: this member of it."),
      Key("reaches", .value, "The function there calls this, itself or through functions of the project."),
    ],
    "a value": [
      Key("call", .value, "What a call of it gives."), Key("new", .value, "What constructing it gives."),
      Key("member", .texts, "A member by one of these names, of `of`; `*` is any."),
      Key("of", .value, "The owner of the member."),
      Key("callback", .value, "A parameter of a function that is handed to a call of it."),
      Key("argument", .integer, "The place of that function among the arguments."),
      Key("parameter", .integer, "The place of the parameter."),
      Key("typed", .texts, "A parameter, field or variable whose annotated type has this name."),
      Key("called", .texts, "A parameter or member by one of these names, of which nothing else is known."),
      Key("global", .text, "A global name."),
      Key("mounted", .flag, "A parameter that a `mount` or `expand` of this rule hands a router to."),
      Key("function", .any, "A function of the project: `true`, or one of these names."),
      Key("anything", .flag, "Whatever it is."),
      Key("property", .text, "A parameter of the function that is this member of an object,"),
      Key("beside", .texts, "which has these members too."), Key("any", .value, "One of several."),
    ],
    "`route`": call + verbs + form + rewriting + [
      Key("path", .argument, "Where the path stands; for files, an export whose member says it."),
      Key("handler", .any, "Where the handler stands; for files, names of exports."),
      Key(
        "guards", .any,
        "Where guards stand; else the functions between path and handler. For files: `call` and `argument` of a call in them."
      ),
      Key("methods", .argument, "An object whose keys are methods and whose values are handlers."),
      Key("requires", .any, "What must be there: an argument; for files, exports."),
      Key("without", .texts, "Exports that must not be there."),
      Key("owner", .choice(["result"]), "The route hangs on what the call gives."),
      Key(
        "named", .choice(["variable", "handler"]),
        "It has no path but a name: of the variable that holds it, or of its handler."),
      Key("except", .any, "Paths that are no routes; for files, globs."),
      Key("actions", .pairs, "Actions of a resource: name → `METHOD /suffix`."),
      Key("folders", .texts, "Folders of the package with handlers that are texts: `Users/AuthController.login`."),
      Key("only", .argument, "The actions that the resource has only."),
      Key("never", .argument, "The actions that it has not."),
      Key(
        "inputs", .any,
        "What it takes in query, body, header and path: `{ schema }`, `{ validator, target }`, or what the handler reads: `{ parameter, member, result, call, reads }`."
      ),
      Key("directive", .text, "A directive that makes functions routes: `use server`."),
      Key("files", .globs, "Files that are routes, from the package's folder."),
      Key("base", .texts, "Folders whose path is `/`."),
      Key("leaf", .choice(["keep", "drop"]), "Whether the file's name is a segment."),
      Key("index", .any, "File names that stand for their folder; for elements, the attribute."),
      Key("prefix", .text, "Stands before the path."), Key("suffix", .text, "Stands behind the path."),
      Key("exports", .any, "Exports that each are a route: names, or name → method."),
      Key("suffixes", .pairs, "Endings of file names and their methods: `users.get.ts`."),
      Key("loader", .texts, "Exports that prepare its data."),
      Key("compared", .flag, "A route for each HTTP method that the handler compares the request's method with."),
      Key("members", .text, "An exported object whose members are actions of the page."),
      Key("settings", .mapping("`settings`"), "Configuration that changes the paths."),
      Key("element", .value, "The component whose elements are routes."),
    ],
    "`guards` of files": [
      Key("call", .value, "The call in the file."), Key("argument", .argument, "The guards in it."),
    ],
    "`settings`": [
      Key("files", .globs, "The configuration files."),
      Key("prefix", .texts, "The key that says the base path; the first that is there."),
      Key("extensions", .text, "The key that lists the endings of page files."),
      Key("locales", .text, "The key that lists the languages of which each may stand in front of a path."),
      Key("usual", .texts, "The endings where it says none."),
    ],
    "`table`": verbs + form + rewriting + [
      Key("lists", .list("a list"), "Calls that get a list."), Key("types", .texts, "Annotated types of lists."),
      Key("files", .globs, "Files that export a list."),
      Key("member", .text, "The member of the export that is, or returns, the list."),
      Key("path", .argument, "The path in an item."),
      Key("index", .argument, "What makes an item its parent's own page."),
      Key("handler", .argument, "The handler in an item."), Key("children", .argument, "The list in an item."),
      Key("guards", .argument, "Guards in an item."), Key("loader", .argument, "What prepares its data."),
      Key("items", .list("an item"), "Calls that stand for items."),
    ],
    "a list": call + [
      Key("list", .argument, "The list among the arguments."),
      Key("prefix", .argument, "What all its paths start with."),
    ],
    "an item": [
      Key("call", .value, "The called function."), Key("path", .argument, "The path."),
      Key("handler", .argument, "The handler, or its file."), Key("children", .argument, "The list inside."),
    ],
    "`entries`": call + verbs + form + rewriting + [
      Key("object", .argument, "The object whose members are routes."),
      Key("router", .value, "Members that are routers: mounted under their key."),
      Key("leaf", .mapping("`leaf`"), "Members that are routes: the call that makes them."),
      Key("requires", .argument, "What a member must have."),
      Key("path", .argument, "The path, when it is not the key."),
      Key("handler", .argument, "The handler in the leaf's call."),
      Key("guards", .texts, "Calls down the leaf's chain that add guards."),
      Key("inputs", .pairs, "Calls down the chain, or members, with the schema of query, body or header."),
      Key("keys", .choice(["names", "paths"]), "Whether keys are names or whole paths."),
      Key("nests", .flag, "Objects in objects are routers too."),
      Key("prefix", .argument, "A prefix among the arguments."),
      Key("implementation", .mapping("`implementation`"), "The call that joins a contract with its handlers."),
    ],
    "`leaf`": call,
    "`implementation`": call + [
      Key("contract", .argument, "The contract."), Key("handlers", .argument, "The object of handlers."),
    ],
    "`controller`": verbs + form + rewriting + [
      Key("class", .value, "The class's decorator; without it any class will do."),
      Key("prefix", .argument, "The prefix in the class's decorator."),
      Key("version", .argument, "The version in the class's decorator."),
      Key("host", .argument, "The host in the class's decorator."),
      Key("versions", .value, "The method's decorator with a version."),
      Key("routes", .value, "The decorators of methods."), Key("path", .argument, "The path in a method's decorator."),
      Key("name", .choice(["path"]), "The method's name is its path where the decorator says none."),
      Key("guards", .value, "Decorators whose arguments are guards."),
      Key("inputs", .map("value"), "Decorators of parameters, by query, body, header and path."),
    ],
    "`modules`": call + [
      Key("list", .argument, "The list of modules with paths."), Key("path", .argument, "The path in an item."),
      Key("module", .argument, "The module's class in an item."), Key("children", .argument, "The list in an item."),
      Key("decorator", .value, "The decorator of a module."), Key("members", .argument, "The classes in it."),
    ],
    "`mount`": call + rewriting + [
      Key("prefix", .argument, "The prefix."),
      Key(
        "target", .argument, "The router that is mounted: an argument, a function's `parameter`, `result` or `self`."),
      Key("owner", .argument, "The router that it is mounted on, when it is not the receiver."),
      Key("parts", .value, "Routers that serve nothing until they are mounted."),
      Key("scope", .flag, "All that is registered inside the target function is below the prefix."),
      Key("guards", .argument, "Where guards stand; else the other functions among the arguments."),
    ],
    "`expand`": call + rewriting + [
      Key("folder", .argument, "The folder of modules."), Key("prefix", .argument, "The prefix of all."),
      Key("plugin", .argument, "The argument that says which plugin does it."),
      Key("parameter", .integer, "The parameter of each module's function that is the router."),
      Key("exports", .texts, "The exports that may be that function."),
    ],
    "`base`": call + [
      Key("element", .value, "Or a component"), Key("attribute", .text, "whose attribute is the prefix."),
      Key("prefix", .argument, "The prefix of the whole application."),
      Key("except", .argument, "Paths that stay as they are."),
      Key("version", .argument, "What stands before a version in paths."),
      Key("default", .argument, "The version of routes that state none."),
      Key("requires", .argument, "What must be among the arguments."),
      Key("several", .flag, "The application stands below each such prefix."),
    ],
    "`guard`": call + form + [
      Key("prefix", .argument, "The path that it guards."),
      Key("functions", .argument, "Where the functions stand; else any argument."),
      Key("list", .argument, "A list of objects that each have a `prefix` and `functions`."),
      Key("owner", .argument, "Routers or classes of routes among the arguments that it stands before."),
      Key("name", .argument, "The call only names its function; routes ask for it as a member of the router."),
      Key("requires", .argument, "What must be among the arguments."),
      Key("names", .argument, "An object of guards by the names with which routes ask for them."),
      Key(
        "scope", .choice(["package", "written"]),
        "All routes of the package pass it: below `prefix` of their paths, or of their paths as written."),
      Key("files", .globs, "Files whose function all routes pass."),
      Key("handler", .texts, "The exports that may be it."),
      Key("paths", .text, "The exported member that lists its paths."),
      Key("named", .flag, "Routes ask for it by the file's name."),
    ],
    "`mark`": call + form,
    "`config`": form + rewriting + [
      Key("files", .texts, "Names of JSON or YAML files in a package's folder."),
      Key("at", .text, "Keys down to the entries; `*` is each."),
      Key("path", .text, "Keys from the entry to the path; an entry that is a text is `METHOD /path`."),
      Key("verb", .text, "Keys from the entry to the method."),
      Key("method", .text, "The method where the entry says none."),
      Key("name", .integer, "The key of `at`, by its place, that names the route."),
      Key("handler", .text, "Keys to `file.export`, from the entry or one around it."),
    ],
    "`components`": call + [
      Key("folders", .globs, "Files of these folders are components, named by their path in the folder."),
      Key("markup", .texts, "Elements in files of these languages are its components: jsx, vue, svelte, astro."),
      Key("prefix", .text, "Stands in front of these names too, such as for components that are loaded later."),
      Key("interface", .text, "A TypeScript interface whose members name components."),
      Key("class", .value, "The decorator of classes that are components."),
      Key("selector", .argument, "The name of its element, in the decorator."),
      Key("template", .argument, "Its markup, in the decorator."), Key("file", .argument, "The file of its markup."),
      Key("name", .argument, "The name, in a call that registers a component."),
      Key("component", .argument, "The component in that call."),
    ],
    "`shape`": [
      Key("call", .value, "The call that describes an object."),
      Key("members", .argument, "The object with its members."),
      Key("types", .any, "`string`, `number`, `boolean`, `array`, `object` → names of calls."),
      Key("optional", .texts, "Names of calls that make a member optional."),
    ],
    "`resolvers`": [Key("roots", .pairs, "Keys of resolver objects and the method of their fields.")],
    "`sql`": call + [
      Key("text", .argument, "The SQL text."),
      Key(
        "runs", .texts,
        "Methods of what the call gives that run it: where they are called it is run, and at the call itself where nobody is known to."
      ),
    ],
    "`request`": call + [
      Key("verb", .argument, "The method, when it is not the called method's name."),
      Key("path", .argument, "The path."),
      Key("base", .text, "The member of the client factory's argument that paths are relative to."),
      Key("relative", .flag, "Paths stand below a base address that is set elsewhere."),
      Key("element", .value, "A component"), Key("tag", .text, "or an element of the platform,"),
      Key("attribute", .text, "whose attribute is the path."),
    ],
    "`proxy`": [
      Key("root", .value, "The value at which the members start that spell the path."),
      Key("calls", .any, "Methods of routes → names of the last member: `QUERY: [query]`."),
      Key("ignored", .texts, "Members that are no part of the path."),
      Key("joiner", .text, "What joins the members; a slash unless said."),
      Key("verb", .text, "The method, where the last member does not say it."),
      Key(
        "contract", .argument,
        "Of what made the root, the object whose members of the same names have the route's `path` and `method`."),
    ],
    "`runs`": call + [
      Key("object", .argument, "The product's object, or instance of a class, which the library was given."),
      Key("members", .texts, "Functions of it that the library then calls."),
    ],
    "`document`": call + [Key("document", .argument, "The document of the query language.")],
    "`event`": call + [
      Key("name", .argument, "The event's name."), Key("properties", .argument, "The object of its properties."),
    ],
    "`navigate`": call + [
      Key("verb", .argument, "The method."), Key("path", .argument, "The path."),
      Key("base", .text, "What paths are relative to."),
      Key("relative", .flag, "Paths stand below a base address that is set elsewhere."),
      Key("element", .value, "A component"), Key("tag", .text, "or an element of the platform,"),
      Key("attribute", .text, "whose attribute is the path."),
    ],
    "`schema`": call + [
      Key("language", .choice(["prisma", "sql", "graphql"]), "The schema language."),
      Key("files", .globs, "Its files."),
      Key("except", .globs, "Files that are not."), Key("text", .argument, "The schema as text in a call."),
    ],
    "`capture`": [
      Key("client", .value, "The value that is the client."),
      Key("statement", .text, "The statement that stores an event."),
      Key("schema", .text, "What is appended to a declarative schema."),
      Key("language", .choice(["prisma", "sql"]), "The schema language."),
      Key("migration", .text, "The migration's path."), Key("apply", .text, "The command that applies it."),
    ],
  ]
}
