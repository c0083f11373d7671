import CEL
import Engine
import HTTPTypes
import Orchestration
import PetriNet
import Testing

@testable import Web

/// The parts that routes are made of.
struct PartTests {
  @Test(arguments: [
    ("127.0.0.1:7875", true), ("localhost:7875", true), ("LOCALHOST:7875", true),
    ("[::1]:7875", true), ("localhost", false), ("localhost:80", false),
    ("127.0.0.2:7875", false), ("evil.example", false), ("evil.example:7875", false),
    ("petrel.example", true), ("Petrel.Example:443", true), ("petrel.example.evil", false),
    ("other.example:9", true), ("other.example", false), ("", false),
  ])
  func `only names of the service are admitted`(authority: String, isAdmitted: Bool) {
    let hosts = HostGuard(names: ["petrel.example", "other.example:9"])

    #expect(hosts.admits(authority, port: 7875) == isAdmitted)
  }

  @Test func `a request that names no host is refused`() {
    #expect(!HostGuard(names: ["localhost"]).admits(nil, port: 7875))
  }

  @Test(
    arguments: [
      (HTTPRequest.Method.get, "cross-site", String?.none, false),
      (.post, "same-origin", nil, false), (.post, "none", nil, false),
      (.post, "same-site", nil, true), (.post, "cross-site", nil, true),
      (.post, nil, nil, false), (.post, nil, "http://localhost:7875", false),
      (.post, nil, "http://evil.example", true), (.post, nil, "null", true),
      (.delete, nil, "https://localhost:7875", false),
    ] as [(HTTPRequest.Method, String?, String?, Bool)])
  func `pages of other sites change nothing`(
    method: HTTPRequest.Method, site: String?, origin: String?, isForeign: Bool
  ) {
    var headers = HTTPFields()
    headers[.secFetchSite] = site
    headers[.origin] = origin

    #expect(
      CrossSite.isForeign(method: method, headers: headers, authority: "localhost:7875")
        == isForeign)
  }

  @Test(
    arguments: [
      ([], "local"), (["ada"], "local:ada"), (["%EB%B3%B4%EB%9D%BC"], "local:보라"),
      (["e%CC%81"], "local:\u{E9}"), ([""], nil), (["a", "b"], nil), (["%"], nil), (["%FF"], nil),
      (["a%00"], nil), (["a%E2%80%AEb"], nil), (["%20ada"], nil), (["ada%20"], nil),
      (["ada%C2%A0l"], nil), (["ada%20%20l"], nil),
      (["ada%20l"], "local:ada l"), (["%E3%80%80ada"], nil),
      ([String(repeating: "a", count: 129)], nil),
    ] as [([String], String?)])
  func `a person is one visible name`(given: [String], subject: String?) {
    var headers = HTTPFields()
    for name in given { headers.append(HTTPField(name: .petrelPerson, value: name)) }

    #expect((try? Identity.subject(of: headers))?.text == subject)
  }

  @Test(
    arguments: [
      ("%ED%99%98", "환"), ("a%2Fb", "a/b"), ("%E1%84%92%E1%85%AA%E1%86%AB", "환"), ("%4", nil),
      ("%zz", nil), ("%C3%28", nil), ("plain", "plain"),
    ] as [(String, String?)])
  func `names of paths are decoded and composed`(segment: String, name: String?) {
    #expect(APIName.decoded(segment).map { Array($0.utf8) } == name.map { Array($0.utf8) })
  }

  @Test func `what is encoded decodes to itself`() {
    for name in ["환불-분류", "a b/c?d#e%", "payments.find"] {
      #expect(APIName.decoded(APIName.encoded(name)) == name)
    }
  }

  @Test(arguments: ["c", "c0", "c01", "c-1", "x1", "c1 ", "c99999999999999999999", "C1"])
  func `an identifier has one spelling`(text: String) {
    #expect(APIName.caseID(text) == nil)
  }

  @Test func `identifiers read back`() {
    #expect(APIName.caseID("c1071") == CaseID(Seq(1_071)))
    #expect(APIName.firingID("f1092") == FiringID(Seq(1_092)))
    #expect(APIName.taskID("t1130") == TaskID(Seq(1_130)))
    #expect(APIName.tokenID("1090.0") == TokenID(Seq(1_090), 0))
    #expect(APIName.tokenID("1090.01") == nil)
    #expect(APIName.tokenID("1090") == nil)
  }

  @Test func `integers that doubles cannot hold are strings`() {
    #expect(JSONText.Node.integer(Int64(9_007_199_254_740_992)).text == "9007199254740992")
    #expect(JSONText.Node.integer(Int64(9_007_199_254_740_993)).text == "\"9007199254740993\"")
    #expect(JSONText.Node.integer(Int64.min).text == "\"-9223372036854775808\"")
  }

  @Test func `a cursor is good for its own list only`() {
    let cursor = Page.cursor("1071", list: "cases")

    #expect(Page.key(of: cursor, list: "cases") == "1071")
    #expect(Page.key(of: cursor, list: "tasks") == nil)
    #expect(Page.key(of: "!!!", list: "cases") == nil)
    #expect(!cursor.contains("="))
  }

  @Test func `metrics escape what would end a label`() {
    let family = Gauge(
      name: "petrel_tasks_open", help: "Tasks\nby \\ group.", kind: .gauge,
      samples: [.init(labels: [Label(name: "group", value: "a\"\u{301}\\\n")], value: 2)])

    #expect(
      Metrics.render(family) == """
        # HELP petrel_tasks_open Tasks\\nby \\\\ group.
        # TYPE petrel_tasks_open gauge
        petrel_tasks_open{group="a\\"\u{301}\\\\\\n"} 2

        """)
  }

  @Test(arguments: [
    ("ko", true), ("ko-KR,ko;q=0.9,en;q=0.8", true), ("en,ko;q=0.5", false), ("fr", false),
    ("en;q=0.1, ko;q=0.2", true),
  ])
  func `a page is in the reader's language`(header: String, isKorean: Bool) {
    #expect(ProblemPages.prefersKorean(header) == isKorean)
  }

  @Test func `every type of problem has a page of its own in both languages, and a code`() {
    let types = ProblemType.allCases

    #expect(Set(types.map(\.code)).count == types.count)
    #expect(Set(types.map(\.title)).count == types.count)
    #expect(Set(types.map(\.korean.title)).count == types.count)
    #expect(types.allSatisfy { !$0.help.isEmpty && !$0.korean.help.isEmpty })
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("127.8.9.1", true), ("localhost", true), ("::1", true),
    ("0.0.0.0", false), ("127.0.0.1.evil.example", false), ("192.168.0.1", false),
    ("127.0.0.256", false),
  ])
  func `only loopback is listened on`(host: String, isLoopback: Bool) {
    #expect(WebConfiguration(host: host).isLoopback == isLoopback)
  }

  @Test func `a page ends exactly where the list ends`() async throws {
    let api = try Fixture.api(ScriptedEngine(Fixture.script))
    let first = try await Fixture.ask(api, .get, "/v1/cases/c3/events?limit=4")
    let firstBody = try JSONText.parse(Array(first.body.readableBytesView))
    let link = try #require(first.headers[.link])
    let next = String(link.dropFirst().prefix { $0 != ">" })
    let second = try await Fixture.ask(api, .get, next)
    let secondBody = try JSONText.parse(Array(second.body.readableBytesView))
    let third = try await Fixture.ask(
      api, .get, "/v1/cases/c3/events?limit=9&after=\(Page.cursor("2", list: "events"))")
    let thirdBody = try JSONText.parse(Array(third.body.readableBytesView))

    let seqs = [firstBody, secondBody].flatMap { body in
      Document.items(body["items"]).compactMap { $0.integerMember("seq") }
    }
    #expect(seqs == [3, 4, 5, 6, 7, 8, 9, 10])
    #expect(firstBody.textMember("next") != nil)
    #expect(secondBody.textMember("next") != nil)
    #expect(thirdBody["next"] == .null)
    #expect(third.headers[.link] == nil)
  }

  @Test func `contents of a verdict are given only when asked for`() async throws {
    let api = try Fixture.api(ScriptedEngine(Fixture.script))

    let covered = try await Fixture.ask(api, .get, "/v1/verdicts/f4")
    let open = try await Fixture.ask(api, .get, "/v1/verdicts/f4?contents=true")

    let before = try JSONText.parse(Array(covered.body.readableBytesView))
    let after = try JSONText.parse(Array(open.body.readableBytesView))
    #expect(before.value(at: "/calls/1/reply") == .string("‹sealed›"))
    #expect(after.value(at: "/calls/1/reply") == .string(#"{"a":true}"#))
    #expect(after.value(at: "/calls/0/reason") == .string("rate_limited"))
    #expect(after.textMember("outcome") == "true")
  }
}
