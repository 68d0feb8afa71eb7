import Foundation
import KapinBase
import KapinReport

/// Answers coding assistants over standard input and output.
///
/// Model Context Protocol, revision 2025-06-18 ("Base Protocol", "Lifecycle", "Transports – stdio", "Server Features –
/// Tools"): JSON-RPC 2.0, one message a line.
struct AssistantServer {
  static let revision = "2025-06-18"
  private static let known = ["2025-06-18", "2025-03-26", "2024-11-05"]

  private let version: String
  /// Made when it is first asked for, so that a client need not wait to connect.
  private let tools: () throws -> AssistantTools

  init(version: String, tools: @escaping () throws -> AssistantTools) {
    self.version = version
    self.tools = tools
  }

  func run() {
    while let line = readLine(strippingNewline: true) {
      guard !line.allSatisfy(\.isWhitespace) else { continue }
      guard let answer = answer(to: line) else { continue }
      var out: [UInt8] = []
      answer.write(into: &out)
      out.append(10)
      FileHandle.standardOutput.write(Data(out))
    }
  }

  /// The answer to a message; notifications have none.
  func answer(to line: String) -> JSONText? {
    guard let parsed = try? JSONSerialization.jsonObject(with: Data(line.utf8), options: [.fragmentsAllowed]) else {
      return Self.error(.null, -32_700, "the message is no JSON")
    }
    guard let message = parsed as? [String: Any], message["jsonrpc"] as? String == "2.0",
      let method = message["method"] as? String
    else {
      // An answer to a request of ours would be one; there are none.
      if let message = parsed as? [String: Any], message["result"] != nil || message["error"] != nil { return nil }
      return Self.error(.null, -32_600, "the message is no request of JSON-RPC 2.0")
    }
    guard let id = Self.id(message["id"]) else { return nil }
    let parameters = message["params"] as? [String: Any] ?? [:]
    switch method {
    case "initialize":
      let asked = parameters["protocolVersion"] as? String ?? ""
      return Self.result(
        id,
        .object([
          "protocolVersion": .text(Self.known.contains(asked) ? asked : Self.revision),
          "capabilities": .object(["tools": .object(["listChanged": .bool(false)])]),
          "serverInfo": .object(["name": .text("kapin"), "version": .text(version)]),
          "instructions": .text(
            "Questions about this product: routes, tables, components, and the ways between them. Each answer has its file and line."
          ),
        ]))
    case "ping": return Self.result(id, .object([:]))
    case "tools/list": return Self.result(id, .object(["tools": .list(AssistantTools.all.map(Self.describe))]))
    case "tools/call": return call(id, parameters)
    default: return Self.error(id, -32_601, "there is no method `\(method)`")
    }
  }

  private func call(_ id: JSONText, _ parameters: [String: Any]) -> JSONText {
    guard let name = parameters["name"] as? String else { return Self.error(id, -32_602, "`name` is missing") }
    var arguments: [String: String] = [:]
    for (key, value) in parameters["arguments"] as? [String: Any] ?? [:] {
      switch value {
      case let text as String: arguments[key] = text
      case let number as NSNumber:
        // Flags come as numbers of one byte.
        let isFlag = String(cString: number.objCType) == "c"
        arguments[key] = isFlag ? (number.boolValue ? "true" : "false") : number.stringValue
      default: return Self.error(id, -32_602, "`\(key)` must be a text, a number, or true or false")
      }
    }
    do {
      let answer = try tools().call(name, arguments)
      return Self.result(
        id,
        .object([
          "content": .list([.object(["type": .text("text"), "text": .text(answer.text)])]),
          "structuredContent": answer.json, "isError": .bool(false),
        ]))
    } catch AssistantTools.Failure.unknownTool(let name) {
      return Self.error(id, -32_602, "there is no tool `\(name)`")
    } catch AssistantTools.Failure.wrongArguments(let message) {
      return Self.failed(id, message)
    } catch let failure as Failure {
      return Self.failed(id, failure.message)
    } catch {
      return Self.failed(id, "\(error)")
    }
  }

  /// What went wrong in a tool is told to the model, so that it can ask again.
  private static func failed(_ id: JSONText, _ message: String) -> JSONText {
    result(
      id,
      .object([
        "content": .list([.object(["type": .text("text"), "text": .text(message)])]), "isError": .bool(true),
      ]))
  }

  private static func describe(_ tool: AssistantTools.Tool) -> JSONText {
    var properties: [String: JSONText?] = [:]
    for argument in tool.arguments {
      let type = argument.name == "limit" ? "integer" : argument.name == "unguarded" ? "boolean" : "string"
      properties[argument.name] = .object(["type": .text(type), "description": .text(argument.says)])
    }
    return .object([
      "name": .text(tool.name), "description": .text(tool.says),
      "inputSchema": .object([
        "type": .text("object"), "properties": .object(properties), "additionalProperties": .bool(false),
        "required": .list(tool.arguments.filter(\.isRequired).map { .text($0.name) }),
      ]),
      "annotations": .object(["readOnlyHint": .bool(true), "openWorldHint": .bool(false)]),
    ])
  }

  private static func id(_ value: Any?) -> JSONText? {
    switch value {
    case let text as String: .text(text)
    case let number as NSNumber: .int(number.intValue)
    default: nil
    }
  }

  private static func result(_ id: JSONText, _ result: JSONText) -> JSONText {
    .object(["jsonrpc": .text("2.0"), "id": id, "result": result])
  }

  private static func error(_ id: JSONText, _ code: Int, _ message: String) -> JSONText {
    .object([
      "jsonrpc": .text("2.0"), "id": id, "error": .object(["code": .int(code), "message": .text(message)]),
    ])
  }
}
