public import KapinBase

/// How markup knows components that no file imports.
public enum ComponentNames: Sendable {
  /// Files of a folder, by their path in it: `base/Button.vue` is `BaseButton`.
  /// With a prefix in front, the name is known too.
  case folders([Glob], prefix: String)
  /// The members of a TypeScript interface: `UserCard: typeof import("./UserCard.vue")["default"]`.
  case interface(String)
  /// Decorated classes with the name of their element and their markup, as text or in a file.
  case decorated(type: ValuePattern, selector: ArgumentPattern, template: ArgumentPattern, file: ArgumentPattern)
  /// Elements in files of these languages are this framework's components: `jsx`, `vue`, `svelte`, `astro`.
  case markup([String])
  /// A call that gives a component a name.
  case call(CallPattern, name: ArgumentPattern, component: ArgumentPattern)
}

/// How a schema library describes an object: `z.object({ name: z.string().optional() })`.
public struct ShapeClause: Sendable {
  public var call: ValuePattern
  public var members: ArgumentPattern
  /// Names of makers → `string`, `number`, `boolean`, `array`, `object`.
  public var types: [String: String]
  /// Names in a member's chain that make it optional.
  public var optional: [String]
  public init(call: ValuePattern, members: ArgumentPattern, types: [String: String], optional: [String]) {
    self.call = call
    self.members = members
    self.types = types
    self.optional = optional
  }
}

/// Where a route says what it takes.
public struct InputPattern: Sendable, Hashable {
  public enum Place: String, Sendable, CaseIterable { case path, query, header, body }
  public var place: Place
  /// A schema that is handed to the call.
  public var schema: ArgumentPattern?
  /// A call among the arguments that checks the request, with the schema in it.
  public var validator: ValuePattern?
  /// The text that the validator's first argument must be.
  public var target: String?
  /// Members of the handler's parameter that are read: `req.query.x`.
  public var parameter: Int?
  public var member: [String]
  /// Methods of that parameter whose result is what is read: `await request.json()`.
  public var result: [String]
  /// A function whose result is what is read: `readBody(event)`.
  public var call: ValuePattern?
  /// Methods that get one input by its name: `searchParams.get("page")`.
  public var reads: [String]
  public init(place: Place) {
    self.place = place
    member = []
    result = []
    reads = []
  }
}
