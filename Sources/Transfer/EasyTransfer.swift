internal import CCurl
internal import Glibc

/// One easy handle and the transfer it carries; used again for the next.
///
/// Touched by the loop's thread only: libcurl calls its callbacks there.
final class EasyTransfer {
  let easy: UnsafeMutableRawPointer
  private(set) var number: UInt64 = 0
  private(set) var started = MonotonicInstant(nanoseconds: 0)
  private(set) var firstByte: MonotonicInstant?
  private(set) var bytesReceived = 0
  /// What this side found wrong before libcurl did.
  var failure: TransferFailure?

  private var reply = ReplyHead()
  private var body: [UInt8] = []
  private var bodyMax = 0
  private var addresses: AddressPolicy = []
  private var isHead = false
  private var isSecure = false
  private var wasSent = false
  /// How often libcurl was about to send the request.
  private var sendings = 0
  private var peer: String?
  /// Scheme, host and port of the request.
  private(set) var origin = ""
  /// Whether the reply came over HTTP/2.
  private(set) var isMultiplexed = false
  private var lists: [UnsafeMutablePointer<curl_slist>] = []
  private var handle: TransferHandle?
  private var completion: (@Sendable (TransferResult) -> Void)?

  init() {
    guard let easy = curl_easy_init() else { preconditionFailure("no memory for libcurl") }
    self.easy = easy
  }

  deinit {
    freeLists()
    curl_easy_cleanup(easy)
  }

  /// The transfer of a handle that libcurl gives back.
  static func of(_ easy: UnsafeMutableRawPointer) -> EasyTransfer {
    var text: UnsafePointer<CChar>?
    _ = petrel_get_text(easy, CURLINFO_PRIVATE, &text)
    guard let text else { preconditionFailure("every handle is given its transfer") }
    return Unmanaged<EasyTransfer>.fromOpaque(UnsafeRawPointer(text)).takeUnretainedValue()
  }

  /// Over which connection a request goes out.
  enum Connection {
    /// The origin speaks HTTP/2: one that others use, also while it is being made. Elsewhere libcurl
    /// 7.88 would let such requests wait for each other's ends.
    case shared
    /// One that is left, or a new one.
    case any
    case fresh
  }

  /// Sets all options; false if the request cannot be sent, with `failure` set.
  func prepare(
    _ request: TransferRequest, _ handle: TransferHandle, origin: String, connection: Connection,
    _ completion: @escaping @Sendable (TransferResult) -> Void
  ) -> Bool {
    self.handle = handle
    self.completion = completion
    number = handle.number
    started = .now()
    firstByte = nil
    bytesReceived = 0
    failure = nil
    reply = ReplyHead(bytesMax: request.headerBytesMax, headersMax: request.headersMax)
    body = []
    bodyMax = request.bodyMax
    addresses = request.addresses
    isHead = request.method == "HEAD"
    isSecure = request.url.utf8.starts(with: "https://".utf8)
    wasSent = false
    sendings = 0
    peer = nil
    self.origin = origin
    isMultiplexed = false
    guard Self.isSendable(request) else {
      failure = .badRequest
      return false
    }
    guard started < request.deadline else {
      failure = .timeoutFirstByte
      return false
    }
    curl_easy_reset(easy)
    setCallbacks()
    setRules(request, connection)
    setLimits(request)
    setRequest(request)
    return true
  }

  /// Reads what libcurl forgets when the handle leaves the multi handle.
  func readFigures() {
    var value: curl_off_t = 0
    _ = petrel_get_offset(easy, CURLINFO_PRETRANSFER_TIME_T, &value)
    wasSent = value > 0 || sendings > 1
    var text: UnsafePointer<CChar>?
    var port: Int = 0
    var version: Int = 0
    _ = petrel_get_long(easy, CURLINFO_HTTP_VERSION, &version)
    isMultiplexed = version == CURL_HTTP_VERSION_2_0
    _ = petrel_get_text(easy, CURLINFO_PRIMARY_IP, &text)
    _ = petrel_get_long(easy, CURLINFO_PRIMARY_PORT, &port)
    peer = text.map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : "\($0):\(port)" }
  }

  /// Tells how it ended, once.
  func finish(code: CURLcode) {
    var result = TransferResult(started: started, ended: .now())
    result.failure = failure ?? failure(of: code)
    result.curl = failure == nil || failure == .addressRefused ? Int32(code.rawValue) : 0
    result.status = reply.status
    result.headers = reply.headers
    result.body = body
    result.firstByte = firstByte
    result.wasSent = wasSent
    result.peer = peer
    freeLists()
    handle?.advance(to: .ended)
    let completion = completion
    self.completion = nil
    handle = nil
    body = []
    completion?(result)
  }

  private func freeLists() {
    for list in lists { curl_slist_free_all(list) }
    lists = []
  }

  private func failure(of code: CURLcode) -> TransferFailure? {
    switch code {
    case CURLE_OK:
      if let failure = reply.failure { return failure }
      if reply.isInterim { return .noFinalResponse }
      return reply.isWhole(bodyBytes: bytesReceived, isHead: isHead) ? nil : .unframed
    case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE:
      // Closed in order. What had come tells the nothing from the cut.
      if reply.isInterim { return .noFinalResponse }
      return firstByte == nil || reply.isEnded ? .connectionLost : .unframed
    case CURLE_OPERATION_TIMEDOUT: return .connect  // Other limits are the loop's own.
    case CURLE_OUT_OF_MEMORY: return reply.isEnded ? .connectionLost : .headersTooLarge
    default: return TransferFailure(code)
    }
  }
}

extension EasyTransfer {
  /// - Returns: Whether libcurl may go on.
  fileprivate func receiveHeader(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    noteByte(bytes.count, isBody: false)
    if let failure = reply.receive(bytes) {
      self.failure = failure
      return false
    }
    return true
  }

  fileprivate func receiveBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    noteByte(bytes.count, isBody: true)
    guard body.count + bytes.count <= bodyMax else {
      failure = .bodyTooLarge
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }

  /// A socket can be read that is to bring the reply. libcurl hands on whole lines only: what lies
  /// there is looked at before it does.
  func lookAhead(_ socket: Int32) {
    guard firstByte == nil, !isSecure else { return }
    var byte: UInt8 = 0
    if recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) > 0 {
      noteByte(0, isBody: false)
    }
  }

  /// The same behind TLS, after libcurl has read and the transfer goes on: it knows when it began to
  /// read the reply.
  func lookBack() {
    guard firstByte == nil, isSecure else { return }
    var microseconds: curl_off_t = 0
    _ = petrel_get_offset(easy, CURLINFO_STARTTRANSFER_TIME_T, &microseconds)
    if microseconds > 0 { noteByte(0, isBody: false) }
  }

  private func noteByte(_ count: Int, isBody: Bool) {
    if firstByte == nil {
      firstByte = .now()
      handle?.advance(to: .receiving)
    }
    bytesReceived += isBody ? count : 0
  }

  fileprivate func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
    guard addresses.allows(address) else {
      failure = .addressRefused
      return -1
    }
    failure = nil
    return socket(
      address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue),
      address.pointee.protocol)
  }

  /// Refuses to send a request again on libcurl's own account, as it would when a connection that was
  /// used before closes without a byte: whether the first one was acted on nobody knows, and every
  /// attempt is to be on record.
  fileprivate func mayBeSent() -> Bool {
    sendings += 1
    if sendings > 1 { failure = .connectionLost }
    return sendings == 1
  }

  private func setCallbacks() {
    let context = Unmanaged.passUnretained(self).toOpaque()
    _ = petrel_set_pointer(easy, CURLOPT_PRIVATE, context)
    _ = petrel_set_pointer(easy, CURLOPT_WRITEDATA, context)
    _ = petrel_set_pointer(easy, CURLOPT_HEADERDATA, context)
    _ = petrel_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
    _ = petrel_set_pointer(easy, CURLOPT_PREREQDATA, context)
    _ = petrel_set_bytes(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      EasyTransfer.called(bytes, size * count, context) { $0.receiveBody($1) }
    }
    _ = petrel_set_bytes(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      EasyTransfer.called(bytes, size * count, context) { $0.receiveHeader($1) }
    }
    _ = petrel_set_before(easy, CURLOPT_PREREQFUNCTION) { context, _, _, _, _ in
      guard let context else { return CURL_PREREQFUNC_ABORT }
      let transfer = Unmanaged<EasyTransfer>.fromOpaque(context).takeUnretainedValue()
      return transfer.mayBeSent() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }
    _ = petrel_set_socket(easy, CURLOPT_OPENSOCKETFUNCTION) { context, _, address in
      guard let context, let address else { return -1 }
      return Unmanaged<EasyTransfer>.fromOpaque(context).takeUnretainedValue()
        .openSocket(address)
    }
  }

  /// - Returns: `count`, or another number, by which libcurl ends the transfer.
  private static func called(
    _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
    _ receive: (EasyTransfer, UnsafeBufferPointer<UInt8>) -> Bool
  ) -> Int {
    guard let context, let bytes, count > 0 else { return count }
    let transfer = Unmanaged<EasyTransfer>.fromOpaque(context).takeUnretainedValue()
    return bytes.withMemoryRebound(to: UInt8.self, capacity: count) { bytes in
      receive(transfer, UnsafeBufferPointer(start: bytes, count: count)) ? count : count + 1
    }
  }
}

extension EasyTransfer {
  /// A control character in a URL, method or header could smuggle a second request.
  private static func isSendable(_ request: TransferRequest) -> Bool {
    HTTPToken.isToken(request.method)
      && request.url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
      && (request.url.utf8.starts(with: "http://".utf8)
        || request.url.utf8.starts(with: "https://".utf8))
      && request.headers.allSatisfy(\.isSendable)
  }

  private func setText(_ option: CURLoption, _ text: String) {
    _ = text.withCString { petrel_set_text(easy, option, $0) }
  }

  /// Scheme, host and port.
  static func origin(of url: String) -> String {
    let bytes = url.utf8
    var slashes = 0
    for index in bytes.indices where bytes[index] == UInt8(ascii: "/") {
      slashes += 1
      if slashes == 3 { return String(url[..<index]) }
    }
    return url
  }

  private func setRules(_ request: TransferRequest, _ connection: Connection) {
    for (option, value) in Self.rules { _ = petrel_set_long(easy, option, value) }
    let isPlain = request.url.utf8.starts(with: "http://".utf8)
    setText(CURLOPT_PROTOCOLS_STR, isPlain ? "http" : "https")
    setText(CURLOPT_REDIR_PROTOCOLS_STR, "")
    _ = petrel_set_long(easy, CURLOPT_PIPEWAIT, connection == .shared ? 1 : 0)
    _ = petrel_set_long(easy, CURLOPT_FRESH_CONNECT, connection == .fresh ? 1 : 0)
    setText(CURLOPT_PROXY, request.proxy ?? "")
    setText(CURLOPT_NOPROXY, "")
    if let certificates = request.certificates { setText(CURLOPT_CAINFO, certificates) }
    if request.proxy != nil {
      addresses = [.loopback, .privateNetworks, .publicInternet]
    }
  }

  private static let rules: [(CURLoption, Int)] = [
    (CURLOPT_NOSIGNAL, 1), (CURLOPT_NOPROGRESS, 1), (CURLOPT_FOLLOWLOCATION, 0),
    (CURLOPT_HTTP09_ALLOWED, 0), (CURLOPT_NETRC, 0), (CURLOPT_FAILONERROR, 0),
    (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2),
    (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)), (CURLOPT_TCP_NODELAY, 1),
    (CURLOPT_TCP_KEEPALIVE, 1), (CURLOPT_PATH_AS_IS, 1),
    (CURLOPT_SUPPRESS_CONNECT_HEADERS, 1), (CURLOPT_HTTP_CONTENT_DECODING, 0),
  ]

  private func setLimits(_ request: TransferRequest) {
    // The deadline is the loop's own; libcurl's clock begins anew with every connection.
    let connect = min(max(1, request.connectMilliseconds), 86_400_000)
    _ = petrel_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(connect))
  }

  private func setRequest(_ request: TransferRequest) {
    setText(CURLOPT_URL, request.url)
    switch (request.method, request.body) {
    case ("GET", nil): _ = petrel_set_long(easy, CURLOPT_HTTPGET, 1)
    case ("HEAD", nil): _ = petrel_set_long(easy, CURLOPT_NOBODY, 1)
    case (let method, nil) where method == "DELETE" || method == "OPTIONS":
      setText(CURLOPT_CUSTOMREQUEST, method)
    case (let method, let body):
      let body = body ?? []
      _ = petrel_set_long(easy, CURLOPT_POST, 1)
      _ = petrel_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
      _ = body.withUnsafeBytes { bytes in
        bytes.baseAddress.map { petrel_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, $0) }
          ?? petrel_set_text(easy, CURLOPT_COPYPOSTFIELDS, "")
      }
      if method != "POST" { setText(CURLOPT_CUSTOMREQUEST, method) }
    }
    setHeaders(request)
  }

  private func setHeaders(_ request: TransferRequest) {
    var list: UnsafeMutablePointer<curl_slist>?
    for header in request.headers {
      let line = header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
      list = curl_slist_append(list, line) ?? list
    }
    list = curl_slist_append(list, "Expect:") ?? list
    let hasType = request.headers.contains { $0.name.lowercased() == "content-type" }
    if !hasType { list = curl_slist_append(list, "Content-Type:") ?? list }
    if let list {
      lists.append(list)
      _ = petrel_set_list(easy, CURLOPT_HTTPHEADER, list)
    }
    _ = petrel_set_long(easy, CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
  }
}
