import PetriNet
import StandIns
import Testing

@Suite struct BookingsStandInTests {
  private func post(
    _ client: LoopbackClient, _ path: String, _ body: String, key: String?
  ) -> LoopbackClient.Response? {
    let headers = key.map { ["Idempotency-Key": $0] } ?? [:]
    return client.exchange("POST", path, headers: headers, body: body).response
  }

  @Test func `a booking and its return each have one effect, whoever repeats them`() async throws {
    let standIn = try BookingsStandIn()
    let client = LoopbackClient(port: try await standIn.start())

    let booked = post(client, "/hotels", "{\"id\": \"t1\"}", key: "k1")
    let again = post(client, "/hotels", "{\"id\": \"t1\"}", key: "k1")
    let returned = post(client, "/hotels/cancel", "{\"booked_by\": \"k1\"}", key: "k2")
    let returnedAgain = post(client, "/hotels/cancel", "{\"booked_by\": \"k1\"}", key: "k2")
    let effects = client.exchange("GET", "/effects").response?.body

    #expect(booked?.status == 200 && booked?.body == again?.body)
    #expect(returned?.status == 200 && returned?.body == returnedAgain?.body)
    #expect(
      effects == """
        [{"effect":"booked","what":"hotels","key":"k1","trip":"t1","seen":2},
        {"effect":"given_back","what":"hotels","key":"k2","trip":"t1","booked_by":"k1","seen":2}]
        """)
    await standIn.stop()
  }

  @Test func `a booking that was given back before it came is refused when it comes`() async throws
  {
    let standIn = try BookingsStandIn()
    let client = LoopbackClient(port: try await standIn.start())

    let returned = post(client, "/cars/cancel", "{\"booked_by\": \"k1\"}", key: "k2")
    let late = post(client, "/cars", "{\"id\": \"t1\"}", key: "k1")
    let effects = client.exchange("GET", "/effects").response?.body

    #expect(returned?.status == 200)
    #expect(late?.status == 409)
    #expect(effects == "[]")
    await standIn.stop()
  }

  @Test(arguments: [
    ("/flights", "{\"id\": \"t1\"}", nil, 400), ("/flights", "{}", "k", 400),
    ("/trains", "{\"id\": \"t1\"}", "k", 404), ("/cars/cancel", "{\"id\": \"t1\"}", "k", 400),
    ("/flights/cancel", "{\"booked_by\": \"k0\"}", "k0", 422),
  ])
  func `what cannot be meant is refused`(
    _ path: String, _ body: String, _ key: String?, _ status: Int
  ) async throws {
    let standIn = try BookingsStandIn()
    let client = LoopbackClient(port: try await standIn.start())
    _ = post(client, "/flights", "{\"id\": \"t0\"}", key: "k0")

    #expect(post(client, path, body, key: key)?.status == status)
    await standIn.stop()
  }

  @Test func `effects outlive the process that performed them`() async throws {
    let file = TemporaryFile.path("bookings")
    let first = try BookingsStandIn(settings: .init(effectsFile: file))
    let before = LoopbackClient(port: try await first.start())
    _ = post(before, "/cars", "{\"id\": \"t1\"}", key: "k1")
    _ = post(before, "/hotels/cancel", "{\"booked_by\": \"k9\"}", key: "k2")
    await first.stop()

    let second = try BookingsStandIn(settings: .init(effectsFile: file))
    let after = LoopbackClient(port: try await second.start())
    let again = post(after, "/cars", "{\"id\": \"t1\"}", key: "k1")
    let late = post(after, "/hotels", "{\"id\": \"t1\"}", key: "k9")
    let effects = after.exchange("GET", "/effects").response?.body

    #expect(again?.status == 200)
    #expect(late?.status == 409)
    #expect(
      effects
        == "[{\"effect\":\"booked\",\"what\":\"cars\",\"key\":\"k1\",\"trip\":\"t1\",\"seen\":2}]")
    await second.stop()
  }
}
