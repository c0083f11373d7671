import CEL
import PetriNet
import Testing
import Workflows

@Suite struct InputLineTests {
  private let colour = ColourSet.record(
    RecordColour(
      name: "Order",
      fields: [
        .init(name: "id", colour: .string(max: 5)), .init(name: "n", colour: .int(0...9)),
      ]))

  @Test func `what begins with a dollar stands beside the value`() throws {
    let text = """
      {"$start": "asked", "id": "a", "$key": "k1", "n": 1, "$at": "5s", "$meta": {"x": [1]}}

      {"id": "b", "n": 2}
      """

    let read = InputLine.readAll(Array(text.utf8), file: "in.jsonl")

    #expect(read.findings == [])
    #expect(read.lines.map(\.number) == [1, 3])
    #expect(read.lines.map(\.start) == ["asked", nil])
    #expect(read.lines.map(\.key) == ["k1", nil])
    #expect(read.lines.map(\.atMicroseconds) == [5_000_000, nil])
    #expect(read.lines.map { $0.meta?.text } == [#"{"x":[1]}"#, nil])
    #expect(read.lines.map(\.json.text) == [#"{"id":"a","n":1}"#, #"{"id":"b","n":2}"#])
  }

  @Test(arguments: [
    (#"{"id": "a",}"#, 12), (#"{"id": 1, "id": 2}"#, 11), ("[1", 3), (#"{"$foo": 1}"#, 10),
    (#"{"한": nul}"#, 7),
  ])
  func `a bad line is told with its column, and the others are read`(line: String, column: Int) {
    let text = "{\"id\":\"a\",\"n\":1}\n\(line)\n{\"id\":\"b\",\"n\":2}"

    let read = InputLine.readAll(Array(text.utf8), file: "in.jsonl")

    #expect(read.lines.count == 2)
    #expect(read.findings.map(\.code) == ["F501"])
    #expect(
      read.findings.map(\.mark) == [SourceMark(file: "in.jsonl", line: 2, column: column)])
  }

  @Test func `a value that does not fit is told at its place without its contents`() throws {
    let text = #"{"id": "secret", "n": 10}"#
    let line = try #require(try InputLine.read(Array(text.utf8), number: 7, file: "in.jsonl"))

    let findings = line.value(in: colour).findings

    #expect(
      findings.map { "\($0.mark.line):\($0.mark.column) \($0.message): \($0.found)" } == [
        "7:8 '/id' does not fit its place: a string of 6",
        "7:23 '/n' does not fit its place: a greater number",
      ])
    #expect(!findings.contains { "\($0)".contains("secret") })
  }

  @Test func `a line may have so many bytes and not one more`() {
    let wrap = #"{"id":""}"#.utf8.count
    let fits = #"{"id":"\#(String(repeating: "a", count: InputLine.bytesMax - wrap))"}"#
    let tooLong = #"{"id":"\#(String(repeating: "a", count: InputLine.bytesMax - wrap + 1))"}"#

    #expect(InputLine.readAll(Array(fits.utf8), file: "").findings == [])
    #expect(InputLine.readAll(Array(tooLong.utf8), file: "").findings.map(\.code) == ["F501"])
  }
}
