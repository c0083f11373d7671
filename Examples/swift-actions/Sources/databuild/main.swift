// Petrel with one action in it, which builds files of a tree: `databuild serve`. `databuild stale` prints
// a message for each file that must be built again.
import Commands
import Foundation
import Petrel

let folder = ProcessInfo.processInfo.environment["DATABUILD_TREE"] ?? "."
let tree = try Tree(URL(fileURLWithPath: folder))

if CommandLine.arguments.dropFirst().first == "stale" {
  for ref in try tree.stale() { print("{\"ref\":\"\(ref)\"}") }
} else {
  await Application.main(actions: [
    Action("build.run") { (order: Order, _) -> [Built] in
      try order.refs.map { ref in
        do {
          return try tree.build(ref, job: order.job)
        } catch let error as ActionError where error.code != BuildCode.disk.rawValue {
          return Built(ref: ref, why: error.code)
        }
      }
    }
  ])
}
