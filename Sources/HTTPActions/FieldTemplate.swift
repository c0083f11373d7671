internal import CEL
internal import PetriNet

/// A text with fields of an action's argument in it: `/orders/{order}`, `{customer.name}`.
///
/// It knows names and nothing else; what a value contains is never expanded. A brace that opens no
/// field name is a mistake.
struct FieldTemplate: Sendable, Equatable {
  enum Piece: Sendable, Equatable {
    case text(String)
    /// Names from the argument inwards.
    case field([String])
  }

  /// Why a text cannot be made of a template.
  enum Absence: Error, Equatable {
    /// An optional field has no value.
    case absent
    /// A field is no scalar, or not there at all.
    case unprintable
  }

  let pieces: [Piece]

  /// nil if a brace is left open or closes nothing, or a name is none.
  init?(_ text: String) {
    var pieces: [Piece] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let plain = rest.prefix { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}") }
      if !plain.isEmpty { pieces.append(.text(String(decoding: plain, as: UTF8.self))) }
      rest = rest[plain.endIndex...]
      guard let brace = rest.first else { break }
      guard brace == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
        return nil
      }
      guard let path = Self.path(rest[(rest.startIndex + 1)..<end]) else { return nil }
      pieces.append(.field(path))
      rest = rest[(end + 1)...]
    }
    self.pieces = pieces
  }

  private static func path(_ bytes: ArraySlice<UInt8>) -> [String]? {
    let names = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isName = { (name: ArraySlice<UInt8>) in
      !name.isEmpty
        && name.allSatisfy { byte in
          byte >= 0x80 || byte == UInt8(ascii: "_") || (48...57).contains(byte)
            || (65...90).contains(byte) || (97...122).contains(byte)
        }
    }
    guard names.allSatisfy(isName) else { return nil }
    return names.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The names of fields it mentions.
  var fields: [[String]] {
    pieces.compactMap { piece in
      if case .field(let path) = piece { path } else { nil }
    }
  }

  /// The text with the fields of `argument`, each passed through `encode`.
  func text(
    of argument: Value, encode: (String) -> String = { $0 }
  ) throws(Absence) -> String {
    var output = ""
    for piece in pieces {
      switch piece {
      case .text(let text): output += text
      case .field(let path): output += encode(try Self.text(Self.value(path, in: argument)))
      }
    }
    return output
  }

  /// The value at a path; an absent optional on the way is null.
  static func value(_ path: [String], in argument: Value) throws(Absence) -> Value {
    var value = argument
    for name in path {
      switch value {
      case .record(let record):
        guard let field = record[name] else { throw .unprintable }
        value = field
      case .map(let map):
        guard let entry = map[name] else { throw .absent }
        value = entry
      case .null: return .null
      default: throw .unprintable
      }
    }
    return value
  }

  /// A scalar as it stands in a URL, header or form.
  static func text(_ value: Value) throws(Absence) -> String {
    switch value {
    case .null: throw .absent
    case .string(let text): return text
    case .bool(let flag): return flag ? "true" : "false"
    case .int, .uint, .double:
      if case .number(let number) = ValueWriting.node(of: value) { return number.text }
      throw .unprintable
    case .timestamp, .duration, .bytes:
      if case .string(let text) = ValueWriting.node(of: value) { return text }
      throw .unprintable
    default: throw .unprintable
    }
  }
}

/// Percent-encoding (RFC 3986): all but letters, digits and `-._~`.
enum PercentEncoding {
  private static let hex = Array("0123456789ABCDEF".utf8)

  static func encoded(_ text: String) -> String { encoded(text, keeping: "") }

  /// - Parameter kept: further ASCII characters left as they are.
  static func encoded(_ text: String, keeping kept: String) -> String {
    var output: [UInt8] = []
    for byte in text.utf8 {
      let isLetter = (65...90).contains(byte) || (97...122).contains(byte)
      if isLetter || (48...57).contains(byte) || "-._~".utf8.contains(byte)
        || kept.utf8.contains(byte)
      {
        output.append(byte)
      } else {
        output += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
