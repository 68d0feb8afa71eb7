import KapinBase
import KapinModel

/// Environment variables that code reads: by name, or through a schema of the whole environment.
extension Composer {
  mutating func environment() {
    for id in code.modules.ids where !code.modules[id].isTest {
      let facts = code.modules[id].facts
      for read in facts.environment { add(facts.names[read.name], id, read.function, at: read.at) }
      for index in 0..<facts.calls.count {
        let site = CallSite(id, CallID(index))
        guard isGivenEnvironment(site) else { continue }
        for key in schemaKeys(of: site) {
          let row = code.modules[key.module].facts.properties[key.property]
          add(
            code.modules[key.module].facts.names[row.name], key.module, module: id, facts.calls[index].function,
            at: row.at)
        }
      }
    }
  }

  private mutating func add(
    _ name: String, _ place: ModuleID, module: ModuleID? = nil, _ function: DeclarationID?, at: UInt32
  ) {
    let node = graph.add(ProductNode(id: "env:" + NodeIDs.escape(name), kind: .env, content: .env, origin: nil))
    guard let from = graph.node(of: SymbolRef(module ?? place, function)) else { return }
    edge(.uses, from, node, at: code.place(place, at))
  }

  /// `schema.parse(process.env)`, `createEnv({ server: { … }, runtimeEnv: process.env })`.
  private func isGivenEnvironment(_ site: CallSite) -> Bool {
    let facts = code.modules[site.module].facts
    return facts.calls[site.call].arguments.indices.contains { index in
      let value = facts.valueLists[index]
      if case .object(let range) = facts.values[value] {
        return facts.properties[range.indices].contains { isEnvironment($0.value, facts) }
      }
      return isEnvironment(value, facts)
    }
  }

  private func isEnvironment(_ value: ValueID, _ facts: FrozenFacts) -> Bool {
    guard case .member(let object, let name) = facts.values[value], facts.names[name] == "env" else { return false }
    if case .global(let global) = facts.values[object] { return facts.names[global] == "process" }
    return false
  }

  private struct Key {
    var module: ModuleID
    var property: Int
  }

  /// The keys of the objects that describe the environment: what the call gets, or what made the schema that it is called
  /// on.
  private func schemaKeys(of site: CallSite) -> [Key] {
    let facts = code.modules[site.module].facts
    var keys: [Key] = []
    collect(site, into: &keys)
    guard case .member(let object, _) = facts.values[facts.calls[site.call].callee] else { return keys }
    var schema: ValueRef? = follower.definition(ValueRef(site.module, object))
    for _ in 0..<6 {
      guard let ref = schema else { break }
      let facts = code.modules[ref.module].facts
      guard case .call(let call) = facts.values[ref.value] else { break }
      collect(CallSite(ref.module, call), into: &keys)
      // `z.object({ … }).transform(…)`
      guard case .member(let receiver, _) = facts.values[facts.calls[call].callee] else { break }
      schema = follower.definition(ValueRef(ref.module, receiver))
    }
    return keys
  }

  private func collect(_ site: CallSite, into keys: inout [Key]) {
    let facts = code.modules[site.module].facts
    func read(_ range: Range32, depth: Int) {
      for index in range.indices {
        let property = facts.properties[index]
        if case .object(let inner) = facts.values[property.value], depth < 2 {
          read(inner, depth: depth + 1)
        } else if isVariableName(facts.names[property.name]) {
          keys.append(Key(module: site.module, property: index))
        }
      }
    }
    for index in facts.calls[site.call].arguments.indices {
      if case .object(let range) = facts.values[facts.valueLists[index]] { read(range, depth: 0) }
    }
  }

  /// `DATABASE_URL`
  private func isVariableName(_ name: String) -> Bool {
    name.utf8.count > 2 && name.utf8.allSatisfy { $0 >= 65 && $0 <= 90 || $0 >= 48 && $0 <= 57 || $0 == 95 }
  }
}
