internal import ArgumentParser
internal import Workflows

/// `petrel explain`: the page of a code, offline.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a code means, with a failing example and the repaired one.",
    discussion: """
      Examples:
        petrel explain P103
        petrel explain all
      """)

  @Argument(help: "A code as P103, or all for the list.")
  var code: String

  func run() throws {
    if code == "all" {
      var table = Table([.init("CODE"), .init("TITLE")])
      for page in Explanation.all {
        let title = Console.language == .korean ? page.korean?.title : nil
        table.add([page.code, title ?? page.title])
      }
      return table.print()
    }
    guard let page = Explanation.of(code) else {
      let nearest = Explanation.nearest(to: code).map { "; nearest: \($0)" } ?? ""
      throw Failure(
        .wrongCall, "C101", "there is no code '\(code)'\(nearest)", help: "petrel explain all")
    }
    Console.raw(page.page(width: min(Console.width, 100), language: Console.language))
  }
}
