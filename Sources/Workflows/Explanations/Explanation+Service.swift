extension Explanation {
  static let configuration: [Explanation] = [
    Explanation(
      "C401", "an unknown key in the configuration",
      """
      The key is none of petrel.yaml's; the message gives the nearest. petrel config show \
      --origin lists all that is set.
      """),
    Explanation(
      "C402", "a configuration that does not fit together",
      """
      A name leads nowhere (an endpoint, model, service, workflow, parameter, group), two things claim \
      one name, or a value contradicts another: a final effect without an idempotency key, http:// to \
      another machine without plain: true, several models without a default.
      """),
    Explanation(
      "C403", "a secret in a configuration file",
      """
      Secrets are named, not written: {env: NAME} for a variable, {file: PATH} for a file that only you \
      can read. A secret that stood in a file others can see should be changed.
      """),
    Explanation(
      "C404", "a value in the configuration that cannot be read",
      "The value is not what the key takes, or a key that must be there is missing."),
    Explanation(
      "C405", "not in this version",
      "The key exists in the format but this version of Petrel does not have what it asks for."),
    Explanation(
      "C406", "an action that nobody performs",
      """
      A transition runs this action, but petrel.yaml binds it to no service under actions: and the \
      binary has no Swift function of its name. serve and run do not start so.
      """),
    Explanation(
      "C407", "a Swift action that does not fit the workflow",
      """
      The types of a Swift action and those that the workflow declares for it differ, or two functions \
      have one name; the message gives both sides.
      """),
    Explanation(
      "C408", "a secret that is not at hand",
      """
      The variable that holds it is not set, or its file is missing, too large, or open to others \
      (its mode may be 0640 at most).
      """),
    Explanation(
      "C409", "an endpoint that ignores the constraint",
      """
      A guard asks an endpoint for one of its labels. This one answered something else when the \
      request allowed nothing but labels, so nothing holds its model to them; serve and run do not \
      start so. petrel doctor shows more. unenforced: "why" at the endpoint accepts it; its \
      answers are then still read as strictly, and what is no label is a fallback.
      """),
  ]

  static let access: [Explanation] = [
    Explanation(
      "A101", "a person's name that cannot be read",
      "The header Petrel-Person holds a name as percent-encoded UTF-8."),
    Explanation(
      "A204", "another person has to answer",
      """
      The task excludes this person (not:), as with two approvals that must come from two \
      people.
      """),
    Explanation(
      "A301", "an address that others can reach",
      """
      Beyond loopback the service asks for TLS or a trusted proxy, and for login. Listen on \
      127.0.0.1, or set these up.
      """),
    Explanation(
      "A302", "a foreign host name",
      """
      The request's Host is not one of this service's; pages of other sites cannot reach it \
      so. hosts: adds names.
      """),
    Explanation(
      "A304", "an address that cannot be listened on",
      """
      Another process listens on this port, or the address is none of this machine. --listen \
      127.0.0.1:0 takes any free port and prints it.
      """),
    Explanation(
      "A303", "a request from another site",
      """
      Requests that change something come from this service's own page or from programs.
      """),
  ]

  static let calls: [Explanation] = [
    Explanation(
      "C101", "a wrong call",
      """
      The command line names something that does not exist or leaves out what is needed; \
      --help shows two examples.
      """),
    Explanation(
      "C102", "a process of the demo ended at once",
      """
      A stand-in or the service could not start; what it said stands in the message.
      """),
    Explanation(
      "C104", "a service that does not answer",
      """
      Nobody listens at the address, or no whole reply came in time. Is it running? petrel serve \
      prints its address; --url and PETREL_URL say which one is asked.
      """),
    Explanation(
      "C105", "a case that is still open",
      "petrel case watch was told how long to follow it, and it has not ended; it goes on."),
    Explanation(
      "C103", "the demo did not come to its end",
      """
      Cases were still open after two minutes. The machine may be busy: try again.
      """),
    Explanation(
      "C201", "an unknown field in a request",
      """
      Request fields are checked, so that a mistyped one is not ignored.
      """),
    Explanation(
      "C202", "a request that is not well formed",
      """
      The body is no strict JSON, or a parameter cannot be read.
      """),
    Explanation(
      "C203", "the Idempotency-Key is missing",
      """
      A request that begins something carries a key of the caller's, so that sending it \
      again changes nothing.
      """),
    Explanation("C204", "the body is not JSON", "Send Content-Type: application/json."),
    Explanation(
      "C205", "the request is too large",
      """
      limits: in petrel.yaml says how large a body and a message may be.
      """),
    Explanation(
      "C206", "the wrong method",
      """
      The path exists, with other methods; Allow lists them.
      """),
    Explanation(
      "C207", "an unknown path",
      """
      There is nothing under this path; /v1/openapi.json describes what there is.
      """),
    Explanation("C208", "an unknown type of problem", "There is no such page of problems."),
    Explanation(
      "C209", "the resource has changed",
      """
      It is not as it was when it was read (If-Match). Read it again and decide anew.
      """),
    Explanation(
      "C210", "If-Match is missing",
      """
      The request changes something that others may change too: say which version was read.
      """),
    Explanation(
      "C211", "the first request is not decided yet",
      """
      A request with the same key is under way. Send it again a little later.
      """),
    Explanation(
      "C212", "a key used for another request",
      """
      The same Idempotency-Key was used with other contents. Use a new key for a new \
      request.
      """),
    Explanation(
      "C213", "a request that was put aside",
      """
      It stopped the service twice and is not tried again; the log holds its digest.
      """),
    Explanation("C214", "not built yet", "This version cannot do that yet."),
    Explanation(
      "C215", "too many requests wait",
      """
      The queue is full. Retry-After says when to come back.
      """),
    Explanation(
      "C216", "the service is stopping",
      """
      New work is refused while what is under way ends.
      """),
    Explanation(
      "C217", "too many streams",
      """
      limits.streams says how many event streams may be open.
      """),
    Explanation(
      "C218", "an answer that has left the log",
      """
      The request was taken under this key before; the rows that say what came of it have left by \
      their age. Nothing is done twice: use a new key for a new request.
      """),
    Explanation(
      "C301", "a cursor of another list",
      """
      A cursor is what a list gave as next, with the same parameters.
      """),
    Explanation(
      "C302", "a query that cannot be used",
      """
      A query is an expression of CEL over the fields of cases; the caret shows where it \
      fails.
      """),
  ]

  static let store: [Explanation] = [
    Explanation(
      "S301", "the keys of the log are not here",
      """
      Personal fields are opened with the keys file and its key. Without them they stay sealed.
      """),
    Explanation(
      "S401", "an outcome without its intent, or a key used twice",
      """
      Every effect has a row of intent before its outcome, and a key of its own. A log in which \
      that does not hold was edited, or written by something else.
      """),
    Explanation(
      "S101", "the log is held by another process",
      """
      One process owns a log at a time. Its pid stands in the message: use that service, or \
      stop it.
      """),
    Explanation(
      "S102", "a file that is no log",
      """
      It is a database of something else, or empty. Nothing was changed in it.
      """),
    Explanation(
      "S103", "a log of another format",
      "A newer version wrote it, or one whose format this one does not read."),
    Explanation(
      "S109", "a log that is not there",
      "No file stands at the path. petrel serve makes one; --database and petrel.yaml say where."),
    Explanation(
      "S104", "a network file system",
      """
      Locks and syncs of network file systems are not reliable enough for the log. Put it on \
      a local disk.
      """),
    Explanation(
      "S105", "a row that cannot be folded",
      """
      The log holds something that this version does not know or that contradicts what came \
      before.
      """),
    Explanation(
      "S106", "a log that is damaged",
      """
      A value, hash or page cannot be read. Work on a copy; petrel audit verify says what \
      still holds.
      """),
    Explanation(
      "S107", "something too large for the log",
      """
      A row or value passes a limit of the format; nothing was written.
      """),
    Explanation(
      "S108", "a database without full sync",
      """
      The log must be synced to disk at each commit, and this one cannot be.
      """),
    Explanation(
      "S110", "the log cannot be written or read",
      """
      The system's error stands in the message. Nothing of this group was written.
      """),
    Explanation("S111", "the disk is full", "Nothing was written. Free space, then start again."),
    Explanation(
      "S112", "the database was busy",
      """
      Another program held it for more than five seconds. Nothing was written.
      """),
    Explanation(
      "S113", "another owner wrote",
      """
      A newer owner has taken the log over; this process stops.
      """),
    Explanation(
      "S114", "a key is not at hand",
      """
      Personal fields cannot be read or written without their key. A log of which keys are gone \
      without an event is not opened: put the newest keys file back, or see petrel restore.
      """),
    Explanation(
      "S115", "the keys file is missing or wrong",
      """
      Beside the log stands its keys file. A copy without it reads personal fields as \
      sealed.
      """),
    Explanation(
      "S116", "the key-encryption key is missing or wrong",
      """
      keys.kek in petrel.yaml says where it is found; its file has mode 0600.
      """),
    Explanation(
      "S118", "whether it was written is not known",
      """
      The commit broke off. At the next start the log itself tells.
      """),
    Explanation(
      "S119", "the last anchor is not in the log",
      """
      petrel.anchors holds a checkpoint of rows that this log lacks or has otherwise: an older copy \
      was put back, or its end was cut. petrel restore names what is lost.
      """),
    Explanation(
      "S120", "the signing key is missing or wrong",
      """
      keys.signer in petrel.yaml says where it is found; its file has mode 0600. petrel keys \
      rotate-signer puts another in its place.
      """),
    Explanation(
      "S121", "the anchors cannot be read or written",
      """
      anchors in petrel.yaml says where they are. The log goes on without; the checkpoints stand in \
      it and in the service's own log.
      """),
    Explanation(
      "S122", "nothing to prove that by",
      """
      There is no such row, or no checkpoint covers it yet: one is written within a second or so.
      """),
    Explanation(
      "S123", "the copy was not made",
      """
      A copy is verified before it has its name. The name is taken, or the copy is not sound.
      """),
    Explanation(
      "S124", "rows that this needs have left",
      """
      Old rows left the log by their age, or the file is an archive and holds only a part. What \
      needs all rows from the first on is done with the newest snapshot, or not at all.
      """),
    Explanation(
      "S201", "the log is not available now",
      """
      It cannot be written or read at the moment. Nothing was accepted; send the request \
      again.
      """),
    Explanation(
      "S501", "a version that cannot go on",
      """
      A definition in the log cannot be used by this version.
      """),
    Explanation(
      "S502", "a definition that cannot be loaded",
      """
      A workflow that open cases run under does not load any more.
      """),
    Explanation(
      "X001", "a mistake of Petrel's",
      """
      Something happened that must not. Please report it with the log's last lines; they \
      hold no contents.
      """),
  ]
}
