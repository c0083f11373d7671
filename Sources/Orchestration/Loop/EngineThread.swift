#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A thread of the system: the engine's loop blocks in fsync and in waiting, which a pool of
/// cooperative threads must not.
enum EngineThread {
  private final class Start {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Runs `body` on a thread of its own, with 8 MiB of stack.
  static func start(name: String, _ body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 8 << 20)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let start = Unmanaged.passRetained(Start(body)).toOpaque()
    let result = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, start)
    pthread_attr_destroy(&attributes)
    precondition(result == 0, "the system has no thread for the engine")
  }
}

/// Hands a value that is not copyable to another thread, once.
///
/// `@unchecked Sendable`: put in before the thread starts, taken by that thread alone.
final class CoreBox: @unchecked Sendable {
  private var core: LoopCore?

  init(_ core: consuming LoopCore) { self.core = consume core }

  func take() -> LoopCore {
    guard let taken = core.take() else { preconditionFailure("the loop's core is taken once") }
    return taken
  }
}
