internal import Foundation
internal import LLMJudge
internal import Orchestration
internal import PetriNet
internal import Workflows

/// Which endpoints kept to their constraint when they were asked, and when: a file beside the log, so
/// that a restart need not ask again. Losing it costs a few questions.
struct ConstraintProofs: Equatable {
  /// So long a proof holds: a server may change behind its address.
  static let holdsMicroseconds: Int64 = 24 * 3_600_000_000

  /// Instants in µs since 1970, by the identity of what was asked.
  private var proven: [String: Int64] = [:]
  private let path: String

  /// Reads the proofs beside a log; a file that cannot be read is as good as none.
  init(database: String) {
    path = "\(database)-proofs"
    guard let data = FileManager.default.contents(atPath: path),
      let node = try? JSONText.parse([UInt8](data)), case .object(let members) = node
    else { return }
    for member in members {
      if case .number(let number) = member.value, let instant = number.integer {
        proven[member.name] = instant
      }
    }
  }

  /// When it was proven, if that still holds.
  func instant(of endpoint: EndpointConfiguration, at now: Int64) -> Int64? {
    guard let instant = proven[endpoint.constraintIdentity],
      (0..<Self.holdsMicroseconds).contains(now - instant)
    else { return nil }
    return instant
  }

  /// Remembers what was found out.
  mutating func note(
    _ endpoint: EndpointConfiguration, _ constraint: EndpointFindings.Constraint, at now: Int64
  ) {
    switch constraint {
    case .enforced: proven[endpoint.constraintIdentity] = now
    case .ignored: proven[endpoint.constraintIdentity] = nil
    case .untold: break
    }
  }

  /// Takes back what is known of an endpoint that was found to ignore the constraint, if anything is.
  static func withdraw(_ endpoint: Configuration.Endpoint, database: String) {
    guard let asked = try? EndpointConfiguration(endpoint) else { return }
    var proofs = ConstraintProofs(database: database)
    guard proofs.proven.removeValue(forKey: asked.constraintIdentity) != nil else { return }
    proofs.write(at: MonotonicClock().now().microseconds)
  }

  /// Writes what still holds; where that cannot be done, the next start asks again.
  func write(at now: Int64) {
    let members = proven.sorted { $0.key < $1.key }
      .filter { (0..<Self.holdsMicroseconds).contains(now - $0.value) }
      .map { JSONText.Member($0.key, .number(JSONNumber($0.value))) }
    let text = JSONText.Node.object(members).text + "\n"
    try? Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}
