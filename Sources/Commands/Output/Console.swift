internal import Foundation
internal import Glibc
internal import PetriNet
internal import Synchronization
internal import Workflows

/// Where a command writes: data on stdout, everything else on stderr.
enum Console {
  private static let lock = Mutex(Optional<Failure>.none)

  /// Why data is missing on stdout: a full disk, for one. A reader that went away is none.
  static var loss: Failure? { lock.withLock { $0 } }

  /// A line of data.
  static func print(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

  /// Data without a line end.
  static func raw(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// Progress, hints, errors.
  static func note(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

  /// A line that the next one overwrites; only on a terminal.
  static func progress(_ line: String) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    write("\r\u{1b}[K\(line)", to: STDERR_FILENO)
  }

  /// Ends a progress line.
  static func endProgress() {
    guard isatty(STDERR_FILENO) == 1 else { return }
    write("\r\u{1b}[K", to: STDERR_FILENO)
  }

  /// What findings, failures and pages are told in: `PETREL_LANG`.
  static let language = Language(tag: ProcessInfo.processInfo.environment["PETREL_LANG"] ?? "")

  /// Findings in the user's language, coloured where stderr takes colours.
  static func diagnostics(_ texts: SourceTexts) -> DiagnosticText {
    DiagnosticText(texts: texts, isColoured: isColoured, language: language)
  }

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether stderr takes colours: a terminal, and no `NO_COLOR`.
  static var isColoured: Bool {
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
  }

  /// Columns of the terminal; 80 where there is none to ask.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  private static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }

  private static func write(_ text: String, to file: Int32) {
    lock.withLock { loss in
      var rest = Array(text.utf8)[...]
      while !rest.isEmpty {
        let written = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        if written < 0, errno == EINTR { continue }
        guard written > 0 else {
          if file == STDOUT_FILENO, written == 0 || errno != EPIPE {
            loss = Failure(.disk, "F136", "standard output cannot be written: \(reason(errno))")
          }
          return
        }
        rest = rest.dropFirst(written)
      }
    }
  }
}
