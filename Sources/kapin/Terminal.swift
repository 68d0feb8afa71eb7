import Foundation
import KapinBase
import Synchronization

/// Data goes to standard output; progress, notes and errors to standard error.
enum Terminal {
  static let isInteractive = isatty(STDERR_FILENO) == 1
  private static let columns = 100

  static func error(_ text: String) { note("kapin: " + text) }

  static func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

  static func print(_ text: String) { write(Array((text + "\n").utf8)) }

  /// A closed pipe ends the program quietly, as for other tools.
  static func write(_ bytes: borrowing [UInt8]) {
    bytes.withUnsafeBytes { write($0) }
  }

  private static func write(_ buffer: UnsafeRawBufferPointer) {
    var written = 0
    while written < buffer.count {
      let count = Foundation.write(STDOUT_FILENO, buffer.baseAddress! + written, buffer.count - written)
      if count <= 0 { exit(errno == EPIPE ? 0 : 4) }
      written += count
    }
  }

  static func write(_ bytes: Data) {
    bytes.withUnsafeBytes { write($0) }
  }

  /// Writes what a command was asked to write into a file: a regular file whole or not at all; a device or pipe in place,
  /// because it must never be replaced.
  static func write(_ bytes: Data, to path: String) throws {
    let url = URL(fileURLWithPath: path)
    var status = stat()
    let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    do {
      if isSpecial {
        let file = try FileHandle(forWritingTo: url)
        try file.write(contentsOf: bytes)
        try file.close()
      } else {
        try bytes.write(to: url, options: .atomic)
      }
    } catch {
      throw Failure(.inputUnreadable, "\(path) cannot be written: \(error.localizedDescription)")
    }
  }

  static func finish(_ text: String, isHelp: Bool) { isHelp ? print(text) : note(text) }

  /// One line that is written over; nothing when nobody watches.
  static func progress(_ text: String) {
    guard isInteractive else { return }
    let padded = text + String(repeating: " ", count: max(0, 60 - text.count))
    FileHandle.standardError.write(Data(("\r" + padded).utf8))
  }

  static func endProgress() {
    guard isInteractive else { return }
    FileHandle.standardError.write(Data(("\r" + String(repeating: " ", count: 64) + "\r").utf8))
  }
}
