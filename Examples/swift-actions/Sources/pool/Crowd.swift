import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Many clients of the pool: each asks for a connection, uses it for a query, gives it back, and asks
/// again if it was broken.
///
/// They stand in the same process as the connections, and talk to the net through its API.
actor Crowd {
  private struct Client {
    var number: Int
    var attempt = 1
  }

  private struct Items<Item: Decodable>: Decodable { var items: [Item] }
  private struct Started: Decodable { var `case`: String? }
  private struct Leased: Decodable {
    struct Value: Decodable { var id: String }
    var `case`: String
    var value: Value
  }

  private let connections: Connections
  private let service: String
  private let wanted: Int
  private var waiting: [String: Client] = [:]
  private var served = 0
  private var broken = 0
  private var again: [Client] = []
  private var mostSeen = 0

  init(_ count: Int, _ connections: Connections, service: String) {
    wanted = count
    self.connections = connections
    self.service = service
  }

  /// Until every client was served once; prints what came of it.
  func run() async {
    while await post("workflows/pool/messages/releases:batch", ["items": []]) == nil {
      try? await Task.sleep(for: .milliseconds(100))
    }
    await ask((0..<wanted).map { Client(number: $0) })
    while served < wanted {
      await useWhatIsLeased()
      let others = again
      again = []
      await ask(others)
      try? await Task.sleep(for: .milliseconds(10))
    }
    print(
      "pool: \(served) clients served, \(broken) broken connections given back, at most "
        + "\(mostSeen) connections by the server's own count")
  }

  private func ask(_ clients: [Client]) async {
    guard !clients.isEmpty else { return }
    let items = clients.map { client in
      [
        "value": ["client": "client \(client.number)", "wait": "3600s"],
        "key": "client-\(client.number)-\(client.attempt)",
      ] as [String: Any]
    }
    guard let data = await post("workflows/pool/cases:batch", ["items": items]),
      let started = try? JSONDecoder().decode(Items<Started>.self, from: data).items
    else {
      again += clients
      return
    }
    for (client, answer) in zip(clients, started) {
      if let id = answer.case { waiting[id] = client } else { again.append(client) }
    }
  }

  private func useWhatIsLeased() async {
    guard let data = await get("workflows/pool/places/leased/tokens?limit=100"),
      let leased = try? JSONDecoder().decode(Items<Leased>.self, from: data).items
    else { return }
    let mine = leased.compactMap { token -> (String, Client, String)? in
      waiting.removeValue(forKey: token.case).map { (token.case, $0, token.value.id) }
    }
    await withTaskGroup(of: (String, Client, String?).self) { group in
      for (lease, client, id) in mine {
        group.addTask { [connections] in (lease, client, await Self.count(connections, id)) }
      }
      var items: [[String: Any]] = []
      for await (lease, client, count) in group {
        if let count = count.flatMap(Int.init) {
          served += 1
          mostSeen = max(mostSeen, count)
        } else {
          broken += 1
          again.append(Client(number: client.number, attempt: client.attempt + 1))
        }
        items.append([
          "key": lease, "value": ["lease": lease, "healthy": count != nil] as [String: Any],
        ])
      }
      _ = await post("workflows/pool/messages/releases:batch", ["items": items])
    }
  }

  /// How many connections the server has from this pool, asked through one of them, which takes a while.
  private static func count(_ connections: Connections, _ id: String) async -> String? {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        let statement = """
          SELECT count(*) FROM pg_stat_activity, pg_sleep(0.01) WHERE application_name = 'petrel-pool'
          """
        continuation.resume(returning: connections[id]?.first(statement))
      }
    }
  }

  private func get(_ path: String) async -> Data? {
    guard let url = URL(string: "\(service)/v1/\(path)") else { return nil }
    return await send(URLRequest(url: url))
  }

  private func post(_ path: String, _ body: [String: Any]) async -> Data? {
    guard let url = URL(string: "\(service)/v1/\(path)") else { return nil }
    var request = URLRequest(url: url)
    request.httpMethod = "POST"
    request.httpBody = try? JSONSerialization.data(withJSONObject: body)
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    return await send(request)
  }

  private func send(_ request: URLRequest) async -> Data? {
    guard let (data, response) = try? await URLSession.shared.data(for: request),
      (response as? HTTPURLResponse)?.statusCode == 200
    else { return nil }
    return data
  }
}
