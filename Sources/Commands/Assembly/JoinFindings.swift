internal import Engine
internal import PetriNet
internal import Workflows

/// What `check` says of joins over shared places (PROOF, P120): which of them have to try tokens one
/// after another although nobody knows how many there are.
enum JoinFindings {
  static func findings(of workflow: Workspace.Workflow) -> [Finding] {
    workflow.net.joins.compactMap { join in
      let open = join.scanned.filter { place in
        !workflow.net.places[place].isOfCase && workflow.net.isUnbounded(place)
      }
      guard let place = open.first,
        let index = workflow.net.transition(named: join.transition)
      else { return nil }
      let title = workflow.net.places[place].title
      return Finding(
        "P120",
        "'\(join.transition.text)' tries the tokens of '\(title)' one after another, and there may "
          + "be any number of them",
        at: workflow.net.transitions[index].mark, node: "transitions.\(join.transition.text)",
        found: "no equality by which its tokens are found",
        expected: "`where: a.field == b.field`, or a capacity",
        help: "an equality between fields of two tokens is served from an index")
    }
  }

  /// `scrape keyed, match star`; empty if no transition joins tokens of shared places.
  static func text(of net: Net) -> String {
    net.joins.map { "\($0.transition.text) \($0.way.rawValue)" }.joined(separator: ", ")
  }

  /// By transition.
  static func document(of net: Net) -> JSONText.Node {
    .object(net.joins.map { .init($0.transition.text, .string($0.way.rawValue)) })
  }
}
