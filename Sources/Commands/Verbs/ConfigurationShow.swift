internal import ArgumentParser
internal import Foundation
internal import PetriNet
internal import Workflows

/// `petrel config`.
struct ConfigurationVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Show the configuration.",
    discussion: """
      Examples:
        petrel config show
        petrel config show --origin
      """,
    subcommands: [ConfigurationShow.self])
}

/// `petrel config show`: each value, and where it came from.
struct ConfigurationShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print every value of the merged files; secrets by name only.",
    discussion: """
      Order: petrel.local.yaml over petrel.yaml over ~/.config/petrel/config.yaml over defaults.
      Examples:
        petrel config show --origin
        petrel config show -o json
      """)

  @Flag(help: "The file and line of each value.")
  var origin = false

  @OptionGroup var output: OutputOptions

  func run() throws {
    let (loaded, files) = try Project.readConfiguration()
    guard let tree = loaded.tree else {
      Console.note("there is no petrel.yaml here or above: everything is at its default")
      if output.format == .json {
        JSONDocument(schema: "petrel.config/1", items: []).print(as: .json)
      }
      return
    }
    let lines = ConfigurationListing.lines(of: tree) { SecretReading.variable($0) != nil }
    guard output.format == .table else {
      return JSONDocument(schema: "petrel.config/1", items: lines.map(item))
        .print(as: output.format)
    }
    var columns: [Table.Column] = [.init("KEY"), .init("VALUE")]
    if origin { columns.insert(.init("ORIGIN"), at: 1) }
    var table = Table(columns)
    for line in lines {
      let place = "\(line.mark.file):\(line.mark.line)"
      table.add(origin ? [line.path, place, line.value] : [line.path, line.value])
    }
    table.print()
    if origin { Console.note("read: \(files.reversed().joined(separator: ", "))") }
  }

  private func item(_ line: ConfigurationListing.Line) -> JSONText.Node {
    .object([
      .init("key", .string(line.path)), .init("value", .string(line.value)),
      .init("file", .string(line.mark.file)), .init("line", .integer(line.mark.line)),
    ])
  }
}
