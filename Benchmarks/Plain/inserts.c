// The rows of a log of Petrel, inserted plainly into a new database of the same schema: the same
// bytes, batches and durability, without encoding, sealing and chaining.
//
//   inserts LOG NEW_DATABASE ROWS_A_COMMIT
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct cell {
  int type;
  sqlite3_int64 number;
  char *bytes;
  int length;
};

struct table {
  int columns;
  long rows;
  struct cell *cells;
};

static sqlite3 *source, *target;

static void fail(sqlite3 *database) {
  fprintf(stderr, "inserts: %s\n", database ? sqlite3_errmsg(database) : "LOG NEW_DATABASE ROWS");
  exit(1);
}

static void run(sqlite3 *database, const char *sql) {
  if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) fail(database);
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql) {
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK) fail(database);
  return statement;
}

static struct table read_all(const char *sql) {
  sqlite3_stmt *statement = prepare(source, sql);
  struct table table = {sqlite3_column_count(statement), 0, NULL};
  long room = 0;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    if (table.rows == room) {
      room = room ? room * 2 : 1024;
      table.cells = realloc(table.cells, room * table.columns * sizeof *table.cells);
    }
    for (int i = 0; i < table.columns; i++) {
      struct cell *cell = &table.cells[table.rows * table.columns + i];
      cell->type = sqlite3_column_type(statement, i);
      cell->number = sqlite3_column_int64(statement, i);
      if (cell->type != SQLITE_TEXT && cell->type != SQLITE_BLOB) continue;
      const void *bytes = sqlite3_column_blob(statement, i);
      cell->length = sqlite3_column_bytes(statement, i);
      cell->bytes = malloc(cell->length + 1);
      if (cell->length) memcpy(cell->bytes, bytes, cell->length);
    }
    table.rows++;
  }
  sqlite3_finalize(statement);
  return table;
}

static void insert(sqlite3_stmt *statement, struct table *table, long row) {
  for (int i = 0; i < table->columns; i++) {
    struct cell *cell = &table->cells[row * table->columns + i];
    switch (cell->type) {
      case SQLITE_INTEGER: sqlite3_bind_int64(statement, i + 1, cell->number); break;
      case SQLITE_TEXT:
        sqlite3_bind_text(statement, i + 1, cell->bytes, cell->length, SQLITE_STATIC);
        break;
      case SQLITE_BLOB:
        sqlite3_bind_blob(statement, i + 1, cell->bytes, cell->length, SQLITE_STATIC);
        break;
      default: sqlite3_bind_null(statement, i + 1);
    }
  }
  if (sqlite3_step(statement) != SQLITE_DONE) fail(target);
  sqlite3_reset(statement);
}

static double seconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **words) {
  if (count != 4) fail(NULL);
  long batch = atol(words[3]);
  if (sqlite3_open_v2(words[1], &source, SQLITE_OPEN_READONLY, NULL)) fail(source);
  if (sqlite3_open(words[2], &target)) fail(target);
  run(target,
      "PRAGMA page_size=4096; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;"
      "PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA secure_delete=FAST");
  sqlite3_stmt *schema = prepare(source,
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'");
  while (sqlite3_step(schema) == SQLITE_ROW) run(target, (char *)sqlite3_column_text(schema, 0));
  sqlite3_finalize(schema);
  struct table log = read_all(
      "SELECT seq,epoch,at,case_no,kind,version,body,sealed,hash FROM log ORDER BY seq");
  struct table payload = read_all("SELECT * FROM payload ORDER BY id");
  sqlite3_stmt *row = prepare(target,
      "INSERT INTO log(seq,epoch,at,case_no,kind,version,body,sealed,hash)"
      " VALUES(?,?,?,?,?,?,?,?,?)");
  sqlite3_stmt *box = prepare(target, "INSERT INTO payload VALUES(?,?,?,?)");
  double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  long next = 0;
  for (long first = 0; first < log.rows; first += batch) {
    long end = first + batch < log.rows ? first + batch : log.rows;
    run(target, "BEGIN IMMEDIATE");
    for (long i = first; i < end; i++) {
      insert(row, &log, i);
      sqlite3_int64 seq = log.cells[i * log.columns].number;
      while (next < payload.rows && payload.cells[next * payload.columns].number >> 16 <= seq) {
        insert(box, &payload, next++);
      }
    }
    run(target, "COMMIT");
  }
  wall = seconds(CLOCK_MONOTONIC) - wall;
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  printf("events=%ld seconds=%.4f rate=%.1f cpu_ms=%.4f\n", log.rows, wall, log.rows / wall,
         cpu * 1000 / log.rows);
  return 0;
}
