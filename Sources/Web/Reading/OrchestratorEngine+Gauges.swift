import Engine
import Orchestration
import PetriNet

extension OrchestratorEngine {
  func health() -> EngineHealth {
    let health = orchestrator.health
    let counters = orchestrator.snapshot
    return EngineHealth(
      sinceTurnMicroseconds: health.sinceTurnNanoseconds / 1_000,
      lastCommitMicroseconds: counters.commits == 0 ? nil : health.lastCommitMicroseconds,
      isFolded: true, isWritable: health.isWritable && !health.isOver,
      isDraining: health.isDraining, epoch: epoch, head: orchestrator.head)
  }

  func gauges() async -> [Gauge] {
    let counters = orchestrator.snapshot
    let load = orchestrator.load
    func counter(_ name: String, _ help: String, _ value: Double) -> Gauge {
      Gauge(name: name, help: help, kind: .counter, samples: [.init(value: value)])
    }
    func gauge(_ name: String, _ help: String, _ value: Int) -> Gauge {
      Gauge(name: name, help: help, kind: .gauge, samples: [.init(value: Double(value))])
    }
    func labelled(
      _ name: String, _ help: String, _ kind: Gauge.Kind, _ label: String,
      _ values: [String: Int]
    ) -> Gauge {
      Gauge(
        name: name, help: help, kind: kind,
        samples: values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
          .init(labels: [Label(name: label, value: $0.key)], value: Double($0.value))
        })
    }
    return [
      gauge("petrel_log_head", "Number of the last row on disk.", Int(orchestrator.head.number)),
      counter("petrel_rows_total", "Rows written since the start.", Double(counters.rows)),
      labelled(
        "petrel_events_total", "Rows by kind.", .counter, "kind", counters.kinds),
      counter("petrel_commits_total", "Commits since the start.", Double(counters.commits)),
      Self.commitTimes(counters),
      counter(
        "petrel_commit_failures_total", "Commits that failed.", Double(counters.commitFailures)),
      gauge(
        "petrel_wal_bytes", "Bytes that wait to be moved into the database.",
        Int(counters.bytesAhead)),
      counter("petrel_commands_total", "Commands decided.", Double(counters.commands)),
      counter(
        "petrel_refused_full_total", "Requests refused because too many waited.",
        Double(counters.refusedFull)),
      labelled(
        "petrel_verdicts_total", "How questions to models ended.", .counter, "outcome",
        counters.verdicts),
      gauge("petrel_inbox", "Requests and results that wait.", orchestrator.waiting),
      labelled(
        "petrel_effects", "Questions and attempts that are under way or wait.", .gauge, "effect",
        [
          "questions": load.questions, "questions waiting": load.questionsWaiting,
          "attempts": load.attempts, "attempts waiting": load.attemptsWaiting,
        ]),
    ] + EndpointGauges.all(orchestrator.endpoints) + (await Self.stateGauges(orchestrator))
  }

  private static func commitTimes(_ counters: Counters) -> Gauge {
    var sum = 0
    var samples: [Gauge.Sample] = []
    for (index, count) in counters.commitBuckets.enumerated() {
      sum += count
      let end =
        index < Counters.bucketEnds.count
        ? "\(Double(Counters.bucketEnds[index]) / 1_000_000)" : "+Inf"
      samples.append(
        .init(suffix: "_bucket", labels: [Label(name: "le", value: end)], value: Double(sum)))
    }
    let seconds = Double(counters.commitMicrosecondsTotal) / 1_000_000
    samples.append(.init(suffix: "_sum", value: seconds))
    samples.append(.init(suffix: "_count", value: Double(sum)))
    return Gauge(
      name: "petrel_commit_seconds", help: "How long commits took.", kind: .histogram,
      samples: samples)
  }

  private static func stateGauges(_ orchestrator: Orchestrator) async -> [Gauge] {
    let counts = try? await orchestrator.read { machine in
      let state = machine.state
      var groups: [String: Int] = [:]
      for offer in state.offers.values { groups[offer.group ?? "", default: 0] += 1 }
      var open: [String: Int] = [:]
      for name in state.current.keys { open[name.text] = 0 }
      for (id, definition) in state.definitions where definition.kind == .workflow {
        open[definition.name, default: 0] += state.openCases(of: id)
      }
      return StateCounts(
        cases: open, tasks: groups, incidents: state.incidents.count,
        firings: state.firings.count)
    }
    guard let counts else { return [] }
    func samples(_ label: String, _ values: [String: Int]) -> [Gauge.Sample] {
      values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
        .init(labels: [Label(name: label, value: $0.key)], value: Double($0.value))
      }
    }
    return [
      Gauge(
        name: "petrel_cases_open", help: "Open cases by workflow.", kind: .gauge,
        samples: samples("workflow", counts.cases)),
      Gauge(
        name: "petrel_tasks_open", help: "Tasks offered by group.", kind: .gauge,
        samples: samples("group", counts.tasks)),
      Gauge(
        name: "petrel_incidents_open", help: "Open incidents.", kind: .gauge,
        samples: [.init(value: Double(counts.incidents))]),
      Gauge(
        name: "petrel_firings", help: "Firings in flight.", kind: .gauge,
        samples: [.init(value: Double(counts.firings))]),
    ]
  }
}

/// What is counted in one look at the state.
private struct StateCounts: Sendable {
  var cases: [String: Int]
  var tasks: [String: Int]
  var incidents: Int
  var firings: Int
}
