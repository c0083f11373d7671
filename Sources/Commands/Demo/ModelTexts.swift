internal import Engine
internal import Orchestration
internal import PetriNet
internal import SQLiteStore

/// What the model wrote in each case, looked for in the tokens of that case: as they stand in the rows,
/// and in what is sealed.
struct ModelTexts {
  /// Shorter words of a reply stand anywhere.
  private static let bytesMin = 8
  /// Members of a reply that repeat words of the protocol, or what the request named.
  private static let protocolWords: Set<String> = [
    "role", "object", "finish_reason", "type", "model",
  ]

  /// Rows whose tokens hold such a text.
  private(set) var found: [Int64] = []
  private(set) var replies = 0
  private(set) var tokens = 0

  /// - Parameter reader: with the log's keys.
  init(_ log: DemoLog, _ reader: LogReader) throws {
    for rows in log.trails.values {
      var said: Set<String> = []
      for (row, body) in rows {
        if row.kind == "verdictRecorded" || row.kind == "callRecorded",
          let bytes = try Self.payload(body["call"]?.text("reply"), reader)
        {
          replies += 1
          said.formUnion(Self.texts(of: bytes).filter { $0.utf8.count >= Self.bytesMin })
        }
        for token in body.list("tokens") {
          tokens += 1
          let value = token["value"] ?? .null
          var texts = Self.strings(value)
          for reference in Self.sealed(in: value) {
            let bytes = try Self.payload(reference, reader) ?? []
            texts.append(String(decoding: bytes, as: UTF8.self))
          }
          if texts.contains(where: { text in said.contains { text.contains($0) } }) {
            found.append(row.seq.number)
          }
        }
      }
    }
    found.sort()
  }

  private static func payload(_ reference: String?, _ reader: LogReader) throws -> [UInt8]? {
    let parts = (reference ?? "").split(separator: ".")
    guard parts.count == 2, let seq = Int64(parts[0]), let index = Int32(parts[1]) else {
      return nil
    }
    return try reader.payload(seq: Seq(seq), index: index)
  }

  /// Every text of a reply but the words of the protocol, with those inside its content.
  private static func texts(of reply: [UInt8]) -> [String] {
    guard let node = try? JSONText.parse(reply) else {
      return [String(decoding: reply, as: UTF8.self)]
    }
    return texts(of: node)
  }

  private static func texts(of node: JSONText.Node) -> [String] {
    switch node {
    case .string(let text):
      guard let inner = try? JSONText.parse(text: text) else { return [text] }
      return [text] + strings(inner)
    case .list(let items): return items.flatMap(texts)
    case .object(let members):
      return members.filter { !protocolWords.contains($0.name) }.flatMap { texts(of: $0.value) }
    case .null, .bool, .number: return []
    }
  }

  private static func strings(_ node: JSONText.Node) -> [String] {
    switch node {
    case .string(let text): [text]
    case .list(let items): items.flatMap(strings)
    case .object(let members): members.flatMap { strings($0.value) }
    case .null, .bool, .number: []
    }
  }

  /// References to what is sealed, at any depth.
  private static func sealed(in node: JSONText.Node) -> [String] {
    switch node {
    case .object(let members):
      members.flatMap { member -> [String] in
        if member.name == "~", case .string(let text) = member.value { return [text] }
        return sealed(in: member.value)
      }
    case .list(let items): items.flatMap(sealed)
    case .null, .bool, .number, .string: []
    }
  }
}
