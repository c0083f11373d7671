extension ZoneRules {
  /// Reads a TZif file (RFC 8536), of version 2 or later its 64-bit part and its rule; nil if the
  /// bytes are not sound.
  init?(tzif bytes: [UInt8]) {
    var reader = TZifReader(bytes)
    guard var header = reader.header() else { return nil }
    var width = 4
    if header.version >= UInt8(ascii: "2") {
      guard reader.skip(header.length(width: 4)), let second = reader.header() else { return nil }
      header = second
      width = 8
    }
    guard let changes = reader.changes(header, width: width) else { return nil }
    var yearly: YearlyRule?
    if width == 8 {
      guard let footer = reader.footer() else { return nil }
      if !footer.isEmpty {
        guard let rule = YearlyRule(footer) else { return nil }
        yearly = rule
      }
    }
    self.init(firstOffset: changes.first, changes: changes.later, yearly: yearly)
  }
}

private struct TZifHeader {
  var version: UInt8
  var isUTCount: Int
  var isStandardCount: Int
  var leapCount: Int
  var timeCount: Int
  var typeCount: Int
  var characterCount: Int

  /// Of the data block that follows.
  func length(width: Int) -> Int {
    timeCount * (width + 1) + typeCount * 6 + characterCount + leapCount * (width + 4)
      + isStandardCount + isUTCount
  }
}

private struct TZifReader {
  private let bytes: [UInt8]
  private var offset = 0
  /// More than any zone has; keeps sums of lengths from overflowing.
  private static let countMax = 100_000

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func skip(_ count: Int) -> Bool {
    guard offset + count <= bytes.count else { return false }
    offset += count
    return true
  }

  private mutating func integer(_ width: Int) -> Int64? {
    guard offset + width <= bytes.count else { return nil }
    var value: Int64 = bytes[offset] >= 0x80 ? -1 : 0
    for byte in bytes[offset..<offset + width] { value = value << 8 | Int64(byte) }
    offset += width
    return value
  }

  private mutating func count() -> Int? {
    guard let value = integer(4), value >= 0, value <= Self.countMax else { return nil }
    return Int(value)
  }

  mutating func header() -> TZifHeader? {
    guard offset + 44 <= bytes.count,
      bytes[offset..<offset + 4].elementsEqual("TZif".utf8)
    else { return nil }
    let version = bytes[offset + 4]
    offset += 20
    guard let isUT = count(), let isStandard = count(), let leap = count(), let time = count(),
      let type = count(), let character = count(), type > 0
    else { return nil }
    return TZifHeader(
      version: version, isUTCount: isUT, isStandardCount: isStandard, leapCount: leap,
      timeCount: time, typeCount: type, characterCount: character)
  }

  /// Reads the data block; leap seconds are skipped, as POSIX time has none.
  mutating func changes(
    _ header: TZifHeader, width: Int
  ) -> (first: Int64, later: [ZoneRules.Change])? {
    var instants: [Int64] = []
    for _ in 0..<header.timeCount {
      guard let instant = integer(width) else { return nil }
      instants.append(instant)
    }
    guard zip(instants, instants.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
    var indices: [Int] = []
    for _ in 0..<header.timeCount {
      guard let index = integer(1), index >= 0, index < header.typeCount else { return nil }
      indices.append(Int(index))
    }
    var offsets: [Int64] = []
    for _ in 0..<header.typeCount {
      guard let offset = integer(4), abs(offset) < 2 * 86_400, skip(2) else { return nil }
      offsets.append(offset)
    }
    let rest =
      header.characterCount + header.leapCount * (width + 4) + header.isStandardCount
      + header.isUTCount
    guard skip(rest) else { return nil }
    let later = zip(instants, indices).map { ZoneRules.Change(instant: $0, offset: offsets[$1]) }
    return (offsets[0], later)
  }

  /// The text between two newlines at the end.
  mutating func footer() -> [UInt8]? {
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\n"),
      let end = bytes[(offset + 1)...].firstIndex(of: UInt8(ascii: "\n"))
    else { return nil }
    return Array(bytes[offset + 1..<end])
  }
}
