import NIOCore
import PetriNet
import Synchronization

/// The routes of a model stand-in, and the count of what became of its calls.
final class ModelService: LoopbackService {
  /// Messages whose attempts are counted at once; with more the count begins anew.
  static let attemptsKept = 1 << 20

  private struct Counts {
    var calls = 0
    var fates: [String: Int] = [:]
    var attempts: [String: Int] = [:]
  }

  private let book: RuleBook
  private let seed: UInt64
  private let counts = Mutex(Counts())

  init(book: RuleBook, seed: UInt64) {
    self.book = book
    self.seed = seed
  }

  func close() async {}

  func answer(_ request: LoopbackRequest, on loop: any EventLoop) -> LoopbackAnswer {
    switch (request.path, request.method) {
    case ("/v1/chat/completions", .POST): .now(chat(request.body))
    case ("/v1/models", .GET): .now(Self.whole(200, models))
    case ("/stand-in/calls", .GET): .now(Self.whole(200, calls))
    case ("/v1/chat/completions", _), ("/v1/models", _), ("/stand-in/calls", _):
      .now(Self.problem(405, "method_not_allowed", "this path takes another method"))
    default: .now(Self.problem(404, "not_found", "there is no such path"))
    }
  }

  private var models: String {
    let items = book.settings.models.map { name in
      "{\"id\":\(JSONText.quoted(name)),\"object\":\"model\",\"created\":0,"
        + "\"owned_by\":\"stand-in\"}"
    }
    return "{\"object\":\"list\",\"data\":[\(items.joined(separator: ","))]}"
  }

  /// The calls so far and how many met which fate, by name.
  private var calls: String {
    let (count, fates) = counts.withLock { ($0.calls, $0.fates) }
    let pairs = fates.sorted { $0.key < $1.key }.map { "\(JSONText.quoted($0.key)):\($0.value)" }
    return "{\"count\":\(count),\"fates\":{\(pairs.joined(separator: ","))}}"
  }

  private func chat(_ body: [UInt8]) -> LoopbackReply {
    guard let question = ModelQuestion(body: body) else {
      count(fate: "bad_request")
      return Self.problem(400, "invalid_request_error", "the body is no chat request")
    }
    let isServed = book.settings.models.contains { $0.utf8.elementsEqual(question.model.utf8) }
    guard isServed else {
      count(fate: "unknown_model")
      return Self.problem(404, "model_not_found", "there is no such model")
    }
    let draw = draw(for: question)
    let answer = ModelAnswer(question: question, book: book, draw: draw, seed: seed)
    count(fate: answer.fate)
    return answer.reply
  }

  /// Under `sticky` every attempt draws alike; else the attempts at one message are numbered.
  private func draw(for question: ModelQuestion) -> Draw {
    let parts = [question.model] + question.values
    let draw = Draw(seed: seed, parts: parts)
    guard !book.settings.sticky else { return draw }
    let attempt = counts.withLock { counts in
      if counts.attempts.count >= Self.attemptsKept { counts.attempts.removeAll() }
      counts.attempts[draw.name, default: 0] += 1
      return counts.attempts[draw.name, default: 1]
    }
    return Draw(seed: seed, parts: parts, attempt: attempt)
  }

  private func count(fate: String) {
    counts.withLock { counts in
      counts.calls += 1
      counts.fates[fate, default: 0] += 1
    }
  }

  static func whole(_ status: Int, _ body: String) -> LoopbackReply {
    LoopbackReply(wire: .whole(LoopbackResponse(status: status, body: body)))
  }

  static func problem(_ status: Int, _ code: String, _ message: String) -> LoopbackReply {
    whole(status, errorBody(code, message))
  }

  static func errorBody(_ code: String, _ message: String) -> String {
    "{\"error\":{\"message\":\(JSONText.quoted(message)),\"type\":\"\(code)\","
      + "\"param\":null,\"code\":\"\(code)\"}}"
  }
}
