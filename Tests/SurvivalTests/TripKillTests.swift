import Foundation
import Testing

/// A trip whose process is killed, or that is called off, when its log has one event, two events,
/// and so on to its last: the other side then has three bookings, or gave each back once.
@Suite(.serialized) struct TripKillTests {
  enum Blow: String, CaseIterable {
    case cancel
    case kill
    case killAndCancel
    /// Called off once the hotel is booked; the kill falls on the way back.
    case cancelAndKill

    /// At this many events the trip is called off before the kill.
    var calledOffAt: Int? { self == .cancelAndKill ? 5 : nil }
  }

  @Test(arguments: Blow.allCases)
  func `at each event of its life a trip ends whole or with nothing left booked`(
    _ blow: Blow
  ) async throws {
    let stage = try await TripStage()
    var service = try await stage.serve()
    var faults: [String] = []
    var seen: [Int] = []
    var position = (blow.calledOffAt ?? 0) + 1
    var isOver = false

    while !isOver, position <= 40 {
      let life = TripLifeOfProcess(stage: stage, trip: "\(blow.rawValue)-\(position)")
      let result = try await life.live(blow, at: position, service)
      if let fault = result.fault { faults.append("at event \(position): \(fault)") }
      seen.append(result.events)
      isOver = result.wasOver
      service = result.service
      position += 1
    }

    await service.stop()
    let interruptions = try stage.interruptions()
    print(
      "trips: \(blow.rawValue), blows when the log had \(seen) events, interrupted attempts: "
        + "\(interruptions)")
    #expect(faults == [])
    // Some blows fell after each commit of the way there, or of the way back.
    #expect(Set(seen).count >= 3)
    // Kills that meet nothing under way would prove nothing.
    #expect(blow == .cancel || interruptions >= 2)
    await stage.end()
  }
}

/// One trip, from its start to its end.
private struct TripLifeOfProcess {
  struct Result {
    /// Nil where all is as it should be.
    var fault: String?
    /// On disk when the blow fell.
    var events: Int
    /// Whether the trip had ended before the blow, and not before it could be called off.
    var wasOver: Bool
    /// That serves now.
    var service: ServiceProcess
  }

  let stage: TripStage
  let trip: String

  func live(
    _ blow: TripKillTests.Blow, at position: Int, _ first: ServiceProcess
  ) async throws -> Result {
    var service = first
    let number = try await stage.start(trip, at: service.url)
    var isCalledOff = false
    if let count = blow.calledOffAt {
      _ = try await stage.events(of: number, count: count)
      isCalledOff = try await stage.cancel(number, at: service.url)
    }
    let events = try await stage.events(of: number, count: position)
    // Events of one commit come together: for each the blow falls a little later, before the effect,
    // after it, and shortly before its answer.
    await Looking.pass(
      microseconds: min(2, events.count - position) * TripStage.answerMilliseconds * 350)

    if blow != .cancel {
      await service.killNow()
      service = try await stage.serve()
    }
    if blow == .cancel || blow == .killAndCancel {
      isCalledOff = try await stage.cancel(number, at: service.url)
    }

    _ = try await stage.events(of: number, count: .max)
    return Result(
      fault: try await fault(of: number, isCalledOff: isCalledOff), events: events.count,
      wasOver: events.contains("caseClosed") && (blow.calledOffAt == nil || isCalledOff),
      service: service)
  }

  private func fault(of number: Int64, isCalledOff: Bool) async throws -> String? {
    let ends = try stage.ends(of: number)
    let effects = await stage.effects(of: trip)
    let booked = effects.filter { !$0.isReturn }
    let givenBack = effects.filter(\.isReturn)
    let isAsExpected =
      if isCalledOff {
        ends == ["undone"] && Set(booked.map(\.what)).count == booked.count
          && givenBack.count == booked.count
          && Set(givenBack.compactMap(\.bookedBy)) == Set(booked.map(\.key))
      } else {
        ends == ["booked"] && booked.map(\.what) == ["flights", "hotels", "cars"]
          && givenBack.isEmpty
      }
    let order = isCalledOff ? "called off" : "not called off"
    return isAsExpected ? nil : "\(order), ended in \(ends), the other side has \(effects)"
  }
}
