import CEL
import Engine
import Foundation
import Orchestration
import PetriNet
import Record
import SQLiteStore
import Testing

/// Another key-encryption key for a log, and what a process killed on the way leaves.
struct KeyRotationTests {
  /// Where a rotation was cut short.
  enum Cut: CaseIterable {
    case beforeEvent, afterEvent, afterAdoption, nowhere
  }

  private let fixture: StoreFixture
  private let kekFile: String
  private let keysFile: String

  init() throws {
    fixture = try StoreFixture(.sqlite)
    kekFile = fixture.folder + "/petrel.kek"
    keysFile = fixture.folder + "/petrel.keys"
    let bytes = [UInt8](repeating: 5, count: 32)
    try Data((Hexadecimal.text(bytes) + "\n").utf8).write(to: URL(fileURLWithPath: kekFile))
    chmod(kekFile, 0o600)
    let store = try open()
    try store.append(SampleLog.opening)
    try store.append(SampleLog.running(nil))
    _ = try store.giveUp(keys: [2], at: StoreFixture.now)
    store.close()
  }

  /// As a service opens it: with the key that the file holds.
  private func open() throws -> SQLiteStore {
    let held = try KeyEncryptionKey.file(kekFile).0
    var options = try fixture.options()
    options.kek = held
    options.kekFile = kekFile
    let store = try SQLiteStore.open(options)
    try store.fold { _ in }
    return store
  }

  private static let bytes = [UInt8](repeating: 77, count: 32)

  private func rotate(until cut: Cut) throws {
    let store = try open()
    defer { store.close() }
    let file = KeyEncryptionKey.next(kekFile)
    try Data((Hexadecimal.text(Self.bytes) + "\n").utf8).write(to: URL(fileURLWithPath: file))
    chmod(file, 0o600)
    let next = try KeyEncryptionKey.file(file).0
    switch cut {
    case .beforeEvent, .afterEvent:
      let keys = try KeysFile.open(path: keysFile, logID: StoreFixture.logID, kek: fixture.kek)
      #expect(try keys.rewrap(under: next) == 4_095)
      guard cut == .afterEvent else { return }
      _ = try store.appendAlone(
        .keysRotated(KeysRotated(by: .local, kek: next.name)), at: StoreFixture.now)
    case .afterAdoption, .nowhere:
      let (seq, count) = try store.rotate(to: next, by: .local, at: StoreFixture.now)
      #expect(seq.number == 18)
      #expect(count == 4_095)
      if cut == .nowhere { try KeyEncryptionKey.adoptNext(kekFile) }
    }
  }

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: fixture.folder).sorted() }
  }

  @Test(arguments: Cut.allCases)
  func `after a rotation, whole or cut short, the log opens under the key it names`(
    cut: Cut
  ) throws {
    let before = try #require(KeysFile.kekName(ofFile: keysFile))
    let wrapped = try Data(contentsOf: URL(fileURLWithPath: keysFile))[64..<104]

    try rotate(until: cut)
    let store = try open()
    defer { store.close() }

    let expected = cut == .beforeEvent ? before : try #require(KeyEncryptionKey(Self.bytes)).name
    #expect(KeysFile.kekName(ofFile: keysFile) == expected)
    #expect(try KeyEncryptionKey.file(kekFile).0.name == expected)
    #expect(try names.filter { $0.hasSuffix(".new") || $0.hasSuffix(".rotated") } == [])
    #expect(
      try store.value(
        of: Array(#"{"amount_cents":4200,"order":"A-1","~":"4.0"}"#.utf8),
        in: .record(SampleLog.refund))
        == SampleLog.refund("A-1", "Kim", seal: SampleLog.seal(4)))
    #expect(try store.open(SealReference(seq: 14, index: 0)) == nil)
    #expect(try store.keysMissing() == [])
    if cut != .beforeEvent {
      for name in try names {
        let data = try Data(
          contentsOf: URL(fileURLWithPath: fixture.folder).appendingPathComponent(name))
        #expect(data.range(of: wrapped) == nil, "\(name) holds a slot under the old key")
      }
    }
  }

  @Test func `a log whose keys are under another key says under which`() throws {
    try rotate(until: .nowhere)
    var options = try fixture.options()
    options.kekFile = nil

    let error = #expect(throws: StoreError.self) { _ = try SQLiteStore.open(options) }

    let name = try #require(KeyEncryptionKey(Self.bytes)).name
    #expect(
      error
        == StoreError(
          .keyMissing, code: "S115",
          "the keys file \(keysFile) is wrapped under another key-encryption key, \(name)"))
  }

  @Test func `rows, leaves and anchors are as they were, and both verifiers say so`() throws {
    let rows = try fixture.reader().rows(RowQuery(), limit: 100)
    try rotate(until: .nowhere)
    let store = try open()
    store.close()

    let after = try LogReader(path: fixture.database).rows(RowQuery(), limit: 100)
    let anchors = try AnchorFile(path: fixture.folder + "/petrel.anchors").anchors(
      of: "petrel.example/3f9c2e7a1b5d4c60/0")
    let swift = try Verifiers.swift(fixture.database, anchors: anchors)

    #expect(Array(after.prefix(rows.count)) == rows)
    #expect(after.dropFirst(rows.count).map(\.kind) == ["keysRotated"])
    // The sample's definition is no workflow at all.
    #expect(swift.findings == ["definition 2 is not the text that was registered"])
    #expect(try Verifiers.python(fixture.database, anchors: anchors) == swift)
  }

  @Test func `what keys check finds is missing, damaged, or back after it was erased`() throws {
    func check() throws -> KeysCheck? {
      let keys = LogReader.Keys(file: keysFile, kek: try fixture.kek)
      return try LogReader(path: fixture.database, keys: keys).checkKeys()
    }
    let file = URL(fileURLWithPath: keysFile)
    let sound = try #require(try check())
    var bytes = try Data(contentsOf: file)
    bytes.replaceSubrange(64 + 40..<64 + 80, with: Data(count: 40))
    bytes.replaceSubrange(64 + 80..<64 + 120, with: bytes[64..<104])
    bytes[64 + 120] ^= 1
    try bytes.write(to: file)

    let found = try #require(try check())

    #expect(sound.missing == [])
    #expect(sound.returned == [])
    #expect(
      sound.file
        == KeysExamination(
          made: 4_096, present: 4_095, shredded: [2], unopened: [], surplus: 0))
    #expect(sound.erased == 1)
    #expect(found.missing == [1])
    #expect(found.returned == [2])
    #expect(found.file.unopened == [3])
    try Data(bytes[..<200]).write(to: file)
    #expect(try check()?.file.surplus == 200 - 64 - 4_096 * 40)
  }
}
