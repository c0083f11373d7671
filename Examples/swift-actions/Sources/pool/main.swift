// Petrel with a connection pool in it: `pool serve` keeps connections to PostgreSQL for those who ask.
// With POOL_CLIENTS set, so many clients in this process use it, and then it ends.
import Commands
import Foundation

let environment = ProcessInfo.processInfo.environment
let address = environment["POOL_DATABASE"] ?? "dbname=postgres"
let connections = Connections("\(address) application_name=petrel-pool")

if let count = environment["POOL_CLIENTS"].flatMap(Int.init) {
  let service = environment["POOL_SERVICE"] ?? "http://127.0.0.1:7875"
  Task.detached {
    await Crowd(count, connections, service: service).run()
    exit(0)
  }
}

await Application.main(actions: connections.actions)
