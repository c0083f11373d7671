import Testing

@testable import Web

@Suite struct PathTemplateTests {
  @Test(arguments: [
    ("/v1/cases", "/v1/cases", [String]()),
    ("/v1/cases/{c}", "/v1/cases/c10", ["c=c10"]),
    ("/v1/cases/{c}:cancel", "/v1/cases/c10:cancel", ["c=c10"]),
    (
      "/v1/workflows/{w}/places/{p}:deposit", "/v1/workflows/%ED%99%98/places/a:deposit",
      ["w=%ED%99%98", "p=a"]
    ),
  ])
  func `a path that fits gives the names at its placeholders`(
    template: String, path: String, names: [String]
  ) {
    let found = PathTemplate(template).match(path)
    #expect(found?.map { "\($0.placeholder)=\($0.value)" } == names)
  }

  @Test(arguments: [
    ("/v1/cases", "/v1/tasks"), ("/v1/cases/{c}", "/v1/cases"),
    ("/v1/cases/{c}", "/v1/cases/c10:cancel"), ("/v1/cases/{c}:cancel", "/v1/cases/:cancel"),
    ("/v1/cases/{c}:cancel", "/v1/cases/c10:terminate"), ("/v1/cases/{c}", "/v1/cases/c10/"),
  ])
  func `another path gives none`(template: String, path: String) {
    #expect(PathTemplate(template).match(path) == nil)
  }
}
