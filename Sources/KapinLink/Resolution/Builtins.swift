/// The modules that come with Node.js (Node.js documentation, "Module: builtinModules").
enum Builtins {
  static func contains(_ specifier: String) -> Bool {
    if specifier.hasPrefix("node:") { return true }
    let name = specifier.split(separator: "/").first.map(String.init) ?? specifier
    return names.contains(name) && (name == specifier || withSubpaths.contains(name))
  }

  private static let withSubpaths: Set<String> = [
    "assert", "dns", "fs", "inspector", "path", "readline", "stream", "timers", "util",
  ]
  private static let names: Set<String> = [
    "assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto", "dgram",
    "diagnostics_channel", "dns", "domain", "events", "fs", "http", "http2", "https", "inspector", "module", "net",
    "os",
    "path", "perf_hooks", "process", "punycode", "querystring", "readline", "repl", "stream", "string_decoder", "sys",
    "timers", "tls", "trace_events", "tty", "url", "util", "v8", "vm", "wasi", "worker_threads", "zlib",
  ]
}
