#if Postgres
  internal import Orchestration

  /// What a server, or the way to it, said.
  struct PostgresFailure: Error {
    /// Five characters of the standard; empty if no server said it.
    var state: String
    var message: String
    /// The table that a constraint of stands against.
    var table: String
    /// The connection is gone.
    var isLost: Bool

    static let isTaken = "23505"

    /// As LOG §7 sorts failures. Holds code, message and operation, never arguments.
    func refusal(_ operation: String) -> StoreError {
      let code = state.isEmpty ? "" : " (PostgreSQL \(state))"
      let text = "\(operation): \(message)\(code)"
      switch state {
      case "53100":
        return StoreError(
          .full, code: "S111", "the server's disk is full; nothing was written. \(text)")
      case "55P03", "57014":
        return StoreError(
          .failed, code: "S112",
          "the database was busy for over 5 s; nothing was written. \(text)")
      case "XX001", "XX002": return StoreError(.unreadable, code: "S106", text)
      default: return StoreError(.failed, code: "S110", text)
      }
    }
  }
#endif
