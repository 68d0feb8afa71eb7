// A cursor for one walk down a tree that counts bytes only and passes over tokens without looking at them.
//
// The library's own cursor keeps rows, columns and descendant counts at every step, which is most of its cost. What is
// a child, hidden nodes and aliases included, follows tree_cursor.c of the library; a frame is a node whose children
// are being visited. This file may use the library's internal headers, because its source is pinned.
#pragma once

typedef struct {
  Subtree tree;
  uint32_t start;
  uint16_t symbol;
  uint8_t kind;
  bool named;
  // A node that the grammar hides: its children count as its parent's.
  bool hidden;
  // Of the child that comes next.
  uint32_t child;
  uint32_t structural;
  uint32_t offset;
  // Of the child that the walk is at.
  uint32_t at;
  const TSSymbol *aliases;
} Frame;

typedef struct {
  Subtree tree;
  const TSLanguage *language;
  Frame *frames;
  uint32_t depth;
  uint32_t room;
} Place;

_Static_assert(sizeof(Place) <= sizeof(((KapinCursor *)0)->place), "a place fits");

static inline Place *placeOf(const KapinCursor *cursor) { return (Place *)cursor->place; }

static inline void arrive(KapinCursor *cursor, Place *place, Subtree tree, TSSymbol symbol, uint32_t start) {
  const KapinGrammar *grammar = cursor->grammar;
  place->tree = tree;
  cursor->symbol = symbol;
  cursor->start = start;
  cursor->end = start + ts_subtree_size(tree).bytes;
  cursor->kind = symbol < grammar->kindCount ? grammar->kinds[symbol] : grammar->errorKind;
  cursor->named = symbol < grammar->kindCount ? grammar->named[symbol] : true;
}

static __attribute__((noinline)) void makeRoom(Place *place) {
  place->room = place->room ? place->room * 2 : 64;
  place->frames = kapin_block_resize(place->frames, place->room * sizeof(Frame));
}

static inline void push(KapinCursor *cursor, Place *place, Subtree tree, uint32_t start, bool hidden) {
  if (place->depth == place->room) makeRoom(place);
  place->frames[place->depth++] = (Frame){
    .tree = tree,
    .start = start,
    .symbol = cursor->symbol,
    .kind = cursor->kind,
    .named = cursor->named,
    .hidden = hidden,
    .offset = start,
    .aliases = ts_language_alias_sequence(place->language, tree.ptr->production_id),
  };
}

// Goes to the next visible child of the innermost frame, through hidden nodes; leaves exhausted hidden frames.
static inline bool advance(KapinCursor *cursor, bool onlyNamed) {
  Place *place = placeOf(cursor);
  const KapinGrammar *grammar = cursor->grammar;
  for (;;) {
    Frame *frame = &place->frames[place->depth - 1];
    uint32_t count = frame->tree.ptr->child_count;
    const Subtree *children = ts_subtree_children(frame->tree);
    while (frame->child < count) {
      Subtree child = children[frame->child++];
      uint32_t start = frame->offset;
      frame->offset = start + ts_subtree_size(child).bytes;
      if (frame->child < count) frame->offset += ts_subtree_padding(children[frame->child]).bytes;
      frame->at = frame->structural;
      TSSymbol alias = 0;
      if (!ts_subtree_extra(child)) {
        if (frame->aliases) alias = frame->aliases[frame->structural];
        frame->structural++;
      }
      if (alias || ts_subtree_visible(child)) {
        TSSymbol symbol = alias ? alias : ts_subtree_symbol(child);
        if (onlyNamed && symbol < grammar->kindCount && !grammar->named[symbol]) continue;
        arrive(cursor, place, child, symbol, start);
        return true;
      }
      if (ts_subtree_visible_child_count(child) > 0) {
        push(cursor, place, child, start, true);
        frame = NULL;
        break;
      }
    }
    if (!frame) continue;
    if (!frame->hidden) return false;
    place->depth--;
  }
}

static inline bool descend(KapinCursor *cursor, bool onlyNamed) {
  Place *place = placeOf(cursor);
  if (ts_subtree_child_count(place->tree) == 0) return false;
  push(cursor, place, place->tree, cursor->start, false);
  if (advance(cursor, onlyNamed)) return true;
  kapin_cursor_parent(cursor);
  return false;
}

void kapin_cursor_open(KapinCursor *cursor, const TSTree *tree, const KapinGrammar *grammar) {
  cursor->grammar = grammar;
  *placeOf(cursor) = (Place){.language = tree->language};
  uint32_t start = ts_subtree_padding(tree->root).bytes;
  arrive(cursor, placeOf(cursor), tree->root, ts_subtree_symbol(tree->root), start);
}

void kapin_cursor_close(KapinCursor *cursor) { kapin_block_free(placeOf(cursor)->frames); }

bool kapin_cursor_first(KapinCursor *cursor) { return descend(cursor, false); }

bool kapin_cursor_next(KapinCursor *cursor) { return advance(cursor, false); }

bool kapin_cursor_first_named(KapinCursor *cursor) { return descend(cursor, true); }

bool kapin_cursor_next_named(KapinCursor *cursor) { return advance(cursor, true); }

void kapin_cursor_parent(KapinCursor *cursor) {
  Place *place = placeOf(cursor);
  while (place->depth > 0) {
    Frame *frame = &place->frames[--place->depth];
    if (frame->hidden) continue;
    place->tree = frame->tree;
    cursor->start = frame->start;
    cursor->end = frame->start + ts_subtree_size(frame->tree).bytes;
    cursor->symbol = frame->symbol;
    cursor->kind = frame->kind;
    cursor->named = frame->named;
    return;
  }
}

uint8_t kapin_cursor_field(const KapinCursor *cursor) {
  const Place *place = placeOf(cursor);
  Subtree below = place->tree;
  for (uint32_t depth = place->depth; depth > 0; depth--) {
    const Frame *frame = &place->frames[depth - 1];
    if (ts_subtree_extra(below)) return cursor->grammar->fields[0];
    const TSFieldMapEntry *entry, *end;
    ts_language_field_map(place->language, frame->tree.ptr->production_id, &entry, &end);
    for (; entry < end; entry++) {
      if (!entry->inherited && entry->child_index == frame->at) return cursor->grammar->fields[entry->field_id];
    }
    if (!frame->hidden) break;
    below = frame->tree;
  }
  return cursor->grammar->fields[0];
}

const char *kapin_cursor_type(const KapinCursor *cursor) {
  return ts_language_symbol_name(placeOf(cursor)->language, cursor->symbol);
}

bool kapin_cursor_missing(const KapinCursor *cursor) { return ts_subtree_missing(placeOf(cursor)->tree); }

bool kapin_cursor_has_error(const KapinCursor *cursor) { return ts_subtree_error_cost(placeOf(cursor)->tree) > 0; }
