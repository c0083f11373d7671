import Foundation

/// What a page shows of an output, compared with what a command printed: numbers and hashes are
/// masked, runs of spaces are one, `…` stands for anything.
struct OutputPattern {
  private let pieces: [String]

  init(_ shown: String) {
    let lines = Self.masked(shown)
    pieces = lines.components(separatedBy: "…")
  }

  func matches(_ printed: String) -> Bool {
    var rest = Substring(Self.masked(printed))
    guard let first = pieces.first, rest.hasPrefix(first) else { return false }
    rest = rest.dropFirst(first.count)
    guard pieces.count > 1, let last = pieces.last else { return rest.isEmpty }
    for piece in pieces.dropFirst().dropLast() {
      guard let range = rest.firstRange(of: piece) else { return false }
      rest = rest[range.upperBound...]
    }
    return rest.hasSuffix(last)
  }

  /// Numbers become 0, sixteen or more hexadecimal digits become #.
  static func masked(_ text: String) -> String {
    text.split(separator: "\n")
      .map { line in
        line.replacing(/[0-9a-f]{16,}/, with: "#").replacing(/[0-9]+/, with: "0")
          .replacing(/0(\.0)+/, with: "0").replacing(#/ +/#, with: " ").replacing(#/ $/#, with: "")
      }
      .joined(separator: "\n")
  }
}
