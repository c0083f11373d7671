/// A page of documentation as its fenced blocks, in order.
struct Document {
  struct Block: Equatable {
    /// After the opening fence: `console`, `sh`, `yaml`.
    var language: String
    var text: String
    /// What a comment in the line before says: `file: PATH`, `from: PATH`.
    var note: Note?
    /// Of the opening fence, from 1.
    var line: Int
  }

  enum Note: Equatable {
    /// The block is this file of the folder in which the page's commands run.
    case file(String)
    /// The block's lines stand, indented or not, in this file of the repository.
    case from(String)
  }

  /// A command and what it prints on standard output; nil where the page does not show it.
  struct Command: Equatable {
    var text: String
    var output: String?
    var line: Int
  }

  private(set) var blocks: [Block] = []

  init(_ text: String) {
    var open: Block?
    var note: Note?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if line.hasPrefix("```") {
        if let block = open {
          blocks.append(block)
          open = nil
          note = nil
        } else {
          open = Block(
            language: String(line.dropFirst(3)), text: "", note: note, line: index + 1)
        }
      } else if open != nil {
        open?.text += line + "\n"
      } else if !line.isEmpty {
        note = Self.note(in: line)
      }
    }
  }

  private static func note(in line: Substring) -> Note? {
    guard line.hasPrefix("<!-- "), line.hasSuffix(" -->") else { return nil }
    let words = line.dropFirst(5).dropLast(4)
    if words.hasPrefix("file: ") { return .file(String(words.dropFirst(6))) }
    if words.hasPrefix("from: ") { return .from(String(words.dropFirst(6))) }
    return nil
  }
}

extension Document.Block {
  /// The commands of a `console` block, each after `$ `; every line of an `sh` block.
  var commands: [Document.Command] {
    var commands: [Document.Command] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let place = self.line + 1 + index
      if language == "sh" {
        guard !line.isEmpty, !line.hasPrefix("#") else { continue }
        commands.append(.init(text: String(line), output: nil, line: place))
      } else if line.hasPrefix("$ ") {
        commands.append(.init(text: String(line.dropFirst(2)), output: "", line: place))
      } else if !commands.isEmpty {
        commands[commands.count - 1].output? += line + "\n"
      }
    }
    return commands
  }
}
