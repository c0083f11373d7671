internal import PetriNet

/// What does not change from one question of a prompt to the next.
struct PreparedGuard: Sendable {
  let rendering: PromptRendering
  let parser: VerdictParser

  init(_ prompt: Prompt) {
    rendering = PromptRendering(prompt)
    parser = VerdictParser(prompt)
  }

  var prompt: Prompt { rendering.prompt }
}

/// Prompts that were asked before, by name and exact text.
struct PreparedGuards {
  private static let kept = 256
  private var guards: [String: [PreparedGuard]] = [:]

  mutating func preparation(of prompt: Prompt) -> PreparedGuard {
    if let known = guards[prompt.name]?.first(where: { $0.prompt.text == prompt.text }) {
      return known
    }
    let new = PreparedGuard(prompt)
    if guards.count >= Self.kept { guards = [:] }
    guards[prompt.name, default: []].append(new)
    return new
  }
}
