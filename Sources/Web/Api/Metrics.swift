import Engine

/// `/metrics` in the text format of Prometheus (0.0.4).
enum Metrics {
  static func text(_ call: Call) async throws(Problem) -> Answer {
    var families = await call.api.engine.gauges()
    families.append(
      Gauge(
        name: "petrel_http_requests_total", help: "Requests answered.", kind: .counter,
        samples: call.api.requests.all.map { key, count in
          .init(
            labels: [
              Label(name: "route", value: key.route), Label(name: "method", value: key.method),
              Label(name: "status", value: String(key.status)),
            ], value: Double(count))
        }))
    families.append(
      Gauge(
        name: "petrel_http_streams", help: "Event streams open.", kind: .gauge,
        samples: [.init(value: Double(call.api.streams.open))]))
    let text = families.map(render).joined()
    return Answer(
      body: .bytes(Array(text.utf8), type: "text/plain; version=0.0.4; charset=utf-8"))
  }

  static func render(_ family: Gauge) -> String {
    var text = "# HELP \(family.name) \(escaped(family.help, quotes: false))\n"
    text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
    for sample in family.samples {
      let labels = sample.labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
      let braces = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
      text += "\(family.name)\(sample.suffix)\(braces) \(number(sample.value))\n"
    }
    return text
  }

  private static func number(_ value: Double) -> String {
    Int64(exactly: value).map(String.init) ?? "\(value)"
  }

  /// By scalar, because a combining mark behind a quote must not hide it.
  private static func escaped(_ text: String, quotes: Bool) -> String {
    var output = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": output.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": output.append(contentsOf: "\\n".unicodeScalars)
      case "\"" where quotes: output.append(contentsOf: "\\\"".unicodeScalars)
      default: output.append(scalar)
      }
    }
    return String(output)
  }
}
