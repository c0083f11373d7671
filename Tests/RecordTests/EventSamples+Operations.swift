import CEL
import Engine
import PetriNet
import Record

extension EventSample {
  static let tasks = [
    EventSample(
      event: .taskOffered(
        TaskOffered(
          due: Instant(microseconds: 9), group: "leads", notBy: [by], read: bound,
          token: token(3, 0), transition: TransitionName("t"), workflow: DefinitionID(Seq(2)))),
      hasCase: false,
      body: #"{"due":9,"for":"leads","not":["local:ada"],"read":\#(boundText),"token":"3.0","#
        + #""transition":"t","workflow":2}"#),
    EventSample(
      event: .taskClaimed(
        TaskClaimed(
          by: by, holder: Subject("local:bob"), task: TaskID(Seq(8)),
          until: Instant(microseconds: 9))),
      hasCase: true, body: #"{"by":"local:ada","holder":"local:bob","task":8,"until":9}"#),
    EventSample(
      event: .taskReleased(TaskReleased(by: by, task: TaskID(Seq(8)))), hasCase: true,
      body: #"{"by":"local:ada","task":8}"#),
    EventSample(
      event: .taskWithdrawn(TaskWithdrawn(reason: .caseClosed, task: TaskID(Seq(8)))),
      hasCase: true, body: #"{"reason":"case_closed","task":8}"#),
    EventSample(
      event: .taskAnswered(
        TaskAnswered(
          aborted: aborted, answer: cargo(.string("yes")), by: by, cancelled: [], consumed: bound,
          note: text("because"), outcome: "approve", read: [], request: request,
          task: TaskID(Seq(8)), tokens: tokens, transition: TransitionName("t"))),
      hasCase: true,
      body: #"{"aborted":\#(abortedText),"answer":"yes","by":"local:ada","cancelled":[],"#
        + #""consumed":\#(boundText),"note":{"~":"900.0"},"outcome":"approve","read":[],"#
        + #""request":"\#(requestText)","task":8,"tokens":\#(tokensText),"transition":"t"}"#,
      payloads: [why]),
  ]

  static let places = [
    EventSample(
      event: .tokenDeposited(
        TokenDeposited(
          by: by, key: 5, messageKey: cargo(.string("k")), request: request, tokens: tokens,
          why: SealedText("plain"))),
      hasCase: false,
      body: #"{"by":"local:ada","key":5,"message_key":"k","request":"\#(requestText)","#
        + #""tokens":\#(tokensText),"why":"plain"}"#),
    EventSample(
      event: .messageRepeated(MessageRepeated(by: by, first: Seq(4), request: request)),
      hasCase: false, body: #"{"by":"local:ada","first":4,"request":"\#(requestText)"}"#),
    EventSample(
      event: .messageExpired(MessageExpired(withdrawn: [token(4, 0)])), hasCase: false,
      body: #"{"withdrawn":["4.0"]}"#),
    EventSample(
      event: .tokensWithdrawn(
        TokensWithdrawn(
          by: by, request: request, why: SealedText("plain"), withdrawn: [token(4, 0)])),
      hasCase: false,
      body: #"{"by":"local:ada","request":"\#(requestText)","why":"plain","withdrawn":["4.0"]}"#),
    EventSample(
      event: .placeFilled(
        PlaceFilled(
          place: PlaceName("scraper/proxies"), tokens: [], workflow: DefinitionID(Seq(2)))),
      hasCase: false, body: #"{"place":"scraper/proxies","tokens":[],"workflow":2}"#),
    EventSample(
      event: .waitsSet(
        WaitsSet(
          added: [
            AddedWaits(
              token: token(4, 0), waits: [ArcWait(arc: "2/t.x", ready: Instant(microseconds: 7))])
          ], workflow: DefinitionID(Seq(2)))),
      hasCase: false, body: #"{"added":[{"token":"4.0","waits":{"2/t.x":7}}],"workflow":2}"#),
    EventSample(
      event: .scheduleSet(
        ScheduleSet(
          next: Instant(microseconds: 7), schedule: "nightly", workflow: DefinitionID(Seq(2)))),
      hasCase: false, body: #"{"next":7,"schedule":"nightly","workflow":2}"#),
    EventSample(
      event: .scheduleFired(
        ScheduleFired(
          due: Instant(microseconds: 6), missed: 1, next: Instant(microseconds: 7),
          schedule: "nightly", tokens: [], workflow: DefinitionID(Seq(2)))),
      hasCase: false,
      body: #"{"due":6,"missed":1,"next":7,"schedule":"nightly","tokens":[],"workflow":2}"#),
    EventSample(
      event: .scheduleSkipped(
        ScheduleSkipped(
          due: Instant(microseconds: 6), missed: 1, next: Instant(microseconds: 7),
          schedule: "nightly", workflow: DefinitionID(Seq(2)))),
      hasCase: false, body: #"{"due":6,"missed":1,"next":7,"schedule":"nightly","workflow":2}"#),
    EventSample(
      event: .tokenSent(TokenSent(sent: [token(4, 0)], toShard: 3)), hasCase: false,
      body: #"{"sent":["4.0"],"to_shard":3}"#),
    EventSample(
      event: .tokenReceived(
        TokenReceived(fromSeq: Seq(4), fromShard: 1, index: 2, tokens: tokens)),
      hasCase: false,
      body: #"{"from_seq":4,"from_shard":1,"i":2,"tokens":\#(tokensText)}"#),
  ]

  static let operations = [
    EventSample(
      event: .incidentRaised(
        IncidentRaised(
          binding: [token(4, 0)], code: "raised", firing: FiringID(Seq(8)), position: "3:4",
          transition: TransitionName("t"), workflow: DefinitionID(Seq(2)))),
      hasCase: false,
      body: #"{"binding":["4.0"],"code":"raised","firing":8,"position":"3:4","transition":"t","#
        + #""workflow":2}"#),
    EventSample(
      event: .incidentResolved(
        IncidentResolved(
          by: by, how: .gone, incident: IncidentID(Seq(8)), why: text("because"))),
      hasCase: true,
      body: #"{"by":"local:ada","how":"gone","incident":8,"why":{"~":"900.0"}}"#, payloads: [why]),
    EventSample(
      event: .paused(
        Paused(
          by: .engine, code: "incidents", endpoint: "e", name: WorkflowName("w"),
          transition: TransitionName("t"), why: SealedText("plain"))),
      hasCase: false,
      body: #"{"by":"engine","code":"incidents","endpoint":"e","name":"w","transition":"t","#
        + #""why":"plain"}"#),
    EventSample(
      event: .resumed(Paused(by: by)), hasCase: false, body: #"{"by":"local:ada"}"#),
    EventSample(
      event: .labelRecorded(
        LabelRecorded(
          blind: true, by: by, label: "false", purpose: .override, request: request,
          verdict: Seq(8), why: text("because"))),
      hasCase: true,
      body: #"{"blind":true,"by":"local:ada","label":"false","purpose":"override","#
        + #""request":"\#(requestText)","verdict":8,"why":{"~":"900.0"}}"#, payloads: [why]),
    EventSample(
      event: .commandRefused(
        CommandRefused(
          by: by, command: .answer, of: Seq(8), reason: .fourEyes, request: request)),
      hasCase: true,
      body: #"{"by":"local:ada","command":"answer","of":8,"reason":"four_eyes","#
        + #""request":"\#(requestText)"}"#),
    EventSample(
      event: .commandQuarantined(CommandQuarantined(digest: [1, 255])), hasCase: false,
      body: #"{"digest":"01ff"}"#),
    EventSample(
      event: .definitionRegistered(
        DefinitionRegistered(
          by: by, constants: [Constant(pointer: "/places/room/initial", value: 3)], hash: [16],
          kind: .judgeGuard, name: "intent", request: request)),
      hasCase: false,
      body: #"{"by":"local:ada","constants":{"/places/room/initial":3},"hash":"10","#
        + #""kind":"guard","name":"intent","request":"\#(requestText)"}"#),
    EventSample(
      event: .definitionActivated(
        DefinitionActivated(
          by: by, definition: DefinitionID(Seq(8)), request: request, why: SealedText("plain"))),
      hasCase: false,
      body: #"{"by":"local:ada","definition":8,"request":"\#(requestText)","why":"plain"}"#),
  ]

  static let record = [
    EventSample(
      event: .ownerStarted(OwnerStarted(binary: "petrel 1", incarnation: [143, 20])),
      hasCase: false, body: #"{"binary":"petrel 1","incarnation":"8f14"}"#),
    EventSample(
      event: .requestSlotOpened(RequestSlotOpened(key: 1, slot: 83_108)), hasCase: false,
      body: #"{"key":1,"slot":83108}"#),
    EventSample(
      event: .requestSlotClosed(RequestSlotClosed(key: 1, slot: 83_108)), hasCase: false,
      body: #"{"key":1,"slot":83108}"#),
    EventSample(
      event: .erasureRequested(
        ErasureRequested(by: by, keys: [1, 2], reason: "asked", request: request)),
      hasCase: false,
      body: #"{"by":"local:ada","keys":[1,2],"reason":"asked","request":"\#(requestText)"}"#),
    EventSample(
      event: .erasureCompleted(ErasureCompleted(erasure: Seq(8))), hasCase: false,
      body: #"{"erasure":8}"#),
    EventSample(
      event: .keysRotated(KeysRotated(by: by, kek: "00")), hasCase: false,
      body: #"{"by":"local:ada","kek":"00"}"#),
    EventSample(
      event: .payloadsExpired(PayloadsExpired(role: "reply", through: Seq(8))), hasCase: false,
      body: #"{"role":"reply","through":8}"#),
    EventSample(
      event: .logPruned(
        LogPruned(closedBefore: Instant(microseconds: 7), first: Seq(1), last: Seq(2), rows: 2)),
      hasCase: false, body: #"{"closed_before":7,"first":1,"last":2,"rows":2}"#),
    EventSample(
      event: .snapshotTaken(SnapshotTaken(seq: Seq(8), stateHash: [0])), hasCase: false,
      body: #"{"seq":8,"state_hash":"00"}"#),
    EventSample(
      event: .signingKeyChanged(SigningKeyChanged(new: "b", old: "a")), hasCase: false,
      body: #"{"new":"b","old":"a"}"#),
    EventSample(
      event: .restored(Restored(anchor: "a", lost: 3)), hasCase: false,
      body: #"{"anchor":"a","lost":3}"#),
  ]
}
