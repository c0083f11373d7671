#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What waits for the engine's thread: requests from outside, of which there may be only so many,
/// and results of effects, which are never dropped.
///
/// Results are taken first: they end what is under way. Any thread may put, one thread takes.
/// `@unchecked Sendable`: every access to the arrays holds the mutex.
final class Inbox<Element: Sendable>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private let limit: Int
  private var requests: [Element] = []
  private var results: [Element] = []
  private var isClosed = false
  private var isRung = false

  /// `limit` requests wait at most.
  init(limit: Int) {
    self.limit = limit
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// False if as many requests as allowed wait already, or nothing is taken any more.
  func offer(_ elements: [Element]) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    guard !isClosed, requests.count + elements.count <= max(limit, elements.count) else {
      return false
    }
    guard requests.count < limit else { return false }
    requests += elements
    pthread_cond_signal(condition)
    return true
  }

  /// Takes in a result; never refused.
  func put(_ element: Element) {
    pthread_mutex_lock(mutex)
    results.append(element)
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Wakes the taker although nothing was put.
  func ring() {
    pthread_mutex_lock(mutex)
    isRung = true
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  /// From now on `offer` refuses.
  func close() {
    pthread_mutex_lock(mutex)
    isClosed = true
    isRung = true
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  var count: Int {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return requests.count + results.count
  }

  /// Up to `max` elements, results first; waits until there are some, the inbox is rung, or the
  /// monotonic clock reaches `deadline` (nanoseconds; nil = for ever).
  func take(max: Int, until deadline: Int64?) -> [Element] {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while requests.isEmpty, results.isEmpty, !isRung {
      guard let deadline else {
        pthread_cond_wait(condition, mutex)
        continue
      }
      var time = timespec(
        tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
      if pthread_cond_timedwait(condition, mutex, &time) == ETIMEDOUT { break }
    }
    isRung = false
    return takeLocked(max)
  }

  private func takeLocked(_ max: Int) -> [Element] {
    var taken: [Element]
    if results.count <= max {
      taken = results
      results.removeAll(keepingCapacity: true)
    } else {
      taken = Array(results.prefix(max))
      results.removeFirst(max)
    }
    let room = max - taken.count
    if requests.count <= room {
      taken += requests
      requests.removeAll(keepingCapacity: true)
    } else {
      taken += requests.prefix(room)
      requests.removeFirst(room)
    }
    return taken
  }
}
