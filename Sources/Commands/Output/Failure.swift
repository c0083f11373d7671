internal import Foundation
internal import PetriNet
internal import Workflows

/// How a command ended, for whoever called it (sysexits).
enum ExitStatus: Int32, Sendable {
  case done = 0
  /// The answer is no: a finding, a failed test, a broken chain.
  case no = 1
  case wrongCall = 64
  case badFile = 65
  case noSuchFile = 66
  case notReachable = 69
  case ourBug = 70
  case disk = 74
  case tryAgain = 75
  case notAllowed = 77
  case configuration = 78
  case interrupted = 130
}

/// A command that could not do its work: one sentence, a code, and what helps.
struct Failure: Error, Equatable, Sendable {
  var code: ExitStatus
  /// `S101`, `C402`; "" where the text above it has said all.
  var name: String
  var message: String
  var help: String
  /// The place of the configuration that it is about; `none` where it is about none.
  var mark: SourceMark

  init(
    _ code: ExitStatus, _ name: String = "", _ message: String = "", help: String = "",
    at mark: SourceMark = .none
  ) {
    self.code = code
    self.name = name
    self.message = message
    self.help = help
    self.mark = mark
  }

  /// Says it on stderr.
  func tell() {
    guard !message.isEmpty else { return }
    let words = DiagnosticText.Words(Console.language)
    let error = words.severity(.error)
    let label = name.isEmpty ? error : "\(error)[\(name)]"
    let lines = message.split(separator: "\n").map { words.sentence(String($0)) }
    for line in lines { Console.note("\(label): \(VisibleText.visible(line))") }
    if mark != .none {
      Console.note("  --> \(VisibleText.visible(mark.file)):\(mark.line):\(mark.column)")
    }
    if !help.isEmpty { Console.note("   = \(words.help): \(words.sentence(help))") }
  }
}
