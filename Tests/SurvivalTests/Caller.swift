import Foundation
import PetriNet
import Transfer

/// Asks a service of this machine in JSON.
struct Caller: Sendable {
  struct Reply: Sendable {
    /// 0 if no whole reply came.
    var status: Int
    var tag: String?
    var json: JSONText.Node

    var isGood: Bool { (200..<300).contains(status) }
  }

  let transfer: CurlLoop
  var person: String?

  func send(
    _ method: String, _ url: String, body: JSONText.Node? = nil, headers: [(String, String)] = []
  ) async -> Reply {
    var request = TransferRequest(
      method: method, url: url, body: body.map { Array($0.text.utf8) },
      deadline: .now().advanced(byMilliseconds: 30_000))
    request.headers = headers.map { TransferRequest.Header($0.0, $0.1) }
    if body != nil { request.headers.append(.init("Content-Type", "application/json")) }
    if let person { request.headers.append(.init("Petrel-Person", person)) }
    request.addresses = AddressPolicy.of(url: url, allowsPrivate: true)
    request.bodyMax = 64 << 20
    let result = await withCheckedContinuation { continuation in
      _ = transfer.start(request) { continuation.resume(returning: $0) }
    }
    guard result.failure == nil else { return Reply(status: 0, json: .null) }
    return Reply(
      status: result.status, tag: result.header("etag"),
      json: (try? JSONText.parse(result.body)) ?? .null)
  }

  static func segment(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
  }
}

extension JSONText.Node {
  func text(_ name: String) -> String? {
    if case .string(let text)? = self[name] { text } else { nil }
  }

  func integer(_ name: String) -> Int64? {
    if case .number(let number)? = self[name] { number.integer } else { nil }
  }

  func list(_ name: String) -> [JSONText.Node] { self[name]?.items ?? [] }

  var items: [JSONText.Node] {
    if case .list(let items) = self { items } else { [] }
  }

  var members: [JSONText.Member] {
    if case .object(let members) = self { members } else { [] }
  }

  /// Every string in it, at whatever depth; names of members are none.
  var strings: [String] {
    switch self {
    case .string(let text): [text]
    case .list(let items): items.flatMap(\.strings)
    case .object(let members): members.flatMap(\.value.strings)
    case .null, .bool, .number: []
    }
  }
}
