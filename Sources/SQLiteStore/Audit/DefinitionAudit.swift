internal import Engine
internal import GRDBSQLite
internal import Orchestration
internal import PetriNet
internal import Record

/// Whether texts and bytes that rows name by their hash are those that were named.
enum DefinitionAudit {
  static func findings(
    _ connection: OpaquePointer, _ noted: [NotedRow]
  ) throws(StoreError) -> [AuditFinding] {
    var texts: [Int64: (hash: [UInt8]?, name: String)] = [:]
    let statement = try PreparedStatement(
      connection, "SELECT seq, hash, kind, name, text FROM definition", "reading the definitions")
    while try statement.next() {
      let hash = statement.bytes(1)
      let isMeant = Self.hash(kind: statement.text(2), text: statement.bytes(4)) == hash
      texts[statement.int(0)] = (isMeant ? hash : nil, statement.text(3))
    }
    let wrong = noted.filter { row in
      guard let event = row.event(\.registration) else { return false }
      let stored = texts[row.seq]
      return stored?.hash != event.hash || stored?.name.utf8.elementsEqual(event.name.utf8) != true
    }
    return wrong.map {
      AuditFinding(row: $0.seq, "definition \($0.seq) is not the text that was registered")
    } + (try blobs(connection))
  }

  /// Under which a text is registered: that of a prompt or library is of the text, that of a guard
  /// of a text of its own, that of a workflow of all but its YAML, whose hash stands in it.
  private static func hash(kind: String, text: [UInt8]) -> [UInt8]? {
    switch DefinitionKind(rawValue: kind) {
    case .prompt, .library, .policy: Hash256(hashing: text).bytes
    case .judgeGuard: Hash256(hashing: Array("petrel/guard/1\0".utf8) + text).bytes
    case .workflow: workflowHash(text)
    case nil: nil
    }
  }

  private static func workflowHash(_ text: [UInt8]) -> [UInt8]? {
    guard let whole = try? JSONText.parse(text), case .string(let yaml)? = whole["text"],
      case .string(let hash)? = whole["hash"],
      Hash256(hashing: Array(yaml.utf8)).hex.utf8.elementsEqual(hash.utf8),
      let cut = text.firstRange(of: Array(",\"text\":\"".utf8))
    else { return nil }
    return Hash256(
      hashing: Array("petrel/net/1\0".utf8) + text[..<cut.lowerBound] + [UInt8(ascii: "}")]
    ).bytes
  }

  private static func blobs(_ connection: OpaquePointer) throws(StoreError) -> [AuditFinding] {
    let statement = try PreparedStatement(
      connection, "SELECT hash, bytes FROM blob ORDER BY hash", "reading the blobs")
    var findings: [AuditFinding] = []
    while try statement.next() {
      let hash = statement.bytes(0)
      if Hash256(hashing: statement.bytes(1)).bytes != hash {
        findings.append(
          AuditFinding(row: 0, "the blob \(Hexadecimal.text(hash)) does not match its hash"))
      }
    }
    return findings
  }
}
