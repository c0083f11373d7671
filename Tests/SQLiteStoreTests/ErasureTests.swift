import CEL
import Engine
import Foundation
import GRDB
import Orchestration
import PetriNet
import Record
import SQLiteStore
import Testing

/// What is left of a person after an erasure: nothing, in any file.
struct ErasureTests {
  /// Three cases about the person among forty, and a message that one of them took.
  private final class Stage {
    let fixture: StoreFixture
    private(set) var seq: Int64 = 0
    let person = "Canary-0123456789-김철수-\"x\""
    let other = "Somebody-else-0123456789"
    private(set) var keys: [Int64] = []
    private(set) var sealed: [SealReference] = []

    init() throws {
      fixture = try StoreFixture(.sqlite)
      let store = try SQLiteStore.open(try fixture.options())
      try store.append(
        AppendGroup(events: [
          row(nil, .ownerStarted(OwnerStarted(binary: "petrel 1", incarnation: [143, 20])))
        ]))
      for number in 1...Int64(40) {
        let isTheirs = number % 17 == 5
        if number == 20 { try store.append(AppendGroup(events: [message(key: 100)])) }
        let key = number < 20 ? number : number + 100
        let name = isTheirs ? person : other
        try store.append(AppendGroup(events: opened(key: key, name)))
        if isTheirs { keys.append(key) }
      }
      keys.append(100)
      store.close()
    }

    func row(_ id: Int64?, _ event: Event) -> LoggedEvent {
      seq += 1
      return SampleLog.row(seq, case: id, event)
    }

    private func opened(key: Int64, _ name: String) -> [LoggedEvent] {
      let id = seq + 1
      let value = SampleLog.refund("A-\(id)", name, seal: SampleLog.seal(id))
      if name == person { sealed += [SampleLog.seal(id), SampleLog.seal(id + 1)] }
      return [
        row(
          id,
          .caseOpened(
            CaseOpened(
              key: key,
              tokens: [MadeToken(place: PlaceName("requested"), content: .value(.value(value)))],
              workflow: DefinitionID(Seq(2))))),
        row(
          id,
          .labelRecorded(
            LabelRecorded(
              blind: false, by: .local, label: "x", purpose: .review, verdict: Seq(1),
              why: SealedText("about \(name)", seal: SampleLog.seal(id + 1))))),
      ]
    }

    private func message(key: Int64) -> LoggedEvent {
      let number = seq + 1
      sealed.append(SampleLog.seal(number))
      let value = SampleLog.refund("M", person, seal: SampleLog.seal(number))
      return row(
        nil,
        .tokenDeposited(
          TokenDeposited(
            key: key,
            tokens: [MadeToken(place: PlaceName("w/inbox"), content: .value(.value(value)))])))
    }

    /// Opens, folds, and erases what the log asks for.
    func erase(isCutOff: Bool = false) throws {
      let store = try folded()
      try store.append(
        AppendGroup(events: [
          row(
            nil, .erasureRequested(ErasureRequested(by: .local, keys: keys, reason: "asked for")))
        ]))
      let asked = Seq(seq)
      if !isCutOff {
        try store.erase(keys)
        try store.append(
          AppendGroup(events: [row(nil, .erasureCompleted(ErasureCompleted(erasure: asked)))]))
      }
      store.close()
    }

    func folded() throws -> SQLiteStore {
      let store = try SQLiteStore.open(try fixture.options())
      try store.fold { _ in }
      return store
    }

    /// Every file of the log with the bytes in it.
    func files() throws -> [String: Data] {
      var files: [String: Data] = [:]
      for name in try FileManager.default.contentsOfDirectory(atPath: fixture.folder) {
        files[name] = FileManager.default.contents(atPath: fixture.folder + "/" + name)
      }
      return files
    }

    func boxes() throws -> [Data] {
      let queue = try DatabaseQueue(path: fixture.database)
      defer { try? queue.close() }
      return try queue.read { database in
        try sealed.compactMap { reference in
          try Data.fetchOne(
            database, sql: "SELECT box FROM payload WHERE id=?",
            arguments: [reference.seq << 16 | Int64(reference.index)])
        }
      }
    }
  }

  /// A text as it may stand in a file; base64 without its ends, which hang on what stands around.
  private func spellings(_ text: String) -> [Data] {
    let bytes = Array(text.utf8)
    var spellings = [Data(bytes)]
    spellings.append(text.data(using: .utf16LittleEndian) ?? Data())
    spellings.append(text.data(using: .utf16BigEndian) ?? Data())
    let escaped = text.unicodeScalars.map { scalar in
      scalar.isASCII ? String(scalar) : String(format: "\\u%04x", scalar.value)
    }.joined().replacingOccurrences(of: "\"", with: "\\\"")
    spellings.append(Data(escaped.utf8))
    for start in 0..<3 {
      let part = Array(bytes.dropFirst(start).prefix((bytes.count - start) / 3 * 3))
      spellings.append(Data(Base64.text(part).utf8))
    }
    return spellings
  }

  private func hits(_ needles: [Data], in files: [String: Data]) -> [String] {
    files.filter { file in needles.contains { file.value.range(of: $0) != nil } }
      .map(\.key).sorted()
  }

  @Test func `no byte of the person is left, and the log still holds`() throws {
    let stage = try Stage()
    let boxes = try stage.boxes()
    let before = try LogAudit.report(of: stage.fixture.database, LogAudit.Options())
    let slots = try #require(stage.files()["petrel.keys"])
    let wrapped = stage.keys.map { slots[64 + Int($0) * 40..<104 + Int($0) * 40] }
    // The control: what is not personal is found.
    #expect(hits([Data("A-8".utf8)], in: try stage.files()).contains("petrel.db"))
    #expect(boxes.count == stage.sealed.count)
    #expect(hits([boxes[0]], in: try stage.files()) == ["petrel.db"])

    try stage.erase()
    let copy = stage.fixture.folder + "/copy.db"
    _ = try LogCopy.make(of: stage.fixture.database, to: copy, LogAudit.Options())

    let files = try stage.files()
    #expect(hits(spellings(stage.person), in: files) == [])
    #expect(hits(boxes, in: files) == [])
    #expect(hits(wrapped.map { Data($0) }, in: files) == [])
    let after = try LogAudit.report(of: copy, LogAudit.Options())
    #expect(after.findings == [])
    #expect(after.payloads == before.payloads - Int64(boxes.count))
    #expect(after.payloadsErased == Int64(boxes.count))
    let store = try stage.folded()
    defer { store.close() }
    for reference in stage.sealed { #expect(try store.open(reference) == nil) }
    #expect(try store.open(SampleLog.seal(2)) != nil)
  }

  @Test func `proofs that were given out before still hold`() throws {
    let stage = try Stage()
    let row = try #require(stage.sealed.first).seq
    let keys = LogReader.Keys(
      file: stage.fixture.folder + "/petrel.keys", kek: try stage.fixture.kek)
    let given = try LogProof.row(row, in: stage.fixture.database, keys: keys)

    try stage.erase()

    let now = try LogProof.row(row, in: stage.fixture.database, keys: keys)
    #expect(now["row"] == given["row"])
    #expect(now["disclosed"] == .list([]))
  }

  @Test func `an older keys file that is put back opens nothing that was erased`() throws {
    let stage = try Stage()
    let path = stage.fixture.folder + "/petrel.keys"
    let older = try #require(FileManager.default.contents(atPath: path))
    try stage.erase()
    try older.write(to: URL(fileURLWithPath: path))

    let store = try stage.folded()
    defer { store.close() }

    for reference in stage.sealed { #expect(try store.open(reference) == nil) }
    let slots = try #require(FileManager.default.contents(atPath: path))
    for key in stage.keys {
      #expect(slots[64 + Int(key) * 40..<104 + Int(key) * 40].allSatisfy { $0 == 0 })
    }
  }

  @Test func `an older log that is put back is opened once the erasure is said again`() throws {
    let stage = try Stage()
    let older = try #require(FileManager.default.contents(atPath: stage.fixture.database))
    try stage.erase()
    try older.write(to: URL(fileURLWithPath: stage.fixture.database))
    try? FileManager.default.removeItem(atPath: stage.fixture.folder + "/petrel.anchors")
    #expect(throws: StoreError.self) { try stage.folded() }

    var options = try stage.fixture.options()
    options.acceptsLoss = true
    let accepting = try SQLiteStore.open(options)
    try accepting.fold { _ in }
    #expect(try accepting.keysMissing() == stage.keys.sorted())
    _ = try accepting.giveUp(keys: accepting.keysMissing(), at: StoreFixture.now)
    accepting.close()

    let store = try stage.folded()
    defer { store.close() }
    for reference in stage.sealed { #expect(try store.open(reference) == nil) }
  }
}
