extension ScriptedServer.Action {
  /// A whole reply with a length.
  package static func reply(
    _ body: String, status: Int = 200, type: String = "application/json",
    headers: [String] = []
  ) -> ScriptedServer.Action {
    reply(Array(body.utf8), status: status, type: type, headers: headers)
  }

  /// A whole reply of bytes with a length.
  package static func reply(
    _ body: [UInt8], status: Int = 200, type: String = "application/json",
    headers: [String] = []
  ) -> ScriptedServer.Action {
    let lines =
      ["HTTP/1.1 \(status) X", "Content-Type: \(type)", "Content-Length: \(body.count)"] + headers
    return .send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
  }
}

extension ScriptedServer.Action {
  /// A reply that is sent whole, with one more header.
  package func with(header: String) -> ScriptedServer.Action {
    guard case .send(let bytes) = self, let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else {
      return self
    }
    return .send(bytes[...end] + Array("\(header)\r\n".utf8) + bytes[(end + 1)...])
  }
}

/// A port of loopback where nobody listens.
package func refusingURL() -> String {
  let server = ScriptedServer(always: [])
  server.stop()
  return server.url
}
