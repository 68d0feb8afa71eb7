#!/usr/bin/env bash
# Fetches the source distribution that carries the tree-sitter grammars through the package index that pip is
# configured with, checks its SHA-256, and lays out one C target a grammar beside this script. A second run does nothing.
set -euo pipefail
root=$(cd "$(dirname "$0")" && pwd)
package=tree-sitter-language-pack version=0.9.0
sha=900eb3bd82c1bcf5cf20ed852b1b6fdc7eae89e40a860fa5e221a796687c359a
grammars="javascript:TreeSitterJavaScript typescript:TreeSitterTypeScript tsx:TreeSitterTSX json:TreeSitterJSON"
stamp=$root/.fetched wanted="$sha $grammars"
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then exit 0; fi
echo "grammars: fetching $package $version (46 MB, once)" >&2
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kapin/grammars
mkdir -p "$cache"
archive=$cache/$package-$version.tar.gz
if ! echo "$sha  $archive" | sha256sum -c - >/dev/null 2>&1; then
  url=$(python3 - "$package" "$version" <<'PY'
import html.parser, os, subprocess, sys, urllib.parse, urllib.request
package, version = sys.argv[1:]
def configured():
    for key in ("global.index-url", "install.index-url", "download.index-url"):
        got = subprocess.run([sys.executable, "-m", "pip", "config", "get", key], capture_output=True, text=True)
        if got.stdout.strip():
            return got.stdout.strip()
    from pip._internal.models.index import PyPI  # pip's own default
    return PyPI.simple_url
base = (os.environ.get("PIP_INDEX_URL") or configured()).rstrip("/") + "/" + package + "/"
name = f"{package.replace('-', '_')}-{version}.tar.gz"
class Links(html.parser.HTMLParser):
    def handle_starttag(self, tag, attrs):
        href = dict(attrs).get("href", "")
        if tag == "a" and urllib.parse.urlparse(href).path.endswith("/" + name):
            print(urllib.parse.urljoin(base, href))
            sys.exit()
Links().feed(urllib.request.urlopen(base, timeout=60).read().decode())
PY
)
  [ -n "$url" ] || { echo "grammars: the package index does not list $package $version" >&2; exit 1; }
  curl -fsSL --retry 3 -o "$archive.part" "$url"
  echo "$sha  $archive.part" | sha256sum -c - >/dev/null || { echo "grammars: wrong SHA-256 for $package" >&2; exit 1; }
  mv "$archive.part" "$archive"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
top=tree_sitter_language_pack-$version/parsers
paths=()
for grammar in $grammars; do paths+=("$top/${grammar%%:*}"); done
tar xzf "$archive" -C "$work" "${paths[@]}"
for grammar in $grammars; do
  id=${grammar%%:*} target=${grammar##*:} out=$root/${grammar##*:}
  rm -rf "$out"
  mkdir -p "$out/include"
  cp -r "$work/$top/$id/src" "$out/src"
  rm -f "$out"/src/*.json
  if [ -d "$work/$top/$id/common" ]; then
    mkdir -p "$out/common"
    cp "$work/$top/$id/common/scanner.h" "$out/common/"
  fi
  printf 'typedef struct TSLanguage TSLanguage;\nconst TSLanguage *tree_sitter_%s(void);\n' "$id" > "$out/include/$target.h"
done
echo "$wanted" > "$stamp"
