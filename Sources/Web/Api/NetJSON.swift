import PetriNet

/// A net as drawings and clients need it: places with their types, transitions with arcs and
/// outcomes, what a start takes.
enum NetJSON {
  static func members(of net: Net) -> [JSONText.Member] {
    let starts = net.places.filter { $0.kind == .start }.map(\.title)
    var members: [JSONText.Member] = [
      .init("files", .texts(net.files)),
      .init(
        "starts",
        .fields([
          ("places", .texts(starts)), ("schema", net.caseRules.input.map(ColourSchema.node)),
        ])),
      .init("places", .list(net.places.map(node))),
      .init("transitions", .list(net.transitions.map { node($0, of: net) })),
    ]
    if !net.accepted.isEmpty {
      members.append(.init("accepted_findings", .integer(net.accepted.count)))
    }
    return members
  }

  private static func node(_ place: Place) -> JSONText.Node {
    var kind = ""
    var keep: Int64?
    switch place.kind {
    case .ordinary: kind = "case"
    case .start: kind = "start"
    case .end: kind = "end"
    case .shared: kind = "shared"
    case .message(let microseconds):
      kind = "message"
      keep = microseconds
    }
    return .fields([
      ("name", .string(place.title)), ("kind", .string(kind)),
      ("schema", ColourSchema.node(place.colour)),
      ("capacity", place.capacity.map { .integer($0) }),
      ("key", place.key.flatMap { fieldName($0, of: place.colour) }.map { .string($0) }),
      ("keep_ms", keep.map { .integer($0 / 1_000) }),
    ])
  }

  private static func fieldName(_ index: Int, of colour: ColourSet) -> String? {
    guard case .record(let record) = colour, record.fields.indices.contains(index) else {
      return nil
    }
    return record.fields[index].name
  }

  private static func node(_ transition: Transition, of net: Net) -> JSONText.Node {
    func title(_ place: Int) -> JSONText.Node { .string(net.places[place].title) }
    let work = self.work(transition.work)
    return .fields([
      ("name", .string(transition.name.text)), ("kind", .string(work.kind)),
      ("priority", transition.priority == 0 ? nil : .integer(transition.priority)),
      ("in", .list(transition.inputs.map { title($0.place) })),
      (
        "read",
        transition.reads.isEmpty ? nil : .list(transition.reads.map { title($0.place) })
      ),
      (
        "unless",
        transition.inhibitors.isEmpty
          ? nil : .list(transition.inhibitors.map { title($0.place) })
      ),
      (
        "cancel",
        transition.cancels.isEmpty ? nil : .list(transition.cancels.map { title($0.place) })
      ),
      ("guard", transition.condition.map { .string($0.text) }),
      (
        "outcomes",
        .list(
          work.outcomes.map { name, outputs in
            .fields([
              ("name", name.map { .string($0) }),
              ("puts", .list(outputs.puts.map { title($0.place) })),
            ])
          })
      ),
    ])
  }

  private static func work(
    _ work: Work
  ) -> (kind: String, outcomes: [(name: String?, outputs: Outputs)]) {
    func named(_ routes: [PetriNet.Route]) -> [(name: String?, outputs: Outputs)] {
      routes.map { ($0.outcome, $0.outputs) }
    }
    switch work {
    case .plain(let outputs): return ("plain", [(nil, outputs)])
    case .choose(let branches): return ("choose", branches.map { ($0.name, $0.outputs) })
    case .judge(let judge): return ("judge", named(judge.routes))
    case .action(let action): return ("action", named(action.routes))
    case .task(let task): return ("task", named(task.routes))
    case .call(let call): return ("call", named(call.routes))
    }
  }
}
