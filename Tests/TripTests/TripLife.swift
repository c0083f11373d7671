import CEL
import Engine
import Orchestration
import PetriNet
import Record
import StandIns
import VirtualRun

/// The life of one trip: its net, its log in memory, and the other side that books.
final class TripLife {
  /// What the other side does beside booking and giving back.
  enum Weather: String, CaseIterable {
    case fair
    /// There is no car.
    case carSoldOut
    /// The hotel is booked, and no answer ever says so.
    case hotelAnswerLost
    /// The hotel is neither booked nor answered for.
    case hotelSilent
    /// The first answer to everything is lost, after the effect.
    case everyFirstAnswerLost
  }

  static let net = Result { try HouseNet("trip") }

  private(set) var ledger = BookingLedger()
  private(set) var ends: [CaseClosed] = []
  private let weather: Weather
  private let house: HouseNet
  private var run: VirtualRun

  init(_ weather: Weather) throws {
    self.weather = weather
    house = try Self.net.get()
    let log = MemoryLog(keys: MemoryKeys(.seeded([1, 2, 3, 4, 5, 6, 7, 8])))
    let opening = house.opening(seed: 1) { () throws(StoreError) in MemoryStore(log) }
    run = try VirtualRun(opening, from: Instant(microseconds: 1_767_603_600_000_000)) { _ in
      .init(.failed(code: "none", retry: false, happened: .no))
    }
    run.perform = { [unowned self] in perform($0) }
    run.watch = { [unowned self] in watch($0) }
    let trip = """
      {"id": "t1", "traveller": "Kim", "from": "2026-03-01T08:00:00Z", "to": "2026-03-05T20:00:00Z"}
      """
    let value = try house.value(trip, in: "asked")
    run.take(.start(StartCase(workflow: house.net.name, value: value, by: .local)))
    try run.commit()
  }

  /// The effects of the last commit take place.
  func perform() { run.performWaiting() }

  /// To the next commit; false at the end of the life.
  func advance() throws -> Bool { try run.advance() }

  func restart() throws { try run.restart() }

  /// Calls the trip off; nothing happens where it has ended.
  func cancel() throws {
    for id in run.state.cases.keys.sorted() {
      run.take(.cancel(EndCase(caseID: id, by: .local, why: "the meeting moved")))
    }
    try run.commit()
  }

  private func watch(_ logged: LoggedEvent) {
    if case .caseClosed(let event) = logged.event { ends.append(event) }
  }

  private func perform(_ attempt: Attempt) -> VirtualRun.Performed {
    let parts = attempt.action.name.text.split(separator: ".").map(String.init)
    let (what, deed) = (parts[0], parts[1])
    let lost = VirtualRun.Performed(
      after: 1_000_000, .failed(code: "timeout", retry: true, happened: .maybe))
    if weather == .hotelSilent, what == "hotel", deed == "book" { return lost }
    if weather == .carSoldOut, what == "car", deed == "book" {
      return .init(after: 1_000_000, .failed(code: "sold_out", retry: false, happened: .no))
    }
    let decision =
      deed == "book"
      ? ledger.book("\(what)s", trip: text("id", of: attempt), key: attempt.idempotencyKey)
      : ledger.giveBack(
        "\(what)s", bookedBy: text("booked_by", of: attempt), key: attempt.idempotencyKey)
    switch decision {
    case .refused(let refusal):
      return .init(.failed(code: refusal.rawValue, retry: false, happened: .no))
    case .performed, .nothing:
      if weather == .everyFirstAnswerLost { return lost }
    case .replayed: break
    }
    if weather == .hotelAnswerLost, what == "hotel", deed == "book" { return lost }
    return .init(after: 1_000_000, .ok(answer(to: attempt)))
  }

  private func text(_ field: String, of attempt: Attempt) -> String {
    guard case .record(let record) = attempt.argument, case .string(let text)? = record[field]
    else { return "" }
    return text
  }

  private func answer(to attempt: Attempt) -> Value {
    let json = "{\"id\": \"b-\(attempt.idempotencyKey)\"}"
    return (try? house.value(json, of: attempt.action.returns)) ?? .null
  }
}

extension TripLife {
  /// What is wrong with the way this life ended; nil where all is as it should be.
  var fault: String? {
    guard ends.count == 1, let ended = ends.first?.endedIn?.first?.place.text else {
      return "ended \(ends.count) times"
    }
    let booked = ledger.effects.filter { $0.kind == .booked }
    let givenBack = ledger.effects.filter { $0.kind == .givenBack }.compactMap(\.bookedBy)
    if Set(booked.map(\.what)).count != booked.count { return "something was booked twice" }
    if ended == "booked" {
      let isWhole = booked.map(\.what) == ["flights", "hotels", "cars"] && givenBack.isEmpty
      return isWhole ? nil : "booked, but the other side has \(booked) and gave back \(givenBack)"
    }
    let left = Set(booked.map(\.key)).symmetricDifference(givenBack)
    guard left.isEmpty, Set(givenBack).count == givenBack.count else {
      return "undone, but the other side has \(left)"
    }
    return nil
  }
}
