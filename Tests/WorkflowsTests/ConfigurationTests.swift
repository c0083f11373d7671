import PetriNet
import Testing
import Workflows

@Suite struct ConfigurationTests {
  private func read(_ texts: (path: String, text: String)...) -> LoadedConfiguration {
    ConfigurationReader.read(
      texts.map { ConfigurationFile(path: $0.path, bytes: Array($0.text.utf8)) })
  }

  @Test func `the configuration of the house is read without a finding`() throws {
    let bytes = try TestFiles.disk(under: TestFiles.root).read("petrel.yaml")

    let loaded = ConfigurationReader.read([ConfigurationFile(path: "petrel.yaml", bytes: bytes)])

    #expect(loaded.findings == [])
    let payments = loaded.configuration.actions.prefix(2)
    #expect(payments.map(\.action.value) == ["payments.find", "payments.refund"])
    #expect(payments.map(\.body) == [.none, .json])
    #expect(loaded.configuration.endpoints.map(\.concurrency) == [256])
    #expect(payments.last?.errors.map(\.status) == [404, 409, 409, 409, 422])
  }

  @Test func `shares of workflows are read, 1 to 1000, under any name a workflow may have`() {
    let loaded = read(("petrel.yaml", "petrel: 1\nshares: {환불-분류: 3, b: 1000}\n"))
    let refused = read(("petrel.yaml", "petrel: 1\nshares: {a: 0, b: 1001, c: many}\n"))

    #expect(loaded.findings == [])
    #expect(loaded.configuration.sharesByName == ["환불-분류": 3, "b": 1_000])
    #expect(refused.findings.map(\.code) == ["C404", "C404", "C404"])
  }

  @Test func `a quota is what several endpoints share, and must be there`() {
    let loaded = read(
      (
        "petrel.yaml",
        """
        petrel: 1
        quotas: {one-key: {concurrency: 32, per_minute: {requests: 9, tokens: 8}, budget: {a_day: 2}}}
        endpoints:
          a: {url: "https://m.example", dialect: openai-chat, model: m, quota: none}
          b: {url: "https://m.example", dialect: openai-chat, model: m, quota: one-key}
        """
      ))
    let quota = loaded.configuration.quotas.first

    #expect(quota?.concurrency == 32)
    #expect(quota?.perMinute.requests == 9)
    #expect(quota?.perMinute.tokens == 8)
    #expect(quota?.budgetADay == 2)
    #expect(loaded.configuration.endpoints.map(\.quota?.value) == ["none", "one-key"])
    #expect(
      loaded.findings.map(\.message) == ["unknown quota 'none'", "a budget needs prices"])
  }

  @Test func `silence means the defaults`() {
    let loaded = read()

    #expect(loaded.findings == [])
    #expect(loaded.configuration.database == "petrel.db")
    #expect(loaded.configuration.limits == Configuration().limits)
    #expect(loaded.configuration.listen.address == .internet(host: "127.0.0.1", port: 7875))
  }

  @Test func `maps merge key by key, lists and texts are replaced, paths follow their file`() {
    let loaded = read(
      ("petrel.local.yaml", "petrel: 1\nlimits: {judges: 8}\nworkflows: [mine/*.yaml]\n"),
      ("etc/petrel.yaml", "petrel: 1\nlimits: {judges: 16, inbox: 32}\ndatabase: run.db\n"))

    #expect(loaded.findings == [])
    #expect(loaded.configuration.limits.judges == 8)
    #expect(loaded.configuration.limits.inbox == 32)
    #expect(loaded.configuration.workflows.map(\.value) == ["mine/*.yaml"])
    #expect(loaded.configuration.database == "etc/run.db")
  }

  @Test func `the listing tells each value's place, and of a secret only where it is found`() throws
  {
    let loaded = read(
      (
        "petrel.yaml",
        """
        petrel: 1
        endpoints:
          fast:
            url: https://models.example/v1
            dialect: openai-chat
            model: m
            key: {env: MODEL_KEY}
            headers: {X-Key: {file: key.txt, prefix: "Bearer "}}
        """
      ))
    let tree = try #require(loaded.tree)

    let lines = ConfigurationListing.lines(of: tree, isSet: { $0 == "MODEL_KEY" })

    #expect(loaded.findings == [])
    #expect(
      lines.map { "\($0.path)=\($0.value) @\($0.mark.line)" } == [
        "petrel=1 @1",
        "endpoints.fast.url=https://models.example/v1 @4",
        "endpoints.fast.dialect=openai-chat @5",
        "endpoints.fast.model=m @6",
        "endpoints.fast.key=env MODEL_KEY (set) @7",
        "endpoints.fast.headers.X-Key=file key.txt @8",
      ])
  }

  @Test func `a literal secret is refused and not repeated`() {
    let loaded = read(
      (
        "petrel.yaml",
        """
        petrel: 1
        endpoints:
          fast: {url: "https://m.example", dialect: openai-chat, model: m, key: sk-12345}
        services:
          pay: {url: "https://p.example", headers: {Authorization: Bearer abc}}
        """
      ))

    #expect(loaded.findings.map(\.code) == ["C403", "C403"])
    #expect(!loaded.findings.contains { "\($0)".contains("sk-12345") || "\($0)".contains("abc") })
  }
}
