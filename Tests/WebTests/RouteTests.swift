import HTTPTypes
import HummingbirdTesting
import PetriNet
import Testing

@testable import Web

/// Every route, and what it answers.
struct RouteTests {
  @Test(arguments: RouteTable.all)
  func `a route answers as its row says`(_ row: RouteRow) async throws {
    var script = Fixture.script
    script.answers = row.answers
    for (key, first) in row.seen { script.seen[Array(key.utf8)] = first }
    let api = try Fixture.api(ScriptedEngine(script))

    let response = try await Fixture.ask(
      api, row.method, row.uri, headers: Self.fields(row), body: row.body)

    #expect(response.status.code == row.status)
    #expect(Self.problem(response) == row.problem?.rawValue)
    #expect(response.headers[.xContentTypeOptions] == "nosniff")
  }

  @Test func `every documented status of every route has a row, and no other`() {
    let generic: Set<Int> = [400, 403, 413, 415, 503]
    let tested = Dictionary(grouping: RouteTable.all, by: \.route)
      .mapValues { Set($0.map(\.status)).subtracting(generic) }
    let documented = Dictionary(
      uniqueKeysWithValues: Document.operations.map { operation in
        (operation.name, operation.statuses.subtracting(generic))
      })

    #expect(tested == documented)
    #expect(Set(tested.keys) == Set(Routes.all.map(\.scope)))
  }

  @Test(arguments: ["/", "/v1", "/v1/nothing", "/v1/cases/c3/nothing"])
  func `a path that leads nowhere is told as a problem`(_ path: String) async throws {
    let api = try Fixture.api(ScriptedEngine(Fixture.script))

    let response = try await Fixture.ask(api, .get, path)

    #expect(response.status == .notFound)
    #expect(Self.problem(response) == "no-such-route")
  }

  @Test func `no two routes are the same`() {
    let scopes = Routes.all.map(\.scope)

    #expect(Set(scopes).count == scopes.count)
  }

  @Test(arguments: Routes.all.map(\.scope))
  func `no route is reached under a foreign name`(_ scope: String) async throws {
    let row = try Self.sample(scope)
    let api = try Fixture.api(ScriptedEngine(Fixture.script), hosts: ["petrel.example"])

    let response = try await Fixture.ask(
      api, row.method, row.uri, headers: Self.fields(row), body: row.body)

    #expect(response.status == .forbidden)
    #expect(Self.problem(response) == "foreign-host")
  }

  @Test(arguments: Routes.all.filter { $0.method == .post }.map(\.scope))
  func `nothing is changed for a page of another site`(_ scope: String) async throws {
    let row = try Self.sample(scope)
    let engine = ScriptedEngine(Fixture.script)
    var fields = Self.fields(row)
    fields[.secFetchSite] = "cross-site"

    let response = try await Fixture.ask(
      try Fixture.api(engine), row.method, row.uri, headers: fields, body: row.body)

    #expect(Self.problem(response) == "cross-site")
    #expect(engine.submitted.isEmpty)
  }

  @Test(arguments: Routes.all.map(\.scope))
  func `a parameter that a route does not know is refused`(_ scope: String) async throws {
    let row = try Self.sample(scope)
    let api = try Fixture.api(ScriptedEngine(Fixture.script))
    let separator = row.uri.contains("?") ? "&" : "?"

    let response = try await Fixture.ask(
      api, row.method, "\(row.uri)\(separator)nope=1", headers: Self.fields(row), body: row.body)

    #expect(Self.problem(response) == "unknown-field")
  }

  @Test(arguments: Routes.all.map(\.scope))
  func `a person without a name is refused by every route`(_ scope: String) async throws {
    let row = try Self.sample(scope)
    let api = try Fixture.api(ScriptedEngine(Fixture.script))
    var fields = Self.fields(row)
    fields[.petrelPerson] = "%E2%80%AE"

    let response = try await Fixture.ask(
      api, row.method, row.uri, headers: fields, body: row.body)

    #expect(Self.problem(response) == "person-invalid")
  }

  @Test(arguments: Routes.all.map(\.scope))
  func `other methods of a path are refused, and the answer says which there are`(
    _ scope: String
  ) async throws {
    let row = try Self.sample(scope)
    let api = try Fixture.api(ScriptedEngine(Fixture.script))

    let response = try await Fixture.ask(api, .delete, row.uri)

    #expect(response.status.code == 405)
    #expect(response.headers[.allow]?.contains(row.method.rawValue) == true)
  }

  @Test(arguments: Routes.all.filter { $0.method == .post }.map(\.scope))
  func `a body that is not JSON is refused`(_ scope: String) async throws {
    let row = try Self.sample(scope)
    let api = try Fixture.api(ScriptedEngine(Fixture.script))
    var fields = Self.fields(row)
    fields[.contentType] = "text/plain"

    let response = try await Fixture.ask(
      api, row.method, row.uri, headers: fields, body: "reason=because")

    #expect(Self.problem(response) == "media-type")
  }

  @Test(arguments: Routes.all.filter { $0.method == .post }.map(\.scope))
  func `a body beyond its limit is refused`(_ scope: String) async throws {
    let row = try Self.sample(scope)
    let api = try Fixture.api(ScriptedEngine(Fixture.script))

    let response = try await Fixture.ask(
      api, row.method, row.uri, headers: Self.fields(row),
      body: String(repeating: " ", count: 1 << 20) + "{}")

    #expect(Self.problem(response) == "body-too-large")
  }

  @Test(arguments: Routes.all.filter { $0.method == .post }.map(\.scope))
  func `a service that is stopping takes nothing`(_ scope: String) async throws {
    let row = try Self.sample(scope)
    var script = Fixture.script
    script.failure = .draining
    let api = try Fixture.api(ScriptedEngine(script))

    let response = try await Fixture.ask(
      api, row.method, row.uri, headers: Self.fields(row), body: row.body)

    #expect(response.status.code == 503)
    #expect(Self.problem(response) == "draining")
    #expect(response.headers[.retryAfter] == "10")
  }

  static func fields(_ row: RouteRow) -> HTTPFields {
    var fields = HTTPFields()
    for (name, value) in row.headers { fields.append(HTTPField(name: name, value: value)) }
    if row.body != nil { fields[.contentType] = "application/json; charset=utf-8" }
    return fields
  }

  /// The last part of the type of a problem; nil for an answer that is none.
  static func problem(_ response: TestResponse) -> String? {
    guard response.headers[.contentType] == "application/problem+json",
      let node = try? JSONText.parse(Array(response.body.readableBytesView)),
      let type = node.textMember("type"), node.textMember("code") != nil,
      node.integerMember("status") == Int64(response.status.code)
    else { return nil }
    return type.split(separator: "/").last.map(String.init)
  }

  /// The first row of a route that succeeds.
  private static func sample(_ scope: String) throws -> RouteRow {
    try #require(RouteTable.all.first { $0.route == scope && $0.status < 300 && $0.seen.isEmpty })
  }
}
