// PostgreSQL's client library, as it is.
#include <libpq-fe.h>
