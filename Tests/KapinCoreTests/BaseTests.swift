import KapinBase
import KapinModel
import KapinSyntax
import Testing

struct BaseTests {
  @Test(arguments: [
    ("signUpPage", ["sign", "up", "page"]), ("sign-up_page", ["sign", "up", "page"]),
    ("HTMLReport2", ["html", "report2"]),
    ("/api/OAuth/callback", ["api", "o", "auth", "callback"]), ("", []),
  ])
  func words(_ text: String, _ expected: [String]) { #expect(Words.split(text) == expected) }

  @Test(
    "Plurals as object mappers make them",
    arguments: [
      ("user", "users"), ("Category", "Categories"), ("box", "boxes"), ("status", "statuses"), ("analysis", "analyses"),
      ("day", "days"), ("class", "classes"), ("person", "people"), ("SalesPerson", "SalesPeople"), ("users", "users"),
      ("media", "media"), ("child", "children"),
    ])
  func plural(_ one: String, _ many: String) { #expect(Words.plural(one) == many) }

  @Test func namesInCodeBecomeNamesInTheDatabase() {
    func styled(_ name: String, _ styles: NameStyle...) -> String { styles.reduce(name) { $1.apply($0) } }
    #expect(styled("BookCopy", .snake) == "book_copy")
    #expect(styled("bookID", .snake) == "book_id")
    #expect(styled("LicenseKey", .snake, .plural) == "license_keys")
    #expect(styled("UserProfile", .lower, .plural) == "userprofiles")
    #expect(styled("created_at", .camel) == "createdAt")
    #expect(styled("UserRole", .uncapitalized) == "userRole")
  }

  @Test func phrasesMatchHoweverTheyAreWritten() {
    for name in ["signUp", "sign-up", "signup", "postSignUp", "sign_up_forms"] {
      #expect(Words.contains(Words.split(name), phrase: ["sign", "up"]), "\(name)")
    }
    #expect(!Words.contains(Words.split("signal upstream"), phrase: ["sign", "up"]))
    #expect(Words.ends(Words.split("app_users"), phrase: ["user"]))
    #expect(!Words.ends(Words.split("user_settings"), phrase: ["user"]))
  }

  @Test(arguments: [
    ("**/*.ts", "a/b/c.ts", true), ("**/*.ts", "c.ts", true), ("a/**/b", "a/b", true), ("a/**/b", "a/x/y/b", true),
    ("a/*/b", "a/x/y/b", false), ("{a,b}/*.js", "b/x.js", true), ("{,src/}app", "src/app", true), ("[!a]x", "bx", true),
    ("[!a]x", "ax", false), ("a*b*c", "aXbYbZc", true), ("a?c", "ac", false), ("**", "any/thing", true),
  ])
  func globs(_ pattern: String, _ path: String, _ expected: Bool) {
    #expect(Glob(pattern).matches(path) == expected)
  }

  @Test func aHostileGlobIsQuick() {
    let path = Array(repeating: "a", count: 300).joined(separator: "/")
    let pattern = Array(repeating: "**/a*a*a*a*a*b", count: 12).joined(separator: "/")
    #expect(!Glob(pattern).matches(path))
  }

  @Test func columnsCountInUTF16Units() {
    let source = Array("aä€😀x\nzweite".utf8)
    let lines = source.withUnsafeBytes { LineTable($0) }
    #expect(lines.position(0) == Position(line: 1, column: 1))
    // Behind 1 + 2 + 3 + 4 bytes stand 1 + 1 + 1 + 2 units.
    #expect(lines.position(10) == Position(line: 1, column: 6))
    #expect(lines.position(12) == Position(line: 2, column: 1))
  }

  @Test func namesAreBytes() {
    var names = NameTable()
    let composed = names.intern("é"), decomposed = names.intern("e\u{301}")
    #expect(composed != decomposed)
    #expect(names.find("é") == composed)
    #expect(names.intern("é") == composed)
  }

  @Test func configurationsMayHaveCommentsAndTrailingCommas() throws {
    let (value, errorAt) = JSON.parse(Array("{ // c\n \"a\": [1, 2,], /* d */ \"b\": \"x\\u00e9\\n\", }".utf8))
    #expect(errorAt == nil)
    #expect(value?["a"]?.items?.count == 2)
    #expect(value?["b"]?.text == "xé\n")
    #expect(JSON.parse(Array("{ \"a\": ".utf8)).errorAt != nil)
  }

  @Test func theNearestWordIsFound() {
    #expect(Similarity.nearest("handlre", in: ["handler", "path", "verb"]) == "handler")
    #expect(Similarity.nearest("zzz", in: ["handler"]) == nil)
  }

  @Test(arguments: [
    ("a/b", "a/c/d.ts", "../c/d.ts"), ("a", "a/d.ts", "./d.ts"), ("", "x/y.ts", "./x/y.ts"),
    ("a/b/c", "d.ts", "../../../d.ts"),
  ])
  func relativePaths(_ folder: String, _ target: String, _ expected: String) {
    #expect(Paths.relative(from: folder, to: target) == expected)
    #expect(Paths.normalize(Paths.join(folder, expected)) == target)
  }
}
