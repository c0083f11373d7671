import CEL
import Engine
import Foundation
import Orchestration
import PetriNet
import Record
import SQLiteStore
import ScriptedLoop
import Synchronization
import Testing

@Suite(.serialized) struct FaultTests {
  @Test(arguments: Faults.Kind.allCases)
  func `every call of the store fails once and nothing is lost`(kind: Faults.Kind) async throws {
    var position = 1
    while true {
      let faults = Faults(position: position, kind: kind)
      let run = try FaultRun(orders: Effort.isSoak ? 8 : 3, faults: faults)
      try await run.play()
      let problems = try run.problems()
      #expect(problems == [], "call \(position) of the store, \(kind)")
      run.remove()
      if faults.hits == 0 { break }
      position += 1
    }
    print("faults: \(kind), \(position - 1) positions")
    #expect(position > 10)
  }

  @Test func `a full disk refuses and goes on when there is room again`() async throws {
    let run = try FaultRun(
      orders: 40, faults: Faults(position: nil, kind: .full), pagesMax: 1)
    try await run.play()

    #expect(try run.problems() == [])
    #expect(run.refused >= 3)
    // Each opening waits longer than the one before: nobody reads the log over and over.
    #expect(run.openings <= 12)
    run.remove()
  }
}

/// One service over a log of its own, with orders that are sent until they are acknowledged.
final class FaultRun: Sendable {
  private struct State {
    var acknowledged: [String: Int64] = [:]
    var refused = 0
    /// The state that was served last.
    var served = ""
  }

  let folder: String
  private let orders: [String]
  private let payments = ListedPayments()
  private let net: RefundNet
  private let opening: LoopOpening
  private let state: Mutex<State>
  private let limit: SpaceLimit
  private let opened: StartCount

  private final class SpaceLimit: Sendable {
    let pages: Mutex<Int?>
    init(_ pages: Int?) { self.pages = Mutex(pages) }
  }

  /// - Parameter store: opens another store than a file, given the folder of the run.
  init(
    orders: Int, faults: Faults, pagesMax: Int? = nil,
    store: (@Sendable (String) throws(StoreError) -> any EventStore)? = nil
  ) throws {
    let folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("petrel-faults-\(UUID().uuidString)").path
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    self.orders = (0..<orders).map { "o-\($0)" }
    net = try RefundNet(repository: ServiceProcess.repository)
    state = Mutex(State())
    let limit = SpaceLimit(pagesMax)
    self.limit = limit
    let count = StartCount()
    let opened = StartCount()
    self.opened = opened
    var openStore: (@Sendable () throws(StoreError) -> any EventStore)?
    if let store { openStore = { () throws(StoreError) in try store(folder) } }
    opening = net.opening(
      folder: folder, keys: [4, 5, 6], incarnation: { count.next() },
      pagesMax: {
        _ = opened.next()
        return limit.pages.withLock { $0 }
      }, store: openStore, snapshots: SnapshotLimits(rowsMin: 12, rowsAtStopMin: 1),
      wrap: { faults.around($0) })
  }

  var refused: Int { state.withLock { $0.refused } }
  /// How often the store was opened.
  var openings: Int { opened.count }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// Sends every order, answers every task, and stops when no case is open.
  func play() async throws {
    var service = try await open()
    for order in orders {
      while state.withLock({ $0.acknowledged[order] }) == nil {
        do throws(SubmissionError) {
          let reply = try await service.submit(
            .start(StartCase(workflow: net.net.name, value: try value(of: order), by: .local)),
            key: RequestKey(route: "start", by: .local, key: Array(order.utf8)))
          if case .started(let id, _, _) = reply.reply {
            state.withLock { $0.acknowledged[order] = id.seq.number }
          }
        } catch {
          noteRefusal()
          if service.failure != nil { service = try await open() }
        }
      }
    }
    _ = try await Looking.until(seconds: 30) {
      do throws(SubmissionError) {
        let (open, offers) = try await service.read { machine in
          (machine.state.cases.count, machine.state.offers.keys.sorted())
        }
        for task in offers {
          _ = try await service.submit(
            .answer(AnswerTask(task: task, outcome: "approve", by: Subject("local:ada"))))
        }
        guard open == 0 else { return false }
        let served = try await service.read { $0.state.text }
        state.withLock { $0.served = served }
        return true
      } catch {
        noteRefusal()
        if service.failure != nil { service = try await self.open() }
        return false
      }
    }
    await service.stop()
  }

  /// What is wrong with the log and the payments, as sentences.
  func problems() throws -> [String] {
    let log = try WrittenLog(path: folder + "/petrel.db")
    var problems = log.firingsWithoutOneEnd
    if let seq = log.firstBreak { problems.append("the chain breaks at row \(seq)") }
    let cases = log.cases
    for order in orders {
      let found = cases[order] ?? []
      let told = state.withLock { $0.acknowledged[order] }
      if found.count != 1 || found[0].number != told || found[0].ends != 1 || found[0].tokens != 1 {
        problems.append("\(order), told \(told ?? 0): \(found)")
      }
      if payments.effects["p-\(order)"]?.count != 1 {
        problems.append("\(order): \(payments.effects["p-\(order)"] ?? [])")
      }
    }
    if try folded() != state.withLock({ $0.served }) {
      problems.append("the log does not fold to the state that was served")
    }
    let intents = log.intents
    for key in payments.effects.values.joined() where intents[key] == nil {
      problems.append("\(key) was performed and never intended")
    }
    return problems
  }

  private func folded() throws -> String {
    let reader = try LogReader(path: folder + "/petrel.db", keys: nil)
    // What follows the state that was served last is the snapshots taken after it.
    let served = state.withLock { $0.served }
    let last = served.split(separator: " ").dropFirst().first.flatMap { Int64($0) } ?? 0
    var machine = Machine(shard: 0)
    var others = 0
    try reader.fold { row in
      if row.seq.number <= last { machine.fold(row) } else if !row.isSnapshotTaken { others += 1 }
    }
    if others > 0 { return "\(others) rows were written and not served" }
    return machine.state.text
  }

  private func noteRefusal() {
    let refused = state.withLock { state in
      state.refused += 1
      return state.refused
    }
    // Room again, once the service has refused for a while.
    if refused == 3 { limit.pages.withLock { $0 = nil } }
  }

  /// As an operator would: the start that fails is tried again.
  private func open() async throws -> Orchestrator {
    do {
      return try start()
    } catch {
      return try start()
    }
  }

  private func start() throws -> Orchestrator {
    try Orchestrator(
      opening: opening, judge: AgreeableJudge(), actions: [payments], settings: LoopSettings())
  }

  private func value(of order: String) throws(SubmissionError) -> Value {
    let node: JSONText.Node = .object([
      .init("order", .string(order)), .init("customer", .string("가람")),
      .init("고객메시지", .string("환불해 주세요")),
    ])
    guard let place = net.net.starts.first,
      let value = ValueReading.value(of: node, in: net.net.places[place].colour).value
    else { throw .storeUnavailable }
    return value
  }
}

/// Incarnations, one for each start.
private final class StartCount: Sendable {
  private let number = Mutex<UInt8>(0)

  var count: Int { Int(number.withLock { $0 }) }

  func next() -> [UInt8] {
    let number = self.number.withLock { number in
      number &+= 1
      return number
    }
    return [UInt8](repeating: number, count: 8)
  }
}
