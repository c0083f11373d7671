internal import Crypto
internal import Foundation
package import Orchestration

/// The operator's key (KEK) under which the slots of the keys file are wrapped.
package struct KeyEncryptionKey: Sendable {
  let key: SymmetricKey
  /// Names the key in the keys file without giving it away: 16 bytes.
  package let id: [UInt8]

  /// Nil unless there are 32 bytes.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    key = SymmetricKey(data: bytes)
    id = Array(
      HMAC<SHA256>.authenticationCode(for: Array("petrel/kek/1\0".utf8), using: key).prefix(16))
  }

  /// Nil unless the text is 64 lower-case hexadecimal digits, a newline behind them allowed.
  package init?(hex text: String) {
    var digits = Array(text.utf8)
    while let last = digits.last, last == 10 || last == 13 || last == 32 { digits.removeLast() }
    guard let bytes = Hexadecimal.bytes(digits) else { return nil }
    self.init(bytes)
  }

  /// Reads the file at `path`; makes it, of mode 0600 and with 32 random bytes, if there is none.
  ///
  /// - Returns: The key and whether the file was made just now.
  package static func file(_ path: String) throws(StoreError) -> (KeyEncryptionKey, isNew: Bool) {
    let opened = open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else {
      guard errno == ENOENT else { throw refusal(path, "cannot be read: \(errnoText())") }
      return (try made(at: path), true)
    }
    defer { close(opened) }
    var status = stat()
    guard fstat(opened, &status) == 0 else { throw refusal(path, errnoText()) }
    guard status.st_mode & 0o077 == 0 else {
      throw refusal(path, "is open to other users; chmod 600 \(path)")
    }
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = read(opened, &buffer, buffer.count)
    guard count >= 0, let text = String(validating: buffer.prefix(count), as: UTF8.self),
      let key = KeyEncryptionKey(hex: text)
    else { throw refusal(path, "does not hold 64 hexadecimal digits") }
    return (key, false)
  }

  private static func made(at path: String) throws(StoreError) -> KeyEncryptionKey {
    var random = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
    guard let key = KeyEncryptionKey(bytes) else { throw refusal(path, "cannot be made") }
    // Under a name of its own until it is whole: a process killed here leaves no half a key.
    let unfinished = "\(path).\(getpid()).new"
    let made = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard made >= 0 else { throw refusal(path, "cannot be made: \(errnoText())") }
    defer {
      close(made)
      unlink(unfinished)
    }
    let text = Array((Hexadecimal.text(bytes) + "\n").utf8)
    guard write(made, text, text.count) == text.count, fsync(made) == 0 else {
      throw refusal(path, "cannot be written: \(errnoText())")
    }
    guard link(unfinished, path) == 0 else {
      throw refusal(path, "cannot be made: \(errnoText())")
    }
    return key
  }

  private static func refusal(_ path: String, _ what: String) -> StoreError {
    StoreError(.keyMissing, code: "S116", "the key-encryption key \(path) \(what)")
  }

  private static func errnoText() -> String { String(cString: strerror(errno)) }
}
