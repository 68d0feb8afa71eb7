/// Values by the bytes of their keys.
///
/// A `Dictionary` with `String` keys merges Unicode normal forms; paths and package names of a repository are bytes.
public struct ByteKeyed<Value> {
  private var names = NameTable()
  private var values: [Value?] = []

  public init() {}

  public subscript(key: String) -> Value? {
    get { names.find(key).flatMap { values[$0.index] } }
    set {
      let name = names.intern(key)
      if name.index == values.count { values.append(newValue) } else { values[name.index] = newValue }
    }
  }

  public subscript(key: String, default value: @autoclosure () -> Value) -> Value {
    get { self[key] ?? value() }
    set { self[key] = newValue }
  }

  /// The keys that have a value, sorted by bytes.
  public var sortedKeys: [String] {
    values.indices.filter { values[$0] != nil }.map { names[Name($0)] }.sortedByBytes()
  }
}

extension ByteKeyed: Sendable where Value: Sendable {}
