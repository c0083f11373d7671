import HTTPTypes
import PetriNet
import Testing

@testable import Web

/// The document says what the router does, and the router what the document says.
struct DocumentTests {
  @Test func `the document and the router have the same paths and methods`() {
    let documented = Document.operations.map(\.name).sorted()

    #expect(documented == Routes.all.map(\.scope).sorted())
  }

  @Test(arguments: Routes.all.map(\.scope))
  func `a route takes the parameters that the document gives it`(_ scope: String) throws {
    let route = try #require(Routes.all.first { $0.scope == scope })
    let operation = try #require(Document.operations.first { $0.name == scope })

    #expect(operation.parameters == Set(route.parameters))
    #expect(operation.placeholders == Set(route.placeholders))
    #expect(operation.takesBody == (route.method == .post))
  }

  @Test func `every reference of the document points at something`() {
    let lost = Document.references().filter {
      Document.root.value(at: String($0.dropFirst())) == nil
    }

    #expect(lost == [])
    #expect(!Document.references().isEmpty)
  }

  @Test func `operations have names of their own`() {
    let ids = Document.operations.compactMap(\.id)

    #expect(ids.count == Routes.all.count)
    #expect(Set(ids).count == ids.count)
  }

  @Test func `it is OpenAPI 3.1 and served as it is`() async throws {
    let api = try Fixture.api(ScriptedEngine(Fixture.script))

    let response = try await Fixture.ask(api, .get, "/v1/openapi.json")

    #expect(Document.root.textMember("openapi") == "3.1.0")
    #expect(Array(response.body.readableBytesView) == OpenAPI.text)
  }
}
