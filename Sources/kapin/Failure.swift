/// An error that ends the program: one clear line and a documented exit code.
struct Failure: Error {
  enum Code: Int32 {
    case done = 0
    case notFound = 1
    case wrongUse = 2
    case badRule = 3
    case inputUnreadable = 4
    case serviceFailed = 5
    case interrupted = 130
  }

  var code: Code
  var message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
