internal import CEL

/// Personal values may flow only into personal fields (P117), untrusted ones into no field that is
/// marked `trusted` (P118).
///
/// What is personal is declared; what is untrusted is found by following values from start and
/// message places through the net until nothing new comes in.
extension NetCompilation {
  func checkFlows() {
    var shapes = places.map(\.declaredShape)
    // Where nothing is marked trusted, nobody asks what is not.
    var isChanged = hasTrustedTarget
    while isChanged {
      isChanged = false
      let input = input(shapes)
      for site in flows {
        guard case .place(let index, let fields) = site.target else { continue }
        let incoming = shape(of: site, shapes, input)
        let grown = shapes[index].absorbing(
          incoming, into: places[index].place.colour, at: fields[...])
        if grown != shapes[index] {
          shapes[index] = grown
          isChanged = true
        }
      }
    }
    let input = input(shapes)
    for site in flows { check(site, shapes, input) }
  }

  private var hasTrustedTarget: Bool {
    flows.contains { site in
      switch site.target {
      case .place(let index, _): places[index].place.colour.holdsTrusted
      case .value(let colour, _, let isTrusted): isTrusted || colour.holdsTrusted
      case .clear: false
      }
    }
  }

  private func input(_ shapes: [FlowShape]) -> FlowShape {
    places.indices.filter { places[$0].place.kind == .start }.map { shapes[$0] }
      .reduce(FlowShape.clean) { $0.joined(with: $1) }
  }

  private func shape(
    of site: FlowSite, _ shapes: [FlowShape], _ input: FlowShape
  ) -> FlowShape {
    let tracer = FlowTracer(scope: site.scope, places: shapes, input: input)
    let shape = tracer.shape(of: site.value)
    return site.field.map(shape.field) ?? shape
  }

  private func check(_ site: FlowSite, _ shapes: [FlowShape], _ input: FlowShape) {
    let incoming = shape(of: site, shapes, input)
    var marks: FlowMarks = []
    switch site.target {
    case .clear: marks = incoming.all.intersection(.personal)
    case .value(let colour, let isPersonal, let isTrusted):
      marks = incoming.refused(by: colour, isPersonal: isPersonal, isTrusted: isTrusted)
    case .place(let index, let fields):
      var colour = places[index].place.colour
      var isPersonal = false
      var isTrusted = false
      for field in fields {
        guard case .record(let record) = colour else { break }
        isPersonal = isPersonal || record.fields[field].isPersonal
        isTrusted = record.fields[field].isTrusted ?? isTrusted
        colour = record.fields[field].colour
      }
      marks = incoming.refused(by: colour, isPersonal: isPersonal, isTrusted: isTrusted)
    }
    if marks.contains(.personal) {
      report.error(
        "P117", "a personal value flows into \(site.noun)", at: site.mark, site.path,
        found: "a personal value", expected: "a value that is not personal",
        help: "mark the field `personal`, leave the value out, or write declassify(…)")
    }
    if marks.contains(.untrusted) {
      report.error(
        "P118", "an untrusted value flows into \(site.noun)", at: site.mark, site.path,
        found: "an untrusted value", expected: "a trusted value",
        help: "unmark the field, or let a task or an action stand between")
    }
  }
}

extension ColourSet {
  /// Whether a field, at whatever depth, is marked `trusted`.
  fileprivate var holdsTrusted: Bool {
    switch self {
    case .record(let record):
      record.fields.contains { $0.isTrusted == true || $0.colour.holdsTrusted }
    case .list(let element, _), .map(let element), .optional(let element): element.holdsTrusted
    default: false
    }
  }
}

extension NetCompilation.DeclaredPlace {
  /// Tokens of start and message places come from outside.
  fileprivate var declaredShape: FlowShape {
    switch (place.kind, source.type.trust) {
    case (_, .trusted?): place.colour.flowShape()
    case (_, .untrusted?), (.start, nil), (.message, nil): place.colour.flowShape(.untrusted)
    default: place.colour.flowShape()
    }
  }
}

extension FlowShape {
  /// These marks and the untrusted parts of `incoming`, less the fields that are marked `trusted`.
  fileprivate func absorbing(
    _ incoming: FlowShape, into colour: ColourSet, at fields: ArraySlice<Int>
  ) -> FlowShape {
    switch (colour, self) {
    case (.optional(let wrapped), _): return absorbing(incoming, into: wrapped, at: fields)
    case (.record(let record), .record(var mine)):
      for (index, field) in record.fields.enumerated() where field.isTrusted != true {
        if let first = fields.first {
          guard first == index else { continue }
          mine[index].shape = mine[index].shape.absorbing(
            incoming, into: field.colour, at: fields.dropFirst())
        } else {
          mine[index].shape = mine[index].shape.absorbing(
            incoming.field(field.name), into: field.colour, at: [])
        }
      }
      return .record(mine)
    case (.list(let element, _), .each(let mine)), (.map(let element), .each(let mine)):
      return .each(mine.absorbing(incoming.element, into: element, at: []))
    case (_, .leaf(let mine)): return .leaf(mine.union(incoming.all.intersection(.untrusted)))
    default: return self
    }
  }

  /// The marks that a value of `colour` may not have.
  fileprivate func refused(
    by colour: ColourSet, isPersonal: Bool, isTrusted: Bool
  ) -> FlowMarks {
    switch colour {
    case .optional(let wrapped):
      return refused(by: wrapped, isPersonal: isPersonal, isTrusted: isTrusted)
    case .record(let record):
      return record.fields.reduce([]) { marks, field in
        marks.union(
          self.field(field.name).refused(
            by: field.colour, isPersonal: isPersonal || field.isPersonal,
            isTrusted: field.isTrusted ?? isTrusted))
      }
    case .list(let element, _), .map(let element):
      return self.element.refused(by: element, isPersonal: isPersonal, isTrusted: isTrusted)
    default:
      if colour.isUnknown { return [] }
      var marks = all
      if isPersonal { marks.remove(.personal) }
      if !isTrusted { marks.remove(.untrusted) }
      return marks
    }
  }
}
