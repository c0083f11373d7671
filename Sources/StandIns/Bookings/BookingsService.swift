import NIOCore
import NIOHTTP1
import PetriNet
import Synchronization

/// The routes of the bookings stand-in.
final class BookingsService: LoopbackService {
  static let keyBytesMax = 256
  static let kinds = ["flights", "hotels", "cars"]

  private struct State {
    var ledger: BookingLedger
    /// By key: how often it was asked for, where a draw depends on it.
    var asked: [String: Int] = [:]
  }

  private let settings: BookingsStandIn.Settings
  private let journal: EffectsJournal?
  private let state: Mutex<State>

  init(settings: BookingsStandIn.Settings) throws(EffectsJournal.Failure) {
    self.settings = settings
    var effects: [BookingEffect] = []
    if let path = settings.effectsFile {
      let (journal, lines) = try EffectsJournal.open(path)
      self.journal = journal
      effects = lines.compactMap { BookingEffect(json: $0) }
    } else {
      journal = nil
    }
    state = Mutex(State(ledger: BookingLedger(effects: effects)))
  }

  func close() async {
    await journal?.close()
  }

  func answer(_ request: LoopbackRequest, on loop: any EventLoop) -> LoopbackAnswer {
    if request.method == .GET, request.path == "/effects" {
      let effects = state.withLock { $0.ledger.effects }
      let text = "[\(effects.map(\.json).joined(separator: ",\n"))]"
      return .now(PaymentsService.whole(200, text))
    }
    let parts = request.path.split(separator: "/").map(String.init)
    guard request.method == .POST, let what = parts.first, Self.kinds.contains(what),
      parts.count == 1 || (parts.count == 2 && parts[1] == "cancel")
    else { return .now(PaymentsService.problem(404, "not_found")) }
    guard let key = request.headers.first(name: "Idempotency-Key"), !key.isEmpty else {
      return .now(PaymentsService.problem(400, "idempotency_key_missing"))
    }
    let isReturn = parts.count == 2
    guard key.utf8.count <= Self.keyBytesMax,
      case .string(let subject)? = (try? JSONText.parse(request.body))?[
        isReturn ? "booked_by" : "id"]
    else { return .now(PaymentsService.problem(400, "bad_request")) }
    return perform(what, isReturn: isReturn, subject, key: key, on: loop)
  }

  private func perform(
    _ what: String, isReturn: Bool, _ subject: String, key: String, on loop: any EventLoop
  ) -> LoopbackAnswer {
    let fate = fate(of: key)
    if let failure = fate.failure, fate.isBeforeEffect {
      return .now(LoopbackReply(wait: settings.delay, wire: failure.wire))
    }
    let (decision, written) = state.withLock { state in
      let decision =
        isReturn
        ? state.ledger.giveBack(what, bookedBy: subject, key: key)
        : state.ledger.book(what, trip: subject, key: key)
      return (decision, effect(of: decision).flatMap { journal?.append(line: $0.json, on: loop) })
    }
    let reply = reply(to: decision, failure: fate.failure)
    guard let written else { return .now(reply) }
    return .later(written.map { reply })
  }

  private func effect(of decision: BookingLedger.Decision) -> BookingEffect? {
    switch decision {
    case .performed(let effect), .replayed(let effect), .nothing(let effect): effect
    case .refused: nil
    }
  }

  private func reply(
    to decision: BookingLedger.Decision, failure: PaymentsService.Failure?
  ) -> LoopbackReply {
    if case .refused(let refusal) = decision {
      return PaymentsService.problem(refusal.status, refusal.rawValue, wait: settings.delay)
    }
    if let failure { return LoopbackReply(wait: settings.delay, wire: failure.wire) }
    let id = effect(of: decision)?.key ?? ""
    return PaymentsService.whole(
      200, "{\"id\":\(JSONText.quoted("b-\(id)"))}", wait: settings.delay)
  }

  private func fate(of key: String) -> PaymentsService.Fate {
    guard settings.fail > 0 else {
      return PaymentsService.Fate(wait: .zero, failure: nil, isBeforeEffect: true)
    }
    let attempt = state.withLock { state in
      state.asked[key, default: 0] += 1
      return state.asked[key, default: 1]
    }
    let draw = Draw(seed: settings.seed, parts: ["bookings", key], attempt: attempt)
    let failures = PaymentsService.Failure.allCases
    return PaymentsService.Fate(
      wait: .zero,
      failure: draw.fraction(.fault) < settings.fail
        ? failures[draw.index(.label, below: failures.count)] : nil,
      isBeforeEffect: draw.fraction(.detail) < 0.5)
  }
}
