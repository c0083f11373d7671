import CEL
import Engine
import Orchestration
import PetriNet
import Record
import Testing

struct EventEncodingTests {
  private func logged(_ event: Event, hasCase: Bool) -> LoggedEvent {
    LoggedEvent(
      seq: EventSample.seq, epoch: 1, at: Instant(microseconds: 77),
      caseID: hasCase ? CaseID(Seq(2)) : nil, event: event)
  }

  @Test(arguments: EventSample.all)
  func `a body has its keys in order, personal parts cut out`(sample: EventSample) throws {
    var encoding = EventEncoding()

    let encoded = try encoding.encode(logged(sample.event, hasCase: sample.hasCase))

    #expect(String(decoding: encoded.body, as: UTF8.self) == sample.body)
    #expect(encoded.payloads == sample.payloads)
    #expect(CanonicalJSON.problem(in: encoded.body) == nil)
  }

  @Test(arguments: EventSample.all)
  func `an event read back is written the same`(sample: EventSample) throws {
    var encoding = EventEncoding()
    let first = try encoding.encode(logged(sample.event, hasCase: sample.hasCase))

    let event = try EventDecoding.event(
      kind: first.kind.rawValue, version: first.version, body: first.body,
      at: Instant(microseconds: 77), caseID: sample.hasCase ? CaseID(Seq(2)) : nil)
    let second = try encoding.encode(logged(event, hasCase: sample.hasCase))

    #expect(second.kind == first.kind)
    #expect(String(decoding: second.body, as: UTF8.self) == sample.body)
  }

  @Test func `every kind has a sample`() throws {
    var encoding = EventEncoding()

    let kinds = try EventSample.all.map {
      try encoding.encode(logged($0.event, hasCase: $0.hasCase)).kind
    }

    #expect(Set(kinds) == Set(EventKind.allCases))
  }

  @Test func `an unknown kind or version is refused by name`() {
    #expect(throws: EventDecoding.Problem.unknownKind("tokenTeleported", version: 1)) {
      try EventDecoding.event(
        kind: "tokenTeleported", version: 1, body: Array("{}".utf8),
        at: Instant(microseconds: 0), caseID: nil)
    }
    #expect(throws: EventDecoding.Problem.unknownKind("fired", version: 2)) {
      try EventDecoding.event(
        kind: "fired", version: 2, body: Array("{}".utf8), at: Instant(microseconds: 0),
        caseID: nil)
    }
  }

  @Test(
    arguments: [
      (#"{"by":"a","task":8,"tusk":9}"#, #"the key "tusk" is unknown, doubled or out of order"#),
      (#"{"by":"a"}"#, #"the key "task" is missing or out of order"#),
      (#"{"task":8,"by":"a"}"#, #"the key "by" is missing or out of order"#),
      (#"{"by":"a","by":"a","task":8}"#, #"the key "task" is missing or out of order"#),
      (#"{"by":"a","task":"8"}"#, "found another thing than an integer"),
      (#"{"by":"a","task":8}}"#, "something stands behind the value"),
    ])
  func `an unknown, doubled, missing or ill-typed key is refused by name`(
    body: String, message: String
  ) {
    do throws(EventDecoding.Problem) {
      _ = try EventDecoding.event(
        kind: "taskReleased", version: 1, body: Array(body.utf8), at: Instant(microseconds: 0),
        caseID: CaseID(Seq(1)))
      Issue.record("it was read")
    } catch {
      guard case .body(let problem) = error else {
        Issue.record("the kind was refused")
        return
      }
      #expect(problem.message == message)
    }
  }

  @Test func `false is never written`() {
    #expect(throws: EventDecoding.Problem.self) {
      try EventDecoding.event(
        kind: "labelRecorded", version: 1,
        body: Array(#"{"blind":false,"by":"a","label":"x","purpose":"review","verdict":1}"#.utf8),
        at: Instant(microseconds: 0), caseID: nil)
    }
  }

  @Test func `a text in a row with a case is never written in the clear`() {
    var encoding = EventEncoding()

    #expect(throws: EncodingProblem.unsealed) {
      try encoding.encode(
        logged(
          .caseClosed(CaseClosed(how: .cancelled, why: SealedText("Kim called"))), hasCase: true))
    }
  }

  @Test func `a body over its limit is refused before it is written`() {
    var encoding = EventEncoding()
    let long = String(repeating: "x", count: 70_000)

    #expect(throws: EncodingProblem.tooLarge(.bodyBytes, found: 70_023)) {
      try encoding.encode(logged(.keysRotated(KeysRotated(by: .local, kek: long)), hasCase: false))
    }
  }
}
