import CEL
import Engine
import Orchestration
import PetriNet
import Record
import Testing

/// The test vectors of the log's specification, byte for byte.
struct TestVectorTests {
  private let origin = "petrel.example/3f9c2e7a1b5d4c60/0"
  private let dek = (0..<32).map { UInt8($0) }
  private let plaintext = #"{"customer":"Kim","message":"환불 \"now\"\n"}"#

  private func hash(_ hex: String) -> Hash256? {
    Hexadecimal.bytes(hex.utf8).flatMap { Hash256($0) }
  }

  private var events: [LoggedEvent] {
    let refund = RecordColour(
      name: "Refund",
      fields: [
        .init(name: "order", colour: .string(max: nil)),
        .init(name: "customer", colour: .string(max: nil), isPersonal: true),
        .init(name: "message", colour: .string(max: nil), isPersonal: true),
        .init(name: "amount_cents", colour: .int(nil)),
      ])
    let value = Value.record(
      Record(
        type: refund.type,
        fields: [.string("A-1"), .string("Kim"), .string("환불 \"now\"\n"), .int(4200)],
        seal: SealReference(seq: 2, index: 0)))
    let start: Int64 = 1_795_132_800_000_000
    return [
      LoggedEvent(
        seq: Seq(1), epoch: 1, at: Instant(microseconds: start), caseID: nil,
        event: .ownerStarted(
          OwnerStarted(
            binary: "petrel 1.0.0",
            incarnation: [0x8f, 0x14, 0xe4, 0x5f, 0xce, 0xea, 0x16, 0x7a]))),
      LoggedEvent(
        seq: Seq(2), epoch: 1, at: Instant(microseconds: start + 500), caseID: CaseID(Seq(2)),
        event: .caseOpened(
          CaseOpened(
            key: 1, request: RequestIdentity(slot: 0, bytes: (0..<16).map { UInt8($0) }),
            tokens: [MadeToken(place: PlaceName("requested"), content: .value(.value(value)))],
            workflow: DefinitionID(Seq(1))))),
      LoggedEvent(
        seq: Seq(3), epoch: 1, at: Instant(microseconds: start + 900), caseID: CaseID(Seq(2)),
        event: .caseClosed(
          CaseClosed(
            endedIn: [EndCount(place: PlaceName("refunded"), count: 1)], how: .completed))),
    ]
  }

  private func records() throws -> [LogRecord] {
    let keys = MemoryKeys(.listed([[UInt8](repeating: 255, count: 32), dek]))
    let store = MemoryStore(MemoryLog(origin: origin, keys: keys))
    try store.append(AppendGroup(events: events))
    return store.log.records
  }

  @Test func `leaf 0 is the hash of the origin`() {
    #expect(
      Leaf.origin(origin)
        == hash("2f589e0890461f594f24f9aea96c7dc940a28d58f0c92f9dbaa842c099e3b875"))
  }

  @Test func `bodies are those of the specification`() throws {
    let bodies = try records().map { String(decoding: $0.body, as: UTF8.self) }

    #expect(
      bodies == [
        #"{"binary":"petrel 1.0.0","incarnation":"8f14e45fceea167a"}"#,
        #"{"key":1,"request":"AAECAwQFBgcICQoLDA0ODw==","tokens":[{"place":"requested","value":"#
          + #"{"amount_cents":4200,"order":"A-1","~":"2.0"}}],"workflow":1}"#,
        #"{"ended_in":{"refunded":1},"how":"completed"}"#,
      ])
  }

  @Test func `leaves chain row to row`() throws {
    let hashes = try records().map(\.hash.hex)

    #expect(
      hashes == [
        "e6f67835840e35a6ed2f3e81b2de31d69f9639440846b5e6cab2f47de2559310",
        "22534c724f1a8496a05db69eb5c11311615851146cbd99cfe17e3bbbb2cbb8ac",
        "9f08df2a8472a558b757f5b5eba70e5778decd4c5ffc40573443f806db62a064",
      ])
  }

  @Test(
    arguments: [
      (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      (2, "974e9944ff4e68ec434de19e34e1cdad15b2bb044d8982fbbdb2993f701b8e6f"),
      (3, "c3c911a4c1fc7a2edfc11d83b06dfee6694e33be09e19bd6ad7caaaa101e38db"),
    ])
  func `roots are those of the specification`(size: Int, root: String) throws {
    #expect(MerkleTree(try records().prefix(size).map(\.hash)).root.hex == root)
  }

  @Test func `a payload is sealed into one box`() throws {
    let record = try records()[1]
    let box =
      "580ab1582bc81c9accf5b97a1a72c962fa734910de1d8831ab0eb0e274c535495624722f8b8fa461fe6fbd2c"
      + "6879622d0e749d7781135b98f2d6558f55a94fa6"

    #expect(
      Hexadecimal.text(record.sealed)
        == "ef08e8e35ca4689667723557e18662594b4d58a73431c49f486d96b7074c5e5c")
    #expect(
      record.boxes == [
        LogRecord.Box(
          index: 0, keyNumber: 1, role: .value, bytes: Hexadecimal.bytes(box.utf8) ?? [])
      ])
  }

  @Test func `the salt discloses one payload`() {
    #expect(
      Hexadecimal.text(Sealing.salt(under: DataKey(dek), shard: 0, seq: 2, index: 0))
        == "30547885ce5eb12103840cf02d24aed0b14c40e107eca879365d4d768913d491")
  }

  @Test func `a box opens to what was sealed`() throws {
    let record = try records()[1]
    let commitment = try #require(Hash256(record.sealed))

    let opened = try Sealing.open(
      record.boxes[0].bytes, commitment: commitment, under: DataKey(dek), shard: 0, seq: 2,
      index: 0)

    #expect(String(decoding: opened, as: UTF8.self) == plaintext)
  }

  @Test func `a changed box does not open`() throws {
    let record = try records()[1]
    let commitment = try #require(Hash256(record.sealed))
    var box = record.boxes[0].bytes
    box[3] ^= 1

    #expect(throws: StoreError.self) {
      try Sealing.open(
        box, commitment: commitment, under: DataKey(dek), shard: 0, seq: 2, index: 0)
    }
  }

  @Test func `a checkpoint is signed as a note`() throws {
    let root = try #require(
      hash("c3c911a4c1fc7a2edfc11d83b06dfee6694e33be09e19bd6ad7caaaa101e38db"))
    let key = try #require(CheckpointKey(name: origin, seed: dek))

    let note = Checkpoint(origin: origin, size: 3, root: root).note(signedBy: key)

    #expect(
      key.verifier
        == "\(origin)+126a1e0c+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4")
    #expect(
      note == """
        petrel.example/3f9c2e7a1b5d4c60/0
        3
        w8kRpMH8ei7fwR2DsG3+5mlOM74J4ZvWrXyqqhAeONs=

        — petrel.example/3f9c2e7a1b5d4c60/0 EmoeDDKtQK8ydIJ7QyND3tUqr2ctfK4dTXL94zVSBnOPGMB8AwNO\
        NixDG2KjuMIR3qCjh7Wki4iQt36gnArQyklb+Ao=

        """)
  }
}
