/// The keys of clauses about persisted record types.
extension RuleKeys {
  private static let verbs = Key("verbs", .any, "read, create, update, delete → names of methods.")

  private static let columns = [
    Key("types", .pairs, "What makes a column → its type; `{length}` in brackets is an option, `{0}` an argument."),
    Key(
      "attributes", .pairs,
      "Words in a column's description → name, type, required, nullable, primary, unique, default (and a value), references, table, key, changes, relation, join, values, array, item, generated or ignored."
    ),
    Key("column", .argument, "Where a column's name stands in the call that makes it."),
    Key("enums", .list("an enum"), "Calls that make an enum type."),
    Key("customs", .list("a custom type"), "Calls that make a type of the product's own."),
    Key("nullable", .flag, "Whether columns may be null unless they say otherwise; yes without it."),
    Key("strict", .flag, "Only what has a known type is a column."),
  ]

  static let data: [String: [Key]] = [
    "`model`": call + [
      Key("class", .value, "The decorator of classes that are models."),
      Key("extends", .value, "The class that models extend."),
      Key("interface", .texts, "Names of interfaces whose members are tables."),
      Key(
        "within", .texts,
        "Of an interface: members, one inside the other, in which its tables stand; `*` is a database's schema."),
      Key("row", .text, "Of an interface: the member of a table that holds its columns."),
      Key("object", .argument, "The object whose members are models,"),
      Key("leaf", .value, "each made by a call of this."),
      Key("name", .argument, "Where the table's name stands: the first that is a text."),
      Key("static", .texts, "Static members of the class with the table's name."),
      Key("through", .argument, "A function that the name goes through."),
      Key("schema", .argument, "The database's schema."),
      Key("columns", .argument, "The object of columns; a call's first object, or what a function gives, counts too."),
      Key(
        "fields", .value, "Decorators of the fields that are columns: of the class, or of the one that the call gets."),
      Key("receiver", .flag, "The model is what the call is made on."),
      Key("named", .flag, "The name in the call is the model's name in code too."),
      Key("naming", .mapping("`naming`"), "How names in code become names in the database."),
      Key("casing", .mapping("`casing`"), "An option of the product that names columns in another style."),
      Key("provider", .text, "The kind of database."),
      Key("providers", .pairs, "Part of the called function's name → the kind of database."),
      Key("always", .pairs, "Columns that every table has: name → type, and `primary`, `generated`, `required`."),
      Key("members", .mapping("`members`"), "Functions that a schema gives to its models and rows."),
    ] + columns,
    "`members`": [
      Key("schema", .argument, "The schema in the call that makes the model."),
      Key("statics", .texts, "Its members, methods and options that hold functions of the model."),
      Key("methods", .texts, "The same of rows."),
    ],
    "an enum": [
      Key("call", .value, "The call that makes it."), Key("name", .argument, "Its name."),
      Key("values", .argument, "Its values."),
    ],
    "a custom type": [
      Key("call", .value, "The call that makes it."), Key("type", .argument, "What it is in the database."),
    ],
    "`naming`": [
      Key("table", .texts, "Styles for tables, one after another: snake, camel, lower, plural, uncapitalized."),
      Key("columns", .texts, "Styles for columns."),
    ],
    "`casing`": [
      Key("call", .value, "The call that has the option."),
      Key("option", .text, "The option's name; without it, what is called decides."),
      Key("styles", .pairs, "Its values, or names of what is called, and the style that each means."),
    ],
    "`change`": call + [
      Key(
        "step",
        .choice([
          "create", "alter", "drop", "rename", "addColumn", "dropColumn", "renameColumn", "changeColumn", "sql",
        ]), "What the call does to the schema."),
      Key("table", .argument, "The table's name."), Key("of", .argument, "The column's name."),
      Key("to", .argument, "The new name."),
      Key("columns", .argument, "Objects of columns, or one column's description."),
      Key("builder", .argument, "The function whose parameter's methods add columns."),
      Key("text", .argument, "The SQL that it runs."),
      Key(
        "methods", .pairs,
        "Methods of the builder that add no column: dropColumn, renameColumn, foreign, primary, unique, index."),
      Key(
        "chain", .pairs,
        "Calls further on in the chain: addColumn (name, type and a function that completes it), and those of `methods`."
      ),
      Key("groups", .any, "Methods that add several columns: name → columns."),
      Key("inside", .texts, "Only in functions of these names: a migration's way up."),
      Key("outside", .texts, "Not in functions of these names: a migration's way back."),
    ] + columns,
    "`handle`": call + [
      Key("table", .argument, "The model, or its name, in the call that gives what stands for a table."),
      Key("typed", .texts, "Types of what stands for a table; the model is the type's argument."),
    ],
    "`access`": call + [
      verbs,
      Key("verb", .choice(["read", "create", "update", "delete"]), "What the call does whatever its name is."),
      Key("then", .any, "Calls further on in the chain that do something else: read, create, update, delete → names."),
      Key("also", .any, "Calls further on in the chain that do something too: read, create, update, delete → names."),
      Key(
        "table", .any,
        "Where the table stands: an argument, `self` for what the call is made on, `row` for the model whose row that is, or `related` for what the row's relation leads to that the first argument names; else it is a member of `on`."
      ),
      Key("given-by", .texts, "With `table: row`, the methods of a model that give rows."),
      Key("named", .flag, "Whether a text may name the table; yes without it."),
      Key("columns", .argument, "Objects whose keys, and texts that, are columns."),
      Key("along", .mapping("`along`"), "Where it names relations whose rows come along, or are written with it."),
    ],
    "`along`": [
      Key("value", .argument, "Objects whose keys, and texts that, may name relations."),
      Key("through", .texts, "Keys that stand for the table itself: `where`, `AND`."),
      Key("tables", .texts, "Keys whose text is the name of a table that is read too: `$lookup: { from: users }`."),
      Key("writes", .any, "Keys of a relation's object that write its table: create, update, delete → keys."),
      Key(
        "links", .any,
        "Keys of a relation's object that join rows or part them: create, delete → keys. They write the other table's column, or the table of the pairs."
      ),
      Key("aliased", .flag, "Names are paths that start with what the query calls a table: `note.author`."),
      Key(
        "chained", .flag,
        "Calls further on in the chain that are named after relations bring these along: `findUnique(…).posts()`."),
      Key("eager", .flag, "Relations of which the schema says that their rows come along always, do."),
    ],
    "`relation`": call + [
      Key("static", .texts, "Static members of a model's class: objects, or functions that give them."),
      Key("fields", .value, "Decorators of fields that stand for rows of another model."),
      Key("owner", .argument, "The model of a call; without it, what the call is made on."),
      Key("members", .argument, "The object of a call whose keys are names of relations."),
      Key("name", .argument, "The name of a call's one relation."),
      Key("target", .argument, "The other model: in what each key holds, else in the call or decorator."),
      Key("eager", .argument, "Of `fields`: where it says `true` when the rows come along always."),
    ],
  ]
}
