import Foundation
import Testing

/// `.ci/demo`, what `make demo` runs, with a compiler that refuses to build.
struct DemoScriptTests {
  @Test func `what is needed is told with its versions before anything is built`() throws {
    let manager = FileManager.default
    let tools = manager.temporaryDirectory.appending(path: "petrel-tools-\(UUID().uuidString)")
    try manager.createDirectory(at: tools, withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: tools) }
    let compiler = """
      #!/bin/sh
      [ "$1" = --version ] && echo "Swift version 6.9.1 (swift-6.9.1-RELEASE)" && exit 0
      echo "error: no such thing" && exit 1
      """
    let swift = tools.appending(path: "swift")
    try Data(compiler.utf8).write(to: swift)
    try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: swift.path)
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let script = Process()
    let output = Pipe()
    script.executableURL = root.appending(path: ".ci/demo")
    script.environment = ["PATH": "\(tools.path):/usr/bin:/bin"]
    script.standardOutput = output

    try script.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    script.waitUntilExit()

    #expect(script.terminationStatus == 70)
    let lines = text.split(separator: "\n").map(String.init)
    let needs = try #require(lines.first { $0.hasPrefix("[1/6]") })
    let shape = /\[1\/6\] needs      swift 6\.9\.1, libcurl [0-9.]+, sqlite [0-9.]+, tzdata  ok/
    #expect(needs.wholeMatch(of: shape) != nil, "\(needs)")
    #expect(lines.last == "error: no such thing")
  }
}
