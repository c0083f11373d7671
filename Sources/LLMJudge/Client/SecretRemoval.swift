/// Takes what an endpoint is sent as secret out of what it sends back, before anything is kept: a
/// server or a proxy that repeats a key in an error must not bring it into the log.
struct SecretRemoval {
  /// Stands where a secret stood.
  static let mark = "[secret]"
  /// Shorter ones are no secrets, and would be found in words.
  private static let bytesMin = 8

  private let secrets: [[UInt8]]

  init(_ endpoint: EndpointConfiguration) {
    secrets = ([endpoint.key].compactMap(\.self) + endpoint.secrets).map { Array($0.utf8) }
      .filter { $0.count >= Self.bytesMin }
      .sorted { $0.count > $1.count }
  }

  func removing(from bytes: [UInt8]) -> [UInt8] {
    secrets.reduce(bytes) { Self.replacing($1, in: $0) }
  }

  func removing(from text: String?) -> String? {
    guard let text, !secrets.isEmpty else { return text }
    return String(decoding: removing(from: Array(text.utf8)), as: UTF8.self)
  }

  private static func replacing(_ secret: [UInt8], in bytes: [UInt8]) -> [UInt8] {
    guard let first = secret.first, bytes.count >= secret.count else { return bytes }
    var output: [UInt8] = []
    var kept = 0
    var index = 0
    while index <= bytes.count - secret.count {
      guard bytes[index] == first || bytes[index] == UInt8(ascii: "\\"),
        let end = Self.end(of: secret, in: bytes, at: index)
      else {
        index += 1
        continue
      }
      output += bytes[kept..<index]
      output += mark.utf8
      index = end
      kept = index
    }
    return kept == 0 ? bytes : output + bytes[kept...]
  }

  /// Where a secret ends that begins at `start`, as it is or with JSON's escapes; nil if none does.
  private static func end(of secret: [UInt8], in bytes: [UInt8], at start: Int) -> Int? {
    var index = start
    for byte in secret {
      guard index < bytes.count else { return nil }
      if bytes[index] == byte {
        index += 1
      } else if let length = escape(of: byte, in: bytes[index...]) {
        index += length
      } else {
        return nil
      }
    }
    return index
  }

  /// The length of an escape that stands for a byte: `\/` or `\u002F`.
  private static func escape(of byte: UInt8, in bytes: ArraySlice<UInt8>) -> Int? {
    let text = bytes.prefix(6)
    guard text.count > 1, text.first == UInt8(ascii: "\\") else { return nil }
    let start = text.startIndex
    if text[start + 1] == byte { return 2 }
    guard text.count == 6, text[start + 1] == UInt8(ascii: "u"),
      UInt16(String(decoding: text[(start + 2)...], as: UTF8.self), radix: 16) == UInt16(byte)
    else { return nil }
    return 6
  }
}
