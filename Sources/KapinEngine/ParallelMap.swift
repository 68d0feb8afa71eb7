import Foundation
import Synchronization

/// Runs a closure for each index on several threads of large stacks; results stand in index order.
///
/// Its own threads, because the recursion over deep syntax trees needs more stack than Swift's task threads have.
enum ParallelMap {
  /// Enough for the extractor's depth limit in debug builds.
  private static let stackSize = 256 << 20

  /// - Parameters:
  ///   - order: the indices in the order in which they are dealt out.
  ///   - makeState: called once on each thread.
  static func run<State: ~Copyable, Result: Sendable>(
    count: Int, order: [Int], jobs: Int, makeState: @escaping @Sendable () -> State,
    body: @escaping @Sendable (inout State, Int) -> Result
  ) -> [Result?] {
    guard count > 0 else { return [] }
    let slots = Slots<Result>(count)
    let next = Counter()
    let work: @Sendable () -> Void = {
      var state = makeState()
      while true {
        let position = next.take()
        guard position < order.count else { return }
        slots.pointer[order[position]] = body(&state, order[position])
      }
    }
    let group = DispatchGroup()
    for _ in 0..<min(jobs, count) {
      group.enter()
      let thread = Thread {
        work()
        group.leave()
      }
      thread.stackSize = stackSize
      thread.start()
    }
    group.wait()
    return slots.take()
  }

  private final class Counter: Sendable {
    private let value = Atomic<Int>(0)
    func take() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
  }

  /// Each index is written by exactly one thread and read after all have ended.
  private final class Slots<Result>: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Result?>
    private let count: Int

    init(_ count: Int) {
      self.count = count
      pointer = .allocate(capacity: count)
      pointer.initialize(repeating: nil, count: count)
    }

    deinit {
      pointer.deinitialize(count: count)
      pointer.deallocate()
    }

    func take() -> [Result?] { Array(UnsafeMutableBufferPointer(start: pointer, count: count)) }
  }
}
