/// Every path of the API.
enum Routes {
  static let all: [Route] =
    workflows + cases + tokens + tasks + incidents + verdicts + operations + log + service

  private static let workflows: [Route] = [
    .get("/v1/workflows", Page.parameters, Workflows.list),
    .get("/v1/workflows/{w}", [], Workflows.one),
    .get("/v1/workflows/{w}/versions/{v}", [], Workflows.version),
    .get("/v1/workflows/{w}/marking", [], Workflows.marking),
  ]

  private static let cases: [Route] = [
    .post("/v1/workflows/{w}/cases", ["start"], Starts.start),
    .post("/v1/workflows/{w}/cases:batch", [], Starts.batch),
    .get("/v1/cases", Cases.filters + Page.parameters, Cases.list),
    .get("/v1/cases/{c}", [], Cases.one),
    .get("/v1/cases/{c}/events", Page.parameters, Cases.events),
    .get("/v1/cases/{c}/tokens", Page.parameters, Cases.tokens),
    .post("/v1/cases/{c}:cancel", ["dry_run"], CaseEndings.cancel),
    .post("/v1/cases/{c}:terminate", ["dry_run"], CaseEndings.terminate),
    .post("/v1/cases/{c}:migrate", ["dry_run"], Migrations.migrate),
  ]

  private static let tokens: [Route] = [
    .post("/v1/workflows/{w}/messages/{place}", [], limit: .message, Messages.deposit),
    .post("/v1/workflows/{w}/messages/{place}:batch", [], Messages.batch),
    .get("/v1/workflows/{w}/places/{p}/tokens", Page.parameters, Places.tokens),
    .post("/v1/workflows/{w}/places/{p}:deposit", [], Places.deposit),
    .post("/v1/workflows/{w}/places/{p}:withdraw", [], Places.withdraw),
  ]

  private static let tasks: [Route] = [
    .get("/v1/tasks", Tasks.filters + Page.parameters, Tasks.list),
    .get("/v1/tasks/{t}", [], Tasks.one),
    .post("/v1/tasks/{t}:claim", [], Tasks.claim),
    .post("/v1/tasks/{t}:release", [], Tasks.release),
    .post("/v1/tasks/{t}:answer", [], TaskAnswers.answer),
  ]

  private static let incidents: [Route] = [
    .get("/v1/incidents", Incidents.filters + Page.parameters, Incidents.list),
    .get("/v1/incidents/{i}", [], Incidents.one),
    .post("/v1/incidents/{i}:retry", [], Incidents.retry),
    .post("/v1/incidents/{i}:choose", [], Incidents.choose),
    .post("/v1/incidents/{i}:terminate", [], Incidents.terminate),
  ]

  private static let verdicts: [Route] = [
    .get("/v1/verdicts", Verdicts.filters + Page.parameters, Verdicts.list),
    .get("/v1/verdicts/{f}", ["contents"], Verdicts.one),
  ]

  private static let operations: [Route] = [
    .post("/v1/workflows/{w}:pause", [], Pauses.pauseWorkflow),
    .post("/v1/workflows/{w}:resume", [], Pauses.resumeWorkflow),
    .post("/v1/workflows/{w}/transitions/{t}:pause", [], Pauses.pauseTransition),
    .post("/v1/workflows/{w}/transitions/{t}:resume", [], Pauses.resumeTransition),
    .get("/v1/endpoints", [], Endpoints.list),
    .post("/v1/endpoints/{e}:probe", [], Endpoints.probe),
    .post("/v1/endpoints/{e}:pause", [], Endpoints.pause),
    .post("/v1/endpoints/{e}:resume", [], Endpoints.resume),
    .post("/v1/erasures", ["dry_run"], Erasures.erase),
  ]

  private static let log: [Route] = [
    .get("/v1/events", ["after", "limit", "case", "workflow", "kind"], Events.all)
  ]

  private static let service: [Route] = [
    .get("/v1/openapi.json", [], OpenAPI.document),
    .get("/health/live", [], HealthChecks.live),
    .get("/health/ready", [], HealthChecks.ready),
    .get("/metrics", [], Metrics.text),
    .get("/problems/{type}", [], ProblemPages.page),
  ]
}
