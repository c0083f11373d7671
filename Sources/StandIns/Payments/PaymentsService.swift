import NIOCore
import NIOHTTP1
import PetriNet
import Synchronization

/// The routes of the payments stand-in.
final class PaymentsService: LoopbackService {
  /// Orders whose requests are counted at once, for the draws of failures.
  static let ordersCounted = 1 << 20
  static let keyBytesMax = 256

  private struct State {
    var ledger: RefundLedger
    var asked: [String: Int] = [:]
  }

  private let settings: PaymentsStandIn.Settings
  private let journal: EffectsJournal?
  private let state: Mutex<State>

  init(settings: PaymentsStandIn.Settings) throws(EffectsJournal.Failure) {
    self.settings = settings
    var effects: [RefundEffect] = []
    if let path = settings.effectsFile {
      let (journal, lines) = try EffectsJournal.open(path)
      self.journal = journal
      effects = lines.compactMap { RefundEffect(json: $0) }
    } else {
      journal = nil
    }
    state = Mutex(State(ledger: RefundLedger(effects: effects)))
  }

  func close() async {
    await journal?.close()
  }

  func answer(_ request: LoopbackRequest, on loop: any EventLoop) -> LoopbackAnswer {
    let orders = "/orders/"
    switch request.method {
    case .GET where request.path.utf8.starts(with: orders.utf8):
      return .now(find(request.path.utf8.dropFirst(orders.utf8.count)))
    case .GET where request.path == "/effects":
      let effects = state.withLock { $0.ledger.effects }
      return .now(Self.whole(200, "[\(effects.map(\.json).joined(separator: ",\n"))]"))
    case .POST where request.path == "/refunds":
      return refund(request, on: loop)
    default:
      return .now(Self.problem(404, "not_found"))
    }
  }

  private func find(_ segment: Substring.UTF8View) -> LoopbackReply {
    guard let order = Self.decoded(segment) else { return Self.problem(400, "bad_request") }
    let fate = fate(["order", order], attempt: asked(order))
    let wait = fate.wait
    if let failure = fate.failure { return LoopbackReply(wait: wait, wire: failure.wire) }
    guard var payment = StandInPayment(order: order) else {
      return Self.problem(404, "no_such_order", wait: wait)
    }
    let isRefunded = state.withLock { $0.ledger.isRefunded(payment.id) }
    payment.refunded = payment.refunded || isRefunded
    return Self.whole(200, payment.json, wait: wait)
  }

  /// How often this order was asked for by now; counted only where a draw depends on it.
  private func asked(_ order: String) -> Int {
    guard settings.fail > 0 || settings.slow > 0 else { return 0 }
    return state.withLock { state in
      if state.asked.count >= Self.ordersCounted { state.asked.removeAll() }
      state.asked[order, default: 0] += 1
      return state.asked[order, default: 1]
    }
  }

  private func refund(_ request: LoopbackRequest, on loop: any EventLoop) -> LoopbackAnswer {
    guard let key = request.headers.first(name: "Idempotency-Key"), !key.isEmpty else {
      return .now(Self.problem(400, "idempotency_key_missing"))
    }
    guard key.utf8.count <= Self.keyBytesMax, let order = RefundLedger.Order(body: request.body)
    else { return .now(Self.problem(400, "bad_request")) }
    let seen = state.withLock { $0.ledger.see(key, for: order) }
    let fate = fate(["refund", key], attempt: seen)
    if let failure = fate.failure, fate.isBeforeEffect {
      return .now(LoopbackReply(wait: fate.wait, wire: failure.wire))
    }
    let (decision, written) = state.withLock { state in
      let decision = state.ledger.decide(key, for: order)
      return (decision, journal.flatMap { $0.record(decision, on: loop) })
    }
    let reply = Self.reply(to: decision, fate: fate)
    guard let written else { return .now(reply) }
    return .later(written.map { reply })
  }

  private static func reply(to decision: RefundLedger.Decision, fate: Fate) -> LoopbackReply {
    switch decision {
    case .refused(let refusal):
      return problem(refusal.status, refusal.rawValue, wait: fate.wait)
    case .performed(_, let payment), .replayed(_, let payment):
      if let failure = fate.failure {
        return LoopbackReply(wait: fate.wait, wire: failure.wire)
      }
      var response = LoopbackResponse(status: 200, body: payment.json)
      if case .replayed = decision {
        response.headers = [("idempotent-replayed", "true")]
      }
      return LoopbackReply(wait: fate.wait, wire: .whole(response))
    }
  }

  static func whole(_ status: Int, _ body: String, wait: Duration = .zero) -> LoopbackReply {
    LoopbackReply(wait: wait, wire: .whole(LoopbackResponse(status: status, body: body)))
  }

  static func problem(_ status: Int, _ code: String, wait: Duration = .zero) -> LoopbackReply {
    whole(status, "{\"error\":\"\(code)\"}", wait: wait)
  }

  /// A path segment without its percent-encoding; nil for a wrong one, and for bytes that are no
  /// UTF-8.
  private static func decoded(_ segment: Substring.UTF8View) -> String? {
    var bytes: [UInt8] = []
    var rest = segment[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

extension PaymentsService {
  /// A failure that a draw brought.
  enum Failure: CaseIterable {
    case unavailable, broken, reset

    var wire: LoopbackReply.Wire {
      switch self {
      case .unavailable:
        .whole(LoopbackResponse(status: 503, body: #"{"error":"unavailable"}"#))
      case .broken: .whole(LoopbackResponse(status: 500, body: #"{"error":"broken"}"#))
      case .reset: .reset
      }
    }
  }

  /// What the draws bring for one request.
  struct Fate {
    var wait: Duration
    var failure: Failure?
    /// Whether the failure comes before the effect or hides that it took place.
    var isBeforeEffect: Bool
  }

  private func fate(_ parts: [String], attempt: Int) -> Fate {
    guard settings.fail > 0 || settings.slow > 0 else {
      return Fate(wait: .zero, failure: nil, isBeforeEffect: true)
    }
    let draw = Draw(seed: settings.seed, parts: ["payments"] + parts, attempt: attempt)
    let failures = Failure.allCases
    return Fate(
      wait: draw.fraction(.delay) < settings.slow ? settings.slowness : .zero,
      failure: draw.fraction(.fault) < settings.fail
        ? failures[draw.index(.label, below: failures.count)] : nil,
      isBeforeEffect: draw.fraction(.detail) < 0.5)
  }
}

extension RefundLedger.Order {
  /// Nil unless the body is an object of exactly a payment and a whole amount.
  fileprivate init?(body: [UInt8]) {
    guard let node = try? JSONText.parse(body), case .object(let members) = node,
      members.count == 2, case .string(let payment)? = node["payment"],
      let amount = Self.amount(node["amount"])
    else { return nil }
    self.init(payment: payment, amount: amount)
  }

  /// An int64 may come as a number or, as in proto3's JSON, as a string.
  private static func amount(_ node: JSONText.Node?) -> Int64? {
    switch node {
    case .number(let number)?: number.integer
    case .string(let text)?: Int64(text)
    default: nil
    }
  }
}

extension EffectsJournal {
  /// Called in the order of decisions. Nil if nothing is to be written.
  fileprivate func record(
    _ decision: RefundLedger.Decision, on loop: any EventLoop
  ) -> EventLoopFuture<Void>? {
    switch decision {
    case .performed(let effect, _), .replayed(let effect, _): append(line: effect.json, on: loop)
    case .refused: nil
    }
  }
}
