internal import PetriNet

/// What does not change from one question of a prompt to the next.
struct PreparedGuard: Sendable {
  let rendering: PromptRendering
  let parser: VerdictParser

  /// - Parameter rotation: By how many places the labels are turned when they are offered.
  init(_ prompt: Prompt, rotation: Int = 0) {
    rendering = PromptRendering(prompt, rotation: rotation)
    parser = VerdictParser(prompt)
  }

  var prompt: Prompt { rendering.prompt }
}

/// Prompts that were asked before, by name and exact text.
struct PreparedGuards {
  private static let kept = 256
  private var guards: [String: [PreparedGuard]] = [:]

  mutating func preparation(of prompt: Prompt, rotation: Int = 0) -> PreparedGuard {
    let rotation = rotation % max(1, prompt.offeredLabels.count)
    let known = guards[prompt.name]?.first {
      $0.rendering.rotation == rotation && $0.prompt.text == prompt.text
    }
    if let known { return known }
    let new = PreparedGuard(prompt, rotation: rotation)
    if guards.count >= Self.kept { guards = [:] }
    guards[prompt.name, default: []].append(new)
    return new
  }
}
