import Foundation
import Testing

@Suite struct HelpTests {
  @Test(arguments: [
    "init", "check", "explain", "draw", "test", "cel", "prompt", "prompt show", "config",
    "config show", "stand-in", "stand-in model", "stand-in payments",
    "stand-in bookings", "completions",
    "doctor", "run", "serve", "case", "case list", "case start", "case show", "case watch",
    "case trail", "case tokens", "case cancel", "case terminate", "message", "place", "place list",
    "task", "task list", "task claim", "task answer", "incident", "incident retry", "pause",
    "resume", "verdict", "verdict list", "verdict show", "audit", "audit effects",
    "case migrate", "db", "db size", "db check", "db sql", "db backup", "restore", "archive",
    "keys",
    "keys check", "keys rotate", "keys rotate-signer",
    "audit verify", "audit proof", "audit consistency", "audit checkpoint", "audit export",
    "audit erase",
  ])
  func `the help of a verb has two examples`(_ verb: String) throws {
    let folder = try WorkingFolder()
    let words = verb.split(separator: " ").map(String.init)

    let result = try PetrelProcess.run(words + ["--help"], in: folder.url)

    let examples = result.output.split(separator: "\n").filter { $0.hasPrefix("  petrel ") }
    #expect(examples.count >= 2)
    #expect(examples.allSatisfy { $0.hasPrefix("  petrel \(words[0])") })
    #expect(result.code == 0)
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `completions are a script for the shell`(_ shell: String) throws {
    let folder = try WorkingFolder()

    let result = try PetrelProcess.run(["completions", shell], in: folder.url)

    #expect(result.output.contains("petrel") && result.output.contains("stand-in"))
    #expect(result.notes == "")
  }
}
