import CEL
import Engine
import PetriNet

/// How the API spells what stands in answers (EXPERIENCE §3).
extension JSONText.Node {
  /// Exact beyond 2^53 too: there it is a string, because many clients read numbers as doubles.
  static func integer(_ value: Int64) -> JSONText.Node {
    value.magnitude <= 1 << 53 ? .number(JSONNumber(value)) : .string(String(value))
  }

  static func integer(_ value: Int) -> JSONText.Node { integer(Int64(value)) }

  /// RFC 3339, UTC.
  static func time(_ instant: Instant) -> JSONText.Node { .string(instant.rfc3339) }

  static func id(_ id: CaseID) -> JSONText.Node { .string(APIName.text(id)) }
  static func id(_ id: FiringID) -> JSONText.Node { .string(APIName.text(id)) }
  static func id(_ id: TaskID) -> JSONText.Node { .string(APIName.text(id)) }
  static func id(_ id: IncidentID) -> JSONText.Node { .string(APIName.text(id)) }
  static func id(_ id: TokenID) -> JSONText.Node { .string(APIName.text(id)) }
  static func seq(_ seq: Seq) -> JSONText.Node { integer(seq.number) }

  /// An object without the members that are nil.
  static func fields(_ members: [(String, JSONText.Node?)]) -> JSONText.Node {
    .object(members.compactMap { name, node in node.map { JSONText.Member(name, $0) } })
  }

  static func texts(_ texts: [String]) -> JSONText.Node { .list(texts.map { .string($0) }) }
}

extension Instant {
  /// As `2026-11-20T10:11:12.123456Z`, with 0, 3 or 6 digits of a second.
  var rfc3339: String { timestamp.description }

  var timestamp: Timestamp {
    let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    return rest < 0
      ? Timestamp(seconds: seconds - 1, nanoseconds: Int32(rest + 1_000_000) * 1_000)
      : Timestamp(seconds: seconds, nanoseconds: Int32(rest) * 1_000)
  }

  /// Nil outside of what 64 bits of microseconds hold.
  init?(_ timestamp: Timestamp) {
    let (product, overflow) = timestamp.seconds.multipliedReportingOverflow(by: 1_000_000)
    let (sum, overflowsToo) = product.addingReportingOverflow(
      Int64(timestamp.nanoseconds) / 1_000)
    guard !overflow, !overflowsToo else { return nil }
    self.init(microseconds: sum)
  }
}
