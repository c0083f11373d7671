import PetriNet
import StandIns
import Testing

@Suite struct PaymentsStandInTests {
  /// An order whose payment is settled, not refunded, and whose amount the caller learns.
  private static let payment = settledPayment()

  private static func settledPayment(after number: Int = 0) -> StandInPayment {
    let payments = (number..<(number + 1000)).lazy.compactMap {
      StandInPayment(order: "ord-\($0)")
    }
    guard let payment = payments.first(where: { $0.settled && !$0.refunded }) else {
      preconditionFailure("no order is settled")
    }
    return payment
  }

  private func body(of payment: StandInPayment, amount: Int64? = nil) -> String {
    "{\"payment\":\"\(payment.id)\",\"amount\":\(amount ?? payment.amountWon)}"
  }

  private func refund(
    _ client: LoopbackClient, _ body: String, key: String?
  ) -> LoopbackClient.Response? {
    let headers = key.map { ["Idempotency-Key": $0] } ?? [:]
    return client.exchange("POST", "/refunds", headers: headers, body: body).response
  }

  @Test func `payments follow from their orders`() throws {
    let payments = (0..<2000).compactMap { StandInPayment(order: "o\($0)") }

    let again = (0..<2000).compactMap { StandInPayment(order: "o\($0)") }
    let small = payments.filter { $0.amountWon <= 50_000 }.count
    let large = payments.filter { $0.amountWon > 500_000 }.count

    #expect(payments == again)
    #expect(payments.allSatisfy { (3_000...2_000_000).contains($0.amountWon) })
    #expect((1100...1300).contains(small) && (180...300).contains(large))
    #expect((80...160).contains(payments.filter { !$0.settled }.count))
    #expect((50...110).contains(payments.filter(\.refunded).count))
    #expect(StandInPayment(order: "none-1") == nil)
  }

  @Test func `a payment is found by its order`() async throws {
    let standIn = try PaymentsStandIn()
    let client = LoopbackClient(port: try await standIn.start())
    let order = "주문 1"
    let payment = StandInPayment(order: order)
    let expected = try #require(payment)

    let found = client.exchange("GET", "/orders/%EC%A3%BC%EB%AC%B8%201").response
    let statuses = ["/orders/none-1", "/orders/%zz", "/orders/", "/order/1"].map {
      client.exchange("GET", $0).response?.status
    }

    #expect(found?.status == 200)
    #expect(found?.json?["id"] == .string("pay-주문 1"))
    #expect(found?.json?["amount_won"] == .number(JSONNumber(expected.amountWon)))
    #expect(found?.json?["settled"] == .bool(expected.settled))
    #expect(found?.json?["refunded"] == .bool(expected.refunded))
    #expect(statuses == [404, 400, 404, 404])
    await standIn.stop()
  }

  @Test func `a key has one effect, whoever repeats it`() async throws {
    let standIn = try PaymentsStandIn()
    let client = LoopbackClient(port: try await standIn.start())
    let payment = Self.payment

    let first = refund(client, body(of: payment), key: "k1")
    let second = refund(client, body(of: payment), key: "k1")
    let order = String(payment.id.dropFirst("pay-".count))
    let found = client.exchange("GET", "/orders/\(order)").response?.json
    let effects = client.exchange("GET", "/effects").response?.body

    #expect(first?.status == 200 && first?.json?["refunded"] == .bool(true))
    #expect(first?.body == second?.body)
    #expect(second?.headers["idempotent-replayed"] == "true")
    #expect(found?["refunded"] == .bool(true))
    #expect(
      effects
        == "[{\"key\":\"k1\",\"payment\":\"\(payment.id)\","
        + "\"amount\":\(payment.amountWon),\"seen\":2}]")
    await standIn.stop()
  }

  @Test func `refunds that must not be are refused, and leave no effect`() async throws {
    let standIn = try PaymentsStandIn()
    let client = LoopbackClient(port: try await standIn.start())
    let payment = Self.payment
    let all = (0..<1000).compactMap { StandInPayment(order: "ord-\($0)") }
    let unsettled = try #require(all.first { !$0.settled })
    let refunded = try #require(all.first { $0.refunded })
    let unknown = #"{"payment":"p1","amount":1}"#

    let replies = [
      refund(client, body(of: payment), key: nil),
      refund(client, "{}", key: "k1"),
      refund(client, unknown, key: "k2"),
      refund(client, body(of: payment, amount: 1), key: "k3"),
      refund(client, body(of: payment), key: "k3"),
      refund(client, body(of: unsettled), key: "k4"),
      refund(client, body(of: refunded), key: "k5"),
    ]
    let effects = client.exchange("GET", "/effects").response?.body

    #expect(
      replies.map { $0.map { "\($0.status) \($0.body)" } } == [
        #"400 {"error":"idempotency_key_missing"}"#, #"400 {"error":"bad_request"}"#,
        #"404 {"error":"no_such_payment"}"#, #"409 {"error":"amount"}"#,
        #"422 {"error":"key_reused"}"#, #"409 {"error":"not_settled"}"#,
        #"409 {"error":"refunded"}"#,
      ])
    #expect(effects == "[]")
    await standIn.stop()
  }

  @Test func `a payment is refunded once, under whichever key comes first`() async throws {
    let standIn = try PaymentsStandIn()
    let client = LoopbackClient(port: try await standIn.start())

    let statuses = ["k1", "k2"].map { refund(client, body(of: Self.payment), key: $0)?.status }

    #expect(statuses == [200, 409])
    await standIn.stop()
  }

  @Test func `repeats at the same time have one effect between them`() async throws {
    let standIn = try PaymentsStandIn(
      settings: PaymentsStandIn.Settings(effectsFile: TemporaryFile.path("together")))
    let port = try await standIn.start()
    let body = body(of: Self.payment)
    let clients = (0..<32).map { _ in LoopbackClient(port: port) }

    for client in clients {
      client.post("POST", "/refunds", headers: ["Idempotency-Key": "k1"], body: body)
    }
    let bodies = clients.map { $0.receive().response?.body }
    let effects = clients[0].exchange("GET", "/effects").response?.json

    #expect(Set(bodies).count == 1 && bodies[0] != nil)
    #expect(effects?.value(at: "/0/seen") == .number(JSONNumber(32)))
    #expect(effects?.value(at: "/1") == nil)
    await standIn.stop()
  }

  @Test func `effects are in the file before they are answered, and outlive the process`()
    async throws
  {
    let path = TemporaryFile.path("effects")
    let settings = PaymentsStandIn.Settings(effectsFile: path)
    let payment = Self.payment
    let line = { (seen: Int) in
      "{\"key\":\"k1\",\"payment\":\"\(payment.id)\",\"amount\":\(payment.amountWon),"
        + "\"seen\":\(seen)}\n"
    }
    let before = try PaymentsStandIn(settings: settings)
    let client = LoopbackClient(port: try await before.start())

    _ = refund(client, body(of: payment), key: "k1")
    let written = TemporaryFile.text(path)
    await before.stop()
    TemporaryFile.append(#"{"key":"k2","paym"#, to: path)
    let after = try PaymentsStandIn(settings: settings)
    let later = LoopbackClient(port: try await after.start())
    let replayed = refund(later, body(of: payment), key: "k1")

    #expect(written == line(1))
    #expect(replayed?.status == 200)
    #expect(TemporaryFile.text(path) == line(1) + line(2))
    await after.stop()
  }

  @Test func `a file that cannot be opened is told`() {
    #expect(throws: (any Error).self) {
      try PaymentsStandIn(
        settings: PaymentsStandIn.Settings(effectsFile: "/no/such/folder/effects"))
    }
  }

  @Test func `failures come before and after the effect, and repeats make it one`() async throws {
    let standIn = try PaymentsStandIn(settings: PaymentsStandIn.Settings(seed: 3, fail: 0.4))
    let port = try await standIn.start()
    var client = LoopbackClient(port: port)
    var answers: [String] = []
    var hidden = 0

    for number in 0..<60 {
      let payment = Self.settledPayment(after: number * 20)
      var response: LoopbackClient.Response?
      while response?.status != 200 {
        let outcome = client.exchange(
          "POST", "/refunds", headers: ["Idempotency-Key": "k\(number)"],
          body: body(of: payment))
        response = outcome.response
        answers.append(response.map { "\($0.status)" } ?? "reset")
        if outcome == .reset { client = LoopbackClient(port: port) }
      }
      if response?.headers["idempotent-replayed"] != nil { hidden += 1 }
    }
    let effects = client.exchange("GET", "/effects").response?.json

    #expect(Set(answers) == ["200", "500", "503", "reset"])
    #expect(answers.count > 80 && hidden > 5)
    #expect(effects?.value(at: "/59") != nil && effects?.value(at: "/60") == nil)
    await standIn.stop()
  }

  @Test func `finding fails now and then, not for ever`() async throws {
    let standIn = try PaymentsStandIn(settings: PaymentsStandIn.Settings(fail: 0.5))
    let port = try await standIn.start()

    let statuses = (0..<40).map { _ in
      LoopbackClient(port: port).exchange("GET", "/orders/a").response?.status
    }

    #expect(Set(statuses) == [200, 500, 503, nil])
    await standIn.stop()
  }
}
