/// The status and headers of a reply as they come, line by line, with our own caps.
///
/// libcurl takes twenty thousand headers, headers that are cut, and contradicting lengths for good;
/// this does not.
struct ReplyHead {
  private(set) var status = 0
  private(set) var headers: [TransferResult.Header] = []
  /// Whether the empty line after the final response's headers has come.
  private(set) var isEnded = false
  /// Whether a whole head of 1xx is the last that came.
  private(set) var isInterim = false
  /// What is wrong with a head that was whole.
  private(set) var failure: TransferFailure?

  private var bytesMax = 0
  private var headersMax = 0
  private var bytes = 0
  private var isModern = false
  private var length: Int?
  private var isChunked = false

  init() {}

  init(bytesMax: Int, headersMax: Int) {
    self.bytesMax = bytesMax
    self.headersMax = headersMax
  }

  /// Takes one line as libcurl hands it on; a failure ends the transfer.
  mutating func receive(_ line: UnsafeBufferPointer<UInt8>) -> TransferFailure? {
    bytes += line.count
    if bytes > bytesMax { return .headersTooLarge }
    let content = Self.withoutLineEnd(line)
    if isEnded { return nil }  // A trailer after a chunked body.
    if content.starts(with: "HTTP/".utf8) {
      begin(content)
      return nil
    }
    if content.isEmpty {
      isEnded = status >= 200
      isInterim = !isEnded && status >= 100
      return nil
    }
    guard headers.count < headersMax else { return .headersTooLarge }
    return add(content)
  }

  private static func withoutLineEnd(
    _ line: UnsafeBufferPointer<UInt8>
  ) -> Slice<UnsafeBufferPointer<UInt8>> {
    var end = line.endIndex
    if end > 0, line[end - 1] == 0x0A { end -= 1 }
    if end > 0, line[end - 1] == 0x0D { end -= 1 }
    return line[..<end]
  }

  private mutating func begin(_ line: Slice<UnsafeBufferPointer<UInt8>>) {
    isInterim = false
    headers = []
    length = nil
    isChunked = false
    let words = line.split(separator: 0x20, maxSplits: 2)
    isModern = words[0].elementsEqual("HTTP/2".utf8) || words[0].elementsEqual("HTTP/3".utf8)
    let digits = words.count > 1 ? words[1] : words[0][words[0].endIndex...]
    status =
      digits.count == 3 && digits.allSatisfy { (48...57).contains($0) }
      ? digits.reduce(0) { $0 * 10 + Int($1 - 48) } : 0
  }

  private mutating func add(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> TransferFailure? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = String(
      decoding: line[..<colon].map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    var value = line[(colon + 1)...].drop(while: isSpace)
    while let last = value.last, isSpace(last) { value.removeLast() }
    headers.append(.init(name, String(decoding: value, as: UTF8.self)))
    switch name {
    case "content-length":
      let digits = value.allSatisfy { (48...57).contains($0) } && value.count <= 15
      let new = value.reduce(0) { $0 &* 10 &+ Int($1) &- 48 }
      guard digits, !value.isEmpty, length == nil || length == new else {
        failure = .protocolError
        return .protocolError
      }
      length = new
    case "transfer-encoding":
      isChunked = value.map { $0 | 0x20 }.elementsEqual("chunked".utf8)
    default: break
    }
    return nil
  }

  /// Whether a reply that libcurl took for whole is: its headers have an end, and so has its body.
  func isWhole(bodyBytes: Int, isHead: Bool) -> Bool {
    guard isEnded else { return false }
    let hasNoBody = isHead || status == 204 || status == 304
    return hasNoBody || isModern || isChunked || length != nil
  }
}
