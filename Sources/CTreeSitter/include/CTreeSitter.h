// tree-sitter as KapinSyntax sees it: a parser, a tree, and a cursor whose position is read without a call.
//
// The library itself is compiled into this target from its pinned source (Grammars/fetch.sh), so that its inner loops
// and ours are optimised together, with an allocator made for it.
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct TSLanguage TSLanguage;
typedef struct TSParser TSParser;
typedef struct TSTree TSTree;

/// What a cursor needs to know of a grammar: for each symbol and for each field a number of the caller's, and whether
/// a symbol is more than a token.
typedef struct {
  const uint8_t *kinds;
  const uint8_t *fields;
  const bool *named;
  uint32_t kindCount;
  /// The kind of ERROR nodes, whose symbol is larger than any grammar's.
  uint8_t errorKind;
} KapinGrammar;

/// A place in a tree. What is asked at every step is filled in at every step.
typedef struct {
  uint64_t place[5];
  const KapinGrammar *grammar;
  uint32_t start;
  uint32_t end;
  uint16_t symbol;
  uint8_t kind;
  bool named;
} KapinCursor;

TSParser *kapin_parser_new(void);
void kapin_parser_delete(TSParser *parser);

/// `NULL` when the budget in microseconds (0: none) was used up or the grammar does not load.
TSTree *kapin_parse(
  TSParser *parser, const TSLanguage *language, const void *text, uint32_t count, uint64_t budget);
void kapin_tree_delete(TSTree *tree);
bool kapin_tree_has_error(const TSTree *tree);

/// Whether a place lies in code: in no string, template or text of markup, and in no comment unless they count.
bool kapin_tree_is_code(const TSTree *tree, uint32_t offset, bool comments);
/// Where a text stands first in `count` bytes, or `count`.
uint64_t kapin_find(const void *bytes, uint64_t count, const void *text, uint64_t length);

void kapin_cursor_open(KapinCursor *cursor, const TSTree *tree, const KapinGrammar *grammar);
void kapin_cursor_close(KapinCursor *cursor);
bool kapin_cursor_first(KapinCursor *cursor);
bool kapin_cursor_next(KapinCursor *cursor);
/// The same two, passing over tokens without a name of their own (punctuation, keywords).
bool kapin_cursor_first_named(KapinCursor *cursor);
bool kapin_cursor_next_named(KapinCursor *cursor);
void kapin_cursor_parent(KapinCursor *cursor);
uint8_t kapin_cursor_field(const KapinCursor *cursor);
/// The grammar's own name of the node.
const char *kapin_cursor_type(const KapinCursor *cursor);
bool kapin_cursor_missing(const KapinCursor *cursor);
bool kapin_cursor_has_error(const KapinCursor *cursor);

uint32_t kapin_symbol_count(const TSLanguage *language);
/// The symbol that stands for this one in trees: several of a grammar can be one kind of node.
uint32_t kapin_symbol_public(const TSLanguage *language, uint32_t symbol);
const char *kapin_symbol_name(const TSLanguage *language, uint32_t symbol);
bool kapin_symbol_is_named(const TSLanguage *language, uint32_t symbol);
/// Fields are numbered from 1.
uint32_t kapin_field_count(const TSLanguage *language);
const char *kapin_field_name(const TSLanguage *language, uint32_t field);
