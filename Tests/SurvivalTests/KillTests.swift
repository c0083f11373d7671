import Engine
import Foundation
import PetriNet
import Testing

@Suite(.serialized) struct KillTests {
  private static let rules = """
    stand_in: model
    seed: 5
    models: [stub-1]
    delay: 0ms..200ms
    rules:
      - {contains: [refund], label: true, confidence: 0.97}
    otherwise: {label: false}
    faults: {junk: 4%, refusal: 3%, status_500: 3%, hang: 3%}
    sticky: false
    """

  @Test func `a service killed under load loses nothing and does nothing twice`() async throws {
    let seed = Effort.seed("kills")
    var draws = SeededDraws(seed)
    let kills = Effort.isSoak ? 200 : 20
    let stage = try await Stage(rules: Self.rules, failing: "5%")
    let first = try await stage.serve()
    let caller = Caller(transfer: stage.transfer)
    let load = Load(caller: caller, url: first.url)
    let running = Task { await load.run(clients: 8) }

    var service = first
    var unintended: [String] = []
    for _ in 0..<kills {
      load.begin(16)
      let people = People(caller: caller, url: first.url)
      let answering = Task { while !Task.isCancelled, await people.look() != nil {} }
      await Looking.pass(microseconds: Int.random(in: 0...500_000, using: &draws))
      load.pause()
      await service.killNow()
      answering.cancel()
      _ = await answering.value
      // What has happened by now must have been intended on disk before.
      let effects = await stage.effects()
      let intents = try WrittenLog(
        path: stage.database, kinds: ["ownerStarted", "firingStarted"]
      ).intents
      unintended += effects.filter { intents[$0.key] == nil }.map(\.key)
      service = try await stage.serve(port: first.port)
    }
    load.begin(0)
    load.finish()
    await running.value
    #expect(unintended == [])
    #expect(load.strange == [])

    let left = try await drain(stage, caller, url: first.url, leave: 3)
    try await expectFold(of: stage, caller, url: first.url, cases: left)
    _ = try await drain(stage, caller, url: first.url, leave: 0)
    await service.stop()
    try await expectSound(stage, load)
    let interrupted = try WrittenLog(path: stage.database, kinds: ["attemptFailed"]).rows
      .filter { $0.body.text("code") == "interrupted" }.count
    let asked = try WrittenLog(
      path: stage.database, kinds: ["ownerStarted", "verdictRequested", "verdictRecorded"]
    ).questions
    let again = asked.filter(\.isAcrossRestart)
    let worst = asked.map(\.lateMicroseconds).max() ?? 0
    print(
      "questions: \(asked.count), open over a kill: \(again.count), ended by their deadline: "
        + "\(asked.count(where: \.isTimeout)), worst \(worst) µs behind it or the start after it")
    #expect(asked.filter { $0.isTimeout && $0.lateMicroseconds < 0 } == [])
    // Of a debug build whose start takes most of it on a busy machine.
    #expect(worst < 5_000_000)
    #expect(again.count >= kills / 10)
    let unanswered = load.tries - load.acknowledged.count
    print(
      "kills: \(kills), cases: \(load.acknowledged.count), unanswered requests: \(unanswered), "
        + "interrupted effects: \(interrupted)")
    // Kills that meet nothing under way would prove nothing.
    #expect(unanswered + interrupted >= kills / 2)
    await stage.end()
  }

  /// Lets people answer until only `leave` cases with a task are open.
  private func drain(
    _ stage: Stage, _ caller: Caller, url: String, leave: Int
  ) async throws -> [String] {
    var people = People(caller: caller, url: url)
    var open: [String] = []
    let isDrained = await Looking.until(seconds: 240) {
      let waiting = await caller.send("GET", url + "/v1/tasks?limit=500").json.list("items")
      for task in waiting where people.leaving.count < leave {
        people.leaving.insert(task.text("case") ?? "")
      }
      _ = await people.look()
      let cases = await caller.send("GET", url + "/v1/cases?status=open&limit=500")
      open = cases.json.list("items").compactMap { $0.text("id") }
      return cases.isGood && open.allSatisfy { people.leaving.contains($0) }
    }
    if !isDrained { Issue.record("cases are still open: \(open)") }
    return open
  }

  /// The log, folded here, has the cases, tokens and tasks that the service shows.
  private func expectFold(
    of stage: Stage, _ caller: Caller, url: String, cases: [String]
  ) async throws {
    var served: [String: ServedCase] = [:]
    for id in cases {
      let found = await caller.send("GET", "\(url)/v1/cases/\(id)").json
      let tokens = await caller.send("GET", "\(url)/v1/cases/\(id)/tokens").json.list("items")
      served[id] = ServedCase(
        tokens: tokens.compactMap { $0.text("id") }.sorted(),
        tasks: found.list("tasks").flatMap(\.strings).sorted())
    }
    var machine = Machine(shard: 0)
    try stage.reader().fold { machine.fold($0) }
    var folded: [String: ServedCase] = [:]
    for (id, found) in machine.state.cases {
      folded["c\(id.seq.number)"] = ServedCase(
        tokens: found.marking.tokens.map { "\($0.id.seq.number).\($0.id.index)" }.sorted(),
        tasks: machine.state.offers.filter { $0.value.caseID == id }
          .map { "t\($0.key.seq.number)" }.sorted())
    }
    #expect(served == folded)
  }

  private struct ServedCase: Equatable {
    var tokens: [String]
    var tasks: [String]
  }

  private func expectSound(_ stage: Stage, _ load: Load) async throws {
    let log = try WrittenLog(path: stage.database)
    let effects = await stage.effects()
    let (cases, intents) = (log.cases, log.intents)

    #expect(log.firstBreak == nil)
    #expect(log.firingsWithoutOneEnd == [])
    let wrong = load.acknowledged.compactMap { order, id -> String? in
      let found = cases[order] ?? []
      guard found.count == 1, "c\(found[0].number)" == id, found[0].ends == 1,
        found[0].tokens == 1
      else { return "\(order), told \(id): \(found)" }
      return nil
    }
    #expect(wrong == [])
    #expect(cases.count == load.acknowledged.count)
    #expect(Set(effects.map(\.key)).count == effects.count)
    #expect(Set(effects.map(\.payment)).count == effects.count)
    #expect(effects.filter { intents[$0.key] == nil } == [])
    // Money went out: a run in which nothing happens would prove nothing.
    #expect(effects.count > load.acknowledged.count / 10)
  }
}
