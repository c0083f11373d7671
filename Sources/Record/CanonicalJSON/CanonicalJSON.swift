/// The one spelling of JSON that the log holds (LOG §2).
package enum CanonicalJSON {
  /// Nesting deeper than this is refused.
  package static let depthMax = 64

  /// What keeps `bytes` from being canonical JSON; nil if they are.
  package static func problem(in bytes: [UInt8]) -> CanonicalProblem? {
    var reader = CanonicalReader(bytes)
    do throws(CanonicalProblem) {
      try check(&reader, depth: 0)
      try reader.end()
      return nil
    } catch {
      return error
    }
  }

  private static func check(_ reader: inout CanonicalReader, depth: Int) throws(CanonicalProblem) {
    guard depth < depthMax else { throw reader.problem("lists and objects are nested too deep") }
    switch reader.next {
    case UInt8(ascii: "{"):
      try reader.entries { (reader, _) throws(CanonicalProblem) in
        try check(&reader, depth: depth + 1)
      }
    case UInt8(ascii: "["):
      _ = try reader.list { (reader) throws(CanonicalProblem) in
        try check(&reader, depth: depth + 1)
      }
    case UInt8(ascii: "\""): _ = try reader.string()
    case UInt8(ascii: "n"): try reader.null()
    case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try reader.bool()
    default:
      let isDouble = reader.bytes[reader.offset...]
        .prefix { ![UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}")].contains($0) }
        .contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "e") }
      if isDouble { _ = try reader.double() } else { _ = try reader.int() }
    }
  }
}
