/// A place in a file: what a diagnostic points at.
package struct SourceMark: Hashable, Sendable {
  /// The path as the user gave it; "" for a net written in Swift.
  package var file: String
  /// From 1.
  package var line: Int
  /// From 1, in Unicode scalars.
  package var column: Int
  /// In Unicode scalars on that line; at least 1.
  package var length: Int

  package init(file: String, line: Int, column: Int, length: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
    self.length = length
  }

  /// For declarations that stand in no file.
  package static let none = SourceMark(file: "", line: 0, column: 0)
}

/// Something together with the place where it was written.
package struct Located<Content: Sendable>: Sendable {
  package var value: Content
  package var mark: SourceMark
  /// Whether what stands there could not be read, which is told: nothing more is said of it.
  package var isUnreadable = false

  package init(_ value: Content, _ mark: SourceMark = .none) {
    self.value = value
    self.mark = mark
  }
}

extension Located<String> {
  /// A name that could not be read, or that stands a second time where it may stand once.
  package static func unreadable(at mark: SourceMark) -> Located {
    var name = Located("", mark)
    name.isUnreadable = true
    return name
  }
}

extension Located: Equatable where Content: Equatable {
  package static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// A scalar as read from a file, with the place of each of its Unicode scalars, so that a mistake
/// inside an expression points at the right column even in a quoted or folded scalar.
package struct SourceText: Equatable, Sendable {
  package var text: String
  /// The whole scalar.
  package var mark: SourceMark
  /// Line and column of the n-th scalar of `text`; nil if they simply follow `mark` on its line.
  package var positions: [Position]?
  /// Whether what stands there could not be read, which is told: nothing more is said of it.
  package var isUnreadable = false

  /// What stands at `mark` and could not be read.
  package static func unreadable(at mark: SourceMark) -> SourceText {
    var text = SourceText("", mark: mark)
    text.isUnreadable = true
    return text
  }

  package struct Position: Equatable, Sendable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  package init(_ text: String, mark: SourceMark = .none, positions: [Position]? = nil) {
    self.text = text
    self.mark = mark
    self.positions = positions
  }

  /// The place of `length` scalars from `offset` on.
  package func mark(at offset: Int, length: Int) -> SourceMark {
    guard let positions else {
      return SourceMark(
        file: mark.file, line: mark.line, column: mark.column + offset, length: max(length, 1))
    }
    guard let last = positions.last else { return mark }
    var place = offset < positions.count ? positions[offset] : last
    if offset >= positions.count, text.unicodeScalars.last?.properties.isWhitespace == false {
      place.column += 1
    }
    return SourceMark(
      file: mark.file, line: place.line, column: place.column, length: max(length, 1))
  }
}
