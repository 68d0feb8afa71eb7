import KapinBase
import KapinModel

/// What the values of a rule start from: exports of packages, globals, or anything.
enum PatternRoots {
  /// Whether a call pattern starts from something with a name: an export or a global.
  static func areNamed(_ call: CallPattern, _ rule: FinderRule) -> Bool {
    [call.on, call.call].compactMap { $0 }.allSatisfy { isNamed($0, rule, depth: 0) }
  }

  private static func isNamed(_ pattern: ValuePattern, _ rule: FinderRule, depth: Int) -> Bool {
    guard depth < 12 else { return true }
    switch pattern {
    case .export(let package, _): return package != "*"
    case .global: return true
    case .named(let name): return rule.values[name].map { isNamed($0, rule, depth: depth + 1) } ?? false
    case .call(let inner), .new(let inner), .member(_, let inner), .callback(let inner, _, _):
      return isNamed(inner, rule, depth: depth + 1)
    case .any(let all): return all.allSatisfy { isNamed($0, rule, depth: depth + 1) }
    case .typed, .mounted, .function, .anything, .called, .memberParameter: return false
    }
  }

  /// The packages without which a rule can find nothing, because all that it looks at starts from their exports.
  static func packages(_ rule: FinderRule) -> [String] {
    var found: Set<String> = []
    for emit in rule.emits {
      let patterns = roots(of: emit)
      guard !patterns.isEmpty, patterns.allSatisfy({ collect($0, rule, depth: 0, &found) }) else { return [] }
    }
    return found.sortedByBytes()
  }

  private static func roots(of emit: Emit) -> [ValuePattern] {
    if case .proxy(let proxy) = emit { return [proxy.root] }
    return call(of: emit).map { [$0.on, $0.call].compactMap { $0 } } ?? []
  }

  private static func call(of emit: Emit) -> CallPattern? {
    switch emit {
    case .callRoute(let route): route.call
    case .mount(let clause): clause.call
    case .base(let clause): clause.call
    case .guardian(let guardian): guardian.call
    case .query(let call, _, _), .mark(let call, _), .document(let call, _): call
    case .request(let request): request.call
    case .event(let event): event.call
    case .runs(let runs): runs.call
    case .entries(let entries) where entries.implementation == nil: entries.call
    default: nil
    }
  }

  private static func collect(_ pattern: ValuePattern, _ rule: FinderRule, depth: Int, _ found: inout Set<String>)
    -> Bool
  {
    guard depth < 12 else { return true }
    switch pattern {
    case .export(let package, _):
      // No manifest names what the platform brings (`node:http`).
      guard package != "*", !package.contains(":") else { return false }
      // Manifests name `hono`, not `hono/client`.
      let parts = package.split(separator: "/")
      found.insert(parts.prefix(package.hasPrefix("@") ? 2 : 1).joined(separator: "/"))
      return true
    case .named(let name): return rule.values[name].map { collect($0, rule, depth: depth + 1, &found) } ?? false
    case .call(let inner), .new(let inner), .member(_, let inner), .callback(let inner, _, _):
      return collect(inner, rule, depth: depth + 1, &found)
    case .any(let all): return all.allSatisfy { collect($0, rule, depth: depth + 1, &found) }
    case .global, .typed, .mounted, .function, .anything, .called, .memberParameter: return false
    }
  }
}
