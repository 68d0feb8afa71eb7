import Foundation

/// A PostgreSQL of our own in a temporary folder, reachable by a unix socket only, gone with its owner.
///
/// A shell beside it watches this process, so that even `kill -9` leaves neither server nor files behind. The machine's
/// own clusters are never touched.
package final class PrivateServer {
  package let folder: String
  private let watcher: Process
  private let stopPipe: Pipe

  /// Finds the server programs, makes a cluster and starts it: about a second.
  package init() throws(DatabaseError) {
    guard let programs = Self.programs() else {
      throw DatabaseError(code: nil, message: "PostgreSQL's server programs are not installed (Debian: postgresql-15)")
    }
    var template = Array("/tmp/kapin-pg-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw DatabaseError(code: nil, message: "no temporary folder could be made")
    }
    folder = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let asRoot = getuid() == 0
    let become = asRoot ? "setpriv --reuid=postgres --regid=postgres --init-groups" : ""
    let script = """
      exec 3<&0
      cd "$DIR" || exit 1
      \(asRoot ? "chown postgres:postgres \"$DIR\"" : "")
      \(become) "$BIN/initdb" -D "$DIR/data" -A trust -U kapin -E UTF8 --locale=C.UTF-8 --no-sync >"$DIR/initdb.log" 2>&1 || exit 1
      \(become) "$BIN/postgres" -D "$DIR/data" -k "$DIR" -c listen_addresses='' -c fsync=off -c synchronous_commit=off \
        -c full_page_writes=off -c max_connections=20 -c shared_buffers=64MB -c temp_file_limit=1GB \
        >"$DIR/server.log" 2>&1 </dev/null &
      server=$!
      (read -r _ <&3; kill -INT $server 2>/dev/null) &
      reader=$!
      while kill -0 "$OWNER" 2>/dev/null && kill -0 $server 2>/dev/null; do sleep 0.2; done
      kill -INT $server 2>/dev/null
      kill $reader 2>/dev/null
      wait $server
      cd / && rm -rf "$DIR"
      """
    watcher = Process()
    watcher.executableURL = URL(fileURLWithPath: "/bin/sh")
    watcher.arguments = ["-c", script]
    watcher.environment = [
      "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DIR": folder, "BIN": programs, "OWNER": String(getpid()),
      "LC_ALL": "C.UTF-8",
    ]
    stopPipe = Pipe()
    watcher.standardInput = stopPipe
    watcher.standardOutput = FileHandle.nullDevice
    watcher.standardError = FileHandle.nullDevice
    do { try watcher.run() } catch {
      throw DatabaseError(code: nil, message: "the server could not be started: \(error)")
    }
    try waitUntilReady()
  }

  deinit { stop() }

  /// Stops the server and removes its files.
  package func stop() {
    try? stopPipe.fileHandleForWriting.close()
    watcher.waitUntilExit()
  }

  package func connect(database: String = "postgres", role: String = "kapin") throws(DatabaseError) -> Connection {
    try Connection(["host": folder, "dbname": database, "user": role, "connect_timeout": "10"])
  }

  private func waitUntilReady() throws(DatabaseError) {
    for _ in 0..<600 {
      if FileManager.default.fileExists(atPath: folder + "/.s.PGSQL.5432"), (try? connect()) != nil { return }
      if !watcher.isRunning { break }
      usleep(50_000)
    }
    let log = ["server.log", "initdb.log"].compactMap {
      try? String(contentsOfFile: folder + "/" + $0, encoding: .utf8)
    }
    stop()
    throw DatabaseError(code: nil, message: "the private server did not start: \(log.joined().suffix(400))")
  }

  /// Debian's folder of the newest server version, or the folder of an `initdb` on the path.
  private static func programs() -> String? {
    let base = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
    for version in versions.sorted(by: { (Int($0) ?? 0) > (Int($1) ?? 0) }) {
      let folder = "\(base)/\(version)/bin"
      if FileManager.default.isExecutableFile(atPath: folder + "/initdb") { return folder }
    }
    for folder in (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    where FileManager.default.isExecutableFile(atPath: folder + "/initdb") {
      return String(folder)
    }
    return nil
  }
}
