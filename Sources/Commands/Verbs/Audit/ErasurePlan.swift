internal import Engine
internal import Orchestration
internal import PetriNet
internal import SQLiteStore
internal import Web

/// What erasing a person comes to: the cases that are about them, those that these called, and the
/// keys under which all of them are sealed.
struct ErasurePlan {
  struct Found {
    var row: CaseRow
    var keys: [Int64]
  }

  private(set) var found: [Found] = []
  /// Versions of workflows that name nobody (`case.subject`), with the number of their cases.
  private(set) var withoutSubject: [String: Int] = [:]

  private var reader: LogReader
  private var stored: [StoredDefinition]
  private var nets: [DefinitionID: Net] = [:]

  /// - Parameter reader: with its keys.
  init(_ subject: String, in reader: LogReader) throws {
    self.reader = reader
    stored = try reader.definitions()
    var matching: [CaseID: Int64] = [:]
    var versions: [DefinitionID: Int] = [:]
    var plan = self
    try reader.eachOpening { event in
      guard let id = event.caseID, case .caseOpened(let opened) = event.event else { return }
      let net = try plan.net(opened.workflow)
      if net.caseRules.subject == nil { versions[opened.workflow, default: 0] += 1 }
      let isAbout = try plan.subject(of: opened, net)?.utf8.elementsEqual(subject.utf8) ?? false
      // What a case called holds what it was given.
      if try isAbout || opened.parent.map({ try plan.isRow($0.seq, of: matching) }) ?? false {
        matching[id] = opened.key
      }
    }
    self = plan
    for (version, count) in versions {
      withoutSubject[nets[version]?.name.text ?? "", default: 0] += count
    }
    for (id, key) in matching.sorted(by: { $0.key < $1.key }) {
      guard let row = try reader.caseRow(id) else { continue }
      found.append(Found(row: row, keys: [key] + (try keysOfMessages(of: id))))
    }
  }

  /// As the API has it.
  var personalCases: PersonalCases {
    PersonalCases(
      cases: found.map {
        PersonalCases.Found(
          id: $0.row.id, workflow: $0.row.workflow, opened: $0.row.opened,
          status: $0.row.status.rawValue, keys: $0.keys)
      }, withoutSubject: withoutSubject)
  }

  private mutating func net(_ version: DefinitionID) throws -> Net {
    if let net = nets[version] { return net }
    guard let definition = stored.first(where: { $0.id == version }) else {
      throw StoreError(
        .unreadable, code: "S106", "definition \(version.seq.number) is not in the log")
    }
    let net = try StoredVersion.net(of: definition, among: stored)
    nets[version] = net
    return net
  }

  private func subject(of opened: CaseOpened, _ net: Net) throws -> String? {
    guard net.caseRules.subject != nil, let colour = net.caseRules.input else { return nil }
    var input = opened.input
    if input == nil, case .value(let cargo)? = opened.tokens.first?.content { input = cargo }
    switch input {
    case .text(let text)?: return net.caseRules.subject(of: try reader.value(of: text, in: colour))
    case .value(let value)?: return net.caseRules.subject(of: value)
    case nil: return net.caseRules.subject(of: .null)
    }
  }

  private func isRow(_ seq: Seq, of cases: [CaseID: Int64]) throws -> Bool {
    guard let id = try reader.rows(RowQuery(after: Seq(seq.number - 1)), limit: 1).first?.caseID
    else { return false }
    return cases[id] != nil
  }

  /// Keys of messages that the case took or read: they are about the same person (LOG §1).
  private func keysOfMessages(of id: CaseID) throws -> [Int64] {
    var tokens: [String] = []
    try reader.eachRow(of: id) { row in
      let body = try JSONText.parse(row.body)
      tokens += (body.list("consumed") + body.list("read")).flatMap(\.tokens)
    }
    return try tokens.compactMap(keyOfMessage)
  }

  /// The key of the message that a token without a case is, or moves on.
  private func keyOfMessage(_ token: String) throws -> Int64? {
    let parts = token.split(separator: ".").compactMap { Int64($0) }
    guard parts.count == 2,
      let row = try reader.rows(RowQuery(after: Seq(parts[0] - 1)), limit: 1).first,
      row.seq.number == parts[0], row.caseID == nil
    else { return nil }
    let body = try JSONText.parse(row.body)
    let made = body.list("tokens")
    if row.kind == "tokenDeposited", let key = body.integer("key") { return key }
    guard made.indices.contains(Int(parts[1])), let origin = made[Int(parts[1])].text("same")
    else { return nil }
    return origin.utf8.elementsEqual(token.utf8) ? nil : try keyOfMessage(origin)
  }
}
