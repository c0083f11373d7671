// Swift imports no variadic function: one inline function for each kind of argument, nothing else.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

static inline CURLcode petrel_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode petrel_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode petrel_set_text(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode petrel_set_pointer(CURL *easy, CURLoption option, const void *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode petrel_set_list(
    CURL *easy, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(easy, option, value);
}

typedef size_t (*petrel_bytes)(char *bytes, size_t size, size_t count, void *context);
typedef curl_socket_t (*petrel_socket)(
    void *context, curlsocktype purpose, struct curl_sockaddr *address);

static inline CURLcode petrel_set_bytes(CURL *easy, CURLoption option, petrel_bytes function) {
  return curl_easy_setopt(easy, option, function);
}

static inline CURLcode petrel_set_socket(CURL *easy, CURLoption option, petrel_socket function) {
  return curl_easy_setopt(easy, option, function);
}

typedef int (*petrel_before)(
    void *context, char *peer, char *own, int peer_port, int own_port);

static inline CURLcode petrel_set_before(CURL *easy, CURLoption option, petrel_before function) {
  return curl_easy_setopt(easy, option, function);
}

static inline CURLcode petrel_get_long(CURL *easy, CURLINFO info, long *value) {
  return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode petrel_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode petrel_get_text(CURL *easy, CURLINFO info, const char **value) {
  return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode petrel_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode petrel_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) {
  return curl_multi_setopt(multi, option, value);
}

typedef int (*petrel_sockets)(
    CURL *easy, curl_socket_t socket, int what, void *context, void *socket_context);
typedef int (*petrel_timer)(CURLM *multi, long milliseconds, void *context);

static inline CURLMcode petrel_multi_set_sockets(CURLM *multi, petrel_sockets function) {
  return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, function);
}

static inline CURLMcode petrel_multi_set_timer(CURLM *multi, petrel_timer function) {
  return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, function);
}
