// Swift imports no variadic function: one inline function for each kind of argument, nothing else.
#include <curl/curl.h>
