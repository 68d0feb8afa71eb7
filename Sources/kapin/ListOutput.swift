import ArgumentParser
import Foundation
import KapinBase

/// Where a command's list goes.
struct ListOutput: ParsableArguments {
  @Option(name: .shortAndLong, help: ArgumentHelp("A file to write instead of standard output.", valueName: "file"))
  var output: String?

  func write(_ text: String) throws {
    guard let output else { return Terminal.print(text) }
    try Terminal.write(Data((text + "\n").utf8), to: output)
  }

  func write(_ json: JSONText) throws {
    var out: [UInt8] = []
    json.write(into: &out, indent: 2)
    try write(String(decoding: out, as: UTF8.self))
  }
}
