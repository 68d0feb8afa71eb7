// The yardstick of `make bench`: the files named on standard input through Debian's tree-sitter library, on a number
// of threads, and nothing else. Prints CPU and wall seconds, peak kilobytes, files and bytes as one JSON object.
//
//   cc -O2 raw-parse.c parser.c scanner.c … -ltree-sitter -lpthread;  raw-parse 2 < list
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <tree_sitter/api.h>
#include <unistd.h>

const TSLanguage *tree_sitter_javascript(void);
const TSLanguage *tree_sitter_typescript(void);
const TSLanguage *tree_sitter_tsx(void);

static char **paths;
static size_t count;
static atomic_size_t next, bytes, parsed;

static const TSLanguage *language(const char *path) {
  const char *dot = strrchr(path, '.');
  if (!strcmp(dot, ".tsx")) return tree_sitter_tsx();
  if (!strcmp(dot, ".ts") || !strcmp(dot, ".mts") || !strcmp(dot, ".cts")) return tree_sitter_typescript();
  return tree_sitter_javascript();
}

static void *work(void *unused) {
  TSParser *parser = ts_parser_new();
  char *text = NULL;
  size_t room = 0;
  for (size_t index; (index = atomic_fetch_add(&next, 1)) < count;) {
    int file = open(paths[index], O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status)) continue;
    if ((size_t)status.st_size > room) text = realloc(text, room = status.st_size);
    size_t size = 0;
    for (ssize_t got; size < room && (got = read(file, text + size, status.st_size - size)) > 0;) size += got;
    close(file);
    ts_parser_set_language(parser, language(paths[index]));
    TSTree *tree = ts_parser_parse_string(parser, NULL, text, size);
    if (!tree) continue;
    ts_tree_delete(tree);
    atomic_fetch_add(&bytes, size);
    atomic_fetch_add(&parsed, 1);
  }
  ts_parser_delete(parser);
  free(text);
  return unused;
}

static double seconds(struct timeval time) { return time.tv_sec + time.tv_usec / 1e6; }

int main(int argc, char **argv) {
  int jobs = argc > 1 ? atoi(argv[1]) : 1;
  char line[8192];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    paths = realloc(paths, (count + 1) * sizeof *paths);
    paths[count++] = strdup(line);
  }
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  pthread_t threads[64];
  if (jobs > 64) jobs = 64;
  for (int index = 0; index < jobs; index++) pthread_create(&threads[index], NULL, work, NULL);
  for (int index = 0; index < jobs; index++) pthread_join(threads[index], NULL);
  clock_gettime(CLOCK_MONOTONIC, &end);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf(
    "{\"cpu\":%.4f,\"wall\":%.4f,\"peak\":%ld,\"files\":%zu,\"bytes\":%zu}\n",
    seconds(usage.ru_utime) + seconds(usage.ru_stime),
    (end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) / 1e9, usage.ru_maxrss, parsed, bytes);
  return 0;
}
