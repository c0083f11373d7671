extension ProblemType {
  /// What to do, in English.
  var help: String {
    switch self {
    case .malformed: "Read 'detail' and 'errors': they say where the mistake is. Nothing was done."
    case .unknownField:
      "The service refuses what it does not know, so that a misspelt field is not lost."
    case .missingIdempotencyKey:
      "Send a key of your own for each thing you want once, and the same key when you repeat."
    case .mediaType: "Send Content-Type: application/json."
    case .bodyTooLarge: "Send less, or several requests. Nothing was written."
    case .methodNotAllowed: "The header Allow lists the methods of this path."
    case .cursorInvalid: "Take 'after' out of 'next' of the page before, for the same list."
    case .personInvalid: "Send one name, percent-encoded UTF-8, without invisible characters."
    case .fourEyes:
      "The workflow wants another person than one who decided earlier: Petrel-Person or --as says "
        + "who you are. No role helps."
    case .foreignHost:
      "Call the service by 127.0.0.1 or localhost, or add the name to listen.hosts."
    case .crossSite: "A browser sent this for a page of another site. Nothing was done."
    case .noSuchRoute: "All paths are in /v1/openapi.json."
    case .noSuchWorkflow: "GET /v1/workflows lists them."
    case .noSuchVersion: "A version is named by the hash that GET /v1/workflows/{w} shows."
    case .noSuchPlace: "GET /v1/workflows/{w} lists the places; the nearest name is in 'detail'."
    case .noSuchTransition: "GET /v1/workflows/{w} lists the transitions."
    case .noSuchEndpoint: "GET /v1/endpoints lists them."
    case .noSuchToken: "It was taken, withdrawn or expired, or is in another place."
    case .noSuchCase: "GET /v1/cases lists them."
    case .pruned: "Its time under retention: is over. An archive or a backup may have it."
    case .noSuchTask: "GET /v1/tasks lists what is offered."
    case .noSuchIncident: "GET /v1/incidents lists the open ones."
    case .noSuchVerdict: "GET /v1/verdicts lists them; a verdict is named by its firing."
    case .noSuchProblem: "The types are in /v1/openapi.json."
    case .caseExists: "'case' names the one that has the key. This workflow does not join them."
    case .caseClosed: "A closed case takes nothing more."
    case .casesOpen: "Let them end, or send cancel_open: true; nothing of them is compensated then."
    case .taskWithdrawn: "'current' says who or what took it. Your text is not lost, nor used."
    case .taskHeld: "Wait until the lease ends, or ask who holds it to give it back."
    case .incidentResolved: "Somebody resolved it, or its case has ended."
    case .duplicateKey: "The place keeps keys apart; withdraw the other token first."
    case .tokenHeld: "'firing' is in flight with it; try again when that has ended."
    case .casePlace: "Use a message place; the workflow joins messages with cases."
    case .requestUndecided: "Send the same request again in a moment."
    case .paused: "An operator paused it; :resume lets it go on."
    default: furtherHelp
    }
  }

  private var furtherHelp: String {
    switch self {
    case .versionChanged: "'current' is how it is now: look again, then send If-Match anew."
    case .ifMatchMissing: "Read the resource and send its ETag in If-Match."
    case .valueNotInColourSet: "'errors' name each part, what was found and what is expected."
    case .noSuchOutcome: "'errors' list the outcomes there are."
    case .raised: "The workflow's own expression cannot take this value."
    case .idempotencyKeyReused: "Use a new key for a new request."
    case .answerPruned: "Nothing was done again. Use a new key for a new request."
    case .keyReused: "The first message with this key stands. Send another key for another value."
    case .queryInvalid: "'errors' name the place in the query."
    case .quarantined: "Tell who runs the service: this is a mistake of ours."
    case .notBuilt: "A later version will."
    case .placeFull: "The place has a capacity. Send the request again after Retry-After."
    case .inboxFull, .storeUnavailable:
      "Nothing was acknowledged. Send the same request again with the same key."
    case .draining: "It comes back. Send the same request again with the same key."
    case .streamLimit: "Close streams you no longer read, or page /v1/events."
    default: "Tell who runs the service; 'instance' finds the request in its log."
    }
  }

  /// Title and help in Korean.
  var korean: (title: String, help: String) {
    switch self {
    case .malformed: ("요청의 형식이 잘못되었습니다", "detail과 errors에 위치가 있습니다. 아무 일도 하지 않았습니다.")
    case .unknownField: ("모르는 필드나 매개변수가 있습니다", "잘못 쓴 이름이 조용히 사라지지 않도록 거절합니다.")
    case .missingIdempotencyKey:
      ("Idempotency-Key가 필요합니다", "한 번만 일어나야 하는 일마다 키를 정하고, 다시 보낼 때 같은 키를 쓰십시오.")
    case .mediaType: ("본문이 JSON이 아닙니다", "Content-Type: application/json을 보내십시오.")
    case .bodyTooLarge: ("요청이 너무 큽니다", "나누어 보내십시오. 아무것도 기록되지 않았습니다.")
    case .methodNotAllowed: ("이 경로에 없는 메서드입니다", "Allow 헤더에 가능한 메서드가 있습니다.")
    case .cursorInvalid: ("이 목록의 커서가 아닙니다", "앞 페이지의 next 값을 after에 쓰십시오.")
    case .personInvalid: ("Petrel-Person이 올바른 이름이 아닙니다", "퍼센트 인코딩한 UTF-8 이름 하나를 보내십시오.")
    case .fourEyes:
      (
        "다른 사람이 답해야 하는 작업입니다",
        "앞서 결정한 사람은 답할 수 없습니다. Petrel-Person이나 --as로 누구인지 밝히십시오. 어떤 역할도 예외가 아닙니다."
      )
    case .foreignHost: ("이 서비스의 이름이 아닙니다", "127.0.0.1이나 localhost로 부르거나 listen.hosts에 이름을 더하십시오.")
    case .crossSite: ("다른 사이트에서 온 요청입니다", "아무 일도 하지 않았습니다.")
    case .noSuchRoute: ("이 경로에는 아무것도 없습니다", "모든 경로는 /v1/openapi.json에 있습니다.")
    case .noSuchWorkflow: ("그런 워크플로가 없습니다", "GET /v1/workflows에서 볼 수 있습니다.")
    case .noSuchVersion: ("그런 버전이 없습니다", "버전은 워크플로에 나오는 해시로 부릅니다.")
    case .noSuchPlace: ("그런 장소가 없습니다", "워크플로에 장소가 나옵니다. 가까운 이름은 detail에 있습니다.")
    case .noSuchTransition: ("그런 전이가 없습니다", "워크플로에 전이가 나옵니다.")
    case .noSuchEndpoint: ("그런 엔드포인트가 없습니다", "GET /v1/endpoints에서 볼 수 있습니다.")
    case .noSuchToken: ("그 장소에 그런 토큰이 없습니다", "이미 나갔거나 다른 장소에 있습니다.")
    case .noSuchCase: ("그런 케이스가 없습니다", "GET /v1/cases에서 볼 수 있습니다.")
    case .noSuchTask: ("그런 작업이 없습니다", "GET /v1/tasks에서 볼 수 있습니다.")
    case .noSuchIncident: ("그런 인시던트가 없습니다", "GET /v1/incidents에서 볼 수 있습니다.")
    case .noSuchVerdict: ("그런 판정이 없습니다", "GET /v1/verdicts에서 볼 수 있습니다.")
    case .noSuchProblem: ("그런 문제 유형이 없습니다", "유형은 /v1/openapi.json에 있습니다.")
    default: furtherKorean
    }
  }

  private var furtherKorean: (title: String, help: String) {
    switch self {
    case .caseExists: ("같은 키의 케이스가 있습니다", "case에 그 케이스가 있습니다. 이 워크플로는 합치지 않습니다.")
    case .caseClosed: ("닫힌 케이스입니다", "닫힌 케이스는 더 받지 않습니다.")
    case .casesOpen:
      ("그 사람에 관한 케이스가 아직 열려 있습니다", "끝나기를 기다리거나 cancel_open: true를 보내십시오. 보상은 하지 않습니다.")
    case .taskWithdrawn: ("더는 열려 있지 않은 작업입니다", "current에 누가 또는 무엇이 가져갔는지 있습니다.")
    case .taskHeld: ("다른 사람이 맡은 작업입니다", "기한이 끝나기를 기다리거나 돌려 달라고 하십시오.")
    case .incidentResolved: ("이미 처리된 인시던트입니다", "누군가 처리했거나 케이스가 끝났습니다.")
    case .duplicateKey: ("같은 키의 토큰이 있습니다", "먼저 그 토큰을 빼십시오.")
    case .tokenHeld: ("진행 중인 전이가 토큰을 잡고 있습니다", "끝난 뒤에 다시 하십시오.")
    case .casePlace: ("케이스의 장소에는 밖에서 넣지 않습니다", "메시지 장소를 쓰십시오.")
    case .requestUndecided: ("같은 키의 첫 요청이 아직 기록되지 않았습니다", "잠시 뒤 같은 요청을 보내십시오.")
    case .paused: ("멈춰 둔 것입니다", ":resume으로 다시 시작합니다.")
    case .versionChanged: ("읽은 뒤에 바뀌었습니다", "current가 지금 모습입니다. 다시 보고 If-Match를 보내십시오.")
    case .ifMatchMissing: ("If-Match가 필요합니다", "먼저 읽고 그 ETag를 보내십시오.")
    case .valueNotInColourSet: ("값이 타입에 맞지 않습니다", "errors에 위치, 찾은 것, 기대한 것이 있습니다.")
    case .noSuchOutcome: ("그런 결과가 없습니다", "errors에 가능한 결과가 있습니다.")
    case .raised: ("워크플로의 식이 이 값에서 오류를 냈습니다", "이 값은 받을 수 없습니다.")
    case .idempotencyKeyReused: ("다른 요청에 쓴 Idempotency-Key입니다", "새 요청에는 새 키를 쓰십시오.")
    case .pruned: ("보관 기간이 지나 로그에서 지워졌습니다", "보관 기록이나 백업에 있을 수 있습니다.")
    case .answerPruned: ("이미 받은 요청인데 그 답이 로그에서 지워졌습니다", "다시 실행하지 않았습니다. 새 요청에는 새 키를 쓰십시오.")
    case .keyReused: ("다른 값에 쓴 메시지 키입니다", "처음 메시지가 남습니다.")
    case .queryInvalid: ("질의가 올바르지 않습니다", "errors에 위치가 있습니다.")
    case .quarantined: ("서비스를 멈추게 한 요청이라 따로 두었습니다", "운영자에게 알리십시오.")
    case .notBuilt: ("이 버전은 아직 하지 못합니다", "다음 버전에서 됩니다.")
    case .placeFull: ("장소가 가득 찼습니다", "Retry-After 뒤에 다시 보내십시오.")
    case .inboxFull: ("기다리는 요청이 너무 많습니다", "같은 키로 다시 보내십시오.")
    case .draining: ("서비스가 멈추는 중입니다", "돌아오면 같은 키로 다시 보내십시오.")
    case .streamLimit: ("열린 스트림이 너무 많습니다", "쓰지 않는 스트림을 닫으십시오.")
    case .storeUnavailable: ("지금은 로그를 쓰거나 읽을 수 없습니다", "같은 키로 다시 보내십시오.")
    default: ("서비스의 잘못입니다", "운영자에게 알리십시오.")
    }
  }
}
