import Foundation

/// The string literals of a Swift source, with `%1`, `%2` … for what is interpolated; literals joined
/// by `+` are one, those inside interpolations come behind the one they stand in.
struct SourceLiterals {
  struct Literal: Equatable {
    var text: String
    /// Index of its first scalar in the source.
    var start: Int
  }

  private let source: [Unicode.Scalar]
  private(set) var literals: [Literal] = []

  init(_ text: String) {
    source = Array(text.unicodeScalars)
    var index = 0
    while index < source.count {
      if at(index, "//") {
        while index < source.count, source[index] != "\n" { index += 1 }
      } else if beginsLiteral(index) {
        index = takeJoined(index)
      } else {
        index += 1
      }
    }
  }

  /// Whether a literal at `start` stands in the arguments of a call of `name`.
  func isArgument(_ start: Int, of name: String) -> Bool {
    let call = Array("\(name)(".unicodeScalars)
    var depth = 0
    var index = start
    while index > 0, start - index < 1_500 {
      index -= 1
      if source[index] == ")" { depth += 1 }
      guard source[index] == "(" else { continue }
      if depth > 0 {
        depth -= 1
      } else if index + 1 >= call.count,
        source[(index + 1 - call.count)...index].elementsEqual(call)
      {
        return true
      }
    }
    return false
  }

  private func at(_ index: Int, _ text: String) -> Bool {
    source[index...].starts(with: text.unicodeScalars)
  }

  private func beginsLiteral(_ index: Int) -> Bool {
    var index = index
    while index < source.count, source[index] == "#" { index += 1 }
    return index < source.count && source[index] == "\""
  }

  private mutating func takeJoined(_ start: Int) -> Int {
    var nested: [Literal] = []
    var places = 0
    var (text, index) = take(start, &nested, &places)
    while true {
      var next = index
      while next < source.count, source[next].properties.isWhitespace { next += 1 }
      guard next < source.count, source[next] == "+" else { break }
      next += 1
      while next < source.count, source[next].properties.isWhitespace { next += 1 }
      guard beginsLiteral(next) else { break }
      let (more, end) = take(next, &nested, &places)
      text += more
      index = end
    }
    literals.append(Literal(text: text, start: start))
    literals += nested
    return index
  }

  private func take(
    _ start: Int, _ nested: inout [Literal], _ places: inout Int
  ) -> (text: String, end: Int) {
    var index = start
    var hashes = ""
    while source[index] == "#" {
      hashes += "#"
      index += 1
    }
    let quotes = at(index, "\"\"\"") ? "\"\"\"" : "\""
    index += quotes.utf8.count
    var text = String.UnicodeScalarView()
    while index < source.count, !at(index, quotes + hashes) {
      guard at(index, "\\" + hashes) else {
        text.append(source[index])
        index += 1
        continue
      }
      index += 1 + hashes.utf8.count
      if source[index] == "(" {
        places += 1
        text.append(contentsOf: "%\(places)".unicodeScalars)
        index = afterInterpolation(index, &nested)
      } else {
        index = escape(index, &text)
      }
    }
    return (String(text), index + quotes.utf8.count + hashes.utf8.count)
  }

  private func afterInterpolation(_ open: Int, _ nested: inout [Literal]) -> Int {
    var depth = 0
    var index = open
    while index < source.count {
      if beginsLiteral(index) {
        var places = 0
        let (text, end) = take(index, &nested, &places)
        nested.append(Literal(text: text, start: index))
        index = end
        continue
      }
      if source[index] == "(" { depth += 1 }
      if source[index] == ")" { depth -= 1 }
      index += 1
      if depth == 0 { return index }
    }
    return index
  }

  private func escape(_ index: Int, _ text: inout String.UnicodeScalarView) -> Int {
    switch source[index] {
    case "n": text.append("\n")
    case "t": text.append("\t")
    case "u":
      let close = source[index...].firstIndex(of: "}") ?? index
      let digits = String(String.UnicodeScalarView(source[(index + 2)..<close]))
      text.append(UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) ?? " ")
      return close + 1
    case "\n":
      var index = index + 1
      while index < source.count, source[index] == " " { index += 1 }
      return index
    case let scalar: text.append(scalar)
    }
    return index + 1
  }
}
