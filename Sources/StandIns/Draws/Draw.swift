import Crypto

/// Four numbers that a seed and some texts fix: equal arguments, equal draws, in every process.
struct Draw: Sendable {
  /// One for each question that is put to a draw.
  enum Stream: Int {
    case fault, delay, label, detail
  }

  private let words: [UInt64]

  /// `parts` are told apart by their lengths, so that no two lists of texts are one.
  init(seed: UInt64, parts: [String], attempt: Int = 0) {
    var hash = SHA256()
    hash.update(data: Array("petrel/stand-in/1\0".utf8))
    hash.update(data: Self.bytes(of: seed))
    hash.update(data: Self.bytes(of: UInt64(attempt)))
    for part in parts {
      let bytes = Array(part.utf8)
      hash.update(data: Self.bytes(of: UInt64(bytes.count)))
      hash.update(data: bytes)
    }
    let digest = Array(hash.finalize())
    words = (0..<4).map { index in
      digest[index * 8..<index * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  /// From 0 up to 1, never 1.
  func fraction(_ stream: Stream) -> Double {
    Double(words[stream.rawValue] >> 11) / Double(1 << 53 as UInt64)
  }

  /// From 0 up to `count`, never `count`.
  func index(_ stream: Stream, below count: Int) -> Int {
    Int(words[stream.rawValue] % UInt64(count))
  }

  /// Evenly out of `range`.
  func duration(_ stream: Stream, in range: ClosedRange<Duration>) -> Duration {
    range.lowerBound + (range.upperBound - range.lowerBound) * fraction(stream)
  }

  /// The draw as 16 hexadecimal digits.
  var name: String {
    let digits = String(words[Stream.detail.rawValue], radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  private static func bytes(of number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
  }
}
