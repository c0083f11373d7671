import ScriptedLoop

// ScriptRunner SCRIPT REPOSITORY FOLDER INCARNATION FROM [KILLED]
let given = Array(CommandLine.arguments.dropFirst())
guard given.count >= 5, let incarnation = UInt8(given[3]), let first = Int(given[4]) else {
  fatalError("usage: ScriptRunner SCRIPT REPOSITORY FOLDER INCARNATION FROM [KILLED]")
}
let script = try CommandScript(path: given[0], repository: given[1])
try script.run(
  folder: given[2], keys: [1, 2, 3],
  incarnation: Array(repeating: incarnation, count: 8), from: first,
  killed: given.dropFirst(5).first.flatMap { Int($0) })
