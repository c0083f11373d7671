import Foundation
import Synchronization

/// Stands between a store and its server, and cuts the way at a COMMIT.
package final class CuttingProxy: Sendable {
  package enum Cut: CaseIterable, Sendable {
    /// The server never hears of it.
    case before
    /// The server does it, and nobody hears the answer.
    case after
  }

  package let port: Int
  private let listener: Int32
  private let server: Int
  private let cut = Mutex<Cut?>(nil)

  package init(to server: Int) throws {
    self.server = server
    (listener, port) = try Self.listen()
    Thread.detachNewThread { [self] in
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        serve(client)
      }
    }
  }

  /// The next COMMIT is cut.
  package func plan(_ cut: Cut) { self.cut.withLock { $0 = cut } }

  package func close() {
    shutdown(listener, Int32(SHUT_RDWR))
    Foundation.close(listener)
  }

  /// Both ways of one connection, each on a thread.
  private func serve(_ client: Int32) {
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard Self.withAddress(port: self.server, { connect(server, $0, $1) }) == 0 else {
      Foundation.close(client)
      Foundation.close(server)
      return
    }
    let isCut = Flag()
    Thread.detachNewThread { [self] in
      carry(from: client, to: server) { bytes in
        guard bytes.range(of: Data("COMMIT\0".utf8)) != nil,
          let cut = cut.withLock({ cut in
            defer { cut = nil }
            return cut
          })
        else { return true }
        isCut.set()
        return cut == .after
      }
    }
    Thread.detachNewThread { [self] in
      carry(from: server, to: client) { _ in !isCut.isSet }
      Foundation.close(client)
      Foundation.close(server)
    }
  }

  private func carry(from source: Int32, to target: Int32, _ isLet: (Data) -> Bool) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(source, &buffer, buffer.count)
      guard count > 0, isLet(Data(buffer.prefix(count))) else { break }
      var sent = 0
      while sent < count {
        let more = buffer.withUnsafeBytes { bytes in
          bytes.baseAddress.map { write(target, $0 + sent, count - sent) } ?? -1
        }
        guard more > 0 else { break }
        sent += more
      }
      guard sent == count else { break }
    }
    shutdown(source, Int32(SHUT_RDWR))
    shutdown(target, Int32(SHUT_RDWR))
  }

  private final class Flag: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock { $0 } }
    func set() { state.withLock { $0 = true } }
  }

  private static func listen() throws -> (Int32, Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let isBound = withAddress(port: 0) { bind(descriptor, $0, $1) } == 0
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isNamed = withUnsafeMutablePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound, isNamed, Foundation.listen(descriptor, 16) == 0 else {
      throw PostgresServer.Failed(description: "no free port")
    }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }

  private static func withAddress(
    port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
