internal import CEL
internal import Engine
internal import PetriNet

extension BodyReader {
  mutating func token(_ key: StaticString) throws(Problem) -> TokenID {
    try json.key(key)
    return try Self.token(&json)
  }

  private static func token(_ json: inout CanonicalReader) throws(Problem) -> TokenID {
    let place = try json.reference()
    return TokenID(Seq(place.seq), place.index)
  }

  private static func ids(_ json: inout CanonicalReader) throws(Problem) -> [TokenID] {
    try json.list { (json) throws(Problem) in try token(&json) }
  }

  mutating func ids(_ key: StaticString) throws(Problem) -> [TokenID] {
    try json.key(key)
    return try Self.ids(&json)
  }

  mutating func idsIfAny(_ key: StaticString) throws(Problem) -> [TokenID]? {
    json.has(key) ? try Self.ids(&json) : nil
  }

  mutating func bound(_ key: StaticString) throws(Problem) -> [BoundTokens] {
    guard let bound = try boundIfAny(key) else {
      throw json.problem("the key \"\(key)\" is missing or out of order")
    }
    return bound
  }

  mutating func boundIfAny(_ key: StaticString) throws(Problem) -> [BoundTokens]? {
    guard json.has(key) else { return nil }
    return try json.list { (json) throws(Problem) in
      json.next == UInt8(ascii: "[")
        ? .several(try Self.ids(&json)) : .one(try Self.token(&json))
    }
  }

  mutating func aborted() throws(Problem) -> [AbortedFiring]? {
    guard json.has("aborted") else { return nil }
    return try json.list { (json) throws(Problem) in
      try json.object { (json) throws(Problem) in
        try json.key("firing")
        let firing = FiringID(Seq(try json.int()))
        try json.key("lost")
        return AbortedFiring(firing: firing, lost: try Self.ids(&json))
      }
    }
  }

  mutating func tokens() throws(Problem) -> [MadeToken] {
    guard let tokens = try tokensIfAny() else {
      throw json.problem("the key \"tokens\" is missing or out of order")
    }
    return tokens
  }

  mutating func tokensIfAny() throws(Problem) -> [MadeToken]? {
    guard json.has("tokens") else { return nil }
    return try json.list { (json) throws(Problem) in
      try json.object { (json) throws(Problem) in try Self.madeToken(&json) }
    }
  }

  private static func madeToken(_ json: inout CanonicalReader) throws(Problem) -> MadeToken {
    try json.key("place")
    var token = MadeToken(place: PlaceName(try json.string()), content: .unit)
    if json.has("ready") { token.ready = Instant(microseconds: try json.int()) }
    if json.has("same") {
      token.content = .same(try Self.token(&json))
    } else if json.has("value") {
      token.content = .value(.text(try json.raw()))
    }
    token.waits = try waitsIfAny(&json)
    return token
  }

  private static func waitsIfAny(_ json: inout CanonicalReader) throws(Problem) -> [ArcWait] {
    var waits: [ArcWait] = []
    if json.has("waits") {
      try json.entries { (json, arc) throws(Problem) in
        waits.append(ArcWait(arc: arc, ready: Instant(microseconds: try json.int())))
      }
    }
    return waits
  }

  mutating func added() throws(Problem) -> [AddedWaits] {
    try json.key("added")
    return try json.list { (json) throws(Problem) in
      try json.object { (json) throws(Problem) in
        try json.key("token")
        let token = try Self.token(&json)
        return AddedWaits(token: token, waits: try Self.waitsIfAny(&json))
      }
    }
  }

  mutating func integers() throws(Problem) -> [Int64] {
    try json.key("keys")
    return try json.list { (json) throws(Problem) in try json.int() }
  }

  mutating func subjects() throws(Problem) -> [Subject]? {
    guard json.has("not") else { return nil }
    return try json.list { (json) throws(Problem) in Subject(try json.string()) }
  }

  mutating func labels() throws(Problem) -> [Label]? {
    guard json.has("labels") else { return nil }
    var labels: [Label] = []
    try json.entries { (json, name) throws(Problem) in
      labels.append(Label(name: name, value: try json.string()))
    }
    return labels
  }

  mutating func endedIn() throws(Problem) -> [EndCount]? {
    guard json.has("ended_in") else { return nil }
    var counts: [EndCount] = []
    try json.entries { (json, place) throws(Problem) in
      counts.append(EndCount(place: PlaceName(place), count: Int(try json.int())))
    }
    return counts
  }

  mutating func flying() throws(Problem) -> [FlyingFiring]? {
    guard json.has("flying") else { return nil }
    var firings: [FlyingFiring] = []
    try json.entries { (json, name) throws(Problem) in
      guard let seq = Int64(name) else { throw json.problem("flying: a key is no number") }
      firings.append(
        FlyingFiring(
          firing: FiringID(Seq(seq)), transition: TransitionName(try json.string())))
    }
    return firings
  }

  mutating func constants() throws(Problem) -> [Constant]? {
    guard json.has("constants") else { return nil }
    var constants: [Constant] = []
    try json.entries { (json, pointer) throws(Problem) in
      constants.append(Constant(pointer: pointer, value: try json.int()))
    }
    return constants
  }
}

extension VerdictRecorded: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    let call = try reader.callIfAny()
    let firing = try reader.firing("firing")
    let outcome = try reader.text("outcome")
    let reason = try reader.namedIfAny("reason", as: FallbackReason.self)
    guard (reason != nil) == (outcome == "fallback") else {
      throw reader.json.problem("reason: stands exactly with the outcome fallback")
    }
    self.init(
      call: call, firing: firing, verdict: reason.map { .fallback($0) } ?? .label(outcome),
      tokens: try reader.tokensIfAny())
  }
}

extension BodyReader {
  mutating func call() throws(Problem) -> CallRecord {
    guard let call = try callIfAny() else {
      throw json.problem("the key \"call\" is missing or out of order")
    }
    return call
  }

  mutating func callIfAny() throws(Problem) -> CallRecord? {
    guard json.has("call") else { return nil }
    let (at, hasCase) = (at, hasCase)
    return try json.object { (json) throws(Problem) in
      var reader = BodyReader(json: json, at: at, hasCase: hasCase)
      defer { json = reader.json }
      return try reader.callRecord()
    }
  }

  private mutating func callRecord() throws(Problem) -> CallRecord {
    let attempt = try count("attempt")
    let confidence = try doubleIfAny("confidence")
    let cost = try intIfAny("cost")
    let curl = try countIfAny("curl")
    let ended = try instant("ended")
    let endpoint = try text("endpoint")
    let fingerprint = try textIfAny("fingerprint")
    let finish = try textIfAny("finish")
    let firstByte = try instantIfAny("first_byte")
    let label = try textIfAny("label")
    let model = try textIfAny("model")
    let offSchema = try doubleIfAny("off_schema")
    let question = try wireIfAny("question")
    let reply = try wireIfAny("reply")
    let requestID = try textIfAny("request_id")
    let requested = try text("requested")
    let reused = try firingIfAny("reused")
    let source = try namedIfAny("source", as: CallRecord.ConfidenceSource.self) ?? .none
    var call = CallRecord(
      attempt: attempt, endpoint: endpoint, requested: requested,
      started: try instant("started"), ended: ended, source: source)
    call.confidence = confidence
    call.cost = cost
    call.curl = curl
    call.fingerprint = fingerprint
    call.finish = finish
    call.firstByte = firstByte
    call.label = label
    call.model = model
    call.offSchema = offSchema
    call.question = question
    call.reply = reply
    call.requestID = requestID
    call.reused = reused
    call.status = try countIfAny("status")
    call.tier = try textIfAny("tier")
    call.tokensIn = try intIfAny("tokens_in")
    call.tokensOut = try intIfAny("tokens_out")
    call.vendorCode = try textIfAny("vendor_code")
    return call
  }
}
