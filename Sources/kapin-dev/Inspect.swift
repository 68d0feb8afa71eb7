import ArgumentParser
import Foundation
import KapinBase
import KapinExtract
import KapinSyntax

/// Prints the syntax tree of a file, for whoever writes an extractor.
struct TreeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "tree", abstract: "Print the syntax tree of a file.")
  @Argument var file: String

  func run() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    guard let language = Language(path: file) else { throw ValidationError("no grammar reads \(file)") }
    bytes.withUnsafeBytes { source in
      var parser = Parser()
      guard let tree = parser.parse(source, as: language) else { return }
      tree.withCursor { cursor in Self.dump(&cursor, source, 0) }
    }
  }

  private static func dump(_ cursor: inout Cursor, _ source: UnsafeRawBufferPointer, _ depth: Int) {
    var inner = false
    cursor.forEachChild { _ in inner = true }
    let text = inner ? "" : " " + String(decoding: source[cursor.range.indices], as: UTF8.self)
    let field = cursor.field == .none ? "" : "\(cursor.field): "
    print("\(String(repeating: "  ", count: depth))\(field)\(cursor.typeName)\(text)")
    cursor.forEachChild { child in dump(&child, source, depth + 1) }
  }
}

/// Prints what extraction says about a file.
struct FactsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "facts", abstract: "Print the facts of a file.")
  @Argument var file: String

  func run() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    guard let language = Language(path: file), language != .json else {
      throw ValidationError("no extractor reads \(file)")
    }
    var parser = Parser()
    let facts = bytes.withUnsafeBytes { Extractor.extract($0, as: language, with: &parser) }
    print(FactsText.render(facts))
  }
}
