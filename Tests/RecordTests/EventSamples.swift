import CEL
import Engine
import PetriNet
import Record
import Testing

/// One event of each kind, with all its keys where it can have them, and its body.
struct EventSample: CustomTestStringConvertible {
  var event: Event
  var hasCase: Bool
  var body: String
  var payloads: [EncodedEvent.Payload] = []

  var testDescription: String { body }

  static let seq = Seq(900)

  static func text(_ string: String, _ index: Int32 = 0) -> SealedText {
    SealedText(string, seal: SealReference(seq: 900, index: index))
  }

  static func payload(_ role: PayloadRole, _ text: String) -> EncodedEvent.Payload {
    EncodedEvent.Payload(role: role, plaintext: Array(text.utf8))
  }

  static let request = RequestIdentity(
    slot: RequestIdentity.slot(of: Instant(microseconds: 77)),
    bytes: [UInt8](repeating: 0, count: 16))
  static let requestText = "AAAAAAAAAAAAAAAAAAAAAA=="
  static let by = Subject("local:ada")
  static let why = payload(.text, "because")

  static func token(_ seq: Int64, _ index: Int32) -> TokenID { TokenID(Seq(seq), index) }

  static func cargo(_ value: Value) -> Cargo { .value(value) }

  static let tokens = [
    MadeToken(place: PlaceName("a"), content: .value(.value(.int(5)))),
    MadeToken(
      place: PlaceName("owner/b"), content: .same(token(3, 1)), ready: Instant(microseconds: 9),
      waits: [
        ArcWait(arc: "t.y", ready: Instant(microseconds: 11)),
        ArcWait(arc: "t.x", ready: Instant(microseconds: 10)),
      ]),
    MadeToken(place: PlaceName("환불"), content: .unit),
  ]
  static let tokensText =
    #"[{"place":"a","value":5},{"place":"owner/b","ready":9,"same":"3.1","#
    + #""waits":{"t.x":10,"t.y":11}},{"place":"환불"}]"#

  static let bound: [BoundTokens] = [
    .one(token(3, 0)), .several([token(4, 0), token(5, 2)]), .several([]),
  ]
  static let boundText = #"["3.0",["4.0","5.2"],[]]"#
  static let aborted = [AbortedFiring(firing: FiringID(Seq(8)), lost: [token(6, 0)])]
  static let abortedText = #"[{"firing":8,"lost":["6.0"]}]"#

  static let all = cases + firings + tasks + places + operations + record
}

extension EventSample {
  static let cases = [
    EventSample(
      event: .caseOpened(
        CaseOpened(
          businessKey: "A-1", by: by, forked: Seq(7), input: cargo(.string("in")), key: 4,
          labels: [Label(name: "é", value: "2"), Label(name: "z", value: "1")],
          parent: FiringID(Seq(6)), request: request, schedule: "nightly", tokens: tokens,
          workflow: DefinitionID(Seq(2)))),
      hasCase: true,
      body: #"{"business_key":"A-1","by":"local:ada","forked":7,"input":"in","key":4,"#
        + #""labels":{"z":"1","é":"2"},"parent":6,"request":"\#(requestText)","#
        + #""schedule":"nightly","tokens":\#(tokensText),"workflow":2}"#),
    EventSample(
      event: .caseOpened(CaseOpened(key: 0, tokens: [], workflow: DefinitionID(Seq(2)))),
      hasCase: true, body: #"{"key":0,"tokens":[],"workflow":2}"#),
    EventSample(
      event: .startJoined(StartJoined(by: by, parent: FiringID(Seq(6)), request: request)),
      hasCase: true, body: #"{"by":"local:ada","parent":6,"request":"\#(requestText)"}"#),
    EventSample(event: .startJoined(StartJoined()), hasCase: true, body: "{}"),
    EventSample(
      event: .caseClosed(
        CaseClosed(
          by: by, endedIn: [EndCount(place: PlaceName("done"), count: 2)], how: .terminated,
          request: request, why: text("because"))),
      hasCase: true,
      body: #"{"by":"local:ada","ended_in":{"done":2},"how":"terminated","#
        + #""request":"\#(requestText)","why":{"~":"900.0"}}"#, payloads: [why]),
    EventSample(
      event: .caseMigrated(
        CaseMigrated(
          by: by, consumed: [token(3, 0)],
          flying: [
            FlyingFiring(firing: FiringID(Seq(9)), transition: TransitionName("t")),
            FlyingFiring(firing: FiringID(Seq(10)), transition: TransitionName("u")),
          ], from: DefinitionID(Seq(2)), input: cargo(.null), request: request,
          to: DefinitionID(Seq(3)), tokens: [], why: text("because"))),
      hasCase: true,
      body: #"{"by":"local:ada","consumed":["3.0"],"flying":{"10":"u","9":"t"},"from":2,"#
        + #""input":null,"request":"\#(requestText)","to":3,"tokens":[],"why":{"~":"900.0"}}"#,
      payloads: [why]),
  ]

  static let firings = [
    EventSample(
      event: .fired(
        Fired(
          aborted: aborted, branch: "small", cancelled: [token(7, 0)], consumed: bound,
          read: [.one(token(1, 0))], tokens: tokens, transition: TransitionName("by_amount"),
          workflow: DefinitionID(Seq(2)))),
      hasCase: false,
      body: #"{"aborted":\#(abortedText),"branch":"small","cancelled":["7.0"],"#
        + #""consumed":\#(boundText),"read":["1.0"],"tokens":\#(tokensText),"#
        + #""transition":"by_amount","workflow":2}"#),
    EventSample(
      event: .verdictRequested(
        VerdictRequested(
          consumed: bound, deadline: Instant(microseconds: 5_000_000),
          guardID: DefinitionID(Seq(3)), per: cargo(.string("x")), read: [],
          transition: TransitionName("의도_분석_전이"))),
      hasCase: true,
      body: #"{"consumed":\#(boundText),"deadline":5000000,"guard":3,"per":"x","read":[],"#
        + #""transition":"의도_분석_전이"}"#),
    EventSample(
      event: .callRecorded(
        CallRecorded(
          call: call, firing: FiringID(Seq(8)), late: true, reason: .timeoutFirstByte)),
      hasCase: true,
      body: #"{"call":\#(callText),"firing":8,"late":true,"reason":"timeout.first_byte"}"#,
      payloads: [payload(.request, "ask"), payload(.reply, "answer")]),
    EventSample(
      event: .verdictRecorded(
        VerdictRecorded(
          call: CallRecord(
            attempt: 1, endpoint: "local", requested: "m", started: Instant(microseconds: 1),
            ended: Instant(microseconds: 2)), firing: FiringID(Seq(8)), verdict: .label("true"),
          tokens: [])),
      hasCase: true,
      body: #"{"call":{"attempt":1,"ended":2,"endpoint":"local","requested":"m","started":1},"#
        + #""firing":8,"outcome":"true","tokens":[]}"#),
    EventSample(
      event: .verdictRecorded(
        VerdictRecorded(firing: FiringID(Seq(8)), verdict: .fallback(.timeoutTotal))),
      hasCase: true, body: #"{"firing":8,"outcome":"fallback","reason":"timeout.total"}"#),
    EventSample(
      event: .firingStarted(
        FiringStarted(
          action: ActionName("payments.refund"), consumed: bound,
          deadline: Instant(microseconds: 7), per: cargo(.int(1)), read: bound,
          transition: TransitionName("t"), with: cargo(.list([.double(1)])),
          workflow: DefinitionID(Seq(2)))),
      hasCase: false,
      body: #"{"action":"payments.refund","consumed":\#(boundText),"deadline":7,"per":1,"#
        + #""read":\#(boundText),"transition":"t","with":[1.0],"workflow":2}"#),
    EventSample(
      event: .attemptFailed(
        AttemptFailed(
          attempt: 2, code: "unavailable", deadline: Instant(microseconds: 9),
          error: text("because"), firing: FiringID(Seq(8)), next: Instant(microseconds: 8))),
      hasCase: true,
      body: #"{"attempt":2,"code":"unavailable","deadline":9,"error":{"~":"900.0"},"firing":8,"#
        + #""next":8}"#, payloads: [why]),
    EventSample(
      event: .firingCompleted(
        FiringCompleted(
          attempts: 3, code: "c", error: SealedText("plain"), firing: FiringID(Seq(8)),
          outcome: "ok", result: cargo(.bool(true)), tokens: tokens)),
      hasCase: false,
      body: #"{"attempts":3,"code":"c","error":"plain","firing":8,"outcome":"ok","result":true,"#
        + #""tokens":\#(tokensText)}"#),
    EventSample(
      event: .lateOutcomeRecorded(
        LateOutcomeRecorded(
          code: "c", error: SealedText("plain"), firing: FiringID(Seq(8)), outcome: "failed",
          result: cargo(.null))),
      hasCase: false,
      body: #"{"code":"c","error":"plain","firing":8,"outcome":"failed","result":null}"#),
    EventSample(
      event: .childStarted(
        ChildStarted(
          callee: WorkflowName("sub"), consumed: [], per: cargo(.null), read: [],
          transition: TransitionName("t"), workflow: DefinitionID(Seq(2)))),
      hasCase: false,
      body: #"{"callee":"sub","consumed":[],"per":null,"read":[],"transition":"t","workflow":2}"#),
    EventSample(
      event: .childEnded(
        ChildEnded(
          child: CaseID(Seq(70)), code: "cycle", firing: FiringID(Seq(8)), outcome: "done",
          result: cargo(.int(1)), tokens: [])),
      hasCase: true,
      body: #"{"child":70,"code":"cycle","firing":8,"outcome":"done","result":1,"tokens":[]}"#),
    EventSample(
      event: .firingSettled(
        FiringSettled(
          by: by, firing: FiringID(Seq(8)), how: .chosen, outcome: "ok", request: request,
          tokens: [], why: text("because"))),
      hasCase: true,
      body: #"{"by":"local:ada","firing":8,"how":"chosen","outcome":"ok","#
        + #""request":"\#(requestText)","tokens":[],"why":{"~":"900.0"}}"#, payloads: [why]),
  ]

  static let call: CallRecord = {
    var call = CallRecord(
      attempt: 2, endpoint: "local", requested: "m", started: Instant(microseconds: 1),
      ended: Instant(microseconds: 5), source: .rawRenormalised)
    call.confidence = 0.97
    call.cost = 12
    call.curl = 28
    call.fingerprint = "fp"
    call.finish = "stop"
    call.firstByte = Instant(microseconds: 3)
    call.label = "true"
    call.model = "m-1"
    call.offSchema = 0
    call.question = SealedBytes(Array("ask".utf8), seal: SealReference(seq: 900, index: 0))
    call.reply = SealedBytes(Array("answer".utf8), seal: SealReference(seq: 900, index: 1))
    call.requestID = "r"
    call.reused = FiringID(Seq(7))
    call.status = 200
    call.tier = "t"
    call.tokensIn = 10
    call.tokensOut = 1
    call.vendorCode = "v"
    return call
  }()
  static let callText =
    #"{"attempt":2,"confidence":0.97,"cost":12,"curl":28,"ended":5,"endpoint":"local","#
    + #""fingerprint":"fp","finish":"stop","first_byte":3,"label":"true","model":"m-1","#
    + #""off_schema":0.0,"question":"900.0","reply":"900.1","request_id":"r","requested":"m","#
    + #""reused":7,"source":"raw_renormalised","started":1,"status":200,"tier":"t","tokens_in":10,"#
    + #""tokens_out":1,"vendor_code":"v"}"#
}
