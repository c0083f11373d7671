import CEL
import PetriNet

/// What the outputs of a firing are built from.
struct Building {
  let plan: VersionPlan
  let transition: TransitionPlan
  let inputs: [Bound]
  let reads: [Bound]
  let caseID: CaseID?
  let now: Instant
  let frame: Frame
  /// Path of the outputs in the file; asked for only when something fails.
  let path: () -> String
  /// What the row holds beside the tokens: the result of an action, the form of a task.
  var beside: Beside?

  struct Beside {
    var value: Value
    var colour: ColourSet
    /// Left out where a token is that very value.
    var isShared: Bool
  }

  /// The token that the arc of this slot holds alone.
  func token(at slot: Int) -> Token? {
    for (arc, bound) in zip(transition.transition.inputs, inputs) where arc.slot == slot {
      if case .one(let token) = bound { return token }
    }
    for (arc, bound) in zip(transition.transition.reads, reads) where arc.slot == slot {
      if case .one(let token) = bound { return token }
    }
    return nil
  }

}

extension [Bound] {
  /// Rows of messages bound here: what is sealed under their keys is sealed anew in a case.
  var messageRows: [Int64] {
    var rows: [Int64] = []
    for bound in self {
      switch bound {
      case .one(let token): if token.key != nil { rows.append(token.origin.seq.number) }
      case .several(let tokens):
        for token in tokens where token.key != nil { rows.append(token.origin.seq.number) }
      }
    }
    return rows
  }
}

/// The tokens of an outcome, and the waits of them that could not be computed.
struct Made: Sendable {
  struct FailedWait: Sendable {
    let index: Int
    let plan: VersionPlan
    let transition: TransitionPlan
    let failure: Failure
  }

  var tokens: [MadeToken] = []
  var failedWaits: [FailedWait] = []

  /// The incidents of failed waits of tokens that row `seq` puts.
  func incidents(_ seq: Seq, _ caseID: CaseID?) -> [Draft] {
    failedWaits.map { failed in
      Raised(
        caseID: tokens[failed.index].place.isOwned ? nil : caseID, plan: failed.plan,
        transition: failed.transition, tokens: [TokenID(seq, Int32(failed.index))],
        failure: failed.failure
      ).draft
    }
  }
}

extension State {
  /// The tokens of one outcome.
  func make(_ outputs: Outputs, _ building: Building) throws(Failure) -> Made {
    var made = Made()
    var putKeys: [PlaceSymbol: [Value]] = [:]
    var size = RowSize()
    size.add(building.inputs)
    size.add(building.reads)
    for put in outputs.puts {
      let place = building.plan.places[put.place]
      func path() -> String {
        "\(building.path())/\(building.plan.net.places[put.place].title)"
      }
      for element in try elements(of: put, building, path()) {
        if let element, let slot = put.slot { building.frame.slots[slot] = element }
        let (content, value) = try content(of: put, place, building, path())
        if place.isShared { try check(value, place, building, &putKeys, path()) }
        let ready = put.wait == nil ? nil : try ready(put, building, path())
        var token = MadeToken(
          place: building.plan.net.places[put.place].name, content: content, ready: ready)
        setWaits(
          &token, value, place, building.plan, building.caseID.flatMap { cases[$0] },
          building.now, &made)
        made.tokens.append(token)
        size.add(token)
        if case .value = content {
          size.add(value, building.plan.net.places[put.place].colour)
        }
      }
    }
    if let beside = building.beside,
      !beside.isShared || !made.tokens.contains(where: { $0.holds(beside.value) })
    {
      size.add(beside.value, beside.colour)
    }
    guard size.fits(index.limits), made.tokens.count <= index.limits.tokensMax else {
      throw Failure(Failure.tooLarge, at: building.path(), "The row would be too large.")
    }
    return made
  }

  /// The elements of `each`; one nil for a single token.
  private func elements(of put: Put, _ building: Building, _ path: @autoclosure () -> String)
    throws(Failure)
    -> [Value?]
  {
    guard let each = put.each else { return [nil] }
    let value = try evaluate(each, building.frame, path())
    guard case .list(let values) = value else {
      throw Failure("invalid_argument", at: path(), "`each` goes over a list.")
    }
    return values
  }

  private func content(
    of put: Put, _ place: PlacePlan, _ building: Building, _ path: @autoclosure () -> String
  ) throws(Failure) -> (MadeToken.Content, Value) {
    let colour = building.plan.net.places[place.index].colour
    if case .whole(_, let slot?) = put.value, put.each == nil,
      let token = building.token(at: slot)
    {
      guard token.content != nil else { return (.unit, .null) }
      guard colour.contains(token.value) else { throw outside(colour, path()) }
      return (.same(token.origin), token.value)
    }
    if case .unit = colour { return (.unit, .null) }
    var value = try construct(put.value, colour, building.frame, path())
    if colour.holdsPersonal {
      value = value.unsealed(from: building.inputs.messageRows + building.reads.messageRows)
    }
    return (.value(.value(value)), value)
  }

  private func ready(_ put: Put, _ building: Building, _ path: @autoclosure () -> String)
    throws(Failure) -> Instant?
  {
    let ready: Instant
    switch put.wait {
    case nil: return nil
    case .constant(let microseconds): ready = building.now.advanced(by: microseconds)
    case .after(let program):
      guard case .duration(let span) = try evaluate(program, building.frame, "\(path())/after")
      else { throw Failure("invalid_argument", at: "\(path())/after") }
      ready = building.now.advanced(by: span.microseconds)
    case .at(let program):
      guard case .timestamp(let timestamp) = try evaluate(program, building.frame, "\(path())/at")
      else { throw Failure("invalid_argument", at: "\(path())/at") }
      ready = Instant(timestamp)
    }
    return ready > building.now ? ready : nil
  }

  /// A second token of a `key` raises.
  private func check(
    _ value: Value, _ place: PlacePlan, _ building: Building,
    _ putKeys: inout [PlaceSymbol: [Value]], _ path: @autoclosure () -> String
  ) throws(Failure) {
    guard place.isShared, let field = index.sharedPlaces[place.symbol]?.key,
      case .record(let record) = value
    else { return }
    let key = record.fields[field]
    var count = index.keys[place.symbol]?[key] ?? 0
    for token in building.inputs.lazy.flatMap(\.tokens) where token.place == place.symbol {
      if case .record(let taken) = token.value, taken.fields[field] == key { count -= 1 }
    }
    guard count <= 0, putKeys[place.symbol]?.contains(key) != true else {
      throw Failure(Failure.duplicateKey, at: path(), "The place has a token of this key.")
    }
    putKeys[place.symbol, default: []].append(key)
  }

  func evaluate(_ program: Program, _ frame: Frame, _ path: @autoclosure () -> String)
    throws(Failure) -> Value
  {
    do {
      return try program.value(in: frame)
    } catch {
      throw Failure(error, at: path())
    }
  }

  private func outside(_ colour: ColourSet, _ path: String) -> Failure {
    Failure(Failure.outOfColourSet, at: path, "The value is not of the place's colour set.")
  }

  /// A value of a colour set, as an output or an argument describes it.
  func construct(
    _ construction: Construction, _ colour: ColourSet, _ frame: Frame,
    _ path: @autoclosure () -> String
  ) throws(Failure) -> Value {
    let value: Value
    switch construction {
    case .whole(let program, _): value = colour.coerced(try evaluate(program, frame, path()))
    case .record(let record, let parts, let copy):
      var copied: Record?
      if let copy, case .record(let given) = try evaluate(copy, frame, "\(path())/copy") {
        copied = given
      }
      var fields: [Value] = []
      fields.reserveCapacity(parts.count)
      for (index, part) in parts.enumerated() {
        switch part {
        case .program(let program):
          let field = record.fields[index]
          let given = try evaluate(program, frame, "\(path())/\(field.name)")
          fields.append(field.colour.coerced(given))
        case .copied(let field):
          guard let copied else { throw Failure("null_value", at: "\(path())/copy") }
          fields.append(record.fields[index].colour.coerced(copied.fields[field]))
        case .standard(let value): fields.append(value)
        }
      }
      value = .record(Record(type: record.type, fields: fields))
    }
    guard colour.contains(value) else { throw outside(colour, path()) }
    return value
  }
}
