internal import CEL
internal import Crypto
internal import Engine
internal import Orchestration
internal import PetriNet
internal import Transfer

/// Answers a question as the same guard version answered the same input before (CONFIG §1, `cache`).
///
/// Unchecked: touched on the loop's thread only, once it is made.
final class CacheDesk: @unchecked Sendable {
  private let configuration: JudgeConfiguration
  /// Inputs are kept as digests under a key that dies with the process.
  private let secret: SymmetricKey
  private var cache: VerdictCache
  private var identities: [String: (prompt: PromptKey, hash: [UInt8])] = [:]

  init(_ configuration: JudgeConfiguration, heldMicroseconds: Int64) {
    self.configuration = configuration
    secret = SymmetricKey(size: .bits256)
    cache = VerdictCache(heldMicroseconds: heldMicroseconds)
  }

  /// What the same question came to, as a record of this one; nil: nobody knows.
  func answer(_ question: Question, at now: Instant) -> JudgeReport? {
    guard let key = key(of: question),
      let known = cache.find(key, at: MonotonicInstant.now().microseconds)
    else { return nil }
    var record = CallRecord(
      attempt: 1, endpoint: known.call.endpoint, requested: known.call.requested, started: now,
      ended: now, source: known.call.source)
    record.confidence = known.call.confidence
    record.label = known.label
    record.model = known.call.model
    record.offSchema = known.call.offSchema
    record.reused = known.firing
    return .verdict(.label(known.label), record)
  }

  /// Keeps a label for the questions to come.
  func keep(_ report: JudgeReport, of question: Question) {
    guard case .verdict(.label(let label), let call?) = report, let key = key(of: question) else {
      return
    }
    cache.keep(
      VerdictCache.Known(firing: question.firing, label: label, call: call), under: key,
      at: MonotonicInstant.now().microseconds)
  }

  /// Of the guard version, what it is asked with, and how sure it must be; nil for an input of which
  /// a part was erased.
  private func key(of question: Question) -> [UInt8]? {
    guard !question.values.contains(where: \.holdsErased) else { return nil }
    var text: [UInt8] = []
    for alias in question.models.isEmpty ? [nil] : question.models.map(Optional.some) {
      guard let identity = identity(question.prompt, alias) else { return nil }
      text += identity
    }
    text += "\(question.agree),\(question.atLeast.map { "\($0)" } ?? "")\n".utf8
    for (field, value) in zip(question.prompt.fields, question.values) {
      text += ValueWriting.node(of: value, in: field.colour).text.utf8
      text.append(UInt8(ascii: "\n"))
    }
    return Array(HMAC<SHA256>.authenticationCode(for: text, using: secret))
  }

  private func identity(_ prompt: Prompt, _ alias: String?) -> [UInt8]? {
    let name = "\(prompt.name)@\(alias ?? "")"
    let key = PromptKey(text: prompt.text, labels: prompt.offeredLabels.map { Array($0.utf8) })
    if let known = identities[name], known.prompt == key { return known.hash }
    guard let new = configuration.guardIdentity(prompt, alias: alias) else { return nil }
    identities[name] = (key, new.hash)
    return new.hash
  }

  /// What tells prompts of one name apart.
  private struct PromptKey: Equatable {
    var text: [UInt8]
    var labels: [[UInt8]]
  }
}
