import LoopbackServer
import Testing
import Transfer

/// Starts one transfer and waits for its end.
func transfer(
  _ server: ScriptedServer, milliseconds: Int64 = 5_000,
  _ change: (inout TransferRequest) -> Void = { _ in }
) async -> TransferResult {
  let loop = CurlLoop()
  defer { loop.stop() }
  defer { server.stop() }
  return await transfer(on: loop, url: server.url, milliseconds: milliseconds, change)
}

func transfer(
  on loop: CurlLoop, url: String, milliseconds: Int64 = 5_000,
  _ change: (inout TransferRequest) -> Void = { _ in }
) async -> TransferResult {
  var request = TransferRequest(
    method: "POST", url: url + "/x", body: Array("{}".utf8),
    deadline: .now().advanced(byMilliseconds: milliseconds))
  request.addresses = .loopback
  change(&request)
  return await withCheckedContinuation { continuation in
    loop.start(request) { continuation.resume(returning: $0) }
  }
}

/// What of a result does not depend on time.
struct Outcome: Equatable {
  var failure: TransferFailure?
  var status = 200
  var body = ""

  init(_ result: TransferResult) {
    failure = result.failure
    status = result.status
    body = String(decoding: result.body, as: UTF8.self)
  }

  init(_ failure: TransferFailure?, status: Int = 200, body: String = "") {
    self.failure = failure
    self.status = status
    self.body = body
  }
}

struct Reply: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var actions: [ScriptedServer.Action]
  var outcome: @Sendable () -> Outcome

  init(
    _ name: String, _ outcome: @autoclosure @escaping @Sendable () -> Outcome,
    _ actions: ScriptedServer.Action...
  ) {
    testDescription = name
    self.actions = actions
    self.outcome = outcome
  }
}

let head = "HTTP/1.1 200 OK\r\n"

let replies: [Reply] = [
  Reply("whole", Outcome(nil, body: "ok"), .reply("ok")),
  Reply(
    "chunked", Outcome(nil, body: "okay"),
    .text(head + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n2\r\nay\r\n0\r\n\r\n")),
  Reply("no content", Outcome(nil, status: 204), .text("HTTP/1.1 204 X\r\n\r\n")),
  Reply(
    "an interim response before it", Outcome(nil, body: "ok"),
    .text("HTTP/1.1 103 Early\r\nLink: x\r\n\r\n"), .reply("ok")),
  Reply(
    "an error status is a reply", Outcome(nil, status: 503, body: "no"), .reply("no", status: 503)),
  Reply(
    "a redirect is not followed", Outcome(nil, status: 302, body: ""),
    .reply("", status: 302, headers: ["Location: http://169.254.169.254/"])),
  Reply(
    "the length twice, the same", Outcome(nil, body: "ok"),
    .reply("ok", headers: ["Content-Length: 2"])),
  Reply(
    "bytes behind the body", Outcome(nil, body: "ok"),
    .text(head + "Content-Length: 2\r\n\r\nok?!"), .close),
  Reply(
    "two lengths", Outcome(.protocolError),
    .text(head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nok")),
  Reply(
    "a length that is none", Outcome(.protocolError), .text(head + "Content-Length: -2\r\n\r\nok")),
  Reply("closed before the reply", Outcome(.connectionLost, status: 0), .close),
  Reply("reset before the reply", Outcome(.connectionLost, status: 0), .reset),
  Reply(
    "body cut", Outcome(.connectionLost, body: "o"), .text(head + "Content-Length: 2\r\n\r\no"),
    .close),
  Reply(
    "chunk cut", Outcome(.connectionLost, body: "o"),
    .text(head + "Transfer-Encoding: chunked\r\n\r\n2\r\no"), .close),
  Reply(
    "last chunk missing", Outcome(.connectionLost, body: "ok"),
    .text(head + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"), .close),
  Reply(
    "chunk size that is none", Outcome(.connectionLost),
    .text(head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\nok\r\n0\r\n\r\n")),
  Reply("body without framing", Outcome(.unframed, body: "ok"), .text(head + "\r\nok"), .close),
  Reply("headers cut", Outcome(.unframed), .text(head + "Content-Type: appli"), .close),
  Reply(
    "headers without end", Outcome(.unframed), .text(head + "Content-Length: 2\r\n"), .close),
  Reply("status line alone", Outcome(.unframed), .text(head), .close),
  Reply("status line cut", Outcome(.unframed, status: 0), .text("HTTP/1.1 20"), .close),
  Reply("one byte", Outcome(.unframed, status: 0), .text("H"), .close),
  Reply(
    "an interim response alone", Outcome(.noFinalResponse, status: 100),
    .text("HTTP/1.1 100 Continue\r\n\r\n"), .close),
  Reply(
    "two interim responses alone", Outcome(.noFinalResponse, status: 103),
    .text("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n"), .close),
  Reply(
    "another protocol", Outcome(.noFinalResponse, status: 101, body: "ok"),
    .text("HTTP/1.1 101 Other\r\nUpgrade: x\r\n\r\nok"), .close),
  Reply(
    "headers cut behind an interim response", Outcome(.unframed),
    .text("HTTP/1.1 100 Continue\r\n\r\n" + head + "X: "), .close),
  Reply(
    "reset within the headers", Outcome(.connectionLost), .text(head + "X: y\r\n"), .reset),
  Reply("not HTTP", Outcome(.protocolError, status: 0), .text("SSH-2.0-OpenSSH_9.2p1\r\n"), .close),
  Reply("HTTP/0.9", Outcome(.protocolError, status: 0), .text("{\"a\":1}"), .close),
  Reply(
    "a body over the cap", Outcome(.bodyTooLarge),
    .text(
      head + "Transfer-Encoding: chunked\r\n\r\n2000\r\n" + String(repeating: "x", count: 0x2000))),
  Reply(
    "twenty thousand headers", Outcome(.headersTooLarge),
    .text(head + (0..<20_000).map { "X-\($0): y\r\n" }.joined() + "\r\n")),
  Reply(
    "a header of 200 kB", Outcome(.headersTooLarge),
    .text(head + "X: " + String(repeating: "y", count: 200_000) + "\r\n\r\n")),
]

@Test(arguments: replies)
func `every reply ends as what it is`(_ reply: Reply) async {
  let server = ScriptedServer(always: reply.actions)

  let result = await transfer(server) { $0.bodyMax = 4_096 }

  #expect(Outcome(result) == reply.outcome())
}

@Test func `what hangs ends at its deadline, by how far it came`() async {
  let silent = ScriptedServer(always: [.hang])
  let begun = ScriptedServer(always: [.text(head + "Content-Length: 5\r\n\r\nx"), .hang])
  let deadline = MonotonicInstant.now().advanced(byMilliseconds: 500)

  let first = await transfer(silent) { $0.deadline = deadline }
  let second = await transfer(begun, milliseconds: 500)

  #expect(Outcome(first) == Outcome(.timeoutFirstByte, status: 0))
  #expect(Outcome(second) == Outcome(.timeoutTotal, body: "x"))
  #expect(first.wasSent && second.wasSent)
  #expect(first.ended >= deadline)
}

@Test func `limits of the first byte and of slowness come before the deadline`() async {
  let silent = ScriptedServer(always: [.hang])
  let dripping = ScriptedServer(always: [
    .text(head + "Content-Length: 500\r\n\r\n"),
    .drip([UInt8](repeating: 120, count: 400), everyMilliseconds: 20),
  ])

  let first = await transfer(silent, milliseconds: 30_000) { $0.firstByteMilliseconds = 30 }
  let second = await transfer(dripping, milliseconds: 30_000) {
    $0.slow = .init(bytesPerSecond: 10_000, forMilliseconds: 50)
  }

  #expect(first.failure == .timeoutFirstByte)
  #expect(second.failure == .timeoutSlow)
}

@Test func `a refused connection has sent nothing`() async {
  let loop = CurlLoop()
  defer { loop.stop() }

  let result = await transfer(on: loop, url: refusingURL())

  #expect(Outcome(result) == Outcome(.connect, status: 0))
  #expect(!result.wasSent)
  #expect(result.curl == 7)
}

@Test func `an address outside the policy is never connected to`() async {
  let server = ScriptedServer(always: [.reply("ok")])

  let result = await transfer(server) { $0.addresses = [.publicInternet, .privateNetworks] }

  #expect(Outcome(result) == Outcome(.addressRefused, status: 0))
  #expect(server.requests.isEmpty)
}

@Test(arguments: [
  ("POST", "http://127.0.0.1/a b", "X", "y"), ("PO ST", "http://127.0.0.1/", "X", "y"),
  ("POST", "file:///etc/passwd", "X", "y"), ("POST", "http://127.0.0.1/", "X", "y\r\nZ: 1"),
  ("POST", "http://127.0.0.1/", "X\n", "y"), ("POST", "http://127.0.0.1/", "X", "y\0"),
])
func `what cannot be sent safely is not sent`(
  _ method: String, _ url: String, _ name: String, _ value: String
) async {
  let loop = CurlLoop()
  defer { loop.stop() }

  let result = await transfer(on: loop, url: url) {
    $0.method = method
    $0.url = url
    $0.headers = [.init(name, value)]
  }

  #expect(Outcome(result) == Outcome(.badRequest, status: 0))
}

@Test func `the request goes out as it was given, and nothing beside it`() async {
  let server = ScriptedServer(always: [.reply("ok")])

  _ = await transfer(server) { $0.headers = [.init("X-Empty", ""), .init("X-Given", "a b")] }

  let request = server.requests[0]
  #expect(
    request.head == """
      POST /x HTTP/1.1\r
      Host: 127.0.0.1:\(server.port)\r
      Accept: */*\r
      X-Empty:\r
      X-Given: a b\r
      Content-Length: 2
      """)
  #expect(request.bodyText == "{}")
}

@Test(arguments: ["GET", "POST", "PUT", "PATCH", "DELETE"])
func `every method goes out with and without a body`(_ method: String) async {
  let server = ScriptedServer(always: [.reply("ok")])
  let loop = CurlLoop()
  defer { loop.stop() }
  defer { server.stop() }

  for body in [nil, Array("x".utf8)] {
    _ = await transfer(on: loop, url: server.url) {
      $0.method = method
      $0.body = body
    }
  }

  #expect(server.requests.map(\.line) == ["\(method) /x HTTP/1.1", "\(method) /x HTTP/1.1"])
  #expect(server.requests.map(\.bodyText) == ["", "x"])
}

@Test func `connections are kept and used again`() async {
  let server = ScriptedServer(always: [.reply("ok")])
  let loop = CurlLoop()
  defer { loop.stop() }
  defer { server.stop() }

  for _ in 0..<20 { _ = await transfer(on: loop, url: server.url) }

  #expect(server.requests.map(\.connection) == Array(repeating: 0, count: 20))
}

@Test func `what a burst leaves is used again, and no more than that is made`() async {
  let gate = Gate()
  let server = ScriptedServer(always: [.wait(gate), .reply("ok")])
  let loop = CurlLoop()
  defer { loop.stop() }
  defer { server.stop() }

  let failures = await withTaskGroup(of: TransferFailure?.self) { group in
    for _ in 0..<8 { group.addTask { await transfer(on: loop, url: server.url).failure } }
    while server.requests.count < 8 { await Task.yield() }
    gate.open()
    return await group.reduce(into: []) { $0.append($1) }
  }
  for _ in 0..<16 { _ = await transfer(on: loop, url: server.url) }

  #expect(failures == Array(repeating: nil, count: 8))
  #expect(Set(server.requests.map(\.connection)) == Set(0..<8))
}

@Test func `a request whose kept connection closes without a byte is not sent again`() async {
  let server = ScriptedServer { $0.number == 0 ? [.reply("ok")] : [.close] }
  let loop = CurlLoop()
  defer { loop.stop() }
  defer { server.stop() }

  let first = await transfer(on: loop, url: server.url)
  let second = await transfer(on: loop, url: server.url)

  #expect(Outcome(first) == Outcome(nil, body: "ok"))
  #expect(second.failure == .connectionLost)
  #expect(second.wasSent)
  #expect(server.requests.count == 2)
}

@Test func `a transfer under way tells how far it is, and can be cut`() async {
  let gate = Gate()
  let server = ScriptedServer(always: [.text(head), .wait(gate), .hang])
  let loop = CurlLoop()
  defer { loop.stop() }
  defer { server.stop() }
  var request = TransferRequest(
    method: "GET", url: server.url, deadline: .now().advanced(byMilliseconds: 60_000))
  request.addresses = .loopback
  let (results, continuation) = AsyncStream.makeStream(of: TransferResult.self)

  let handle = loop.start(request) { continuation.yield($0) }
  while handle.progress == .waiting { await Task.yield() }
  let progress = handle.progress
  handle.cancel()
  handle.cancel()
  var iterator = results.makeAsyncIterator()
  let result = await iterator.next()

  #expect(progress == .receiving)
  #expect(result?.failure == .cancelled)
  #expect(handle.progress == .ended)
}

@Test func `stopping completes what is under way`() async {
  let server = ScriptedServer(always: [.hang])
  let loop = CurlLoop()
  defer { server.stop() }
  var request = TransferRequest(
    method: "GET", url: server.url, deadline: .now().advanced(byMilliseconds: 60_000))
  request.addresses = .loopback
  let (results, continuation) = AsyncStream.makeStream(of: TransferFailure?.self)

  for _ in 0..<10 { loop.start(request) { continuation.yield($0.failure) } }
  loop.stop()
  continuation.finish()
  let failures = await results.reduce(into: []) { $0.append($1) }

  #expect(failures == Array(repeating: .cancelled, count: 10))
}

@Test func `two hundred that hang end in time, and together`() async {
  let server = ScriptedServer(always: [.hang])
  let loop = CurlLoop()
  defer { loop.stop() }
  defer { server.stop() }
  let deadline = MonotonicInstant.now().advanced(byMilliseconds: 600)
  var request = TransferRequest(method: "GET", url: server.url, deadline: deadline)
  request.addresses = .loopback
  let (stream, continuation) = AsyncStream.makeStream(of: TransferResult.self)

  for _ in 0..<200 { loop.start(request) { continuation.yield($0) } }
  var results: [TransferResult] = []
  for await result in stream {
    results.append(result)
    if results.count == 200 { break }
  }

  #expect(Set(results.map(\.failure)) == [.timeoutFirstByte])
  let late = results.map { $0.ended.nanoseconds(since: deadline) }
  #expect((late.min() ?? -1) >= 0)
  #expect((late.max() ?? .max) < 250_000_000)
}

@Test func `timers come in order, and not before their time`() async {
  let loop = CurlLoop()
  defer { loop.stop() }
  let start = MonotonicInstant.now()
  let (ticks, continuation) = AsyncStream.makeStream(of: Int64.self)

  for delay in [30, 10, 20] as [Int64] {
    loop.perform(at: start.advanced(byMilliseconds: delay)) { continuation.yield(delay) }
  }
  loop.perform(at: start.advanced(byMilliseconds: 40)) { continuation.finish() }
  let order = await ticks.reduce(into: []) { $0.append($1) }

  #expect(order == [10, 20, 30])
  #expect(MonotonicInstant.now().nanoseconds(since: start) >= 40_000_000)
}
