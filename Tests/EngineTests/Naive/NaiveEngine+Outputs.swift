import CEL
import PetriNet

@testable import Engine

extension NaiveEngine {
  /// What a one-step transition puts, with its branch and what its cancel arcs take away.
  func outputs(of binding: Binding) throws(Failed) -> (String?, Region, [Made]) {
    let frame = frame(binding, nextSeq)
    switch transition(binding).work {
    case .plain(let outputs):
      let region = try region(of: binding, frame)
      return (nil, region, try make(outputs, binding, frame))
    case .choose(let branches):
      for branch in branches {
        if let condition = branch.condition {
          guard case .bool(true) = try value(condition, frame) else { continue }
        }
        let region = try region(of: binding, frame)
        return (branch.name, region, try make(branch.outputs, binding, frame))
      }
      throw Failed(code: "no_branch")
    default: preconditionFailure("only one-step transitions put at once")
    }
  }

  func frame(_ binding: Binding, _ seq: Seq) -> Frame {
    let transition = transition(binding)
    let frame = Frame(count: transition.slotCount)
    setCase(binding.caseID, frame)
    frame.slots[Transition.Slots.now] = .timestamp(now.timestamp)
    frame.slots[Transition.Slots.firing] = .record(
      Record(type: ContextRecords.firing, fields: [.string("0-\(seq.number)-\(incarnation)")]))
    for (arc, tokens) in zip(transition.inputs, binding.inputs) {
      if case .one = arc.count {
        frame.slots[arc.slot] = tokens[0].value
      } else {
        frame.slots[arc.slot] = .list(tokens.map(\.value))
      }
    }
    for (arc, token) in zip(transition.reads, binding.reads) {
      frame.slots[arc.slot] = token.value
    }
    return frame
  }

  func make(_ outputs: Outputs, _ binding: Binding, _ frame: Frame) throws(Failed) -> [Made] {
    var made: [Made] = []
    for put in outputs.puts {
      let place = net(binding.version).places[put.place]
      var elements: [Value?] = [nil]
      if let each = put.each {
        guard case .list(let values) = try value(each, frame) else {
          throw Failed(code: "invalid_argument")
        }
        elements = values
      }
      for element in elements {
        if let element, let slot = put.slot { frame.slots[slot] = element }
        let value = try construct(put.value, place.colour, frame)
        if let field = place.key, case .record(let record) = value {
          let key = record.fields[field]
          let own = binding.inputs.joined().count { token in
            guard token.place == place.name, case .record(let record) = token.value else {
              return false
            }
            return record.fields[field] == key
          }
          let twice = made.contains { earlier in
            guard earlier.place == place.name, case .record(let record) = earlier.value else {
              return false
            }
            return record.fields[field] == key
          }
          if live(key, in: place) > own || twice {
            tally.use(.key)
            throw Failed(code: "duplicate_key")
          }
        }
        made.append((place.name, value, try ready(put, frame)))
      }
    }
    return made
  }

  private func ready(_ put: Put, _ frame: Frame) throws(Failed) -> Instant? {
    let ready: Instant
    switch put.wait {
    case nil: return nil
    case .constant(let microseconds): ready = now.advanced(by: microseconds)
    case .after(let program):
      guard case .duration(let span) = try value(program, frame) else {
        throw Failed(code: "invalid_argument")
      }
      ready = now.advanced(by: span.microseconds)
    case .at(let program):
      guard case .timestamp(let timestamp) = try value(program, frame) else {
        throw Failed(code: "invalid_argument")
      }
      ready = Instant(timestamp)
    }
    return ready > now ? ready : nil
  }

  func construct(
    _ construction: Construction, _ colour: ColourSet, _ frame: Frame
  ) throws(Failed) -> Value {
    let result: Value
    switch construction {
    case .whole(let program, _): result = colour.coerced(try value(program, frame))
    case .record(let record, let parts, let copy):
      var copied: [Value] = []
      if let copy, case .record(let given) = try value(copy, frame) { copied = given.fields }
      var fields: [Value] = []
      for (index, part) in parts.enumerated() {
        switch part {
        case .program(let program):
          fields.append(record.fields[index].colour.coerced(try value(program, frame)))
        case .copied(let field): fields.append(copied[field])
        case .standard(let value): fields.append(value)
        }
      }
      result = .record(Record(type: record.type, fields: fields))
    }
    guard colour.contains(result) else { throw Failed(code: "out_of_colour_set") }
    return result
  }

  func value(_ program: Program, _ frame: Frame) throws(Failed) -> Value {
    do { return try program.value(in: frame) } catch { throw Failed(code: error.code.rawValue) }
  }

  /// Logs a row with its tokens, and puts them; waits that raise are incidents behind it.
  @discardableResult
  mutating func put(
    _ caseID: CaseID?, _ made: [Made], version: DefinitionID, _ row: ([MadeToken]) -> Event
  ) -> Seq {
    var tokens: [MadeToken] = []
    var failed: [Raised] = []
    var waits: [[String: Instant]] = []
    for (index, token) in made.enumerated() {
      let isShared = token.place.isOwned
      var own = MadeToken(
        place: token.place, content: token.value == .null ? .unit : .value(.value(token.value)),
        ready: token.ready)
      for (id, net) in versions where isShared ? isInUse(id) : id == version {
        for (number, transition) in net.transitions.enumerated() {
          for arc in transition.inputs where net.places[arc.place].name == token.place {
            guard let program = arc.wait?.program else { continue }
            let name = name(of: arc, transition, id, isShared: isShared)
            do {
              let ready = try wait(program, arc, transition, token, isShared ? nil : caseID)
              own.waits.append(ArcWait(arc: name, ready: ready))
            } catch {
              failed.append(
                Raised(
                  caseID: isShared ? nil : caseID, version: id, transition: number,
                  tokens: [TokenID(nextSeq, Int32(index))], code: error.code))
            }
          }
        }
      }
      waits.append(
        Dictionary(own.waits.map { ($0.arc, $0.ready) }, uniquingKeysWith: { first, _ in first }))
      tokens.append(own)
    }
    let seq = log(caseID, row(tokens))
    for (index, token) in made.enumerated() {
      self.tokens.append(
        Token(
          id: TokenID(seq, Int32(index)), place: token.place,
          caseID: token.place.isOwned ? nil : caseID, value: token.value,
          available: token.ready ?? now, waits: waits[index]))
    }
    for raised in failed {
      tally.use(.incidentOfWait)
      raise(raised)
    }
    return seq
  }

  private func isInUse(_ version: DefinitionID) -> Bool {
    current[net(version).name] == version || cases.contains { $0.version == version }
  }

  func wait(
    _ program: Program, _ arc: InputArc, _ transition: Transition, _ token: Made,
    _ caseID: CaseID?
  ) throws(Failed) -> Instant {
    let frame = Frame(count: transition.slotCount)
    setCase(caseID, frame)
    frame.slots[arc.slot] = token.value
    switch try value(program, frame) {
    case .duration(let span): return (token.ready ?? now).advanced(by: span.microseconds)
    case .timestamp(let timestamp): return Instant(timestamp)
    default: throw Failed(code: "invalid_argument")
    }
  }
}

extension InputArc.Wait {
  /// An expression that reads the token or its case.
  var program: Program? {
    switch self {
    case .constant: nil
    case .after(let program), .at(let program): program.constant == nil ? program : nil
    }
  }
}
