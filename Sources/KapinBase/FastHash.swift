/// A small key that hashes by one multiplication instead of SipHash.
///
/// For ids and pairs of ids that the program itself numbers: nobody outside can choose them so that they collide, which is
/// what SipHash is there for. The mixing is that of wyhash ("wyhash and wyrand", `mum`): the high and the low half of a
/// product.
public protocol FastHashable: Hashable {
  /// Equal keys have equal bits; different keys should differ.
  var hashBits: UInt64 { get }
}

extension FastHashable {
  @inlinable @inline(__always)
  public func hash(into hasher: inout Hasher) { hasher.combine(hashBits) }

  /// What dictionaries and sets ask for (Swift standard library, `Hashable`).
  @inlinable @inline(__always)
  public func _rawHashValue(seed: Int) -> Int {
    let product = (hashBits ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
      by: UInt64(truncatingIfNeeded: seed) ^ 0xD6E8_FEB8_6659_FD93)
    return Int(truncatingIfNeeded: product.high ^ product.low)
  }
}

extension UInt64 {
  /// Two ids side by side.
  @inlinable @inline(__always)
  public init(_ high: UInt32, _ low: UInt32) { self = UInt64(high) << 32 | UInt64(low) }

  /// For keys of more than two ids.
  @inlinable @inline(__always)
  public func mixed(with other: UInt64) -> UInt64 { (self &* 0xA076_1D64_78BD_642F) ^ other }
}
