package import PetriNet

/// A net as a graph of names: what all drawings are made of. Equal nets give equal drawings.
package struct NetDrawing: Sendable {
  enum PlaceKind: Equatable, Sendable { case ordinary, start, end, shared, message }
  enum TransitionKind: Equatable, Sendable { case plain, choose, judge, action, task, call }

  struct Place: Equatable, Sendable {
    var name: String
    var kind: PlaceKind
    /// Tokens that it is filled with once.
    var initial = 0
  }

  struct Arc: Equatable, Sendable {
    var place: Int
    /// `2..5`, `all`, `after 4h`; "" for one token at once.
    var note: String
    /// Tokens at least, where digits say so.
    var count = 1
  }

  struct Outcome: Equatable, Sendable {
    /// "" of a plain transition.
    var name: String
    var puts: [Arc]
  }

  struct Transition: Equatable, Sendable {
    var name: String
    var kind: TransitionKind
    var inputs: [Arc]
    var reads: [Arc]
    var inhibitors: [Arc]
    var cancels: [Arc]
    var outcomes: [Outcome]
  }

  /// What stands where in a net that runs.
  package struct Marking: Equatable, Sendable {
    /// How many tokens, by index of the place.
    package var tokens: [Int: Int]
    /// How many firings are under way, by index of the transition.
    package var firings: [Int: Int]
    /// Of whom and when: stands beside the name.
    package var caption: String

    package init(tokens: [Int: Int], firings: [Int: Int], caption: String) {
      self.tokens = tokens
      self.firings = firings
      self.caption = VisibleText.visible(caption)
    }
  }

  let name: String
  let places: [Place]
  let transitions: [Transition]
  /// Drawn into the net by SVG and text.
  package var marking: Marking?

  var headline: String { marking.map { "\(name)   \($0.caption)" } ?? name }

  package init(of net: Net) {
    name = net.name.text
    places = net.places.map { place in
      var initial = 0
      if case .shared(let values) = place.kind { initial = values.count }
      return Place(
        name: VisibleText.visible(place.title), kind: Self.kind(place.kind), initial: initial)
    }
    transitions = net.transitions.map { Self.transition($0) }
  }

  /// Counts by name as counts by index of the place; names that the net lacks are left out.
  package func places(titled counts: [String: Int]) -> [Int: Int] {
    Self.byIndex(counts, places.map(\.name))
  }

  /// As `places(titled:)`, of transitions.
  package func transitions(named counts: [String: Int]) -> [Int: Int] {
    Self.byIndex(counts, transitions.map(\.name))
  }

  private static func byIndex(_ counts: [String: Int], _ names: [String]) -> [Int: Int] {
    var found: [Int: Int] = [:]
    for (name, count) in counts {
      if let index = names.firstIndex(of: VisibleText.visible(name)) { found[index] = count }
    }
    return found
  }

  /// Drawing formats that need nothing but the net.
  package enum Format: String, Sendable, CaseIterable { case text, mermaid, dot, svg, pnml }

  /// The drawing, ended by a newline.
  ///
  /// - Parameter isASCII: Only for text: no signs that some terminals lack or draw wide.
  package func text(as format: Format, isASCII: Bool = false) -> String {
    switch format {
    case .text: TextDrawing(drawing: self, isASCII: isASCII).text()
    case .mermaid: mermaid()
    case .dot: dot()
    case .svg: svg()
    case .pnml: pnml()
    }
  }

  private static func kind(_ kind: PetriNet.Place.Kind) -> PlaceKind {
    switch kind {
    case .ordinary: .ordinary
    case .start: .start
    case .end: .end
    case .shared: .shared
    case .message: .message
    }
  }

  private static func transition(_ transition: PetriNet.Transition) -> Transition {
    Transition(
      name: VisibleText.visible(transition.name.text), kind: kind(transition.work),
      inputs: transition.inputs.map {
        Arc(place: $0.place, note: note($0), count: leastCount($0.count))
      },
      reads: transition.reads.map { Arc(place: $0.place, note: "") },
      inhibitors: transition.inhibitors.map { Arc(place: $0.place, note: "") },
      cancels: transition.cancels.map { Arc(place: $0.place, note: "") },
      outcomes: outcomes(of: transition.work))
  }

  private static func kind(_ work: Work) -> TransitionKind {
    switch work {
    case .plain: .plain
    case .choose: .choose
    case .judge: .judge
    case .action: .action
    case .task: .task
    case .call: .call
    }
  }

  private static func leastCount(_ count: InputArc.Count) -> Int {
    if case .range(let low, _) = count { max(1, low) } else { 1 }
  }

  private static func note(_ arc: InputArc) -> String {
    let count: String? =
      switch arc.count {
      case .one: nil
      case .all: "all"
      case .range(let low, let high): low == high ? "\(low)" : "\(low)..\(high)"
      case .computed(let program): program.text
      case .computedRange(let low, let high): "\(low.text)..\(high.text)"
      }
    let wait: String? = arc.wait.map { wait in
      switch wait {
      case .constant(let microseconds): "after \(duration(microseconds))"
      case .after(let program): "after \(program.text)"
      case .at(let program): "at \(program.text)"
      }
    }
    return VisibleText.visible([count, wait].compactMap { $0 }.joined(separator: ", "))
  }

  private static func duration(_ microseconds: Int64) -> String {
    let units: [(String, Int64)] = [
      ("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000),
    ]
    guard let unit = units.first(where: { microseconds % $0.1 == 0 && microseconds != 0 }) else {
      return microseconds == 0 ? "0s" : "\(microseconds / 1000)ms"
    }
    return "\(microseconds / unit.1)\(unit.0)"
  }

  private static func outcomes(of work: Work) -> [Outcome] {
    func outcome(_ name: String, _ outputs: Outputs) -> Outcome {
      Outcome(
        name: VisibleText.visible(name),
        puts: outputs.puts.map { Arc(place: $0.place, note: note($0)) })
    }

    switch work {
    case .plain(let outputs): return [outcome("", outputs)]
    case .choose(let branches): return branches.map { outcome($0.name, $0.outputs) }
    case .judge(let work): return work.routes.map { outcome($0.outcome, $0.outputs) }
    case .action(let work): return work.routes.map { outcome($0.outcome, $0.outputs) }
    case .task(let work): return work.routes.map { outcome($0.outcome, $0.outputs) }
    case .call(let work): return work.routes.map { outcome($0.outcome, $0.outputs) }
    }
  }

  private static func note(_ put: Put) -> String {
    let each: String? = put.each == nil ? nil : "each"
    let wait: String? = put.wait.map { wait in
      switch wait {
      case .constant(let microseconds): "after \(duration(microseconds))"
      case .after(let program): "after \(program.text)"
      case .at(let program): "at \(program.text)"
      }
    }
    return VisibleText.visible([each, wait].compactMap { $0 }.joined(separator: ", "))
  }
}
