import Foundation
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
