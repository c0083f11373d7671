import Dispatch

/// Waits for what another process gives no signal of: it is looked at again and again, with a bound.
enum Looking {
  /// Looks until `holds` or `seconds` have passed; whether it held.
  static func until(
    seconds: Int, _ holds: () async throws -> Bool
  ) async rethrows -> Bool {
    let end = ContinuousClock().now.advanced(by: .seconds(seconds))
    while ContinuousClock().now < end {
      if try await holds() { return true }
      await pass(microseconds: 20_000)
    }
    return false
  }

  /// Returns after so long. By itself only for moments that are drawn at random.
  static func pass(microseconds: Int) async {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().asyncAfter(deadline: .now() + .microseconds(microseconds)) {
        continuation.resume()
      }
    }
  }
}
