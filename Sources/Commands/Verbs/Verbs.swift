internal import ArgumentParser

/// Every verb of the command line, in the order of the help.
enum Verbs {
  static let all: [any ParsableCommand.Type] = [Run.self]
}
