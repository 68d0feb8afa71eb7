import Foundation
import KapinBase
import KapinEngine
import KapinFiles
import KapinModel
import KapinReport
import KapinRules

let rules = try RuleLoader.load(try RuleFolder.rules(RuleFolder.shipped()!))
let start = Date()
let control = RunControl(jobs: 2, progress: { p, d, n in if d % 1000 == 0 { FileHandle.standardError.write("\(p) \(Date().timeIntervalSince(start))\n".data(using: .utf8)!) } })
let graph = Engine.analyze([try DiskTree(CommandLine.arguments[1])], rules, control)
FileHandle.standardError.write("done \(Date().timeIntervalSince(start))\n".data(using: .utf8)!)
GraphDump.write(graph, as: .ndjson) { FileHandle.standardOutput.write(Data($0)) }
