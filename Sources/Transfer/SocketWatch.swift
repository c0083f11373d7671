internal import CPlatform
internal import Glibc

/// Sockets that one thread waits for, and a bell that other threads ring to wake it.
///
/// Waiting costs by what happens, not by how many sockets there are: most transfers wait for a model.
/// Unchecked: the descriptors never change; all but `ring` is called by the waiting thread.
final class SocketWatch: @unchecked Sendable {
  struct States: OptionSet {
    let rawValue: Int32

    static let readable = States(rawValue: Int32(CSYSTEM_READABLE))
    static let writable = States(rawValue: Int32(CSYSTEM_WRITABLE))
    static let failed = States(rawValue: Int32(CSYSTEM_FAILED))
  }

  private static let foundMax = 64

  private let watch: Int32
  private let bell: Int32
  private var sockets = [Int32](repeating: 0, count: SocketWatch.foundMax)
  private var states = [Int32](repeating: 0, count: SocketWatch.foundMax)

  init() {
    watch = csystem_watch_open()
    bell = csystem_bell_open()
    precondition(watch >= 0 && bell >= 0, "the system has descriptors for the transfers")
    csystem_watch_set(watch, bell, States.readable.rawValue)
  }

  deinit {
    close(bell)
    close(watch)
  }

  /// Wakes the thread that waits, or lets its next wait end at once. From any thread.
  func ring() {
    var one: UInt64 = 1
    _ = write(bell, &one, 8)
  }

  /// Waits for these states of a socket from now on; for none: no longer for the socket.
  func set(_ socket: Int32, _ wanted: States) {
    if wanted.isEmpty {
      // It may be closed already, which takes it out as well.
      csystem_watch_remove(watch, socket)
    } else {
      csystem_watch_set(watch, socket, wanted.rawValue)
    }
  }

  /// Waits so long at most, or until the bell rings or a socket has a state that is waited for; then
  /// calls `body` for each of those.
  func wait(milliseconds: Int32, _ body: (Int32, States) -> Void) {
    let found = csystem_watch_wait(
      watch, &sockets, &states, Int32(Self.foundMax), milliseconds)
    // Interrupted by a signal: nothing was found, and the caller looks at its clocks anyway.
    guard found > 0 else { return }
    for index in 0..<Int(found) {
      guard sockets[index] == bell else {
        body(sockets[index], States(rawValue: states[index]))
        continue
      }
      var count: UInt64 = 0
      _ = read(bell, &count, 8)
    }
  }
}
