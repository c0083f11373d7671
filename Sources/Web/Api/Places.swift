import CEL
import Engine
import HTTPTypes
import Orchestration
import PetriNet

/// `/v1/workflows/{w}/places/{p}`: tokens of a place, and what operators put there or take out.
enum Places {
  static func tokens(_ call: Call) async throws(Problem) -> Answer {
    let view = try await Workflows.current(call)
    let place = try place(call.name("p"), of: view.net)
    let page = try Page(call.query, of: "place-tokens")
    let after = try page.after.map { text throws(Problem) -> TokenID in
      guard let id = APIName.tokenID(text) else { throw Page.wrongCursor }
      return id
    }
    let found = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.tokens(
        in: place.title, of: view.net.name, after: after, limit: page.limit + 1)
    }
    return page.answer(
      found ?? [], in: call, key: { APIName.text($0.id) }, node: { node($0) })
  }

  static func deposit(_ call: Call) async throws(Problem) -> Answer {
    let node = try call.json()
    let body = try Body(node, allowed: ["value", "reason"])
    let key = try call.requestKey(body: node)
    let view = try await Workflows.current(call)
    let place = try place(call.name("p"), of: view.net)
    guard !place.isOfCase else { throw Self.isOfCase }
    let reason = try body.requiredText("reason")
    let read = ValueReading.value(of: body["value"] ?? .null, in: place.colour)
    guard let value = read.value else { throw .value(read.problems, at: "/value") }
    try await checkMarking(call)
    let reply = try await call.api.submit(
      .deposit(
        DepositToken(
          workflow: view.net.name, place: place.title, value: value, by: call.by, why: reason)),
      key: key)
    guard case .deposited(let token, _, let repeated) = reply.reply else {
      throw reply.unexpected("a deposit")
    }
    return .json(
      .object([.init("token", .id(token)), .init("event", .seq(token.seq))]),
      status: repeated ? 200 : 201, headers: reply.replayHeaders)
  }

  static func withdraw(_ call: Call) async throws(Problem) -> Answer {
    let node = try call.json()
    let body = try Body(node, allowed: ["token", "reason"])
    let key = try call.requestKey(body: node)
    let view = try await Workflows.current(call)
    let place = try place(call.name("p"), of: view.net)
    guard !place.isOfCase else { throw Self.isOfCase }
    let reason = try body.requiredText("reason")
    guard let id = APIName.tokenID(try body.requiredText("token")) else {
      throw .member("token", found: "a string that is none", expected: "a token as in 1090.0")
    }
    try await checkMarking(call)
    let found = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.token(id)
    }
    if let found, !found.place.utf8.elementsEqual(place.title.utf8) {
      throw Problem(.noSuchToken, "The token is in another place.")
    }
    let reply = try await call.api.submit(
      .withdraw(WithdrawToken(token: id, by: call.by, why: reason)), key: key)
    guard case .done(let event) = reply.reply else {
      throw reply.unexpected("a withdrawal")
    }
    return .json(
      .fields([("token", .id(id)), ("event", event.map { .seq($0) })]),
      headers: reply.replayHeaders)
  }

  /// The place that a file spells so; also as `owner/place`.
  static func place(_ name: String, of net: Net) throws(Problem) -> Place {
    guard
      let place = net.places.first(where: {
        $0.title.utf8.elementsEqual(name.utf8) || $0.name.text.utf8.elementsEqual(name.utf8)
      })
    else {
      let nearest = Nearest.name(to: name, among: net.places.map(\.title))
      throw Problem(
        .noSuchPlace,
        "There is no place '\(VisibleText.visible(name))'"
          + (nearest.map { "; nearest: \($0)." } ?? "."))
    }
    return place
  }

  static func node(_ token: TokenView) -> JSONText.Node {
    .fields([
      ("id", .id(token.id)), ("place", .string(token.place)),
      ("case", token.caseID.map { .id($0) }),
      ("value", ValueJSON.node(token.value, token.colour, showsPersonal: false)),
      ("since", .time(token.ready)), ("held_by", token.heldBy.map { .id($0) }),
    ])
  }

  private static var isOfCase: Problem {
    Problem(.casePlace, "Inside a case nothing is put or taken from outside.")
  }

  /// `If-Match` is the ETag of the workflow's marking, where it is given.
  private static func checkMarking(_ call: Call) async throws(Problem) {
    guard !call.headers[values: .ifMatch].isEmpty else { return }
    let name = call.workflow
    let marking = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.marking(of: name)
    }
    guard let marking else { throw Workflows.noSuch(name) }
    try Preconditions.check(
      "\(marking.seq.number)", in: call,
      current: .object([.init("seq", .seq(marking.seq))]))
  }
}
