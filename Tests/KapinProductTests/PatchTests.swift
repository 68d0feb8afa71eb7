import Foundation
import KapinPatch
import KapinTesting
import Testing

/// Unified diffs, judged by git.
struct PatchTests {
  private func check(_ old: String?, _ new: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let folder = try Checkout.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    if let old { try old.write(toFile: folder + "/f.txt", atomically: true, encoding: .utf8) }
    let change = FileChange(path: "f.txt", old: old.map { Array($0.utf8) }, new: Array(new.utf8))
    try UnifiedDiff.text([change]).write(toFile: folder + "/p.patch", atomically: true, encoding: .utf8)
    let result = try Checkout.run("git", ["apply", "p.patch"], in: folder)
    #expect(result.status == 0, "\(result.errors)", sourceLocation: sourceLocation)
    #expect(try String(contentsOfFile: folder + "/f.txt", encoding: .utf8) == new, sourceLocation: sourceLocation)
  }

  @Test func newFiles() throws { try check(nil, "a\nb\n") }
  @Test func linesWithoutANewlineAtTheEnd() throws {
    try check("a\nb", "a\nb\nc")
    try check("a\nb", "a\nx\n")
  }
  @Test func carriageReturnsStay() throws { try check("a\r\nb\r\nc\r\n", "a\r\nb\r\nnew\r\nc\r\n") }
  @Test func changesFarApartMakeSeveralHunks() throws {
    let lines = (1...60).map { "line \($0)" }
    var changed = lines
    changed[3] = "changed"
    changed.insert("inserted", at: 30)
    changed.remove(at: 55)
    try check(lines.joined(separator: "\n") + "\n", changed.joined(separator: "\n") + "\n")
  }
  @Test func emptyFiles() throws { try check("", "a\n") }
}
