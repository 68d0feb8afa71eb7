import Foundation
import KapinBase
package import KapinModel

/// Where snapshots lie, and what makes them foreign.
package enum SnapshotFolder {
  /// One folder for each set of analysed folders.
  package static func path(for roots: [String], in cache: String?) -> String {
    let base = base(cache)
    let real = roots.map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().standardizedFileURL.path }
    let name = (real.first as NSString?)?.lastPathComponent ?? "root"
    return base + "/snapshots/" + name + "-" + ContentHash(real.joined(separator: "\n")).hex.prefix(16)
  }

  /// Where all caches lie: as asked, else by the XDG Base Directory Specification.
  package static func base(_ cache: String?) -> String {
    let environment = ProcessInfo.processInfo.environment
    return cache ?? environment["XDG_CACHE_HOME"].map { $0 + "/kapin" }
      ?? (environment["HOME"] ?? NSTemporaryDirectory()) + "/.cache/kapin"
  }

  /// The program that is running, and the rules on which reading rests.
  package static func key(_ program: RuleProgram) -> String {
    let rules = program.generated.map { "\($0.id) \($0.markers.joined(separator: ","))" }.joined(separator: "\n")
    return "\(executable) \(ContentHash(rules).hex)"
  }

  /// Nanoseconds since 1970, as stamps of files have them.
  package static var now: Int64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
  }

  /// What tells the program that is running from another.
  static var executable: String {
    var status = stat()
    stat("/proc/self/exe", &status)
    return "\(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
  }
}
