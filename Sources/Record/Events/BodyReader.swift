internal import CEL
internal import Engine
internal import PetriNet

/// An event that can be read from its row's body, key by key in order.
protocol BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem)
}

/// Reads the body of one row. The functions read one key; those of optional ones give nil when it
/// is not next.
struct BodyReader {
  var json: CanonicalReader
  /// The row's time, which tells the slot of its request.
  let at: Instant
  let hasCase: Bool

  typealias Problem = CanonicalProblem

  mutating func text(_ key: StaticString) throws(Problem) -> String {
    try json.key(key)
    return try json.string()
  }

  mutating func textIfAny(_ key: StaticString) throws(Problem) -> String? {
    json.has(key) ? try json.string() : nil
  }

  mutating func int(_ key: StaticString) throws(Problem) -> Int64 {
    try json.key(key)
    return try json.int()
  }

  mutating func intIfAny(_ key: StaticString) throws(Problem) -> Int64? {
    json.has(key) ? try json.int() : nil
  }

  mutating func count(_ key: StaticString) throws(Problem) -> Int { Int(try int(key)) }

  mutating func countIfAny(_ key: StaticString) throws(Problem) -> Int? {
    try intIfAny(key).map { Int($0) }
  }

  mutating func doubleIfAny(_ key: StaticString) throws(Problem) -> Double? {
    json.has(key) ? try json.double() : nil
  }

  /// Only true stands in the log.
  mutating func flag(_ key: StaticString) throws(Problem) -> Bool {
    guard json.has(key) else { return false }
    guard try json.bool() else { throw json.problem("false is written by leaving the key out") }
    return true
  }

  mutating func hexadecimal(_ key: StaticString) throws(Problem) -> [UInt8] {
    try json.key(key)
    return try json.hexadecimal()
  }

  /// A member of a closed enumeration.
  mutating func named<Name: RawRepresentable<String>>(
    _ key: StaticString, as type: Name.Type
  ) throws(Problem) -> Name {
    let text = try text(key)
    guard let name = Name(rawValue: text) else {
      throw json.problem("\(key): \"\(text)\" is none that this version knows")
    }
    return name
  }

  mutating func namedIfAny<Name: RawRepresentable<String>>(
    _ key: StaticString, as type: Name.Type
  ) throws(Problem) -> Name? {
    guard let text = try textIfAny(key) else { return nil }
    guard let name = Name(rawValue: text) else {
      throw json.problem("\(key): \"\(text)\" is none that this version knows")
    }
    return name
  }

  mutating func request() throws(Problem) -> RequestIdentity? {
    guard json.has("request") else { return nil }
    let bytes = try json.base64()
    guard bytes.count == 16 || bytes.count == 24 else {
      throw json.problem("request: neither 16 nor 24 bytes")
    }
    return RequestIdentity(slot: RequestIdentity.slot(of: at), bytes: bytes)
  }

  mutating func cargo(_ key: StaticString) throws(Problem) -> Cargo? {
    json.has(key) ? .text(try json.raw()) : nil
  }

  /// Free text; what is sealed reads as empty, with its seal.
  mutating func free(_ key: StaticString) throws(Problem) -> SealedText {
    guard let text = try freeIfAny(key) else {
      throw json.problem("the key \"\(key)\" is missing or out of order")
    }
    return text
  }

  mutating func freeIfAny(_ key: StaticString) throws(Problem) -> SealedText? {
    guard json.has(key) else { return nil }
    guard hasCase else { return SealedText(try json.string()) }
    let seal = try json.object { (json) throws(Problem) in
      try json.key("~")
      return try json.reference()
    }
    return SealedText("", seal: SealReference(seq: seal.seq, index: seal.index))
  }

  /// Wire bytes read as none, with their seal.
  mutating func wireIfAny(_ key: StaticString) throws(Problem) -> SealedBytes? {
    guard json.has(key) else { return nil }
    let seal = try json.reference()
    return SealedBytes([], seal: SealReference(seq: seal.seq, index: seal.index))
  }

  mutating func seq(_ key: StaticString) throws(Problem) -> Seq { Seq(try int(key)) }

  mutating func seqIfAny(_ key: StaticString) throws(Problem) -> Seq? {
    try intIfAny(key).map { Seq($0) }
  }

  mutating func instant(_ key: StaticString) throws(Problem) -> Instant {
    Instant(microseconds: try int(key))
  }

  mutating func instantIfAny(_ key: StaticString) throws(Problem) -> Instant? {
    try intIfAny(key).map { Instant(microseconds: $0) }
  }
}

extension BodyReader {
  mutating func subject(_ key: StaticString) throws(Problem) -> Subject { Subject(try text(key)) }

  mutating func subjectIfAny(_ key: StaticString) throws(Problem) -> Subject? {
    try textIfAny(key).map { Subject($0) }
  }

  mutating func firing(_ key: StaticString) throws(Problem) -> FiringID { FiringID(try seq(key)) }

  mutating func firingIfAny(_ key: StaticString) throws(Problem) -> FiringID? {
    try seqIfAny(key).map { FiringID($0) }
  }

  mutating func caseIDIfAny(_ key: StaticString) throws(Problem) -> CaseID? {
    try seqIfAny(key).map { CaseID($0) }
  }

  mutating func task(_ key: StaticString) throws(Problem) -> TaskID { TaskID(try seq(key)) }

  mutating func incident(_ key: StaticString) throws(Problem) -> IncidentID {
    IncidentID(try seq(key))
  }

  mutating func definition(_ key: StaticString) throws(Problem) -> DefinitionID {
    DefinitionID(try seq(key))
  }

  mutating func definitionIfAny(_ key: StaticString) throws(Problem) -> DefinitionID? {
    try seqIfAny(key).map { DefinitionID($0) }
  }

  mutating func place(_ key: StaticString) throws(Problem) -> PlaceName {
    PlaceName(try text(key))
  }

  mutating func action(_ key: StaticString) throws(Problem) -> ActionName {
    ActionName(try text(key))
  }

  mutating func workflow(_ key: StaticString) throws(Problem) -> WorkflowName {
    WorkflowName(try text(key))
  }

  mutating func workflowIfAny(_ key: StaticString) throws(Problem) -> WorkflowName? {
    try textIfAny(key).map { WorkflowName($0) }
  }

  mutating func transition(_ key: StaticString) throws(Problem) -> TransitionName {
    TransitionName(try text(key))
  }

  mutating func transitionIfAny(_ key: StaticString) throws(Problem) -> TransitionName? {
    try textIfAny(key).map { TransitionName($0) }
  }
}
