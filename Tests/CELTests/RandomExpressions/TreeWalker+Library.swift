import CEL
import Foundation

/// The functions that random expressions call, each in the plainest way.
extension TreeWalker {
  func library(_ name: String, _ values: [Value]) throws(Failure) -> Value {
    if name.hasPrefix("math.") { return try math(String(name.dropFirst(5)), values) }
    if name.hasPrefix("get") { return try calendar(name, values) }
    switch name {
    case "dyn": return values[0]
    case "size": return try size(values)
    case "int", "uint", "double", "string", "bytes", "timestamp", "duration":
      return try conversion(name, values[0])
    case "optional.of": return .optional(.some(values[0]))
    case "optional.none": return .optional(.none)
    case "optional.ofNonZeroValue":
      return .optional(isZero(values[0]) ? .none : .some(values[0]))
    case "hasValue": return .bool(try content(values[0]) != nil)
    case "value":
      guard let content = try content(values[0]) else { throw Failure(.nullValue) }
      return content
    case "first", "last", "optional.unwrap": return try list(name, values)
    case "base64.encode":
      guard case .bytes(let bytes) = values[0] else { throw mismatch(values) }
      return .string(Data(bytes).base64EncodedString())
    case "base64.decode":
      guard case .string(let text) = values[0] else { throw mismatch(values) }
      guard let data = Data(base64Encoded: text) else { throw Failure(.invalidArgument) }
      return .bytes(Array(data))
    default: return try text(name, values)
    }
  }

  private func isZero(_ value: Value) -> Bool {
    let zeros: [Value] = [
      .null, .bool(false), .int(0), .uint(0), .string(""), .bytes([]), .list([]),
      .duration(.zero), .timestamp(Timestamp(seconds: 0, nanoseconds: 0)), .map(MapValue()),
    ]
    if case .double(let double) = value { return double == 0 }
    return zeros.contains(value)
  }

  private func size(_ values: [Value]) throws(Failure) -> Value {
    switch values[0] {
    case .string(let text): .int(Int64(Array(text.unicodeScalars).count))
    case .bytes(let bytes): .int(Int64(bytes.count))
    case .list(let list): .int(Int64(list.count))
    case .map(let map): .int(Int64(map.entries.count))
    default: throw mismatch(values)
    }
  }

  private func list(_ name: String, _ values: [Value]) throws(Failure) -> Value {
    guard case .list(let list) = values[0] else { throw mismatch(values) }
    guard name == "optional.unwrap" else {
      let element = name == "first" ? list.first : list.last
      return .optional(element.map { .some($0) } ?? .none)
    }
    var contents: [Value] = []
    for element in list {
      if let content = try content(element) { contents.append(content) }
    }
    return .list(contents)
  }

  private func conversion(_ name: String, _ value: Value) throws(Failure) -> Value {
    switch (name, value) {
    case ("int", .int), ("uint", .uint), ("double", .double), ("string", .string),
      ("bytes", .bytes), ("timestamp", .timestamp), ("duration", .duration):
      return value
    case ("timestamp", .string(let text)):
      guard let instant = Timestamp(text) else { throw Failure(.invalidArgument) }
      return .timestamp(instant)
    case ("duration", .string(let text)):
      guard let span = TimeSpan(text) else { throw Failure(.invalidArgument) }
      return .duration(span)
    case ("int", .uint(let uint)):
      guard let int = Int64(exactly: uint) else { throw Failure(.outOfRange) }
      return .int(int)
    case ("int", .double(let double)):
      // Both ends are excluded.
      guard double > -9_223_372_036_854_775_808, double < 9_223_372_036_854_775_808 else {
        throw Failure(.outOfRange)
      }
      return .int(Int64(double))
    case ("int", .timestamp(let instant)): return .int(instant.seconds)
    case ("int", .string(let text)):
      guard let int = Int64(text) else { throw Failure(.invalidArgument) }
      return .int(int)
    case ("uint", .int(let int)):
      guard int >= 0 else { throw Failure(.outOfRange) }
      return .uint(UInt64(int))
    case ("uint", .double(let double)):
      guard double >= 0, double < 18_446_744_073_709_551_616 else { throw Failure(.outOfRange) }
      return .uint(UInt64(double))
    case ("double", .int(let int)): return .double(Double(int))
    case ("double", .uint(let uint)): return .double(Double(uint))
    case ("string", .int(let int)): return .string("\(int)")
    case ("string", .uint(let uint)): return .string("\(uint)")
    case ("string", .bool(let bool)): return .string("\(bool)")
    case ("string", .bytes(let bytes)):
      guard let text = String(bytes: bytes, encoding: .utf8) else {
        throw Failure(.invalidArgument)
      }
      return .string(text)
    case ("bytes", .string(let text)): return .bytes(Array(text.utf8))
    case ("timestamp", .int(let seconds)):
      guard seconds >= -62_135_596_800, seconds <= 253_402_300_799 else {
        throw Failure(.outOfRange)
      }
      return .timestamp(Timestamp(seconds: seconds, nanoseconds: 0))
    default: throw mismatch([value])
    }
  }

  private func text(_ name: String, _ values: [Value]) throws(Failure) -> Value {
    if name == "join" { return try joined(values) }
    guard case .string(let string) = values[0] else { throw mismatch(values) }
    let scalars = Array(string.unicodeScalars)
    switch name {
    case "lowerAscii":
      return made(scalars.map { $0.isASCII ? $0.properties.lowercaseMapping : String($0) })
    case "upperAscii":
      return made(scalars.map { $0.isASCII ? $0.properties.uppercaseMapping : String($0) })
    case "reverse": return made(scalars.reversed().map { String($0) })
    case "trim":
      let blanks = scalars.drop { $0.properties.isWhitespace }.reversed()
      return made(blanks.drop { $0.properties.isWhitespace }.reversed().map { String($0) })
    case "charAt":
      guard case .int(let index) = values[1] else { throw mismatch(values) }
      guard index >= 0, index <= scalars.count else { throw Failure(.indexOutOfRange) }
      return .string(index == scalars.count ? "" : String(scalars[Int(index)]))
    case "substring":
      guard case .int(let start) = values[1], case .int(let end) = values[2] else {
        throw mismatch(values)
      }
      guard start >= 0, start <= end, end <= scalars.count else { throw Failure(.indexOutOfRange) }
      return made(scalars[Int(start)..<Int(end)].map { String($0) })
    case "format":
      guard case .list(let list) = values[1] else { throw mismatch(values) }
      guard case .int(let second) = list[1] else { throw mismatch([list[1]]) }
      if case .string(let first) = list[0] { return .string("\(first)-\(second)") }
      return .string("null-\(second)")
    default: return try search(name, scalars, values)
    }
  }

  private func made(_ parts: [String]) -> Value { .string(parts.joined()) }

  private func joined(_ values: [Value]) throws(Failure) -> Value {
    guard case .list(let list) = values[0], case .string(let separator) = values[1] else {
      throw mismatch(values)
    }
    var parts: [String] = []
    for element in list {
      guard case .string(let part) = element else { throw mismatch([element]) }
      parts.append(part)
    }
    return made([parts.joined(separator: separator)])
  }

  private func search(
    _ name: String, _ text: [Unicode.Scalar], _ values: [Value]
  ) throws(Failure) -> Value {
    guard case .string(let wanted) = values[1] else { throw mismatch(values) }
    let part = Array(wanted.unicodeScalars)
    let starts = (0...text.count).filter { text[$0...].starts(with: part) }
    switch name {
    case "contains": return .bool(!starts.isEmpty)
    case "startsWith": return .bool(starts.contains(0))
    case "endsWith": return .bool(starts.contains(text.count - part.count))
    case "indexOf": return .int(Int64(starts.first ?? -1))
    case "lastIndexOf": return .int(Int64(starts.last ?? -1))
    case "split" where part.isEmpty: return .list(text.map { .string(String($0)) })
    case "split", "replace":
      var pieces: [String] = []
      var piece = String.UnicodeScalarView()
      var index = 0
      while index < text.count || (part.isEmpty && index == text.count) {
        if starts.contains(index) {
          pieces.append(String(piece))
          piece = String.UnicodeScalarView()
          index += part.count
          if !part.isEmpty { continue }
        }
        if index < text.count { piece.append(text[index]) }
        index += 1
      }
      pieces.append(String(piece))
      if name == "split" { return .list(pieces.map { .string($0) }) }
      guard case .string(let new) = values[2] else { throw mismatch(values) }
      return .string(pieces.joined(separator: new))
    default: throw Failure(.noSuchOverload)
    }
  }

  private func math(_ name: String, _ values: [Value]) throws(Failure) -> Value {
    switch (name, values[0]) {
    case ("isNaN", .double(let double)): return .bool(double.isNaN)
    case ("isInf", .double(let double)): return .bool(double.isInfinite)
    case ("isFinite", .double(let double)): return .bool(double.isFinite)
    case ("ceil", .double(let double)): return .double(double.rounded(.up))
    case ("floor", .double(let double)): return .double(double.rounded(.down))
    case ("round", .double(let double)): return .double(double.rounded())
    case ("trunc", .double(let double)): return .double(double.rounded(.towardZero))
    case ("sqrt", .double(let double)): return .double(double.squareRoot())
    case ("sqrt", .int(let int)): return .double(Double(int).squareRoot())
    case ("abs", .int(let int)):
      guard int != .min else { throw Failure(.overflow) }
      return .int(int < 0 ? -int : int)
    case ("sign", .int(let int)): return .int(int < 0 ? -1 : int > 0 ? 1 : 0)
    case ("bitNot", .int(let int)): return .int(-1 - int)
    case ("bitNot", .uint(let uint)): return .uint(.max - uint)
    default: break
    }
    guard case .int(let left) = values[0], case .int(let right) = values[1] else {
      throw mismatch(values)
    }
    switch name {
    case "greatest": return .int(max(left, right))
    case "least": return .int(min(left, right))
    case "bitAnd": return .int(left & right)
    case "bitOr": return .int(left | right)
    case "bitXor": return .int(left ^ right)
    default:
      guard right >= 0 else { throw Failure(.invalidArgument) }
      guard right < 64 else { return .int(0) }
      if name == "bitShiftLeft" { return .int(left << right) }
      return .int(Int64(bitPattern: UInt64(bitPattern: left) >> UInt64(right)))
    }
  }

  /// Counts years, then months, from 1970 on.
  private func calendar(_ name: String, _ values: [Value]) throws(Failure) -> Value {
    guard case .timestamp(let instant) = values[0] else { throw mismatch(values) }
    var second = instant.seconds % 86_400
    var day = instant.seconds / 86_400
    if second < 0 {
      second += 86_400
      day -= 1
    }
    switch name {
    case "getHours": return .int(second / 3_600)
    case "getMinutes": return .int(second / 60 % 60)
    case "getSeconds": return .int(second % 60)
    case "getMilliseconds": return .int(Int64(instant.nanoseconds) / 1_000_000)
    case "getDayOfWeek": return .int(((day + 4) % 7 + 7) % 7)
    default: break
    }
    func isLeap(_ year: Int64) -> Bool {
      year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
    var year: Int64 = 1970
    while day < 0 {
      year -= 1
      day += isLeap(year) ? 366 : 365
    }
    while day >= (isLeap(year) ? 366 : 365) {
      day -= isLeap(year) ? 366 : 365
      year += 1
    }
    if name == "getFullYear" { return .int(year) }
    if name == "getDayOfYear" { return .int(day) }
    let lengths: [Int64] = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var month = 0
    while day >= lengths[month] {
      day -= lengths[month]
      month += 1
    }
    return .int(name == "getMonth" ? Int64(month) : name == "getDate" ? day + 1 : day)
  }
}
