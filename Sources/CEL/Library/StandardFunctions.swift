/// The functions of CEL and those that workflows add, over values of any kind.
///
/// Each looks at the kinds of its arguments itself, so that `dyn` operands work.
enum StandardFunctions {
  /// The frame is there to pay for what is large.
  typealias Implementation =
    @Sendable ([Value], CallSite, Frame) throws(EvaluationError) -> Value

  /// Nil if there is no such function.
  static func implementation(of name: String) -> Implementation? {
    if let part = CalendarPart(rawValue: name) {
      return { (arguments, site, _) throws(EvaluationError) -> Value in
        try calendar(part, arguments, site)
      }
    }
    if let conversion = Conversion(rawValue: name) {
      return { (arguments, site, _) throws(EvaluationError) -> Value in
        guard arguments.count == 1 else { throw site.noOverload(arguments) }
        return try conversion.apply(to: arguments[0], site)
      }
    }
    switch name {
    case "size": return size
    case "contains", "startsWith", "endsWith": return search
    case "matches": return matches
    case "dyn", "declassify": return identity
    case "type": return type
    case "backoff": return backoff
    default:
      return StringFunctions.implementation(of: name) ?? MathFunctions.implementation(of: name)
        ?? OptionalFunctions.implementation(of: name)
        ?? EncoderFunctions.implementation(of: name)
        ?? NetworkFunctions.implementation(of: name)
    }
  }

  private static let identity: Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 1 else { throw site.noOverload(arguments) }
    return arguments[0]
  }

  private static let type: Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 1 else { throw site.noOverload(arguments) }
    return .type(arguments[0].runtimeType)
  }

  private static let size: Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 1 else { throw site.noOverload(arguments) }
    switch arguments[0] {
    case .string(let string): return .int(Int64(string.unicodeScalars.count))
    case .bytes(let bytes): return .int(Int64(bytes.count))
    case .list(let list): return .int(Int64(list.count))
    case .map(let map): return .int(Int64(map.count))
    case .blob(let blob): return .int(blob.size)
    default: throw site.noOverload(arguments)
    }
  }

  private static let search: Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 2, case .string(let text) = arguments[0],
      case .string(let part) = arguments[1]
    else { throw site.noOverload(arguments) }
    switch site.name {
    case "contains": return .bool(text.containsBytes(of: part))
    case "startsWith": return .bool(text.startsInBytes(with: part))
    default: return .bool(text.endsInBytes(of: part))
    }
  }

  private static let matches: Implementation = {
    (arguments, site, frame) throws(EvaluationError) -> Value in
    guard arguments.count == 2, case .string(let text) = arguments[0],
      case .string(let source) = arguments[1]
    else { throw site.noOverload(arguments) }
    let pattern: Pattern
    do throws(PatternProblem) {
      pattern = try Pattern(source)
    } catch {
      throw site.error(.invalidArgument, "The regular expression is malformed.")
    }
    return .bool(try frame.matches(text, pattern, at: site.position))
  }

  /// `backoff(n, a, b)` is the lesser of b and a * 2^n; b too where the product has no value.
  private static let backoff: Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 3, case .int(let count) = arguments[0],
      case .duration(let first) = arguments[1], case .duration(let most) = arguments[2]
    else { throw site.noOverload(arguments) }
    guard count >= 0 else {
      throw site.error(.invalidArgument, "The first argument of `backoff` is negative.")
    }
    guard first > .zero else { return .duration(min(first, most)) }
    guard count < 62, let product = first.multiplied(by: 1 << count) else {
      return .duration(most)
    }
    return .duration(min(product, most))
  }

  private static func calendar(
    _ part: CalendarPart, _ arguments: [Value], _ site: CallSite
  ) throws(EvaluationError) -> Value {
    switch arguments.first {
    case .timestamp(let instant) where arguments.count == 1:
      return .int(part.value(of: instant, offset: 0))
    case .timestamp(let instant) where arguments.count == 2:
      guard case .string(let name) = arguments[1] else { throw site.noOverload(arguments) }
      guard let zone = site.timeZones[name] else {
        throw site.error(.invalidArgument, "There is no time zone of that name.")
      }
      return .int(part.value(of: instant, offset: zone.offset(at: instant)))
    case .duration(let span) where arguments.count == 1 && part.isOfDurations:
      return .int(part.value(of: span))
    default: throw site.noOverload(arguments)
    }
  }
}

extension String {
  /// Whether the scalars of `suffix` end these; a combining mark may be cut from its letter.
  func endsInBytes(of suffix: String) -> Bool {
    let count = utf8.count - suffix.utf8.count
    guard count >= 0 else { return false }
    let isSuffix = utf8.withContiguousStorageIfAvailable { text in
      suffix.utf8.withContiguousStorageIfAvailable { suffix in
        UnsafeBufferPointer(rebasing: text[count...]).hasSameBytes(as: suffix)
      }
    }
    if let outer = isSuffix, let inner = outer { return inner }
    return utf8.dropFirst(count).elementsEqual(suffix.utf8)
  }

  /// Whether the scalars of `part` come somewhere in these, one after another.
  ///
  /// - Complexity: O(n + m), by Knuth, Morris and Pratt.
  func containsBytes(of part: String) -> Bool {
    // Short texts are searched plainly: preparing would cost more.
    if utf8.count &* part.utf8.count <= 4_096 {
      let isFound = utf8.withContiguousStorageIfAvailable { text in
        part.utf8.withContiguousStorageIfAvailable { part in text.contains(part) }
      }
      if let outer = isFound, let inner = outer { return inner }
    }
    let wanted = Array(part.utf8)
    guard !wanted.isEmpty else { return true }
    guard wanted.count <= utf8.count else { return false }
    var border = [0]
    for index in 1..<wanted.count {
      var length = border[index - 1]
      while length > 0, wanted[length] != wanted[index] { length = border[length - 1] }
      border.append(wanted[length] == wanted[index] ? length + 1 : 0)
    }
    var matched = 0
    for byte in utf8 {
      while matched > 0, wanted[matched] != byte { matched = border[matched - 1] }
      if wanted[matched] == byte { matched += 1 }
      if matched == wanted.count { return true }
    }
    return false
  }
}
