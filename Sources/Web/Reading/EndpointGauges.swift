import Engine
import Orchestration

/// The families of `/metrics` about endpoints.
enum EndpointGauges {
  static func all(_ endpoints: [EndpointStanding]) -> [Gauge] {
    [
      Gauge(
        name: "petrel_endpoint_calls_total",
        help: "Calls that ended, by how: label, or the reason of the fallback.", kind: .counter,
        samples: endpoints.flatMap { counts($0, "ending", $0.endings) }),
      Gauge(
        name: "petrel_endpoint_refused_total",
        help: "Turns without a call: paused, breaker_open or budget.", kind: .counter,
        samples: endpoints.flatMap { counts($0, "reason", $0.refusals) }),
      each("petrel_endpoint_waiting", "Calls that wait for their turn.", .gauge, endpoints) {
        Double($0.waiting)
      },
      each("petrel_endpoint_running", "Calls under way.", .gauge, endpoints) {
        Double($0.running)
      },
      Gauge(
        name: "petrel_endpoint_breaker", help: "1 for the state that its breaker is in.",
        kind: .gauge,
        samples: endpoints.flatMap { endpoint in
          EndpointStanding.Breaker.allCases.map {
            sample(endpoint, endpoint.breaker == $0 ? 1 : 0, ("state", $0.rawValue))
          }
        }),
      each("petrel_endpoint_paused", "1 where an operator paused it.", .gauge, endpoints) {
        $0.isPaused ? 1 : 0
      },
      each(
        "petrel_endpoint_call_seconds_total", "How long all calls together took.", .counter,
        endpoints
      ) { Double($0.microseconds) / 1_000_000 },
      Gauge(
        name: "petrel_endpoint_tokens_total", help: "Tokens as the replies count them.",
        kind: .counter,
        samples: endpoints.flatMap {
          [
            sample($0, Double($0.tokensIn), ("kind", "input")),
            sample($0, Double($0.tokensOut), ("kind", "output")),
          ]
        }),
      each(
        "petrel_endpoint_cost_total", "What they cost, in the currency of prices.", .counter,
        endpoints
      ) { Double($0.cost) / 1_000_000_000 },
      each(
        "petrel_endpoint_clock_skew_seconds", "How far its clock is ahead, by its last Date.",
        .gauge, endpoints.filter { $0.skewMicroseconds != nil }
      ) { Double($0.skewMicroseconds ?? 0) / 1_000_000 },
    ]
  }

  private static func each(
    _ name: String, _ help: String, _ kind: Gauge.Kind, _ endpoints: [EndpointStanding],
    _ value: (EndpointStanding) -> Double
  ) -> Gauge {
    Gauge(name: name, help: help, kind: kind, samples: endpoints.map { sample($0, value($0)) })
  }

  private static func counts(
    _ endpoint: EndpointStanding, _ label: String, _ counts: [String: Int]
  ) -> [Gauge.Sample] {
    counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { sample(endpoint, Double($0.value), (label, $0.key)) }
  }

  private static func sample(
    _ endpoint: EndpointStanding, _ value: Double, _ more: (String, String)? = nil
  ) -> Gauge.Sample {
    var labels = [Label(name: "endpoint", value: endpoint.name)]
    if let more { labels.append(Label(name: more.0, value: more.1)) }
    return Gauge.Sample(labels: labels, value: value)
  }
}
