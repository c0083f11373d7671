import Crypto
import Foundation
import GRDB
import PetriNet

/// The rows of a log as they stand in the file, read without the product's code.
struct WrittenLog {
  struct Row {
    var seq: Int64
    var epoch: Int64
    var at: Int64
    var caseNumber: Int64?
    var kind: String
    var version: Int64
    var text: String
    var sealed: [UInt8]
    var hash: [UInt8]
    var body: JSONText.Node
  }

  private(set) var rows: [Row] = []
  let origin: String

  /// - Parameter kinds: of the rows that are read; all if empty.
  init(path: String, kinds: [String] = []) throws {
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? queue.close() }
    let quoted = kinds.map { "'\($0)'" }.joined(separator: ",")
    let wanted = kinds.isEmpty ? "true" : "kind IN (\(quoted))"
    let (origin, found) = try queue.read { database in
      let origin = try String.fetchOne(
        database, sql: "SELECT value FROM meta WHERE name='origin'")
      let rows = try GRDB.Row.fetchAll(
        database,
        sql: """
          SELECT seq, epoch, at, case_no, kind, version, body, sealed, hash FROM log
          WHERE \(wanted) ORDER BY seq
          """)
      return (
        origin,
        try rows.map { row in
          let text: String = row[6]
          let sealed: Data = row[7]
          let hash: Data = row[8]
          return Row(
            seq: row[0], epoch: row[1], at: row[2], caseNumber: row[3], kind: row[4],
            version: row[5], text: text, sealed: Array(sealed), hash: Array(hash),
            body: try JSONText.parse(text: text))
        }
      )
    }
    self.origin = origin ?? ""
    rows = found
  }

  func rows(_ kind: String) -> [Row] { rows.filter { $0.kind == kind } }

  /// The first row whose number or hash does not follow from the row before (LOG §1).
  var firstBreak: Int64? {
    var previous = Array(SHA256.hash(data: Array("petrel/log/1\n\(origin)".utf8)))
    for (index, row) in rows.enumerated() {
      guard row.seq == Int64(index + 1), Array(SHA256.hash(data: leaf(row, previous))) == row.hash
      else { return row.seq }
      previous = row.hash
    }
    return nil
  }

  private func leaf(_ row: Row, _ previous: [UInt8]) -> [UInt8] {
    func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
      withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
    let body = Array(row.text.utf8)
    var bytes: [UInt8] = [0, 1]
    bytes += big(UInt32(0)) + big(UInt64(row.seq)) + big(UInt32(row.epoch)) + big(row.at)
    bytes += big(row.caseNumber ?? 0) + big(UInt16(row.version))
    bytes += [UInt8(row.kind.utf8.count)] + Array(row.kind.utf8) + previous
    bytes += big(UInt16(row.sealed.count / 32)) + row.sealed
    return bytes + big(UInt32(body.count)) + body
  }

  /// The idempotency key of each effect that was intended, with its case.
  var intents: [String: Int64] {
    var incarnation = ""
    var keys: [String: Int64] = [:]
    for row in rows {
      if row.kind == "ownerStarted" { incarnation = row.body.text("incarnation") ?? "" }
      if row.kind == "firingStarted" {
        keys["0-\(row.seq)-\(incarnation)"] = row.caseNumber ?? 0
      }
    }
    return keys
  }

  /// Firings that have not exactly one completion, as sentences.
  var firingsWithoutOneEnd: [String] {
    var ends: [Int64: Int] = [:]
    let closing: Set = ["verdictRecorded", "firingCompleted"]
    for row in rows where closing.contains(row.kind) {
      ends[row.body.integer("firing") ?? 0, default: 0] += 1
    }
    return rows.compactMap { row in
      guard row.kind == "verdictRequested" || row.kind == "firingStarted",
        ends[row.seq] != 1
      else { return nil }
      return "\(row.kind) \(row.seq) ended \(ends[row.seq] ?? 0) times"
    }
  }

  /// How each question ended, against its deadline.
  var questions: [QuestionRows] {
    var starts: [Int64: Int64] = [:]
    var asked: [Int64: Row] = [:]
    var found: [QuestionRows] = []
    for row in rows {
      switch row.kind {
      case "ownerStarted": starts[row.epoch] = row.at
      case "verdictRequested": asked[row.seq] = row
      case "verdictRecorded":
        let firing = row.body.integer("firing") ?? 0
        guard let request = asked[firing], let deadline = request.body.integer("deadline")
        else { continue }
        found.append(
          QuestionRows(
            firing: firing, isAcrossRestart: request.epoch != row.epoch,
            isTimeout: row.text.contains("\"timeout."),
            lateMicroseconds: row.at - max(deadline, starts[row.epoch] ?? 0)))
      default: break
      }
    }
    return found
  }

  struct QuestionRows: Equatable {
    var firing: Int64
    /// Asked by one process, answered under another.
    var isAcrossRestart: Bool
    var isTimeout: Bool
    /// Behind the deadline, or behind the start of the process that found it passed; less than 0:
    /// before it.
    var lateMicroseconds: Int64
  }

  /// Cases by their business key, and how often and in how many places each has ended.
  var cases: [String: [CaseRows]] {
    let closed = Dictionary(grouping: rows("caseClosed")) { $0.caseNumber ?? 0 }
    var cases: [String: [CaseRows]] = [:]
    for row in rows("caseOpened") {
      let ends = closed[row.seq] ?? []
      let found = CaseRows(
        number: row.seq, ends: ends.count,
        tokens: ends.flatMap { $0.body["ended_in"]?.members ?? [] }.map {
          if case .number(let count) = $0.value { count.integer ?? 0 } else { 0 }
        }.reduce(0, +),
        endedIn: ends.first?.body["ended_in"]?.members.first?.name)
      cases[row.body.text("business_key") ?? row.body.text("key") ?? "", default: []].append(found)
    }
    return cases
  }

  struct CaseRows: Equatable {
    var number: Int64
    var ends: Int
    /// Tokens in end places.
    var tokens: Int64
    var endedIn: String?
  }
}
