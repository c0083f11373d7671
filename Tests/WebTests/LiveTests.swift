import Engine
import Orchestration
import PetriNet
import Testing

@testable import Web

/// The API over a real connection, the real engine and a log in memory.
struct LiveTests {
  private static let start = #"{"order":"ord-1","customer":"에이다","amount":0}"#

  private static func opened(
    _ client: LiveClient, order: String = "ord-1", key: String = "k1"
  ) async throws -> LiveClient.Answer {
    try await client.post(
      "/v1/workflows/desk/cases", ["Idempotency-Key": key],
      #"{"order":"\#(order)","customer":"에이다","amount":0}"#)
  }

  private static func answer(
    _ client: LiveClient, _ task: String, as person: String, _ body: String
  ) async throws -> LiveClient.Answer {
    try await client.post(
      "/v1/tasks/\(task):answer", ["If-Match": "*", "Petrel-Person": person], body)
  }

  private static func firstTask(_ client: LiveClient) async throws -> String {
    let tasks = try await client.get("/v1/tasks?group=refunds")
    return try #require(tasks.json.value(at: "/items/0/id")?.text).filter { $0 != "\"" }
  }

  @Test func `a case is started once, however often it is asked for`() async throws {
    let answers = try await LiveFixture().serve { client in
      let first = try await Self.opened(client)
      let again = try await Self.opened(client)
      let other = try await Self.opened(client, order: "ord-2")
      let joined = try await Self.opened(client, key: "k2")
      let fresh = try await Self.opened(client, order: "ord-2", key: "k3")
      return [first, again, other, joined, fresh]
    }

    #expect(answers.map(\.status) == [201, 201, 422, 200, 201])
    #expect(answers[1].body == answers[0].body)
    #expect(answers[1].headers["idempotency-replayed"] == "true")
    #expect(answers[0].headers["idempotency-replayed"] == nil)
    #expect(answers[3].headers["location"] == answers[0].headers["location"])
    #expect(answers[2].json.textMember("code") == "C212")
  }

  @Test func `two persons bring a case to its end, and one alone does not`() async throws {
    let (answers, final, past) = try await LiveFixture().serve { client in
      let location = try #require(try await Self.opened(client).headers["location"])
      let first = try await Self.firstTask(client)
      let shown = try await client.get("/v1/tasks/\(first)")
      let tag = try #require(shown.headers["etag"])
      let claimed = try await client.post("/v1/tasks/\(first):claim", ["Petrel-Person": "ada"])
      let stale = try await client.post(
        "/v1/tasks/\(first):answer", ["If-Match": tag, "Petrel-Person": "ada"],
        #"{"outcome":"approve"}"#)
      let other = try await Self.answer(client, first, as: "bo", #"{"outcome":"approve"}"#)
      let one = try await Self.answer(client, first, as: "ada", #"{"outcome":"approve"}"#)
      let second = try await Self.firstTask(client)
      let same = try await Self.answer(client, second, as: "ada", #"{"outcome":"approve"}"#)
      let two = try await Self.answer(
        client, second, as: "%EB%B3%B4%EB%9D%BC", #"{"outcome":"approve"}"#)
      let late = try await Self.answer(client, second, as: "eve", #"{"outcome":"approve"}"#)
      let final = try await client.get(location)
      let past = try await client.get("/v1/tasks/\(second)")
      return ([claimed, stale, other, one, same, two, late], final, past)
    }

    #expect(answers.map(\.status) == [200, 412, 409, 200, 403, 200, 409])
    #expect(answers[2].json.textMember("detail") == "ada (local) holds the task.")
    #expect(answers[4].json.textMember("code") == "A204")
    #expect(final.json.textMember("status") == "completed")
    #expect(final.json["ended_in"] == .object([.init("approved", .integer(1))]))
    #expect(
      final.json.value(at: "/result/0/value")
        == .object([
          .init("by", .string("local:보라")), .init("customer", .string("‹sealed›")),
        ]))
    #expect(past.json.textMember("by") == "local:보라")
    #expect(answers[6].json.value(at: "/current/by") == .string("local:보라"))
  }

  @Test func `a task shows its title, its fields and its forms`() async throws {
    let task = try await LiveFixture().serve { client in
      _ = try await Self.opened(client)
      return try await client.get("/v1/tasks/\(try await Self.firstTask(client))").json
    }

    #expect(task.textMember("title") == "ord-1: first")
    #expect(
      task["with"]
        == .object([.init("customer", .string("에이다")), .init("amount", .integer(0))]))
    #expect(task["outcomes"] == .texts(["approve", "reject", "divide"]))
    #expect(
      task.value(at: "/forms/reject/properties/why")
        == .object([.init("type", .string("string")), .init("maxLength", .integer(20))]))
  }

  @Test func `a token of a case covers what is personal`() async throws {
    let tokens = try await LiveFixture().serve { client in
      _ = try await Self.opened(client)
      return try await client.get("/v1/workflows/desk/places/requested/tokens").json
    }

    #expect(tokens.value(at: "/items/0/value/customer") == .string("‹sealed›"))
    #expect(tokens.value(at: "/items/0/value/order") == .string("ord-1"))
    #expect(tokens["next"] == .null)
  }

  @Test func `a message with a key is kept once, and finds its case`() async throws {
    let body = #"{"order":"ord-1","amount":5}"#
    let (answers, final) = try await LiveFixture().serve { client in
      let first = try await client.post("/v1/workflows/desk/messages/paid", [:], body)
      let again = try await client.post("/v1/workflows/desk/messages/paid", [:], body)
      let other = try await client.post(
        "/v1/workflows/desk/messages/paid", [:], #"{"order":"ord-1","amount":6}"#)
      let location = try #require(try await Self.opened(client).headers["location"])
      let taken = try await client.post("/v1/workflows/desk/messages/paid", [:], body)
      return ([first, again, other, taken], try await client.get(location))
    }

    #expect(answers.map(\.status) == [201, 200, 422, 200])
    #expect(answers[1].headers["idempotency-replayed"] == "true")
    #expect(answers[1].json["token"] == answers[0].json["token"])
    #expect(answers[3].json["token"] == answers[0].json["token"])
    #expect(answers[0].json.textMember("expires") != nil)
    #expect(final.json["ended_in"] == .object([.init("settled", .integer(1))]))
  }

  @Test func `operators put tokens into shared places, under a name in whatever form`() async throws
  {
    // 책상, decomposed and percent-encoded.
    let name = "%E1%84%8E%E1%85%A2%E1%86%A8%E1%84%89%E1%85%A1%E1%86%BC"
    let path = "/v1/workflows/desk/places/\(name)"
    let (put, out, tokens) = try await LiveFixture().serve { client in
      let put = try await client.post(
        "\(path):deposit", [:], #"{"value":"오른쪽","reason":"a second desk"}"#)
      let first = try await client.get("\(path)/tokens?limit=1")
      let id = try #require(first.json.value(at: "/items/0/id"))
      let out = try await client.post(
        "\(path):withdraw", [:], #"{"token":\#(id.text),"reason":"broken"}"#)
      return (put, out, try await client.get("\(path)/tokens"))
    }

    #expect([put.status, out.status] == [201, 200])
    #expect(tokens.json.value(at: "/items/0/value") == .string("오른쪽"))
    #expect(tokens.json.value(at: "/items/1") == nil)
  }

  @Test func `an answer whose outputs raise is an incident that a person settles`() async throws {
    let (incident, chosen, resolved, final) = try await LiveFixture().serve { client in
      let location = try #require(try await Self.opened(client).headers["location"])
      let task = try await Self.firstTask(client)
      _ = try await Self.answer(client, task, as: "ada", #"{"outcome":"divide"}"#)
      let list = try await client.get("/v1/incidents")
      let incident = try #require(list.json.value(at: "/items/0"))
      let id = try #require(incident.textMember("id"))
      let body = #"{"outcome":"approve","reason":"the amount was zero"}"#
      let chosen = try await client.post("/v1/incidents/\(id):choose", [:], body)
      let again = try await client.post("/v1/incidents/\(id):choose", [:], body)
      return (incident, chosen, again, try await client.get(location))
    }

    #expect(incident.textMember("code") == "division_by_zero")
    #expect(incident["outcomes"] == .texts(["approve", "reject", "divide"]))
    #expect(chosen.status == 200)
    #expect(resolved.json.textMember("code") == "T402")
    #expect(final.json["places"] == .object([.init("second", .integer(1))]))
  }

  @Test func `a batch is one commit with a result for each item`() async throws {
    let items = """
      {"items":[{"key":"a","value":\(Self.start)},{"key":"a","value":\(Self.start)},
      {"key":"b","value":{"order":1}},{"value":\(Self.start)}]}
      """
    let (answer, marking) = try await LiveFixture().serve { client in
      let answer = try await client.post("/v1/workflows/desk/cases:batch", [:], items)
      return (answer, try await client.get("/v1/workflows/desk/marking"))
    }

    let statuses = (0..<4).map { answer.json.value(at: "/items/\($0)/status") }
    #expect(statuses == [.integer(201), .integer(201), .integer(422), .integer(400)])
    #expect(answer.json.value(at: "/items/1/replayed") == .bool(true))
    #expect(
      answer.json.value(at: "/items/2/problem/errors/0/pointer")
        == .string("#/items/2/value/order"))
    #expect(marking.json.value(at: "/places/requested") == .integer(1))
    #expect(marking.json.value(at: "/tasks/first_approval") == .integer(1))
  }
}
