/// `/v1/openapi.json`: the document written by hand beside this file, as it is.
enum OpenAPI {
  /// OpenAPI 3.1.
  static let text: [UInt8] = PackageResources.OpenAPI_json

  static func document(_ call: Call) async throws(Problem) -> Answer {
    Answer(
      headers: [(.cacheControl, "private, max-age=300")],
      body: .bytes(text, type: "application/json"))
  }
}
