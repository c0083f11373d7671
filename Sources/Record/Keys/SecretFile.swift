internal import Foundation
internal import Orchestration

/// A file with a secret of 32 bytes, as 64 hexadecimal digits, that only its owner may read.
struct SecretFile {
  var path: String
  /// Of refusals.
  var code: String
  /// What the secret is, in a sentence.
  var what: String

  /// Nil unless the text is 64 lower-case hexadecimal digits, white space behind them allowed.
  static func bytes(hex text: String) -> [UInt8]? {
    var digits = Array(text.utf8)
    while let last = digits.last, last == 10 || last == 13 || last == 32 { digits.removeLast() }
    guard digits.count == 64 else { return nil }
    return Hexadecimal.bytes(digits)
  }

  /// Reads the file; makes it, of mode 0600 and with 32 random bytes, if there is none.
  ///
  /// - Returns: The secret and whether the file was made just now.
  func contents() throws(StoreError) -> ([UInt8], isNew: Bool) {
    let opened = open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else {
      guard errno == ENOENT else { throw refusal("cannot be read: \(Self.errnoText())") }
      return (try made(), true)
    }
    defer { close(opened) }
    var status = stat()
    guard fstat(opened, &status) == 0 else { throw refusal(Self.errnoText()) }
    guard status.st_mode & 0o077 == 0 else {
      throw refusal("is open to other users; chmod 600 \(path)")
    }
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = read(opened, &buffer, buffer.count)
    guard count >= 0, let text = String(validating: buffer.prefix(count), as: UTF8.self),
      let bytes = Self.bytes(hex: text)
    else { throw refusal("does not hold 64 hexadecimal digits") }
    return (bytes, false)
  }

  private func made() throws(StoreError) -> [UInt8] {
    var random = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
    // Under a name of its own until it is whole: a process killed here leaves no half a key.
    let unfinished = "\(path).\(getpid()).new"
    let made = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard made >= 0 else { throw refusal("cannot be made: \(Self.errnoText())") }
    defer {
      close(made)
      unlink(unfinished)
    }
    let text = Array((Hexadecimal.text(bytes) + "\n").utf8)
    guard write(made, text, text.count) == text.count, fsync(made) == 0 else {
      throw refusal("cannot be written: \(Self.errnoText())")
    }
    guard link(unfinished, path) == 0 else {
      throw refusal("cannot be made: \(Self.errnoText())")
    }
    return bytes
  }

  /// Puts `new` in the place of the file at `path`, whose old bytes are overwritten; on disk when it
  /// returns. Where a file system keeps old blocks, so does it here.
  static func replace(_ path: String, by new: String) throws(StoreError) {
    let old = open(path, O_WRONLY | O_CLOEXEC)
    defer { if old >= 0 { close(old) } }
    guard rename(new, path) == 0 else {
      throw StoreError(.failed, code: "S110", "\(path) cannot be replaced: \(errnoText())")
    }
    if old >= 0 { overwrite(old) }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let opened = open(folder, O_RDONLY | O_CLOEXEC)
    guard opened >= 0, fsync(opened) == 0 else {
      throw StoreError(.failed, code: "S110", "the folder \(folder) cannot be synced")
    }
    close(opened)
  }

  /// Overwrites a file with zeros and takes it away, as far as it is there.
  static func scrub(_ path: String) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    overwrite(descriptor)
    close(descriptor)
    unlink(path)
  }

  private static func overwrite(_ descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return }
    let zeros = [UInt8](repeating: 0, count: 1 << 16)
    var offset: Int64 = 0
    while offset < status.st_size {
      let count = min(Int64(zeros.count), Int64(status.st_size) - offset)
      guard pwrite(descriptor, zeros, Int(count), off_t(offset)) == Int(count) else { return }
      offset += count
    }
    fsync(descriptor)
  }

  private func refusal(_ why: String) -> StoreError {
    StoreError(.keyMissing, code: code, "the \(what) \(path) \(why)")
  }

  private static func errnoText() -> String { String(cString: strerror(errno)) }
}
