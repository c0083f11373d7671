/// `int(x)`, `string(x)` and the other conversions, under the names they have in CEL.
enum Conversion: String, Sendable {
  case bool, bytes, double, duration, int, string, timestamp, uint

  func apply(to value: Value, _ site: CallSite) throws(EvaluationError) -> Value {
    let result: Value?
    switch self {
    case .bool: result = try Self.bool(value, site)
    case .bytes: result = Self.bytes(value)
    case .double: result = try Self.double(value, site)
    case .duration: result = try Self.duration(value, site)
    case .int: result = try Self.int(value, site)
    case .string: result = try Self.string(value, site)
    case .timestamp: result = try Self.timestamp(value, site)
    case .uint: result = try Self.uint(value, site)
    }
    guard let result else { throw site.noOverload([value]) }
    return result
  }

  private static func bool(_ value: Value, _ site: CallSite) throws(EvaluationError) -> Value? {
    switch value {
    case .bool: return value
    case .string(let text):
      switch text {
      case "1", "t", "T", "true", "TRUE", "True": return .bool(true)
      case "0", "f", "F", "false", "FALSE", "False": return .bool(false)
      default: throw site.error(.invalidArgument, "The text is no bool.")
      }
    default: return nil
    }
  }

  private static func bytes(_ value: Value) -> Value? {
    switch value {
    case .bytes: value
    case .string(let text): .bytes(Array(text.utf8))
    default: nil
    }
  }

  private static func double(_ value: Value, _ site: CallSite) throws(EvaluationError) -> Value? {
    switch value {
    case .double: return value
    case .int(let int): return .double(Double(int))
    case .uint(let uint): return .double(Double(uint))
    case .string(let text):
      guard let double = Double(celText: text) else {
        throw site.error(.invalidArgument, "The text is no double.")
      }
      return .double(double)
    default: return nil
    }
  }

  private static func duration(
    _ value: Value, _ site: CallSite
  ) throws(EvaluationError) -> Value? {
    switch value {
    case .duration: return value
    case .string(let text):
      guard let span = TimeSpan(text) else {
        throw site.error(.invalidArgument, "The text is no duration, or one out of range.")
      }
      return .duration(span)
    default: return nil
    }
  }

  private static func int(_ value: Value, _ site: CallSite) throws(EvaluationError) -> Value? {
    switch value {
    case .int: return value
    case .uint(let uint):
      guard let int = Int64(exactly: uint) else { throw outOfRange("int", site) }
      return .int(int)
    case .double(let double):
      // Both ends are excluded, as the nearest doubles inside do not tell them from overflow.
      guard double > -0x1p63, double < 0x1p63 else { throw outOfRange("int", site) }
      return .int(Int64(double))
    case .string(let text):
      guard let int = Int64(text) else { throw site.error(.invalidArgument, "The text is no int.") }
      return .int(int)
    case .timestamp(let instant): return .int(instant.seconds)
    default: return nil
    }
  }

  private static func uint(_ value: Value, _ site: CallSite) throws(EvaluationError) -> Value? {
    switch value {
    case .uint: return value
    case .int(let int):
      guard let uint = UInt64(exactly: int) else { throw outOfRange("uint", site) }
      return .uint(uint)
    case .double(let double):
      guard double >= 0, double < 0x1p64 else { throw outOfRange("uint", site) }
      return .uint(UInt64(double))
    case .string(let text):
      guard text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
        let uint = UInt64(text)
      else { throw site.error(.invalidArgument, "The text is no uint.") }
      return .uint(uint)
    default: return nil
    }
  }

  private static func string(_ value: Value, _ site: CallSite) throws(EvaluationError) -> Value? {
    switch value {
    case .string: return value
    case .bool(let bool): return .string(bool ? "true" : "false")
    case .int(let int): return .string(String(int))
    case .uint(let uint): return .string(String(uint))
    case .double(let double): return .string(double.celText)
    case .timestamp(let instant): return .string(instant.description)
    case .duration(let span): return .string(span.description)
    case .bytes(let bytes):
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw site.error(.invalidArgument, "The bytes are no UTF-8.")
      }
      return .string(text)
    case .record: return value.networkText.map { .string($0) }
    default: return nil
    }
  }

  private static func timestamp(
    _ value: Value, _ site: CallSite
  ) throws(EvaluationError) -> Value? {
    switch value {
    case .timestamp: return value
    case .int(let seconds):
      let instant = Timestamp(seconds: seconds, nanoseconds: 0)
      guard instant >= .least, instant <= .greatest else { throw outOfRange("timestamp", site) }
      return .timestamp(instant)
    case .string(let text):
      guard let instant = Timestamp(text) else {
        throw site.error(.invalidArgument, "The text is no timestamp, or one out of range.")
      }
      return .timestamp(instant)
    default: return nil
    }
  }

  private static func outOfRange(_ type: String, _ site: CallSite) -> EvaluationError {
    site.error(.outOfRange, "The value lies outside of the range of \(type).")
  }
}
