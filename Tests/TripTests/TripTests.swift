import Testing

/// A trip is called off, or its process is killed, at every point of its life: what was booked is
/// unbooked, once.
@Suite struct TripTests {
  enum Blow: String, CaseIterable {
    case cancel
    /// After the effects of the commit took place.
    case kill
    /// On disk, but before anything took place.
    case killBeforeEffects
    case cancelAndKill
    case killAndCancel
  }

  /// One life with a blow after commit number `position`; nil if the life is shorter.
  private func life(
    _ weather: TripLife.Weather, _ blow: Blow? = nil, after position: Int = .max
  ) throws -> (life: TripLife, commits: Int, isHit: Bool) {
    let life = try TripLife(weather)
    var commits = 0
    var isHit = false
    repeat {
      if commits == position, let blow {
        isHit = true
        try deal(blow, to: life)
      }
      commits += 1
    } while try life.advance()
    return (life, commits, isHit)
  }

  private func deal(_ blow: Blow, to life: TripLife) throws {
    switch blow {
    case .cancel:
      life.perform()
      try life.cancel()
    case .kill:
      life.perform()
      try life.restart()
    case .killBeforeEffects: try life.restart()
    case .cancelAndKill:
      life.perform()
      try life.cancel()
      try life.restart()
    case .killAndCancel:
      life.perform()
      try life.restart()
      try life.cancel()
    }
  }

  @Test(arguments: TripLife.Weather.allCases)
  func `an undisturbed trip leaves what it should`(_ weather: TripLife.Weather) throws {
    let (life, _, _) = try life(weather)

    let booked = life.ledger.effects.filter { $0.kind == .booked }.map(\.what)
    let expected =
      switch weather {
      case .fair, .everyFirstAnswerLost: ["flights", "hotels", "cars"]
      case .carSoldOut, .hotelAnswerLost: ["flights", "hotels"]
      case .hotelSilent: ["flights"]
      }
    #expect(life.fault == nil)
    #expect(booked == expected)
  }

  @Test(arguments: TripLife.Weather.allCases, Blow.allCases)
  func `wherever it is hit, what was booked is unbooked exactly once or kept whole`(
    _ weather: TripLife.Weather, _ blow: Blow
  ) throws {
    let length = try life(weather).commits
    var faults: [String] = []
    var lives = 0

    for position in 0..<length {
      let (life, _, isHit) = try life(weather, blow, after: position)
      lives += isHit ? 1 : 0
      if let fault = life.fault { faults.append("after commit \(position): \(fault)") }
    }

    #expect(faults == [])
    #expect(lives == length)
  }

  @Test
  func `a trip called off while nothing is booked yet or all is, ends on one side or the other`()
    throws
  {
    let length = try life(.fair).commits
    let ends = try (0..<length).map { position in
      try life(.fair, .cancel, after: position).life.ends.first?.endedIn?.first?.place.text
    }

    #expect(ends.filter { $0 == "undone" }.count >= 3)
    #expect(ends.last == "booked")
  }
}
