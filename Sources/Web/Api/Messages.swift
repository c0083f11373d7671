import CEL
import Engine
import Orchestration
import PetriNet

/// `POST /v1/workflows/{w}/messages/{place}` and `:batch`.
enum Messages {
  static func deposit(_ call: Call) async throws(Problem) -> Answer {
    let view = try await Workflows.current(call)
    let place = try place(call, of: view.net)
    let node: JSONText.Node = call.body.isEmpty ? .null : try call.json()
    let key =
      place.key == nil ? try call.requiredRequestKey(body: node) : try call.requestKey(body: node)
    let command = try command(node, at: "", place: place, net: view.net, by: call.by)
    let reply = try await call.api.submit(command, key: key)
    let (status, members) = try members(reply, place: place, api: call.api)
    var headers = reply.replayHeaders
    if headers.isEmpty, status == 200 { headers.append((.idempotencyReplayed, "true")) }
    return .json(.object(members), status: status, headers: headers)
  }

  /// Answers 200 with a result for each item, in order: one commit.
  static func batch(_ call: Call) async throws(Problem) -> Answer {
    let items = try BatchItems(call)
    let view = try await Workflows.current(call)
    let place = try place(call, of: view.net)
    let max = call.api.configuration.limits.messageBytes
    return try await items.answer(call) { item, pointer throws(Problem) in
      let body = try Body(item, at: pointer, allowed: ["key", "value"])
      let value = body["value"] ?? .null
      guard value.text.utf8.count <= max else {
        throw Problem(.bodyTooLarge, "The message is larger than \(max) bytes.")
      }
      let given = try body.text("key")
      guard given != nil || place.key != nil else {
        throw Problem(
          .missingIdempotencyKey, "The place has no key: each item has a 'key' of its own.")
      }
      let command = try command(
        value, at: "\(pointer)/value", place: place, net: view.net, by: call.by)
      let key = try given.map { text throws(Problem) in try call.requestKey(text, body: item) }
      return Submission(command, key: key ?? nil)
    } success: { reply throws(Problem) in
      try members(reply, place: place, api: call.api)
    }
  }

  private static func place(_ call: Call, of net: Net) throws(Problem) -> Place {
    let place = try Places.place(call.name("place"), of: net)
    switch place.kind {
    case .message: return place
    case .shared:
      throw Problem(
        .noSuchPlace, "The place is shared: operators deposit there, under /places.")
    case .ordinary, .start, .end:
      throw Problem(.casePlace, "Only message places take messages; this one is of cases.")
    }
  }

  private static func command(
    _ node: JSONText.Node, at pointer: String, place: Place, net: Net, by: Subject
  ) throws(Problem) -> Command {
    let read = ValueReading.value(of: node, in: place.colour)
    guard let value = read.value else { throw .value(read.problems, at: pointer) }
    return .depositMessage(
      DepositMessage(workflow: net.name, place: place.title, value: value, by: by))
  }

  private static func members(
    _ reply: Submitted, place: Place, api: API
  ) throws(Problem) -> (status: Int, [JSONText.Member]) {
    guard case .deposited(let token, _, let repeated) = reply.reply else {
      throw reply.unexpected("a message")
    }
    var members: [JSONText.Member] = [
      .init("token", .id(token)), .init("event", .seq(token.seq)),
    ]
    let query = RowQuery(after: Seq(token.seq.number - 1))
    let row = try api.log { reading throws(StoreError) in
      try reading.rows(query, limit: 1).first
    }
    if case .message(let keep) = place.kind, let row, row.seq == token.seq {
      members.append(.init("expires", .time(row.at.advanced(by: keep))))
    }
    return (repeated ? 200 : 201, members)
  }
}
