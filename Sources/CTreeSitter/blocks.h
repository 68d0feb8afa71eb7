// The allocator of the tree-sitter library: blocks of few sizes, kept per thread, given back when the thread ends.
//
// A parse makes and frees very many small blocks, nearly all on the thread that frees them, so taking one is a pop
// from a list and freeing one a push. A block may be freed on another thread: it then joins that thread's lists, and from
// then on nothing is given back. What a thread that ends still has is handed to the next thread that starts.
#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
  stepBits = 4,
  classCount = 256,  // blocks of up to 4 KiB; larger ones come from malloc
  chunkSize = 256 << 10,
};

// Stands before each block; tree-sitter's types need no more than 8-byte alignment.
typedef struct Header {
  uint64_t size : 48;  // the whole block's, header included; the class follows from it
  uint64_t store : 16; // the number of the store that it was cut for; 0 when it is from malloc
} Header;

typedef struct Free {
  struct Free *next;
} Free;

// Stands at the head of each chunk that blocks are cut from.
typedef struct Chunk {
  struct Chunk *next;
  uint64_t unused;  // keeps the blocks aligned
} Chunk;

typedef struct Store {
  Free *free[classCount + 1];
  char *cursor;
  char *end;
  Chunk *chunks;
  int64_t live;  // blocks in use
  uint16_t number;
  struct Store *next;
} Store;

static __thread Store *own;
static Store *abandoned;
static uint16_t lastNumber;
// Whether a block was ever freed on another thread than it was taken on: the lists then reach into foreign chunks.
static bool hasCrossed;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;

static void giveBack(Store *store) {
  while (store->chunks) {
    Chunk *chunk = store->chunks;
    store->chunks = chunk->next;
    munmap(chunk, chunkSize);
  }
  memset(store->free, 0, sizeof(store->free));
  store->cursor = store->end = NULL;
}

static void abandon(void *ended) {
  Store *store = ended;
  if (!store->live && !__atomic_load_n(&hasCrossed, __ATOMIC_RELAXED)) giveBack(store);
  pthread_mutex_lock(&lock);
  store->next = abandoned;
  abandoned = store;
  pthread_mutex_unlock(&lock);
  own = NULL;
}

static void makeKey(void) { pthread_key_create(&key, abandon); }

static void outOfMemory(void) { abort(); }

static __attribute__((noinline)) Store *open(void) {
  pthread_once(&once, makeKey);
  pthread_mutex_lock(&lock);
  Store *store = abandoned;
  if (store) {
    abandoned = store->next;
  } else {
    store = calloc(1, sizeof(Store));
    // Threads are few; were they ever so many, numbers would be shared and nothing given back.
    if (store && !(store->number = ++lastNumber)) __atomic_store_n(&hasCrossed, true, __ATOMIC_RELAXED);
  }
  pthread_mutex_unlock(&lock);
  if (!store) outOfMemory();
  own = store;
  pthread_setspecific(key, store);
  return store;
}

static inline void *cut(Store *store, size_t whole) {
  Header *header = (Header *)store->cursor;
  store->cursor += whole;
  header->size = whole;
  header->store = store->number;
  return header + 1;
}

static __attribute__((noinline)) void *refill(Store *store, size_t whole) {
  // The rest of the old chunk is less than one block: it is left.
  Chunk *chunk = mmap(NULL, chunkSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (chunk == MAP_FAILED) outOfMemory();
  chunk->next = store->chunks;
  store->chunks = chunk;
  store->cursor = (char *)(chunk + 1);
  store->end = (char *)chunk + chunkSize;
  return cut(store, whole);
}

static __attribute__((noinline)) void *takeLarge(size_t whole) {
  Header *header = malloc(whole);
  if (!header) outOfMemory();
  header->size = whole;
  header->store = 0;
  return header + 1;
}

static inline size_t wholeSize(size_t size) {
  return (size + sizeof(Header) + (1 << stepBits) - 1) & ~(size_t)((1 << stepBits) - 1);
}

static inline void *kapin_block_take(size_t size) {
  size_t whole = wholeSize(size);
  size_t class = whole >> stepBits;
  if (class > classCount) return takeLarge(whole);
  Store *store = own ? own : open();
  store->live++;
  Free *block = store->free[class];
  if (block) {
    store->free[class] = block->next;
    return block;
  }
  if ((size_t)(store->end - store->cursor) < whole) return refill(store, whole);
  return cut(store, whole);
}

static inline void *kapin_block_take_zeroed(size_t count, size_t size) {
  size_t all = count * size;
  if (size && all / size != count) outOfMemory();
  void *block = kapin_block_take(all);
  memset(block, 0, all);
  return block;
}

static inline void kapin_block_free(void *block) {
  if (!block) return;
  Header *header = (Header *)block - 1;
  size_t class = header->size >> stepBits;
  if (class > classCount) {
    free(header);
    return;
  }
  Store *store = own ? own : open();
  store->live--;
  if (header->store != store->number) __atomic_store_n(&hasCrossed, true, __ATOMIC_RELAXED);
  Free *row = block;
  row->next = store->free[class];
  store->free[class] = row;
}

static inline void *kapin_block_resize(void *block, size_t size) {
  if (!block) return kapin_block_take(size);
  Header *header = (Header *)block - 1;
  size_t room = header->size - sizeof(Header);
  if (size <= room) return block;
  size_t whole = wholeSize(size);
  if (header->size >> stepBits > classCount) {
    header = realloc(header, whole);
    if (!header) outOfMemory();
    header->size = whole;
    return header + 1;
  }
  void *moved = kapin_block_take(size);
  memcpy(moved, block, room);
  kapin_block_free(block);
  return moved;
}
