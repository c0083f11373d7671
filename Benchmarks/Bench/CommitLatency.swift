internal import Foundation
internal import Orchestration
internal import SQLiteStore

/// How long a commit takes, beside writing and syncing the same number of bytes bare, in turns.
enum CommitLatency {
  private static let rounds = 9
  private static let commitsInRound = 2_000
  /// Rows of one commit: a step of a case and what follows from it.
  private static let rowsInCommit = 3

  /// Appends the events of `orders` in small groups; after each round as many bytes as the WAL took
  /// for each of its groups are written to a file made ready before, and synced.
  static func measure(folder: String, orders: [String]) async throws {
    let workflow = try RefundWorkflow()
    let groups = try await DurableEvents.groups(workflow, orders, rowsInCommit)
    guard groups.count >= rounds * commitsInRound else { throw Bench.WrongUse() }
    let store = try workflow.opening(folder: folder).openStore()
    try store.fold { _ in }
    let bare = try BareFile(folder + "/bare")
    var petrel: [Latencies] = []
    var plain: [Latencies] = []
    var next = 0
    for _ in 0..<rounds {
      var sizes: [Int] = []
      petrel.append(
        try Latencies(count: commitsInRound) { _ in
          let before = store.bytesAhead
          try store.append(groups[next])
          next += 1
          // The WAL begins anew after it was moved: then the commit before stands for this one.
          let grown = Int(store.bytesAhead - before)
          sizes.append(grown > 0 ? grown : sizes.last ?? 4_096)
        })
      plain.append(try Latencies(count: commitsInRound) { try bare.write(sizes[$0]) })
    }
    store.close()
    tell(petrel, plain)
    tellSize(of: folder + "/petrel.db", rows: next * rowsInCommit)
  }

  private static func tell(_ petrel: [Latencies], _ plain: [Latencies]) {
    func median(_ numbers: [Double]) -> Double { numbers.sorted()[numbers.count / 2] }
    let aims: [(name: String, part: (Latencies) -> Double, most: Double?)] = [
      ("median", { $0.at(0.5) }, 2.0), ("p95", { $0.at(0.95) }, 2.5), ("p99", { $0.at(0.99) }, nil),
    ]
    print(
      "commit of \(rowsInCommit) rows, \(rounds) rounds of \(commitsInRound), in turns with bare "
        + "pwrite and fdatasync of the same bytes")
    for (name, part, most) in aims {
      let ratio = median(zip(petrel, plain).map { part($0) / part($1) })
      let aim = most.map { " (aim at most \($0): \(ratio <= $0 ? "reached" : "MISSED"))" } ?? ""
      print(
        String(
          format: "  %@  petrel %.0f µs, bare %.0f µs, ratio %.2f%@", name,
          median(petrel.map(part)), median(plain.map(part)), ratio, aim))
    }
  }

  private static func tellSize(of path: String, rows: Int) {
    let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber
    let cases = Double(rows) / 9
    print(
      String(
        format: "  %.0f bytes of file a refund case of nine rows, questions and replies kept",
        (size?.doubleValue ?? 0) / cases))
  }
}

/// How long each of some steps took.
private struct Latencies {
  /// Microseconds, ascending.
  private let sorted: [Double]

  init(count: Int, _ step: (Int) throws -> Void) rethrows {
    var found: [Double] = []
    found.reserveCapacity(count)
    for index in 0..<count {
      let began = DispatchTime.now().uptimeNanoseconds
      try step(index)
      found.append(Double(DispatchTime.now().uptimeNanoseconds - began) / 1_000)
    }
    sorted = found.sorted()
  }

  func at(_ share: Double) -> Double {
    sorted[min(Int(share * Double(sorted.count)), sorted.count - 1)]
  }
}

/// A file whose room is there before it is written, as that of the WAL is.
private final class BareFile {
  private static let room = 256 << 20
  private let descriptor: Int32
  private var offset = 0
  private let bytes = [UInt8](repeating: 7, count: 1 << 20)

  init(_ path: String) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0, posix_fallocate(descriptor, 0, Self.room) == 0 else {
      throw Bench.WrongUse()
    }
    fsync(descriptor)
  }

  deinit { close(descriptor) }

  func write(_ count: Int) throws {
    if offset + count > Self.room { offset = 0 }
    guard pwrite(descriptor, bytes, min(count, bytes.count), off_t(offset)) > 0,
      fdatasync(descriptor) == 0
    else { throw Bench.WrongUse() }
    offset += count
  }
}
