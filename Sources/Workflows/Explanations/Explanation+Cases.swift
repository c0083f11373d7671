extension Explanation {
  static let cases: [Explanation] = [
    Explanation("T101", "no such case", "There is no case with this id."),
    Explanation(
      "T102", "the case exists",
      """
      A case with this key is open, or was closed a short while ago, and the workflow \
      refuses a second (again: refuse).
      """),
    Explanation("T103", "the case is closed", "It has ended; nothing can be done to it."),
    Explanation("T104", "no such workflow", "No workflow of this name is loaded."),
    Explanation(
      "T105", "paused",
      """
      An operator has paused what should start; petrel resume lets it go on.
      """),
    Explanation("T106", "no such verdict", "There is no verdict with this id."),
    Explanation("T107", "no such version", "The workflow has no version with this hash."),
    Explanation("T108", "no such transition", "The workflow has no transition of this name."),
    Explanation(
      "T109", "no such endpoint",
      "petrel.yaml names no endpoint so; petrel doctor lists them with how they answer."),
    Explanation(
      "T110", "cases about the person are still open",
      """
      What is erased cannot be read by the workflow either: let the cases end, or end them with \
      --cancel-open; nothing of them is compensated then.
      """),
    Explanation(
      "T111", "left by its age",
      """
      retention: in petrel.yaml says how long cases are kept after their end. What is older leaves \
      the log with an event that says so; its hashes stay, so that the rest can be verified.
      """),
    Explanation("T201", "no such task", "There is no task with this id."),
    Explanation(
      "T202", "the task is withdrawn",
      """
      A timer or another transition has taken its token. The answer is refused and stands in \
      the log.
      """),
    Explanation(
      "T203", "a value that does not fit its type",
      """
      Each field that does not fit is named with what was found and what is expected.
      """),
    Explanation(
      "T204", "another person holds the task",
      """
      Somebody has claimed it; the claim ends by itself after a while.
      """),
    Explanation(
      "T205", "no such outcome",
      """
      The transition does not have this outcome; the message lists those it has.
      """),
    Explanation("T301", "no such place", "The workflow has no place of this name."),
    Explanation("T302", "the place is full", "Its capacity is reached. Send it again later."),
    Explanation("T303", "a key that is taken", "The place holds a token with this key."),
    Explanation("T304", "the token is in use", "A firing under way holds it."),
    Explanation(
      "T305", "a place of cases",
      """
      Only shared and message places are filled from outside.
      """),
    Explanation(
      "T306", "a message key with another value",
      """
      A message with this key came before, with another value.
      """),
    Explanation("T307", "no such token", "The place does not hold this token any more."),
    Explanation("T401", "no such incident", "There is no incident with this id."),
    Explanation(
      "T402", "the incident is resolved",
      """
      Somebody has settled it, or its token has left.
      """),
    Explanation(
      "T403", "an expression raised",
      """
      An expression of the workflow has no value for this token: a missing field, an index \
      out of range, a division by zero. The token is set aside until the workflow is \
      repaired.
      """),
  ]
}
