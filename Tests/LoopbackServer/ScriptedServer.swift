internal import Glibc
internal import Synchronization

/// An HTTP server on loopback that sends exactly the bytes it is told to, broken ones too.
///
/// Every connection has a thread of its own. For each request that has come whole, `script` names
/// what to do; then the connection is kept for the next one.
package final class ScriptedServer: Sendable {
  package enum Action: Sendable {
    case send([UInt8])
    /// Text as UTF-8.
    case text(String)
    /// A byte at a time, with a pause before each.
    case drip([UInt8], everyMilliseconds: Int32)
    /// Nothing more until the gate is opened or the client goes.
    case wait(Gate)
    /// Nothing more until the client goes.
    case hang
    case close
    /// Closes with RST.
    case reset
  }

  /// A request as it came.
  package struct Request: Sendable {
    /// From 0, over all connections.
    package var number: Int
    /// Of the connection, from 0.
    package var connection: Int
    package var head: String
    package var body: [UInt8]

    package var bodyText: String { String(decoding: body, as: UTF8.self) }

    /// `POST /v1/x HTTP/1.1`.
    package var line: String { String(head.prefix { $0 != "\r\n" }) }

    /// The first header of this name, without regard to case.
    package func header(_ name: String) -> String? {
      for line in head.split(separator: "\r\n").dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1)
        if parts[0].lowercased() == name.lowercased(), parts.count == 2 {
          return String(parts[1].drop { $0 == " " })
        }
      }
      return nil
    }
  }

  private struct State {
    var requests: [Request] = []
    var connections: [Int32] = []
    var isStopped = false
  }

  package let port: UInt16
  private let listener: Int32
  private let state = Mutex(State())
  private let script: @Sendable (Request) -> [Action]
  private let greeting: [Action]

  /// - Parameter greeting: Done with every connection before a byte has come.
  package init(greeting: [Action] = [], script: @escaping @Sendable (Request) -> [Action]) {
    self.script = script
    self.greeting = greeting
    signal(SIGPIPE, SIG_IGN)
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, size) == 0 && getsockname(listener, pointer, &size) == 0
      }
    }
    let isListening = isBound && listen(listener, 1_024) == 0
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    precondition(isListening, "a port of loopback is free")
    Self.detach { [self] in accept() }
  }

  /// The same actions for every request.
  package convenience init(always actions: [Action]) { self.init { _ in actions } }

  package var url: String { "http://127.0.0.1:\(port)" }

  /// What has come so far.
  package var requests: [Request] { state.withLock { $0.requests } }

  /// Closes everything.
  package func stop() {
    state.withLock { state in
      state.isStopped = true
      for connection in state.connections where connection >= 0 {
        shutdown(connection, Int32(SHUT_RDWR))
      }
    }
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func accept() {
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      guard connection >= 0 else {
        close(listener)
        return
      }
      let number = state.withLock { state in
        if state.isStopped { return nil as Int? }
        state.connections.append(connection)
        return state.connections.count - 1
      }
      guard let number else {
        close(connection)
        continue
      }
      Self.detach { [self] in serve(connection, number) }
    }
  }

  private func serve(_ connection: Int32, _ number: Int) {
    var buffer: [UInt8] = []
    for action in greeting {
      guard perform(action, connection) else { return forget(connection, number) }
    }
    while let (head, body) = Self.read(connection, &buffer) {
      let request = state.withLock { state in
        let request = Request(
          number: state.requests.count, connection: number, head: head, body: body)
        state.requests.append(request)
        return request
      }
      for action in script(request) {
        guard perform(action, connection) else {
          forget(connection, number)
          return
        }
      }
    }
    forget(connection, number)
  }

  private func forget(_ connection: Int32, _ number: Int) {
    state.withLock { state in
      state.connections[number] = -1
      close(connection)
    }
  }

  /// - Returns: Whether the connection is still open.
  private func perform(_ action: Action, _ connection: Int32) -> Bool {
    switch action {
    case .send(let bytes): return Self.write(bytes, connection)
    case .text(let text): return Self.write(Array(text.utf8), connection)
    case .drip(let bytes, let pause):
      for byte in bytes {
        if Self.isGone(connection, withinMilliseconds: pause) { return false }
        guard Self.write([byte], connection) else { return false }
      }
      return true
    case .wait(let gate):
      while !gate.isOpen { if Self.isGone(connection, withinMilliseconds: 5) { return false } }
      return true
    case .hang:
      while !Self.isGone(connection, withinMilliseconds: 1_000) {}
      return false
    case .close: return false
    case .reset:
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
      return false
    }
  }
}

/// Opened once by a test; what waits at it goes on.
package final class Gate: Sendable {
  private let state = Mutex(false)

  package init() {}

  package var isOpen: Bool { state.withLock { $0 } }

  package func open() { state.withLock { $0 = true } }
}

extension ScriptedServer {
  private static func detach(_ work: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
      let work: @Sendable () -> Void
      init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
    var thread: pthread_t = 0
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 512 << 10)
    let code = pthread_create(
      &thread, &attributes,
      { context in
        if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work() }
        return nil
      }, Unmanaged.passRetained(Box(work)).toOpaque())
    precondition(code == 0, "a thread can be created")
  }

  private static func write(_ bytes: [UInt8], _ connection: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.send(
          connection, buffer.baseAddress.map { $0 + sent }, bytes.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Whether the client has closed.
  private static func isGone(_ connection: Int32, withinMilliseconds limit: Int32) -> Bool {
    var descriptor = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, limit) > 0 else { return false }
    var byte: UInt8 = 0
    return recv(connection, &byte, 1, Int32(MSG_PEEK)) <= 0
  }

  /// The next whole request; nil at the end of the connection.
  private static func read(
    _ connection: Int32, _ buffer: inout [UInt8]
  ) -> (head: String, body: [UInt8])? {
    while true {
      if let end = endOfHead(buffer) {
        let head = String(decoding: buffer[..<end], as: UTF8.self)
        let length =
          Request(number: 0, connection: 0, head: head, body: [])
          .header("content-length").flatMap { Int($0) } ?? 0
        if buffer.count >= end + 4 + length {
          let body = Array(buffer[(end + 4)..<(end + 4 + length)])
          buffer.removeFirst(end + 4 + length)
          return (head, body)
        }
      }
      var chunk = [UInt8](repeating: 0, count: 16_384)
      let count = recv(connection, &chunk, chunk.count, 0)
      guard count > 0 else { return nil }
      buffer.append(contentsOf: chunk[..<count])
    }
  }

  private static func endOfHead(_ buffer: [UInt8]) -> Int? {
    guard buffer.count >= 4 else { return nil }
    return (0...(buffer.count - 4)).first { index in
      buffer[index] == 13 && buffer[index + 1] == 10 && buffer[index + 2] == 13
        && buffer[index + 3] == 10
    }
  }
}
