// Refund triage as one would write it by hand: threads, libcurl, sqlite3, no engine.
//
//   refunds DATABASE ORDERS QUESTION WORKERS MODEL_PORT PAYMENTS_PORT joined|each
//
// Every step of a case is on disk (WAL, synchronous=FULL) before the next call is made: requested,
// verdict asked, verdict, payment asked, payment found, decided, refund intent, refunded, ended.
// `joined` commits steps between which nothing is called together; `each` commits every one.
// Calls are retried with backoff; a refund carries the same idempotency key in every attempt.
// Prints cases, seconds, rate, cpu_ms.
#include <curl/curl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REPLY_MAX = 64 << 10, ATTEMPTS = 4, AUTO_LIMIT_WON = 50000 };

struct reply {
  char text[REPLY_MAX];
  size_t length;
  long status;
};

struct worker {
  CURL *easy;
  struct reply reply;
  unsigned seed;
};

static pthread_mutex_t database_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t queue_mutex = PTHREAD_MUTEX_INITIALIZER;
static sqlite3 *database;
static sqlite3_stmt *begin, *commit, *open_case, *add_step, *set_state;
static char *queue, *question;
static long question_length;
static const char *model_port, *payments_port;
static int commits_each, cases, refunded;
// Of this database: the same case number in another one is another refund.
static sqlite3_int64 log_id;

static const char *message =
    "I was charged twice for this order last week, please give my money back.";

static void fail(const char *what) {
  fprintf(stderr, "refunds: %s\n", what);
  exit(1);
}

static char *contents(const char *path, long *length) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path);
  fseek(file, 0, SEEK_END);
  *length = ftell(file);
  rewind(file);
  char *text = malloc(*length + 1);
  if (fread(text, 1, *length, file) != (size_t)*length) fail(path);
  text[*length] = 0;
  fclose(file);
  return text;
}

static double seconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static sqlite3_int64 microseconds(void) { return (sqlite3_int64)(seconds(CLOCK_REALTIME) * 1e6); }

// The log.

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL)) fail(sqlite3_errmsg(database));
  return statement;
}

static void run(sqlite3_stmt *statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) fail(sqlite3_errmsg(database));
  sqlite3_reset(statement);
}

static void open_database(const char *path) {
  sqlite3_randomness(sizeof log_id, &log_id);
  if (sqlite3_open(path, &database)) fail(sqlite3_errmsg(database));
  const char *sql =
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"
      "CREATE TABLE cases(id INTEGER PRIMARY KEY, order_name TEXT NOT NULL UNIQUE,"
      " message TEXT NOT NULL, state TEXT NOT NULL, opened INTEGER NOT NULL);"
      "CREATE TABLE steps(id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, at INTEGER NOT NULL,"
      " step TEXT NOT NULL, body TEXT);"
      "CREATE INDEX steps_of_case ON steps(case_id)";
  if (sqlite3_exec(database, sql, NULL, NULL, NULL)) fail(sqlite3_errmsg(database));
  begin = prepare("BEGIN IMMEDIATE");
  commit = prepare("COMMIT");
  open_case = prepare("INSERT INTO cases(order_name,message,state,opened) VALUES(?,?,'open',?)");
  add_step = prepare("INSERT INTO steps(case_id,at,step,body) VALUES(?,?,?,?)");
  set_state = prepare("UPDATE cases SET state=? WHERE id=?");
}

static void lock(void) {
  pthread_mutex_lock(&database_mutex);
  run(begin);
}

static void unlock(void) {
  run(commit);
  pthread_mutex_unlock(&database_mutex);
}

static void boundary(void) {
  if (!commits_each) return;
  unlock();
  lock();
}

static void step(sqlite3_int64 id, const char *name, const char *body) {
  sqlite3_bind_int64(add_step, 1, id);
  sqlite3_bind_int64(add_step, 2, microseconds());
  sqlite3_bind_text(add_step, 3, name, -1, SQLITE_STATIC);
  sqlite3_bind_text(add_step, 4, body, -1, SQLITE_STATIC);
  run(add_step);
}

static void state(sqlite3_int64 id, const char *name) {
  sqlite3_bind_text(set_state, 1, name, -1, SQLITE_STATIC);
  sqlite3_bind_int64(set_state, 2, id);
  run(set_state);
}

// Calls.

static size_t receive(char *bytes, size_t size, size_t count, void *context) {
  struct reply *reply = context;
  size_t length = size * count;
  if (reply->length + length >= REPLY_MAX) return 0;
  memcpy(reply->text + reply->length, bytes, length);
  reply->length += length;
  reply->text[reply->length] = 0;
  return length;
}

// Whether a 2xx came; the reply is in the worker.
static int call(struct worker *worker, const char *url, const char *body, long length,
                const char *key, long timeout) {
  struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
  if (key) headers = curl_slist_append(headers, key);
  CURL *easy = worker->easy;
  int is_done = 0;
  for (int attempt = 1; attempt <= ATTEMPTS && !is_done; attempt++) {
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &worker->reply);
    if (body) {
      curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
      curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, length);
      curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    }
    worker->reply.length = 0;
    worker->reply.text[0] = 0;
    worker->reply.status = 0;
    CURLcode code = curl_easy_perform(easy);
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    worker->reply.status = status;
    int may_pass = code != CURLE_OK || status >= 500 || status == 429 || status == 408;
    if (!may_pass) {
      is_done = 1;
    } else if (attempt < ATTEMPTS) {
      long pause = (100L << attempt) + rand_r(&worker->seed) % 100;
      struct timespec time = {pause / 1000, pause % 1000 * 1000000};
      nanosleep(&time, NULL);
    }
  }
  curl_slist_free_all(headers);
  return is_done && worker->reply.status / 100 == 2;
}

// 1 for true, 0 for false, -1 for anything else.
static int verdict(const char *reply) {
  const char *found = strstr(reply, "\\\"verdict\\\":");
  if (!found) return -1;
  found += strlen("\\\"verdict\\\":");
  while (*found == ' ') found++;
  if (!strncmp(found, "true}", 5)) return 1;
  return strncmp(found, "false}", 6) ? -1 : 0;
}

static void give_to_people(sqlite3_int64 id, const char *why) {
  lock();
  step(id, "waits_for_person", why);
  state(id, "waits_for_person");
  unlock();
}

static void process(struct worker *worker, const char *order) {
  char url[256], body[256], key[128], *reply = worker->reply.text;
  lock();
  sqlite3_bind_text(open_case, 1, order, -1, SQLITE_STATIC);
  sqlite3_bind_text(open_case, 2, message, -1, SQLITE_STATIC);
  sqlite3_bind_int64(open_case, 3, microseconds());
  run(open_case);
  sqlite3_int64 id = sqlite3_last_insert_rowid(database);
  step(id, "requested", order);
  boundary();
  step(id, "verdict_asked", question);
  unlock();
  snprintf(url, sizeof url, "http://127.0.0.1:%s/v1/chat/completions", model_port);
  if (!call(worker, url, question, question_length, NULL, 5000))
    return give_to_people(id, "no verdict");
  int answer = verdict(reply);
  if (answer < 0) return give_to_people(id, "not a verdict");
  lock();
  step(id, "verdict", reply);
  if (!answer) {
    state(id, "not_a_refund");
    return unlock();
  }
  boundary();
  step(id, "payment_asked", order);
  unlock();
  snprintf(url, sizeof url, "http://127.0.0.1:%s/orders/%s", payments_port, order);
  if (!call(worker, url, NULL, 0, NULL, 30000)) return give_to_people(id, "no payment");
  const char *amount_text = strstr(reply, "\"amount_won\":");
  const char *payment_text = strstr(reply, "\"id\":\"");
  if (!amount_text || !payment_text || !strstr(reply, "\"settled\":true"))
    return give_to_people(id, "not settled");
  long amount = strtol(amount_text + strlen("\"amount_won\":"), NULL, 10);
  char payment[64] = "";
  sscanf(payment_text, "\"id\":\"%63[^\"]", payment);
  lock();
  step(id, "payment_found", reply);
  boundary();
  int is_small = amount <= AUTO_LIMIT_WON;
  step(id, "decided", is_small ? "small" : "large");
  if (!is_small) {
    state(id, "waits_for_person");
    return unlock();
  }
  boundary();
  snprintf(key, sizeof key, "Idempotency-Key: refund-%llx-%lld", (long long)log_id, (long long)id);
  snprintf(body, sizeof body, "{\"payment\":\"%s\",\"amount\":%ld}", payment, amount);
  step(id, "refund_intent", key);
  unlock();
  snprintf(url, sizeof url, "http://127.0.0.1:%s/refunds", payments_port);
  if (!call(worker, url, body, strlen(body), key, 30000))
    return give_to_people(id, "refund unknown");
  lock();
  step(id, "refunded", reply);
  boundary();
  step(id, "ended", "refunded");
  state(id, "refunded");
  refunded++;
  unlock();
}

static void *work(void *context) {
  struct worker *worker = context;
  while (1) {
    pthread_mutex_lock(&queue_mutex);
    char *order = strtok_r(queue, "\n", &queue);
    if (order) cases++;
    pthread_mutex_unlock(&queue_mutex);
    if (!order) return NULL;
    process(worker, order);
  }
}

int main(int count, char **words) {
  if (count != 8)
    fail("DATABASE ORDERS QUESTION WORKERS MODEL_PORT PAYMENTS_PORT joined|each");
  long length;
  queue = contents(words[2], &length);
  question = contents(words[3], &question_length);
  int workers = atoi(words[4]);
  model_port = words[5];
  payments_port = words[6];
  commits_each = !strcmp(words[7], "each");
  curl_global_init(CURL_GLOBAL_DEFAULT);
  open_database(words[1]);
  double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  pthread_t *threads = calloc(workers, sizeof *threads);
  for (int i = 0; i < workers; i++) {
    struct worker *worker = calloc(1, sizeof *worker);
    worker->easy = curl_easy_init();
    worker->seed = i + 1;
    pthread_create(&threads[i], NULL, work, worker);
  }
  for (int i = 0; i < workers; i++) pthread_join(threads[i], NULL);
  wall = seconds(CLOCK_MONOTONIC) - wall;
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  if (refunded != cases) fail("not every case was refunded");
  printf("cases=%d seconds=%.4f rate=%.1f cpu_ms=%.4f\n", cases, wall, cases / wall,
         cpu * 1000 / cases);
  return 0;
}
