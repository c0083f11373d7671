// The calls of refund cases and nothing else: one curl_multi loop, no log, no engine.
//
//   calls ORDERS QUESTION IN_FLIGHT MODEL_PORT PAYMENTS_PORT cases|calls|asks
//
// Each case asks the model, finds the payment and refunds it. A new case begins when one has ended
// (`cases`) or when a model has answered (`calls`); `asks` leaves the payments out. Prints cases,
// seconds, rate, cpu_ms.
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { REPLY_MAX = 64 << 10, ORDER_MAX = 64 };

enum step { ASK, FIND, REFUND };

struct flight {
  CURL *easy;
  enum step step;
  char order[ORDER_MAX];
  char refund[256];
  char reply[REPLY_MAX];
  size_t length;
  struct curl_slist *headers;
};

static const char *model_port, *payments_port;
static char *question;
static long question_length;
static int only_asks;  // no payments: the model's calls alone
static struct curl_slist *json_headers;

static void fail(const char *what) {
  fprintf(stderr, "calls: %s\n", what);
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

static size_t receive(char *bytes, size_t size, size_t count, void *context) {
  struct flight *flight = context;
  size_t length = size * count;
  if (flight->length + length >= REPLY_MAX) return 0;
  memcpy(flight->reply + flight->length, bytes, length);
  flight->length += length;
  flight->reply[flight->length] = 0;
  return length;
}

static void prepare(struct flight *flight) {
  char url[256];
  CURL *easy = flight->easy;
  curl_easy_reset(easy);
  flight->length = 0;
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, flight);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, flight);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  switch (flight->step) {
    case ASK:
      snprintf(url, sizeof url, "http://127.0.0.1:%s/v1/chat/completions", model_port);
      curl_easy_setopt(easy, CURLOPT_POSTFIELDS, question);
      curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, question_length);
      curl_easy_setopt(easy, CURLOPT_HTTPHEADER, json_headers);
      break;
    case FIND:
      snprintf(url, sizeof url, "http://127.0.0.1:%s/orders/%s", payments_port, flight->order);
      break;
    case REFUND: {
      char key[128];
      snprintf(url, sizeof url, "http://127.0.0.1:%s/refunds", payments_port);
      snprintf(key, sizeof key, "Idempotency-Key: plain-%s", flight->order);
      curl_slist_free_all(flight->headers);
      flight->headers = curl_slist_append(NULL, "Content-Type: application/json");
      flight->headers = curl_slist_append(flight->headers, key);
      curl_easy_setopt(easy, CURLOPT_POSTFIELDS, flight->refund);
      curl_easy_setopt(easy, CURLOPT_HTTPHEADER, flight->headers);
      break;
    }
  }
  curl_easy_setopt(easy, CURLOPT_URL, url);
}

// Whether the case goes on; anything unexpected ends the run.
static int advance(struct flight *flight) {
  long status = 0;
  curl_easy_getinfo(flight->easy, CURLINFO_RESPONSE_CODE, &status);
  if (status / 100 != 2) fail("a call was not answered with 2xx");
  switch (flight->step) {
    case ASK:
      if (!strstr(flight->reply, "true")) fail("the model did not say true");
      if (only_asks) return 0;
      flight->step = FIND;
      return 1;
    case FIND: {
      char *amount = strstr(flight->reply, "\"amount_won\":");
      if (!amount) fail("a payment without an amount");
      snprintf(flight->refund, sizeof flight->refund, "{\"payment\":\"pay-%s\",\"amount\":%ld}",
               flight->order, strtol(amount + 13, NULL, 10));
      flight->step = REFUND;
      return 1;
    }
    case REFUND: return 0;
  }
  return 0;
}

static void release(struct flight *flight) {
  curl_easy_cleanup(flight->easy);
  curl_slist_free_all(flight->headers);
  free(flight);
}

// Begins the next case, in `flight` if there is one; how many it began, 0 or 1.
static int start(CURLM *multi, char **orders, struct flight *flight) {
  char *order = strtok_r(*orders, "\n", orders);
  if (!order) return 0;
  if (!flight) {
    flight = calloc(1, sizeof *flight);
    flight->easy = curl_easy_init();
  }
  snprintf(flight->order, ORDER_MAX, "%s", order);
  flight->step = ASK;
  prepare(flight);
  curl_multi_add_handle(multi, flight->easy);
  return 1;
}

static double seconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **words) {
  if (count != 7) fail("ORDERS QUESTION IN_FLIGHT MODEL_PORT PAYMENTS_PORT cases|calls|asks");
  long length;
  char *orders = contents(words[1], &length);
  question = contents(words[2], &question_length);
  int in_flight = atoi(words[3]), cases = 0, ended = 0, running;
  model_port = words[4];
  payments_port = words[5];
  curl_global_init(CURL_GLOBAL_DEFAULT);
  json_headers = curl_slist_append(NULL, "Content-Type: application/json");
  CURLM *multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 4096L);
  double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  only_asks = !strcmp(words[6], "asks");
  int counts_calls = !strcmp(words[6], "calls");
  char *rest = orders;
  for (int i = 0; i < in_flight; i++) cases += start(multi, &rest, NULL);
  while (ended < cases) {
    curl_multi_perform(multi, &running);
    int left, begun = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left))) {
      if (message->msg != CURLMSG_DONE) continue;
      if (message->data.result != CURLE_OK) fail(curl_easy_strerror(message->data.result));
      struct flight *flight;
      CURL *easy = message->easy_handle;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &flight);
      curl_multi_remove_handle(multi, easy);
      int was_asked = flight->step == ASK;
      begun = 1;
      if (advance(flight)) {
        prepare(flight);
        curl_multi_add_handle(multi, easy);
        if (counts_calls && was_asked) cases += start(multi, &rest, NULL);
      } else {
        ended++;
        if (counts_calls) release(flight);
        else cases += start(multi, &rest, flight);
      }
    }
    if (ended < cases && !begun) curl_multi_poll(multi, NULL, 0, 1000, NULL);
  }
  wall = seconds(CLOCK_MONOTONIC) - wall;
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  printf("cases=%d seconds=%.4f rate=%.1f cpu_ms=%.4f\n", cases, wall, cases / wall,
         cpu * 1000 / cases);
  return 0;
}
