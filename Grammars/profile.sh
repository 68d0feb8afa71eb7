#!/usr/bin/env bash
# Makes the profile by which the parsers are optimised (clang documentation, "Profile Guided Optimization"): builds them
# with counters, parses the sample apps, merges the counts. Worth about a tenth of the parse. Where the compiler's
# profile runtime is missing the parsers are built without it. A second run does nothing.
set -euo pipefail
cd "$(dirname "$0")"
out=grammars.profdata
[ "$out" -nt .fetched ] && [ -z "$(find ../Sources/CTreeSitter -newer "$out" -type f)" ] && exit 0
tools=$(dirname "$(readlink -f "$(command -v swift)")")
clang=$tools/clang merge=$tools/llvm-profdata
if ! [ -x "$clang" ] || ! [ -x "$merge" ]; then
  echo "grammars: no profile, because clang or llvm-profdata is missing beside swift" >&2
  exit 0
fi
echo "grammars: making the profile that the parsers are optimised by" >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags=(-w -O2 -fprofile-generate -ITreeSitterCore/include -ITreeSitterCore/src)
pids=()
for grammar in JavaScript TypeScript TSX; do
  for part in parser scanner; do
    "$clang" "${flags[@]}" -I"TreeSitter$grammar/src" -c "TreeSitter$grammar/src/$part.c" -o "$work/$grammar-$part.o" &
    pids+=($!)
  done
done
"$clang" "${flags[@]}" -O3 -DNDEBUG -D_GNU_SOURCE -c ../Sources/CTreeSitter/core.c -o "$work/core.o" &
pids+=($!)
for pid in "${pids[@]}"; do wait "$pid"; done
if ! "$clang" "${flags[@]}" ../Benchmarks/raw-parse.c "$work"/*.o -lpthread -o "$work/train" 2>"$work/log"; then
  echo "grammars: no profile, because the compiler's profile runtime is missing" >&2
  exit 0
fi
find ../Corpus -name '*.ts' -o -name '*.tsx' -o -name '*.js' | LC_ALL=C sort |
  LLVM_PROFILE_FILE="$work/counts.profraw" "$work/train" 1 >/dev/null
"$merge" merge -o "$out" "$work/counts.profraw"
