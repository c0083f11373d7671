import Crypto
import Foundation
import Orchestration
import Record
import Testing

struct KeysTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("petrel-keys-\(UUID().uuidString)")
  private let logID: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]

  private func withFolder(_ body: (String) throws -> Void) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appendingPathComponent("petrel.keys").path)
  }

  private func kek(_ byte: UInt8 = 0) throws -> KeyEncryptionKey {
    try #require(KeyEncryptionKey([UInt8](repeating: byte, count: 32)))
  }

  private func code(_ key: CaseKey) -> [UInt8]? {
    guard case .present(let key) = key else { return nil }
    return key.authenticationCode(for: [1])
  }

  @Test func `a slot holds the wrapped key of the specification`() throws {
    try withFolder { path in
      let dek = (0..<32).map { UInt8($0) }
      let keys = try KeysFile.create(path: path, logID: logID, kek: kek(), source: .listed([dek]))

      try keys.reserve(through: 0)

      let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
      #expect(bytes.count == 104)
      #expect(bytes.starts(with: Array("PTRLKEY1".utf8) + [0, 0, 0, 1] + logID))
      #expect(
        Hexadecimal.text(bytes.dropFirst(64))
          == "246d75815315bd8b40ac141ba1cbca56785ae73cbbafa7fd20f4c91a99312c946edff8132c8259b4")
    }
  }

  @Test(arguments: [0, 1, 31, 32, 33, 55, 56, 63, 64, 65, 119, 120, 1_000, 100_000])
  func `a code is HMAC-SHA-256 as the library makes it`(count: Int) {
    let bytes = (0..<32).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
    let message = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 11) }

    let code = DataKey(bytes).authenticationCode(for: message)

    let expected = HMAC<SHA256>.authenticationCode(
      for: message, using: SymmetricKey(data: bytes))
    #expect(code == Array(expected))
  }

  @Test func `what a killed process left of a keys file is no hindrance`() throws {
    try withFolder { path in
      try Data("PTR".utf8).write(to: URL(fileURLWithPath: path + ".new"))

      let keys = try KeysFile.create(path: path, logID: logID, kek: kek())
      try keys.reserve(through: 0)

      let again = try KeysFile.open(path: path, logID: logID, kek: kek())
      #expect(try code(again.key(0)) == code(keys.key(0)))
      #expect(throws: StoreError.self) { try KeysFile.create(path: path, logID: logID, kek: kek()) }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(names == ["petrel.keys"])
    }
  }

  @Test func `keys are filled thousands at a time and survive reopening`() throws {
    try withFolder { path in
      let keys = try KeysFile.create(path: path, logID: logID, kek: kek())
      try keys.reserve(through: 4096)
      keys.rest()
      let codes = try [0, 4096, 8191].map { code(try keys.key($0)) }

      let again = try KeysFile.open(path: path, logID: logID, kek: kek())

      #expect(try [0, 4096, 8191].map { code(try again.key($0)) } == codes)
      #expect(throws: StoreError.self) { try again.key(8192) }
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
      #expect(size == 64 + 8192 * 40)
    }
  }

  @Test func `keys are made before they are asked for`() throws {
    try withFolder { path in
      let keys = try KeysFile.create(path: path, logID: logID, kek: kek(), source: .seeded([4]))
      try keys.reserve(through: 1)
      keys.rest()

      let made = try (0..<4096).map { code(try keys.key($0)) }

      let expected = MemoryKeys(.seeded([4]))
      try expected.reserve(through: 4095)
      #expect(try made == (0..<4096).map { code(try expected.key($0)) })
      let again = try KeysFile.open(path: path, logID: logID, kek: kek())
      #expect(try (0..<4096).map { code(try again.key($0)) } == made)
    }
  }

  @Test func `keys that threads ask for at once are made once`() async throws {
    let path = folder.path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let keys = try KeysFile.create(path: path, logID: logID, kek: kek())

    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in stride(from: Int64(100), through: 6_000, by: 700) {
        group.addTask { try keys.reserve(through: number) }
      }
      try await group.waitForAll()
    }
    keys.rest()

    let made = try stride(from: Int64(0), to: 6_000, by: 7).map { code(try keys.key($0)) }
    let again = try KeysFile.open(path: path, logID: logID, kek: kek())
    #expect(try stride(from: Int64(0), to: 6_000, by: 7).map { code(try again.key($0)) } == made)
  }

  @Test func `a shredded key is gone for every reader`() throws {
    try withFolder { path in
      let keys = try KeysFile.create(path: path, logID: logID, kek: kek())
      try keys.reserve(through: 3)
      _ = try keys.key(2)

      try keys.shred(2)

      let reader = try KeysFile.open(path: path, logID: logID, kek: kek(), isReadOnly: true)
      #expect(code(try keys.key(2)) == nil)
      #expect(code(try reader.key(2)) == nil)
      #expect(code(try reader.key(3)) != nil)
      let slot = try Data(contentsOf: URL(fileURLWithPath: path)).dropFirst(64 + 80).prefix(40)
      #expect(slot.allSatisfy { $0 == 0 })
    }
  }

  @Test func `another log's file and another operator's key are refused`() throws {
    try withFolder { path in
      _ = try KeysFile.create(path: path, logID: logID, kek: kek())

      #expect(throws: StoreError.self) {
        try KeysFile.open(path: path, logID: [8, 7, 6, 5, 4, 3, 2, 1], kek: kek())
      }
      #expect(throws: StoreError.self) {
        try KeysFile.open(path: path, logID: logID, kek: kek(9))
      }
      #expect(throws: StoreError.self) {
        try KeysFile.create(path: path, logID: logID, kek: kek())
      }
    }
  }

  @Test func `the key-encryption key is made once, for its owner alone`() throws {
    try withFolder { path in
      let kekPath = path + ".kek"

      let made = try KeyEncryptionKey.file(kekPath)
      let found = try KeyEncryptionKey.file(kekPath)

      let mode = try FileManager.default.attributesOfItem(atPath: kekPath)[.posixPermissions]
      #expect(made.isNew)
      #expect(!found.isNew)
      #expect(made.0.id == found.0.id)
      #expect(mode as? Int == 0o600)
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: kekPath)
      #expect(throws: StoreError.self) { try KeyEncryptionKey.file(kekPath) }
    }
  }

  @Test func `equal seeds give equal keys`() throws {
    let left = MemoryKeys(.seeded([7]))
    let right = MemoryKeys(.seeded([7]))
    try left.reserve(through: 5)
    try right.reserve(through: 9)

    #expect(code(try left.key(5)) == code(try right.key(5)))
    #expect(code(try right.key(4)) != code(try right.key(5)))
  }
}
