import Testing

/// The rooms and floors of Docs/architecture.md: a room may import only what Package.swift names for it.
struct LayerTests {
  /// What each room declares in Package.swift.
  private func declared() throws -> [String: Set<String>] {
    var rooms: [String: Set<String>] = [:]
    let text = try Repository.text("Package.swift")
    for match in text.matches(of: /(?:room|program)\(\s*"([\w-]+)",\s*\[([^\]]*)\]/) {
      rooms[String(match.1)] = Set(match.2.matches(of: /"(\w+)"/).map { String($0.1) })
    }
    return rooms
  }

  @Test func roomsImportOnlyWhatTheyDeclare() throws {
    let rooms = try declared()
    #expect(rooms.count > 15)
    for file in Repository.files("Sources", ending: ".swift") {
      let room = String(file.split(separator: "/")[1])
      for match in try Repository.text(file).matches(of: /(?m)^(?:package |internal )?import (\w+)/) {
        let name = String(match.1)
        guard name.hasPrefix("Kapin") || name.hasPrefix("CT") || name.hasPrefix("CP") || name.hasPrefix("CX") else {
          continue
        }
        #expect(rooms[room]?.contains(name) == true, "\(file) imports \(name), which \(room) does not declare")
      }
    }
  }

  @Test func importsGoDown() throws {
    let floors: [[String]] = [
      ["KapinBase"], ["KapinSyntax", "KapinModel"], ["KapinExtract", "KapinLink", "KapinRules", "KapinQuery"],
      ["KapinEngine"],
      ["KapinFiles", "KapinProduct", "KapinPatch", "KapinDatabase", "KapinReport"], ["KapinProof"], ["KapinRun"],
      ["KapinTesting"], ["kapin", "kapin-dev"],
    ]
    var floor: [String: Int] = [:]
    for (index, rooms) in floors.enumerated() { for room in rooms { floor[room] = index } }
    for (room, uses) in try declared() {
      let own = try #require(floor[room], "\(room) has no floor")
      for use in uses where use.hasPrefix("Kapin") {
        #expect(floor[use] ?? 99 < own, "\(room) uses \(use), which is not below it")
      }
    }
  }

  @Test func onlyOneRoomSeesTreeSitter() throws {
    for file in Repository.files("Sources", ending: ".swift") where !file.hasPrefix("Sources/KapinSyntax/") {
      let text = try Repository.text(file)
      #expect(!text.contains("import CTreeSitter") && !text.contains("import TreeSitter"), "\(file)")
      #expect(!text.contains("ts_parser_") && !text.contains("ts_node_"), "\(file)")
    }
  }

  @Test func lowerFloorsDoNoInputOrOutput() throws {
    let rooms = ["KapinBase", "KapinSyntax", "KapinModel", "KapinExtract", "KapinLink", "KapinRules", "KapinEngine"]
    let forbidden = [
      "FileManager", "ProcessInfo", "FileHandle", "Date()", "ContinuousClock", ".random(", "getenv", "fopen",
    ]
    for room in rooms {
      for file in Repository.files("Sources/\(room)", ending: ".swift") {
        let text = try Repository.text(file)
        for word in forbidden { #expect(!text.contains(word), "\(file) uses \(word)") }
      }
    }
  }
}
