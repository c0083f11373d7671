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
      guard bytes[index] == first, bytes[index..<index + secret.count].elementsEqual(secret) else {
        index += 1
        continue
      }
      output += bytes[kept..<index]
      output += mark.utf8
      index += secret.count
      kept = index
    }
    return kept == 0 ? bytes : output + bytes[kept...]
  }
}
