// The tree-sitter library and our cursor in one translation unit, so that they are inlined into each other.
#include "blocks.h"

#define ts_malloc kapin_block_take
#define ts_calloc kapin_block_take_zeroed
#define ts_realloc kapin_block_resize
#define ts_free kapin_block_free
#include "../../Grammars/TreeSitterCore/src/lib.c"

#include "include/CTreeSitter.h"

#include "cursor.h"

TSParser *kapin_parser_new(void) { return ts_parser_new(); }

void kapin_parser_delete(TSParser *parser) { ts_parser_delete(parser); }

TSTree *kapin_parse(
  TSParser *parser, const TSLanguage *language, const void *text, uint32_t count, uint64_t budget) {
  if (ts_parser_language(parser) != language && !ts_parser_set_language(parser, language)) return NULL;
  ts_parser_set_timeout_micros(parser, budget);
  TSTree *tree = ts_parser_parse_string(parser, NULL, text, count);
  if (!tree) ts_parser_reset(parser);
  return tree;
}

void kapin_tree_delete(TSTree *tree) { ts_tree_delete(tree); }

bool kapin_tree_has_error(const TSTree *tree) { return ts_node_has_error(ts_tree_root_node(tree)); }

bool kapin_tree_is_code(const TSTree *tree, uint32_t offset, bool comments) {
  TSNode node = ts_node_descendant_for_byte_range(ts_tree_root_node(tree), offset, offset + 1);
  const char *type = ts_node_type(node);
  return (comments || !strstr(type, "comment")) && !strstr(type, "string") && !strstr(type, "text") && !strstr(type, "regex");
}

uint64_t kapin_find(const void *bytes, uint64_t count, const void *text, uint64_t length) {
  const char *found = memmem(bytes, count, text, length);
  return found ? (uint64_t)(found - (const char *)bytes) : count;
}

uint32_t kapin_symbol_count(const TSLanguage *language) { return ts_language_symbol_count(language); }

const char *kapin_symbol_name(const TSLanguage *language, uint32_t symbol) {
  return ts_language_symbol_name(language, (TSSymbol)symbol);
}

uint32_t kapin_symbol_public(const TSLanguage *language, uint32_t symbol) {
  return ts_language_public_symbol(language, (TSSymbol)symbol);
}

bool kapin_symbol_is_named(const TSLanguage *language, uint32_t symbol) {
  return ts_language_symbol_type(language, (TSSymbol)symbol) == TSSymbolTypeRegular;
}

uint32_t kapin_field_count(const TSLanguage *language) { return ts_language_field_count(language); }

const char *kapin_field_name(const TSLanguage *language, uint32_t field) {
  return ts_language_field_name_for_id(language, (TSFieldId)field);
}
