import Foundation
import Orchestration
import PetriNet
import Testing

@Suite(.serialized) struct HangTests {
  /// Most are never answered; those of the slow model come after their deadline.
  private static let rules = """
    stand_in: model
    seed: 5
    models: [stub-1]
    delay: 0ms
    rules:
      - {contains: [느린], label: true, fault: "delay(6s)", confidence: 0.9}
      - {contains: [환불], label: true, fault: hang, confidence: 0.9}
    otherwise: {label: true}
    """
  private static let hanging = 100
  private static let slow = 5

  @Test func `a hundred calls that hang at once are ended by the clock in time`() async throws {
    var best = Int64.max
    var bare = Int64.max
    for _ in 0..<(Effort.isSoak ? 3 : 1) {
      let (worst, thread) = try await run()
      print("hang: worst \(worst) µs after the deadline, a bare thread \(thread) µs")
      best = min(best, worst)
      bare = min(bare, thread)
    }
    if Effort.isSoak {
      #expect(best <= 50_000)
    } else {
      #expect(best <= bare + 250_000)
    }
  }

  /// The worst lateness of a verdict, and that of a thread that sleeps to the same instants; both
  /// in microseconds.
  private func run() async throws -> (Int64, Int64) {
    let stage = try await Stage(rules: Self.rules, endpoint: ", concurrency: 256")
    let service = try await stage.serve()
    let caller = Caller(transfer: stage.transfer)
    let items = (0..<Self.hanging + Self.slow).map { number -> JSONText.Node in
      .object([
        .init("order", .string("hang-\(number)")), .init("customer", .string("가람")),
        .init("고객메시지", .string(number < Self.hanging ? "환불해 주세요" : "느린 환불")),
      ])
    }
    let workflow = Caller.segment("환불-분류")
    await withTaskGroup(of: Void.self) { group in
      for item in items {
        group.addTask {
          let reply = await caller.send(
            "POST", "\(service.url)/v1/workflows/\(workflow)/cases", body: item,
            headers: [("Idempotency-Key", item.text("order") ?? "")])
          #expect(reply.isGood)
        }
      }
    }
    let deadlines = try WrittenLog(path: stage.database).rows("verdictRequested")
      .compactMap { $0.body.integer("deadline") }
    #expect(deadlines.count == items.count)
    let bare = await Self.sleep(to: deadlines.sorted())
    try await lateAnswers(stage)
    let tasks = await caller.send("GET", "\(service.url)/v1/tasks?limit=500").json.list("items")
    await service.stop()

    let worst = try expectHandedOver(stage)
    #expect(Set(tasks.compactMap { $0.text("case") }).count == items.count)
    await stage.end()
    return (worst, bare)
  }

  /// Every verdict is the clock's, no earlier than its deadline; the token went to the people.
  private func expectHandedOver(_ stage: Stage) throws -> Int64 {
    let log = try WrittenLog(path: stage.database)
    let deadlines = Dictionary(
      uniqueKeysWithValues: log.rows("verdictRequested").map {
        ($0.seq, $0.body.integer("deadline") ?? 0)
      })
    var places: [String: Int] = [:]
    var outcomes: [String: Int] = [:]
    var lateness: [Int64] = []
    for row in log.rows("verdictRecorded") {
      outcomes[row.body.text("outcome") ?? "", default: 0] += 1
      for token in row.body.list("tokens") {
        places[token.text("place") ?? "", default: 0] += 1
      }
      lateness.append(row.at - (deadlines[row.body.integer("firing") ?? 0] ?? 0))
    }
    let all = Self.hanging + Self.slow
    #expect(outcomes == ["fallback": all])
    #expect(places == ["인간_상담원_이관": all])
    #expect(lateness.allSatisfy { $0 >= 0 })

    // An answer after the deadline is on record, names a label, and nothing follows from it.
    let late = log.rows("callRecorded").filter { $0.body["late"] == .bool(true) }
    let answered = late.filter { $0.body["call"]?.text("label") != nil }
    #expect(answered.count == Self.slow)
    #expect(late.allSatisfy { $0.body["tokens"] == nil })
    #expect(log.rows("firingStarted").isEmpty)
    #expect(log.firstBreak == nil)
    return lateness.max() ?? .max
  }

  /// Waits until the answers that come too late are on record.
  private func lateAnswers(_ stage: Stage) async throws {
    let isComplete = try await Looking.until(seconds: 20) {
      try WrittenLog(path: stage.database).rows("callRecorded")
        .filter { $0.body["call"]?.text("label") != nil }.count >= Self.slow
    }
    #expect(isComplete)
  }

  /// A thread of its own sleeps to each instant (µs since 1970, ascending); the worst lateness.
  private static func sleep(to instants: [Int64]) async -> Int64 {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        let clock = MonotonicClock()
        var worst: Int64 = 0
        for instant in instants {
          let left = instant - clock.now().microseconds
          if left > 0 {
            var time = timespec(
              tv_sec: Int(left / 1_000_000), tv_nsec: Int(left % 1_000_000) * 1_000)
            nanosleep(&time, nil)
          }
          worst = max(worst, clock.now().microseconds - instant)
        }
        continuation.resume(returning: worst)
      }
    }
  }
}
