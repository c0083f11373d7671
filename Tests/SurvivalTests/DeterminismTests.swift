import Engine
import Foundation
import GRDB
import PetriNet
import Record
import SQLiteStore
import Testing

@Suite(.serialized) struct DeterminismTests {
  @Test func `equal commands, clocks and keys give equal logs byte for byte`() async throws {
    let bench = try ScriptBench()
    defer { bench.remove() }
    let first = try await bench.run("first", incarnation: 7, from: 0)
    let second = try await bench.run("second", incarnation: 7, from: 0)

    #expect(first == 0 && second == 0)
    let (left, right) = (try bench.bytes("first"), try bench.bytes("second"))
    #expect(left == right)
    #expect(left.count > 40)
  }

  @Test func `killed after any line and started again the log says the same`() async throws {
    let bench = try ScriptBench()
    defer { bench.remove() }
    #expect(try await bench.run("whole", incarnation: 7, from: 0) == 0)
    let whole = try bench.normalised("whole")
    // Two at a time.
    let differing = try await withThrowingTaskGroup(of: Int?.self) { group in
      var differing: [Int] = []
      for line in bench.lines.indices {
        if line >= 2, let found = try await group.next(), let found { differing.append(found) }
        group.addTask { try await bench.isEqual(to: whole, killedAfter: line) ? nil : line }
      }
      for try await case let found? in group { differing.append(found) }
      return differing
    }
    #expect(differing == [])
  }
}

/// A script in a folder of its own, and the processes that run it.
struct ScriptBench {
  let lines: [String]
  let root: String

  init() throws {
    root =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("petrel-script-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    lines = Self.script
    try lines.joined(separator: "\n").write(
      toFile: root + "/script.jsonl", atomically: true, encoding: .utf8)
  }

  /// Whether the log says the same as `whole` when the process is killed after `line`, and another
  /// sends again what was not committed.
  func isEqual(to whole: [String], killedAfter line: Int) async throws -> Bool {
    let killed = try await run("k\(line)", incarnation: 7, from: 0, killed: line)
    let committed = lines[...line].lastIndex {
      $0.contains("\"commit\"") || $0.contains("\"name\"")
    }
    let again = try await run("k\(line)", incarnation: 9, from: (committed ?? -1) + 1)
    guard killed == SIGKILL, again == 0 else { return false }
    return try normalised("k\(line)") == whole
  }

  func remove() { try? FileManager.default.removeItem(atPath: root) }

  /// The exit code, or the number of the signal that ended it.
  func run(_ folder: String, incarnation: Int, from: Int, killed: Int? = nil) async throws -> Int32
  {
    let path = "\(root)/\(folder)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ServiceProcess.built + "/ScriptRunner")
    process.arguments =
      [root + "/script.jsonl", ServiceProcess.repository, path, "\(incarnation)", "\(from)"]
      + (killed.map { ["\($0)"] } ?? [])
    try process.run()
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      Thread.detachNewThread {
        process.waitUntilExit()
        continuation.resume()
      }
    }
    return process.terminationStatus
  }

  /// Every column of every row of `log` and `payload`, blobs in hexadecimal.
  func bytes(_ folder: String) throws -> [String] {
    let queue = try DatabaseQueue(path: "\(root)/\(folder)/petrel.db")
    return try queue.read { database in
      try ["log", "payload"].flatMap { table in
        try GRDB.Row.fetchAll(database, sql: "SELECT * FROM \(table) ORDER BY 1").map { row in
          row.databaseValues.map { value in
            switch value.storage {
            case .blob(let data): data.map { String($0, radix: 16) }.joined(separator: " ")
            case .string(let text): text
            case .int64(let number): "\(number)"
            case .double(let number): "\(number)"
            case .null: "-"
            }
          }.joined(separator: "|")
        }
      }
    }
  }

  /// The log without what only a restart writes, rows numbered anew wherever one stands, times and
  /// hashes left out; with the plaintext of each payload.
  func normalised(_ folder: String) throws -> [String] {
    let path = "\(root)/\(folder)"
    let log = try WrittenLog(path: path + "/petrel.db")
    guard let kek = KeyEncryptionKey([UInt8](repeating: 5, count: 32)) else { return [] }
    let reader = try LogReader(
      path: path + "/petrel.db", keys: LogReader.Keys(file: path + "/petrel.keys", kek: kek))
    let kept = log.rows.filter { row in
      row.kind != "ownerStarted" && row.kind != "snapshotTaken"
        && row.body.text("code") != "interrupted"
    }
    let numbers = Dictionary(
      uniqueKeysWithValues: kept.enumerated().map { ($1.seq, Int64($0 + 1)) })
    let renumbering = Renumbering(numbers: numbers)
    return try kept.map { row in
      let payloads = try (0..<row.sealed.count / 32).map { index in
        let bytes = try reader.payload(seq: Seq(row.seq), index: Int32(index)) ?? []
        return String(decoding: bytes, as: UTF8.self)
      }
      let owner = row.caseNumber.map { "\(numbers[$0] ?? -1)" } ?? "-"
      return "\(numbers[row.seq] ?? -1)|\(owner)|\(row.kind)|\(row.version)|"
        + "\(renumbering.node(row.body).text)|\(payloads)"
    }
  }

  private static let script: [String] = {
    var now: Int64 = 1_700_000_000_000_000
    func line(_ members: String, after microseconds: Int64 = 20_000) -> String {
      now += microseconds
      return "{\"at\":\(now),\(members)}"
    }
    func start(_ order: String) -> String {
      line(
        "\"do\":\"start\",\"order\":\"\(order)\",\"customer\":\"가람 \(order)\","
          + "\"message\":\"환불해 주세요 \(order)\"")
    }
    func verdict(_ order: String, _ label: String) -> String {
      line("\"do\":\"verdict\",\"order\":\"\(order)\",\"label\":\"\(label)\"")
    }
    func ok(_ order: String, _ amount: Int, refunded: Bool = false) -> String {
      line(
        "\"do\":\"ok\",\"order\":\"\(order)\",\"result\":{\"id\":\"pay-\(order)\","
          + "\"settled\":true,\"refunded\":\(refunded),\"amount_won\":\(amount)}")
    }
    func answer(_ order: String, _ by: String) -> String {
      line("\"do\":\"answer\",\"order\":\"\(order)\",\"outcome\":\"approve\",\"by\":\"\(by)\"")
    }
    func commit() -> String { line("\"do\":\"commit\"") }
    func snapshot() -> [String] {
      ["snapshot", "part", "part", "name"].map { line("\"do\":\"\($0)\"") }
    }
    let beginning =
      [
        start("a"), start("b"), commit(), verdict("a", "true"), start("c"), commit(),
        ok("a", 20_000), verdict("b", "false"), commit(), verdict("c", "true"),
        ok("a", 20_000, refunded: true), commit(), start("d"), start("e"), commit(),
      ] + snapshot()
    let middle =
      [
        line("\"do\":\"fail\",\"order\":\"c\",\"code\":\"busy\""), verdict("e", "true"), commit(),
        // The wait before the next attempt passes, and the deadline of what nobody answered.
        line("\"do\":\"tick\"", after: 3_000_000), ok("c", 90_000), commit(),
        line("\"do\":\"tick\"", after: 3_000_000), commit(),
      ] + snapshot()
    let end = [
      answer("c", "ada"), ok("e", 900_000),
      commit(), ok("c", 90_000, refunded: true), answer("e", "ada"), commit(), answer("e", "bo"),
      answer("d", "bo"), commit(), ok("e", 900_000, refunded: true),
      ok("d", 10_000, refunded: true),
      commit(),
    ]
    return beginning + middle + end
  }()
}

/// Puts new numbers wherever a body names a row, and leaves times out.
private struct Renumbering {
  let numbers: [Int64: Int64]

  private static let rows: Set = [
    "firing", "task", "guard", "workflow", "definition", "incident", "verdict", "of", "first",
    "child", "parent", "erasure",
  ]
  private static let times: Set = [
    "deadline", "ready", "next", "due", "until", "started", "ended", "first_byte", "waits",
  ]

  func node(_ node: JSONText.Node) -> JSONText.Node {
    switch node {
    case .string(let text): .string(token(text))
    case .list(let items): .list(items.map(self.node))
    case .object(let members):
      .object(
        members.filter { !Self.times.contains($0.name) }.map { member in
          if Self.rows.contains(member.name), case .number(let number) = member.value,
            let seq = number.integer, let new = numbers[seq]
          {
            return .init(member.name, .number(JSONNumber(new)))
          }
          return .init(member.name, self.node(member.value))
        })
    case .null, .bool, .number: node
    }
  }

  /// `seq.i` under its new number; other text as it is.
  private func token(_ text: String) -> String {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let seq = Int64(parts[0]), Int32(parts[1]) != nil,
      let new = numbers[seq]
    else { return text }
    return "\(new).\(parts[1])"
  }
}
