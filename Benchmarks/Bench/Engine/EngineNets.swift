internal import CEL
internal import Engine
internal import PetriNet
internal import Workflows

/// A machine without a store, loaded with one workflow.
struct LoadedMachine {
  static let epoch = Instant(microseconds: 1_767_225_600_000_000)

  var machine: Machine
  let net: Net
  /// The events of loading.
  private(set) var loading: [LoggedEvent] = []
  var now = LoadedMachine.epoch

  struct Unusable: Error, CustomStringConvertible {
    var description: String
  }

  init(_ yaml: String) throws {
    let loader = NetLoader(files: FileSource(["workflow.yaml": yaml]))
    guard let source = loader.source(at: "workflow.yaml") else {
      throw Unusable(description: "\(loader.findings)")
    }
    try self.init(try NetCompiler.compile(source, prompts: []).net)
  }

  /// Its prompts have a guard; many one-step firings at an instant are no runaway.
  init(_ net: Net) throws {
    self.net = net
    var limits = Limits.standard
    limits.stepsAtOneInstantMax = 10_000_000
    machine = Machine(limits: limits)
    try machine.open(nets: [:]) { _, _, _ in .null }
    let incarnation: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    loading += take(.startOwner(StartOwner(binary: "benchmark", incarnation: incarnation))).events
    let definition = Register.Definition(
      kind: .workflow, name: net.name.text, hash: Array(repeating: 1, count: 32), net: net)
    let guards = net.prompts.map {
      Register.Definition(kind: .judgeGuard, name: $0.name, hash: Array(repeating: 2, count: 32))
    }
    let handled = take(.register(Register([definition] + guards, by: .local)))
    loading += handled.events
    guard case .registered(let registered) = handled.reply, registered.count == guards.count + 1
    else { throw Unusable(description: "\(handled.reply)") }
    let inForce = zip(net.prompts, registered.dropFirst()).map { prompt, known in
      GuardInForce(
        workflow: registered[0].definition, prompt: prompt.name, models: [],
        guardID: known.definition)
    }
    _ = take(.useGuards(inForce))
  }

  mutating func take(_ command: Command) -> Handled { machine.handle(command, at: now) }

  /// A record of the colour set of a place.
  func value(_ fields: [Value], of place: String) -> Value {
    guard let index = net.place(titled: place), case .record(let colour) = net.places[index].colour
    else { preconditionFailure("\(place) holds records") }
    return .record(Record(type: colour.type, fields: fields))
  }

  mutating func start(_ value: Value) -> Handled {
    take(.start(StartCase(workflow: net.name, value: value, by: .local)))
  }

  mutating func deposit(_ fields: [Value], in place: String) {
    let handled = take(
      .deposit(
        DepositToken(
          workflow: net.name, place: place, value: value(fields, of: place), by: .local,
          why: "benchmark")))
    guard case .deposited = handled.reply else {
      preconditionFailure("\(place) took no token: \(handled.reply)")
    }
  }

  mutating func pause(_ isPaused: Bool) -> Handled {
    let pause = SetPause(target: .workflow(net.name), by: .local)
    return take(isPaused ? .pause(pause) : .resume(pause))
  }
}

/// The nets that are measured.
enum EngineNets {
  /// One token goes through `length` transitions.
  static func chain(_ length: Int) -> String {
    var lines = ["workflow: chain", "places:", "  p0: {start: {n: int}}"]
    for index in 1..<length { lines.append("  p\(index): {n: int}") }
    lines.append("  p\(length): {end: {n: int}}")
    lines.append("transitions:")
    for index in 0..<length {
      lines.append("  t\(index): {in: {x: p\(index)}, out: {p\(index + 1): x}}")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static let join = """
    workflow: joins
    places:
      start: {start: unit}
      end: {end: unit}
      orders: {shared: {id: int, sum: int}}
      payments: {shared: {id: int, sum: int}}
      paid: {shared: {id: int, sum: int}}
    transitions:
      go: {in: {x: start}, out: {end: unit}}
      match: {in: {o: orders, p: {from: payments, where: p.id == o.id}}, out: {paid: o}}
    """

  static let messages = """
    workflow: messages
    places:
      ordered: {start: {id: int, customer: string}}
      paid: {message: {id: int}, keep: 1d}
      done: {end: {id: int, customer: string}}
    transitions:
      match: {in: {m: paid, o: {from: ordered, where: o.id == m.id}}, out: {done: o}}
    """

  static let scraper = """
    workflow: scheduling
    types:
      Target: {url: string, domain: string, priority: int = 0}
      Domain: {name: string, delay: duration 0s..1d}
      Proxy:  {id: string, rest: duration 0s..1d}
    places:
      start: {start: unit}
      end: {end: unit}
      targets: {shared: Target, order: [-priority]}
      domains: {shared: Domain, key: name, order: [available]}
      proxies: {shared: Proxy, key: id, order: [available]}
    transitions:
      go: {in: {x: start}, out: {end: unit}}
      dispatch:
        in: {d: domains, p: proxies, t: {from: targets, where: t.domain == d.name}}
        out:
          domains: {put: d, after: d.delay}
          proxies: {put: p, after: p.rest}
    """
}
