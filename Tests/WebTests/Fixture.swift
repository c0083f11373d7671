import CEL
import Engine
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Orchestration
import PetriNet
import Record

@testable import Web

/// A small workflow, a case of it, and the log and engine that hold them.
enum Fixture {
  static let refund = RecordColour(
    name: "Refund",
    fields: [
      .init(name: "order", colour: .string(max: 20)),
      .init(name: "customer", colour: .string(max: nil), isPersonal: true),
      .init(name: "amount", colour: .int(0...1_000_000), standard: .int(0)),
    ])

  static func place(
    _ title: String, _ kind: Place.Kind, _ colour: ColourSet, key: Int? = nil
  ) -> Place {
    let isOwned: Bool =
      switch kind {
      case .shared, .message: true
      default: false
      }
    return Place(
      name: isOwned ? PlaceName(owner: "refund", place: title) : PlaceName(title), title: title,
      kind: kind, colour: colour, capacity: nil, order: [], key: key, mark: .none)
  }

  static let net = Net(
    name: WorkflowName("refund"), files: ["refund"], parameters: [],
    places: [
      place("requested", .start, .record(refund)), place("환불_대기", .ordinary, .record(refund)),
      place("done", .end(many: false), .record(refund)),
      place("proxies", .shared(initial: []), .string(max: nil)),
      place("paid", .message(keepMicroseconds: 60_000_000), .record(refund), key: 0),
      place("hints", .message(keepMicroseconds: 60_000_000), .unit),
    ],
    transitions: [
      Transition(
        name: TransitionName("approve"), priority: 0,
        inputs: [], reads: [], inhibitors: [], cancels: [], condition: nil,
        work: .plain(Outputs(puts: [])), limit: nil, slotCount: 6, bindsCase: true,
        mark: .none)
    ],
    actions: [], prompts: [],
    caseRules: CaseRules(
      input: .record(refund), key: nil, again: .join, keepMicroseconds: 0, labels: [],
      subject: nil, partition: nil, cancelPlace: nil),
    invariants: [], schedules: [], accepted: [], constants: [:])

  static let hash = [UInt8](repeating: 0xAB, count: 32)
  static let version = String(repeating: "ab", count: 32)
  static let value = Value.record(
    Record(type: refund.type, fields: [.string("ord-1"), .string("Ada"), .int(5)]))
  static let now = Instant(microseconds: 1_795_000_000_000_000)

  static let task = TaskView(
    id: TaskID(Seq(7)), workflow: net.name, transition: TransitionName("approve"),
    caseID: CaseID(Seq(3)), token: TokenID(Seq(3), 0), title: "ord-1: approval",
    shown: [.init(name: "message", value: .string("where is my money"))],
    outcomes: [
      .init(name: "approve"),
      .init(
        name: "reject",
        form: RecordColour(name: nil, fields: [.init(name: "why", colour: .string(max: 10))])),
    ],
    group: "refunds", due: now.advanced(by: 3_600_000_000), notBy: [Subject("local:eve")])

  static let held = TaskView(
    id: TaskID(Seq(9)), workflow: net.name, transition: TransitionName("approve"),
    caseID: CaseID(Seq(3)), token: TokenID(Seq(3), 0), title: "ord-1: second approval",
    shown: nil, outcomes: [.init(name: "approve")], holder: Subject("local:ada"),
    until: now.advanced(by: 60_000_000))

  static var script: ScriptedEngine.Script {
    var script = ScriptedEngine.Script()
    script.workflows = [WorkflowView(net: net, definition: DefinitionID(Seq(2)), hash: hash)]
    script.marking = MarkingView(
      seq: Seq(40), places: [.init(name: "requested", count: 1)],
      inFlight: [.init(name: "ask", count: 2)], tasks: [.init(name: "approve", count: 2)])
    let token = TokenView(
      id: TokenID(Seq(3), 0), place: "requested", colour: .record(refund), value: value,
      caseID: CaseID(Seq(3)), ready: now)
    script.tokens = [
      token,
      TokenView(
        id: TokenID(Seq(20), 0), place: "proxies", colour: .string(max: nil),
        value: .string("p1"), ready: now),
      TokenView(
        id: TokenID(Seq(20), 1), place: "proxies", colour: .string(max: nil),
        value: .string("p2"), ready: now, heldBy: FiringID(Seq(30))),
    ]
    script.cases = [
      OpenCaseView(
        id: CaseID(Seq(3)), workflow: net.name, version: hash, input: value,
        inputColour: .record(refund), tokens: [token],
        inFlight: [
          FiringView(
            id: FiringID(Seq(4)), transition: TransitionName("ask"), kind: "judge",
            deadline: now)
        ],
        tasks: [task.id, held.id], incidents: [])
    ]
    script.tasks = [task, held]
    script.incidents = [
      IncidentView(
        id: IncidentID(Seq(10)), code: "T403", workflow: net.name,
        transition: TransitionName("approve"), caseID: CaseID(Seq(3)),
        binding: [TokenID(Seq(3), 0)], position: "/transitions/approve/guard"),
      IncidentView(
        id: IncidentID(Seq(21)), code: "T403", workflow: net.name,
        transition: TransitionName("pay"), caseID: CaseID(Seq(3)), firing: FiringID(Seq(8)),
        outcomes: ["ok", "failed"]),
    ]
    return script
  }

  /// Rows 1 to 14: two cases (3 open, 12 closed), a verdict, a task answered, an incident resolved.
  static func log() throws -> MemoryLog {
    let log = MemoryLog(keys: MemoryKeys())
    let store = MemoryStore(log)
    let one = CaseID(Seq(3))
    let two = CaseID(Seq(12))
    let events: [(CaseID?, Event)] = [
      (nil, .ownerStarted(OwnerStarted(binary: "petrel", incarnation: [1, 2, 3, 4, 5, 6, 7, 8]))),
      (
        nil,
        .definitionRegistered(DefinitionRegistered(hash: hash, kind: .workflow, name: "refund"))
      ),
      (one, opened(3, key: 1, businessKey: "ord-1")),
      (
        one,
        .verdictRequested(
          VerdictRequested(
            consumed: [.one(TokenID(Seq(3), 0))], deadline: now, guardID: DefinitionID(Seq(2)),
            transition: TransitionName("ask")))
      ),
      (
        one,
        .callRecorded(
          CallRecorded(
            call: Self.call(sealedAt: 5), firing: FiringID(Seq(4)), late: false,
            reason: .rateLimited))
      ),
      (
        one,
        .verdictRecorded(
          VerdictRecorded(
            call: Self.call(sealedAt: 6), firing: FiringID(Seq(4)), verdict: .label("true"),
            tokens: [MadeToken(place: PlaceName("환불_대기"), content: .same(TokenID(Seq(3), 0)))]))
      ),
      (one, offered), (one, offered), (one, offered),
      (one, .taskWithdrawn(TaskWithdrawn(reason: .taken, task: TaskID(Seq(8))))),
      (one, .incidentRaised(IncidentRaised(code: "T403"))),
      (two, opened(12, key: 2, businessKey: "ord-2")),
      (
        two,
        .fired(
          Fired(
            consumed: [.one(TokenID(Seq(12), 0))],
            tokens: [MadeToken(place: PlaceName("done"), content: .same(TokenID(Seq(12), 0)))],
            transition: TransitionName("approve")))
      ),
      (
        two,
        .caseClosed(
          CaseClosed(
            endedIn: [EndCount(place: PlaceName("done"), count: 1)], how: .completed))
      ),
    ]
    let logged = events.enumerated().map { index, event in
      LoggedEvent(
        seq: Seq(Int64(index) + 1), epoch: 1,
        at: now.advanced(by: Int64(index) * 1_000), caseID: event.0, event: event.1)
    }
    try store.append(
      AppendGroup(
        events: logged,
        definitions: [
          StoredDefinition(
            id: DefinitionID(Seq(2)), kind: .workflow, name: "refund", hash: hash, text: [])
        ]))
    return log
  }

  private static func call(sealedAt seq: Int64) -> CallRecord {
    var call = CallRecord(
      attempt: 1, endpoint: "stand-in", requested: "stub-1", started: now, ended: now,
      source: .constrained)
    call.label = "true"
    call.question = SealedBytes(
      Array("{\"q\":1}".utf8), seal: SealReference(seq: seq, index: 0))
    call.reply = SealedBytes(
      Array("{\"a\":true}".utf8), seal: SealReference(seq: seq, index: 1))
    return call
  }

  private static func opened(_ seq: Int64, key: Int64, businessKey: String) -> Event {
    let value = Value.record(
      Record(
        type: refund.type, fields: [.string("ord-1"), .string("Ada"), .int(5)],
        seal: SealReference(seq: seq, index: 0)))
    return .caseOpened(
      CaseOpened(
        businessKey: businessKey, by: .local, key: key,
        tokens: [MadeToken(place: PlaceName("requested"), content: .value(.value(value)))],
        workflow: DefinitionID(Seq(2))))
  }

  private static let offered = Event.taskOffered(
    TaskOffered(token: TokenID(Seq(3), 0), transition: TransitionName("approve")))

  struct FixedClock: Orchestration.Clock {
    func now() -> Instant { Fixture.now }
  }

  /// There are no versions beside those of the scripted engine.
  struct Unloaded: Error { var version: String }

  /// Who is about Ada: a case that is open; about Kim: one that has ended; about Eve the log is mute.
  @Sendable static func find(_ subject: String) throws -> PersonalCases {
    guard subject != "Eve" else { throw Unloaded(version: subject) }
    let found = PersonalCases.Found(
      id: CaseID(Seq(3)), workflow: WorkflowName("refund"), opened: now,
      status: subject == "Ada" ? "open" : "completed", keys: [4, 9])
    return PersonalCases(
      cases: ["Ada", "Kim"].contains(subject) ? [found] : [], withoutSubject: ["scrape": 2])
  }

  static func api(
    _ engine: ScriptedEngine, hosts: [String] = ["localhost"],
    limits: WebConfiguration.Limits = .init()
  ) throws -> API {
    API(
      engine: engine, reading: try log(),
      configuration: WebConfiguration(hosts: hosts, limits: limits, version: "0.3.0"),
      clock: FixedClock(), logger: Logger(label: "petrel.web") { _ in SwiftLogNoOpLogHandler() },
      storedNet: { version, _ in throw Unloaded(version: version.name) }, findPerson: Self.find,
      probe: { $0 == "fast" ? [EndpointCheck(name: "key", result: .good, detail: "ok")] : nil })
  }

  /// One request to an application without a listener.
  static func ask(
    _ api: API, _ method: HTTPRequest.Method, _ uri: String,
    headers: HTTPFields = [:], body: String? = nil
  ) async throws -> TestResponse {
    try await WebServer.application(api).test(.router) { client in
      try await client.execute(
        uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
    }
  }
}
