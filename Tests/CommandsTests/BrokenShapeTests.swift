import Foundation
import Testing

/// Files that YAML reads and that are no workflow: `check` says what is wrong, and goes on.
@Suite struct BrokenShapeTests {
  private static let places = "places: {s: {start: unit}, e: {end: unit}}\n"

  @Test(arguments: [
    places + "transitions: {t: {out: {e: unit}}}",
    places + "transitions: {t: {in: {}, out: {e: unit}}}",
    places + "transitions: {t: {in: [s], out: {e: unit}}}",
    places + "transitions: {t: {in: s, out: {e: unit}}}",
    places + "transitions:\n  t:",
    places + "transitions: {t: [a]}",
    places + "transitions: {t: {in: {}, task: look, then: {ok: {e: unit}}}}",
    places + "transitions:",
    "places:\ntransitions: {t: {in: {x: s}, out: {e: unit}}}",
    "places: [s]\ntransitions: {t: {in: {x: s}, out: {e: unit}}}",
    "aces: {s: {start: unit}}\ntransitions: {t: {in: {x: s}, out: {e: unit}}}",
    places + "transitions: {t: {in: {x: s}, action: , then: {ok: {e: unit}, else: {e: unit}}}}",
    "actions:\n" + places
      + "transitions: {t: {in: {x: s}, action: nope, then: {ok: {e: unit}, else: {e: unit}}}}",
  ])
  func `check ends with the findings, whatever a file lacks`(text: String) throws {
    let around = try WorkingFolder()
    _ = try PetrelProcess.run(["init", "new", "--example", "empty"], in: around.url)
    let folder = around.url.appending(path: "new")
    let file = folder.appending(path: "workflows/broken.yaml")
    try Data("workflow: broken\n\(text)\n".utf8).write(to: file)

    for command in [["check"], ["check", "--json"], ["draw", "workflows/broken.yaml"]] {
      let result = try PetrelProcess.run(command, in: folder)

      #expect(result.code == 65, "\(command) \(result.output) \(result.notes)")
      #expect((result.output + result.notes).contains("workflows/broken.yaml"))
    }
  }
}
