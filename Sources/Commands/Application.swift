internal import ArgumentParser
internal import Foundation
public import Petrel

/// The command line of Petrel as a library: a binary of your own with your Swift actions and your nets
/// written in Swift in it, and all of Petrel's commands.
///
/// ```swift
/// import Commands
/// import Petrel
///
/// await Application.main(actions: [refund])
/// ```
public enum Application {
  /// The actions of this binary, for the commands that perform them.
  @TaskLocal static var actions: [Action] = []

  /// The nets of this binary, beside those of the workflow files.
  @TaskLocal static var workflows: [Workflow] = []

  /// Runs the command that the process was called with, and exits with its code.
  ///
  /// - Parameter workflows: nets written in Swift. Every command knows them like workflow files; one
  ///   that is the same net as the file of its name is that file.
  public static func main(actions: [Action] = [], workflows: [Workflow] = []) async {
    signal(SIGPIPE, SIG_IGN)
    await $actions.withValue(actions) {
      await $workflows.withValue(workflows) {
        await run(Array(CommandLine.arguments.dropFirst()))
      }
    }
  }

  private static func run(_ arguments: [String]) async {
    do {
      var command = try PetrelCommand.parseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      if let loss = Console.loss { throw loss }
    } catch let failure as Failure {
      failure.tell()
      exit(failure.code.rawValue)
    } catch {
      PetrelCommand.exit(withError: error)
    }
  }
}

/// `petrel`.
struct PetrelCommand: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "petrel",
    abstract:
      "Runs workflows in which a language model makes the judgement calls and nothing else.",
    discussion: "Exit codes: 0 done, 1 the answer is no, 64 wrong call, 65 bad file or input, "
      + "66 no such file, 69 not reachable, 70 our bug, 74 disk, 75 try again, 77 not allowed, "
      + "78 configuration, 130 interrupted.",
    version: "petrel \(version)",
    subcommands: Verbs.all)
}
