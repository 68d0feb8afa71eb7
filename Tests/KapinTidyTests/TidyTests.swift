import Foundation
import Testing

/// How the house looks.
struct TidyTests {
  @Test func filesStaySmall() throws {
    for file in Repository.files("Sources", ending: ".swift") + Repository.files("Tests", ending: ".swift")
    where !file.hasSuffix("+Generated.swift") {
      let lines = try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false).count
      #expect(lines <= 600, "\(file) has \(lines) lines")
    }
  }

  /// Frameworks, libraries and features are data under Rules; the published file languages may be named.
  @Test func noFrameworkIsNamedInSources() throws {
    let names = [
      "express", "next.js", "nextjs", "nestjs", "fastify", "koa", "hono", "remix", "nuxt", "angular", "react",
      "stripe", "paddle", "drizzle", "typeorm", "sequelize", "mongoose", "knex", "supabase", "clerk", "posthog",
      "segment",
      "mixpanel", "sveltekit", "tanstack", "trpc", "orpc", "ts-rest", "elysia", "hapi", "adonisjs", "bullmq", "inngest",
      "socket.io", "medusa", "zod", "typebox", "netlify", "vercel", "wrangler", "nitro", "pothos", "apollo", "axios",
      "passport", "bcrypt", "nextauth", "sign-up", "getserversideprops",
    ]
    for file in Repository.files("Sources", ending: ".swift") {
      let text = try Repository.text(file).lowercased()
      for name in names {
        let pattern = try Regex("\\b" + NSRegularExpression.escapedPattern(for: name) + "\\b")
        // A call example in a comment is no branch, and "segment" is also a part of a path.
        let lines = text.split(separator: "\n").filter { !$0.contains("///") && !$0.contains("//") }
        guard name != "segment" else { continue }
        #expect(!lines.contains { $0.contains(pattern) && !isHelp($0) }, "\(file) names \(name)")
      }
    }
  }

  /// Examples in help texts of the command line speak of products.
  private func isHelp(_ line: Substring) -> Bool { line.contains("kapin explain") || line.contains("kapin rules test") }

  /// That one of the tests is a look-alike is the linter's to say.
  @Test func everyRuleHasItsSuite() throws {
    let rules = Repository.files("Rules", ending: ".yml")
    #expect(rules.count >= 50)
    for rule in rules {
      let suite = try Repository.text(rule.dropLast(4) + ".md")
      #expect(suite.components(separatedBy: "\n## ").count > 2, "\(rule) needs at least two tests")
    }
  }

  @Test func uncheckedSendableIsRare() throws {
    let allowed = ["Sources/KapinEngine/ParallelMap.swift", "Sources/KapinSyntax/Language.swift"]
    for file in Repository.files("Sources", ending: ".swift") where !allowed.contains(file) {
      #expect(!(try Repository.text(file)).contains("@unchecked Sendable"), "\(file)")
    }
  }

  @Test func everyDocumentThatTheReadMeNamesIsThere() throws {
    let text = try Repository.text("README.md")
    for match in text.matches(of: /\]\(((?:Docs|Rules|Corpus)[^)#]*)\)/) {
      let path = Repository.root.appendingPathComponent(String(match.1)).path
      #expect(FileManager.default.fileExists(atPath: path), "README.md names \(match.1)")
    }
  }
}
