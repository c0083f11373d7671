/// Five fields: minute, hour, day of month, month, day of week, each `*`, numbers, ranges, lists,
/// steps; months and days of the week also by their English names.
package enum CronExpression {
  package struct Problem: Equatable, Sendable {
    package var found: String
    package var expected: String
  }

  private struct Field {
    var name: String
    var range: ClosedRange<Int>
    var names: [String] = []
    /// The number of the first name.
    var first = 0
  }

  private static let fields = [
    Field(name: "minute", range: 0...59), Field(name: "hour", range: 0...23),
    Field(name: "day of month", range: 1...31),
    Field(
      name: "month", range: 1...12,
      names: [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
      ], first: 1),
    Field(
      name: "day of week", range: 0...7,
      names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
  ]

  /// What is wrong with the text first; nil if it is well.
  package static func problem(in text: String) -> Problem? {
    let parts = text.unicodeScalars.split { $0 == " " || $0 == "\t" }.map(String.init)
    guard parts.count == fields.count else {
      return Problem(
        found: "\(parts.count) fields", expected: "minute hour day month weekday")
    }
    for (part, field) in zip(parts, fields) {
      for item in part.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false)
      where !isItem(String(item), of: field) {
        return Problem(
          found: "'\(part)'",
          expected: "\(field.name): *, \(field.range.lowerBound)..\(field.range.upperBound), "
            + "ranges a-b, steps /n, lists")
      }
    }
    return nil
  }

  private static func isItem(_ item: String, of field: Field) -> Bool {
    let halves = item.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false)
      .map(String.init)
    guard (1...2).contains(halves.count) else { return false }
    if halves.count == 2 {
      guard let step = number(halves[1]), step > 0, step <= field.range.upperBound else {
        return false
      }
    }
    if halves[0] == "*" { return true }
    let ends = halves[0].unicodeScalars.split(separator: "-", omittingEmptySubsequences: false)
      .map { value(String($0), of: field) }
    switch (ends.count, ends.first ?? nil, ends.last ?? nil) {
    case (1, _?, _?): return true
    case (2, let low?, let high?): return low <= high
    default: return false
    }
  }

  private static func value(_ text: String, of field: Field) -> Int? {
    if let number = number(text) { return field.range.contains(number) ? number : nil }
    return field.names.firstIndex(of: text.lowercased()).map { $0 + field.first }
  }

  private static func number(_ text: String) -> Int? {
    guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return Int(text)
  }

  /// What each field admits, as bits by number (Sunday is 0), and whether the two day fields begin
  /// with `*`; nil if something is wrong with the text.
  static func fields(of text: String) -> (bits: [UInt64], anyDay: Bool, anyWeekday: Bool)? {
    guard problem(in: text) == nil else { return nil }
    let parts = text.unicodeScalars.split { $0 == " " || $0 == "\t" }.map(String.init)
    var bits: [UInt64] = []
    for (part, field) in zip(parts, fields) {
      var set: UInt64 = 0
      for item in part.unicodeScalars.split(separator: ",").map(String.init) {
        for number in numbers(of: item, field) { set |= 1 << UInt64(number) }
      }
      bits.append(set)
    }
    if bits[4] & (1 << 7) != 0 { bits[4] = bits[4] & ~(1 << 7) | 1 }
    return (bits, parts[2].hasPrefix("*"), parts[4].hasPrefix("*"))
  }

  private static func numbers(of item: String, _ field: Field) -> StrideTo<Int> {
    let halves = item.unicodeScalars.split(separator: "/").map(String.init)
    let step = halves.count == 2 ? number(halves[1]) ?? 1 : 1
    // `*` ends at 6 where Sunday has two numbers.
    let last = field.names.count == 7 ? 6 : field.range.upperBound
    if halves[0] == "*" { return stride(from: field.range.lowerBound, to: last + 1, by: step) }
    let ends = halves[0].unicodeScalars.split(separator: "-")
      .compactMap { value(String($0), of: field) }
    let low = ends.first ?? field.range.lowerBound
    let high = ends.count == 2 ? ends[1] : halves.count == 2 ? last : low
    return stride(from: low, to: high + 1, by: step)
  }
}
