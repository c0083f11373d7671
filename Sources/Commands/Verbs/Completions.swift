internal import ArgumentParser

/// `petrel completions`: a script for a shell.
struct Completions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the completion script of a shell.",
    discussion: """
      Examples:
        petrel completions bash > /etc/bash_completion.d/petrel
        petrel completions zsh > ~/.zfunc/_petrel
      """)

  enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  func run() {
    let kind: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    Console.print(PetrelCommand.completionScript(for: kind))
  }
}
