import HTTPTypes
import PetriNet

/// `/problems/{type}`: what a type of problem means and what to do, in the reader's language.
enum ProblemPages {
  static func page(_ call: Call) async throws(Problem) -> Answer {
    guard let type = ProblemType(rawValue: call.name("type")) else {
      throw Problem(.noSuchProblem, "The types are listed in /v1/openapi.json.")
    }
    let isKorean = prefersKorean(call.headers[.acceptLanguage])
    let text = isKorean ? type.korean : (title: type.title, help: type.help)
    let html = """
      <!doctype html>
      <html lang="\(isKorean ? "ko" : "en")">
      <head><meta charset="utf-8"><title>\(escaped(text.title))</title></head>
      <body>
      <h1>\(escaped(text.title))</h1>
      <p>\(escaped(text.help))</p>
      <p><code>\(type.code)</code> <code>\(type.rawValue)</code> HTTP \(type.status)</p>
      </body>
      </html>

      """
    return Answer(
      headers: [
        (.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'"),
        (.cacheControl, "private, max-age=3600"), (.vary, "Accept-Language"),
      ],
      body: .bytes(Array(html.utf8), type: "text/html; charset=utf-8"))
  }

  /// Whether Korean stands before English in `Accept-Language`, by weight, then by order.
  static func prefersKorean(_ header: String?) -> Bool {
    var best: (language: Substring, weight: Double)?
    for part in (header ?? "").split(separator: ",") {
      let fields = part.split(separator: ";")
      guard let range = fields.first else { continue }
      let language = range.drop { $0 == " " }.prefix { $0 != "-" && $0 != " " }
      guard language == "ko" || language == "en" else { continue }
      let quality = fields.dropFirst().first.map { $0.drop { $0 == " " } }
      let weight = quality.flatMap { $0.hasPrefix("q=") ? Double($0.dropFirst(2)) : nil } ?? 1
      if weight > best?.weight ?? 0 { best = (language, weight) }
    }
    return best?.language == "ko"
  }

  /// By scalar, because a combining mark behind a bracket must not hide it.
  static func escaped(_ text: String) -> String {
    var output = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output.append(contentsOf: "&amp;".unicodeScalars)
      case "<": output.append(contentsOf: "&lt;".unicodeScalars)
      case ">": output.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": output.append(contentsOf: "&quot;".unicodeScalars)
      case "'": output.append(contentsOf: "&#39;".unicodeScalars)
      default: output.append(scalar)
      }
    }
    return String(output)
  }
}
