import HTTPTypes

/// Whether a browser sent a request for a page of another site.
enum CrossSite {
  /// Safe methods pass. Others pass if `Sec-Fetch-Site` says the page is ours or the user typed
  /// the address; without that header `Origin`, where there is one, must be the host of the request.
  static func isForeign(
    method: HTTPRequest.Method, headers: HTTPFields, authority: String?
  ) -> Bool {
    switch method {
    case .get, .head, .options: return false
    default: break
    }
    if let site = headers[.secFetchSite] { return site != "same-origin" && site != "none" }
    guard let origin = headers[.origin] else { return false }
    guard let authority else { return true }
    let expected = ["http://\(authority)", "https://\(authority)"]
    return !expected.contains { $0.utf8.elementsEqual(origin.utf8) }
  }
}
